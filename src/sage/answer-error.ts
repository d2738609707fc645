import { messageOf } from '../common/errors.js';
import { messageOfErrorBody } from './error-body.js';
import { SageError, type SageErrorKind, type SageRequestIds } from './sage-error.js';

/** What a status means (sage200.md §2.2). */
const KIND_BY_STATUS: Record<number, SageErrorKind> = {
  400: 'refused',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  429: 'rate_limited',
};

const RETRYABLE_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

export function requestIdsOf(headers: Record<string, unknown>): SageRequestIds {
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null);
  return { cfRay: text('cf-ray'), proxyTransactionId: text('x-ms-proxy-transaction-id') };
}

/** The error of an answer that is no 2xx. A 4xx with a reason, a 401 and a 429 say that nothing was done; a 5xx says nothing. */
export function errorOfAnswer(httpStatus: number, body: string, headers: Record<string, unknown>): SageError {
  const sageMessage = messageOfErrorBody(body);
  const kind = KIND_BY_STATUS[httpStatus] ?? (httpStatus >= 400 && httpStatus < 500 ? 'refused' : 'server_error');
  return new SageError(kind, describe(kind, httpStatus, sageMessage), {
    httpStatus,
    sageMessage,
    requestIds: requestIdsOf(headers),
    retryable: RETRYABLE_STATUSES.has(httpStatus),
    provablyNotApplied: httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408,
    retryAfterMs: retryAfterMs(headers['retry-after']),
  });
}

function describe(kind: SageErrorKind, httpStatus: number, sageMessage: string): string {
  const said = sageMessage === '' ? '' : `: ${sageMessage}`;
  switch (kind) {
    case 'unauthorized':
      return `Sage refused the sign-in, or the signed-in user has no access to this company (401)${said}`;
    case 'forbidden':
      return `The signed-in Sage user's role lacks this module (403)${said}`;
    case 'not_found':
      return `This release of Sage 200 has no such resource or record (404)${said}`;
    case 'rate_limited':
      return `Sage asks for fewer requests (429)${said}`;
    default:
      return `Sage answered ${httpStatus}${said}`;
  }
}

function retryAfterMs(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** Failures before a byte of the request went out: the address is not found, nobody listens, no secure channel comes about. */
const BEFORE_A_BYTE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** The error of a request that got no whole answer. */
export function errorOfTransport(cause: unknown, hadAnswer: boolean): SageError {
  const code = codeOf(cause);
  const isTimeout = (cause as Error)?.name === 'TimeoutError' || TIMEOUTS.has(code);
  if (isTimeout) return new SageError('timeout', 'Sage did not answer in time.', { retryable: true, cause });
  if (hadAnswer)
    return new SageError('bad_answer', `Sage's answer broke off (${code || messageOf(cause)}).`, {
      retryable: true,
      cause,
    });
  const provablyNotApplied = BEFORE_A_BYTE.has(code);
  return new SageError('unreachable', `Sage cannot be reached (${code || messageOf(cause)}).`, {
    retryable: true,
    provablyNotApplied,
    cause,
  });
}

function codeOf(cause: unknown): string {
  const error = cause as { code?: unknown; cause?: { code?: unknown }; errors?: { code?: unknown }[] } | null;
  const code = error?.code ?? error?.cause?.code ?? error?.errors?.[0]?.code;
  return typeof code === 'string' ? code : '';
}
