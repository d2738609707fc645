// What the sandbox answers 400 or 404 with. Sage's own texts are not documented (sage200.md §8.1); the shape {"Message"} is.

export class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number = 400,
  ) {
    super(message);
  }
}

export const notFound = (): Refusal => new Refusal('The requested resource was not found.', 404);
