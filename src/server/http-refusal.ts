import { AppError, type ErrorCode } from '../common/errors.js';

/** A request that is refused before GraphQL begins, and the HTTP status and headers that say so. */
export class HttpRefusal extends AppError {
  constructor(
    readonly status: 400 | 405 | 406 | 429 | 503,
    code: ErrorCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message);
  }
}

const RETRY_AFTER_SECONDS = 1;

/** Turned away for a moment, with the one code of the contract on which clients wait and try again. */
export const turnedAway = (status: 429 | 503, why: string) =>
  new HttpRefusal(status, 'RATE_LIMITED', `${why} Try again in a second; nothing was done.`, {
    'retry-after': String(RETRY_AFTER_SECONDS),
  });
