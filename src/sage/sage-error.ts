import type { WithLogMessage } from '../common/logged-error.js';

export type SageErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'rate_limited'
  | 'refused'
  | 'server_error'
  | 'bad_answer'
  | 'sign_in_needed';

/** What Sage's support asks for (sage200.md §1.1): Cloudflare's ray and the App Proxy's transaction. */
export interface SageRequestIds {
  cfRay: string | null;
  proxyTransactionId: string | null;
}

export const NO_REQUEST_IDS: SageRequestIds = { cfRay: null, proxyTransactionId: null };

export interface SageErrorDetails {
  kind: SageErrorKind;
  message: string;
  httpStatus?: number;
  sageMessage?: string | null;
  requestIds?: SageRequestIds;
  retryable?: boolean;
  provablyNotApplied: boolean;
  retryAfterMs?: number | null;
  isSignInFault?: boolean;
  cause?: unknown;
}

/** Whatever goes wrong between the gateway and Sage. Its texts hold no token, and no body but Sage's own message. */
export class SageError extends Error implements WithLogMessage {
  readonly kind: SageErrorKind;
  readonly httpStatus: number | undefined;
  /** The reason that Sage itself gave, trimmed, at most 500 characters. */
  readonly sageMessage: string | null;
  readonly requestIds: SageRequestIds;
  /** Whether the same request may do better later. For what is not a GET, ask `provablyNotApplied` as well. */
  readonly retryable: boolean;
  /**
   * True when Sage cannot have carried the request out: no byte of it was sent (a fault of the sign-in comes before that), or it was
   * answered with 401, 429 or a reasoned 4xx.
   * False says nothing: a reset, a 5xx or a time-out leaves it open (reliability.md, "The life of a push").
   */
  readonly provablyNotApplied: boolean;
  /** How long Sage asked to be left alone, already kept by the limiter; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** The access token could not be had: the fault is of Sage ID or of the stored sign-in, and the ledger was not asked. */
  readonly isSignInFault: boolean;

  /** Without what Sage said: that quotes names, addresses, and whatever else it was sent. The push or the pull keeps it. */
  get logMessage(): string {
    const { message, sageMessage } = this;
    return sageMessage === null ? message : message.replace(sageMessage, '…');
  }

  constructor(details: SageErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SageError';
    this.kind = details.kind;
    this.httpStatus = details.httpStatus;
    this.sageMessage = details.sageMessage ?? null;
    this.requestIds = details.requestIds ?? NO_REQUEST_IDS;
    this.retryable = details.retryable ?? false;
    this.provablyNotApplied = details.provablyNotApplied;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.isSignInFault = details.isSignInFault ?? details.kind === 'sign_in_needed';
  }
}

/** A 2xx that cannot be understood. What was asked may well have been done. */
export function badAnswer(message: string, details: Partial<SageErrorDetails> = {}): SageError {
  return new SageError({ kind: 'bad_answer', message, provablyNotApplied: false, ...details });
}
