import { SageError, type SageErrorKind } from '../sage/sage-error.js';

/** What a request that failed means for a push. */
export interface PushFault {
  /** NO: certainly not carried out. MAYBE: Sage must be asked. */
  isApplied: 'NO' | 'MAYBE';
  code: string;
  /** What Sage, or the way there, said. */
  message: string;
  httpStatus: number | null;
  retryAfterMs: number | null;
}

/** Codes of what is provably not applied (reliability.md, "The life of a push", 3). */
const CODE_OF: Readonly<Record<SageErrorKind, string>> = {
  unreachable: 'CONNECTION_LOST',
  timeout: 'CONNECTION_LOST',
  server_error: 'CONNECTION_LOST',
  bad_answer: 'CONNECTION_LOST',
  sign_in_needed: 'SIGN_IN_NEEDED',
  rate_limited: 'RATE_LIMITED',
  unauthorized: 'COMPANY_REFUSED',
  forbidden: 'SAGE_FORBIDDEN',
  not_found: 'SAGE_NOT_FOUND',
  refused: 'SAGE_REFUSED',
};

/** Of a request that was to change something. What is no SageError is a mistake of ours, and is thrown on. */
export function faultOfSending(error: unknown): PushFault {
  const sage = asSageError(error);
  return {
    isApplied: sage.provablyNotApplied ? 'NO' : 'MAYBE',
    code: sage.provablyNotApplied ? CODE_OF[sage.kind] : 'OUTCOME_UNKNOWN',
    message: sage.message,
    httpStatus: sage.httpStatus ?? null,
    retryAfterMs: sage.retryAfterMs,
  };
}

/** Of a request that only read: it changed nothing, whatever became of it. */
export function faultOfReading(error: unknown): PushFault {
  const sage = asSageError(error);
  return {
    isApplied: 'NO',
    code: CODE_OF[sage.kind],
    message: sage.message,
    httpStatus: sage.httpStatus ?? null,
    retryAfterMs: sage.retryAfterMs,
  };
}

function asSageError(error: unknown): SageError {
  if (error instanceof SageError) return error;
  throw error;
}

/** As far as the status tells: 401, 408 and 429 are not about the request. */
export function isRefusal(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus >= 400 && httpStatus < 500 && ![401, 408, 429].includes(httpStatus);
}
