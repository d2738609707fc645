import { VARIABLE_LIMITS } from './document-limits.js';
import { badRequest } from './refusals.js';

const limits = VARIABLE_LIMITS;

/** Before values are compared with their types. The upload, a file, says itself how large it may be. Throws BAD_USER_INPUT. */
export function refuseLargeVariables(variables: Record<string, unknown>, upload: string | null): void {
  let left: number = limits.values;
  const count = (value: unknown, depth: number) => {
    left -= 1;
    if (left < 0) throw tooLarge(`more than ${limits.values} values`);
    if (typeof value === 'string' && value.length > limits.stringLength)
      throw tooLarge(`a text of more than ${limits.stringLength} characters`);
    if (typeof value !== 'object' || value === null) return;
    if (depth > limits.depth) throw tooLarge(`more than ${limits.depth} levels`);
    if (Array.isArray(value) && value.length > limits.listLength)
      throw tooLarge(`a list of more than ${limits.listLength}`);
    for (const part of Object.values(value)) count(part, depth + 1);
  };
  for (const name of Object.keys(variables))
    if (name !== upload || typeof variables[name] !== 'string') count(variables[name], 1);
}

const tooLarge = (what: string) => badRequest(`The variables have ${what}. Send less in one request.`);
