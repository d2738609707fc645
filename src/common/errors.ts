/** The codes that a GraphQL answer may carry in `extensions.code` (contract/environment.md, "Errors"). */
export type ErrorCode =
  'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_USER_INPUT' | 'RATE_LIMITED' | 'QUERY_TOO_COMPLEX' | 'INTERNAL_SERVER_ERROR';

/**
 * A fault whose message may be shown to the caller. Whatever else is thrown is masked and logged with an id.
 * An expected refusal of a mutation is not thrown: it is a UserError in the payload.
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AppError';
  }
}

export const badUserInput = (message: string) => new AppError('BAD_USER_INPUT', message);
export const forbidden = (message: string) => new AppError('FORBIDDEN', message);
export const unauthenticated = (message: string) => new AppError('UNAUTHENTICATED', message);

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
