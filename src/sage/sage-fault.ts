import type { Clock } from '../common/clock.js';
import { reasonOf } from './error-body.js';
import type { ExchangeError, HttpAnswer } from './http-exchange.js';
import { isCloudflareFault } from './retry-table.js';
import { SageError, type SageErrorKind, type SageRequestIds } from './sage-error.js';

const KIND_BY_STATUS: Readonly<Record<number, SageErrorKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'server_error',
  429: 'rate_limited',
};
const RETRYABLE_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

const WHAT_IT_MEANS: Partial<Record<SageErrorKind, string>> = {
  unauthorized: 'Sage does not let this sign-in into the company',
  forbidden: 'The role of the signed-in Sage user lacks this module',
  not_found: 'Sage has no such record, or its release lacks this endpoint',
  rate_limited: 'Sage asks for fewer requests',
  refused: 'Sage refused the request',
};

/** The error of an answer outside 2xx. */
export function errorOfAnswer(answer: HttpAnswer, clock: Clock): SageError {
  const { status } = answer;
  const kind = kindOf(status);
  const reason = reasonOf(answer.text);
  const meaning = WHAT_IT_MEANS[kind] ?? (kind === 'bad_answer' ? 'Sage redirects' : 'Sage fails');
  return new SageError({
    kind,
    message: `${meaning} (HTTP ${status})${reason.message === null ? '.' : `: ${reason.message}`}`,
    httpStatus: status,
    sageMessage: reason.message,
    requestIds: requestIdsOf(answer.headers),
    retryable: RETRYABLE_STATUSES.has(status) || isCloudflareFault(status),
    // A proxy on the way may speak in 4xx too, so without a reason of Sage's own nothing is proven
    provablyNotApplied:
      status === 401 || status === 429 || (status >= 400 && status < 500 && status !== 408 && reason.isFromSage),
    retryAfterMs: retryAfterMs(headerText(answer.headers['retry-after']), clock),
  });
}

/** The error of a request that got no answer. `who` was asked: Sage, or Sage ID for a token. */
export function errorOfExchange(error: ExchangeError, who: 'Sage' | 'Sage ID' = 'Sage'): SageError {
  const timedOut = error.reason === 'timeout';
  const code = (error.cause as { code?: unknown }).code;
  const detail = typeof code === 'string' ? code : error.message;
  return new SageError({
    kind: timedOut ? 'timeout' : 'unreachable',
    message: timedOut ? `${who} gave no answer in time: ${error.message}.` : `${who} could not be reached: ${detail}.`,
    retryable: true,
    provablyNotApplied: who === 'Sage ID' || !error.wasSent,
    isSignInFault: who === 'Sage ID',
    cause: error.cause,
  });
}

export function requestIdsOf(headers: HttpAnswer['headers']): SageRequestIds {
  return {
    cfRay: headerText(headers['cf-ray']),
    proxyTransactionId: headerText(headers['x-ms-proxy-transaction-id']),
  };
}

/** Milliseconds of a Retry-After header, in seconds or as a date; null without one that makes sense. */
export function retryAfterMs(header: string | null, clock: Clock): number | null {
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.round(Number(header) * 1_000);
  // Date.parse takes "-5" for a year
  const at = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - clock.now().getTime());
}

function kindOf(status: number): SageErrorKind {
  const known = KIND_BY_STATUS[status];
  if (known) return known;
  if (status >= 500) return 'server_error';
  return status >= 400 ? 'refused' : 'bad_answer';
}

function headerText(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
