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

/** What Sage's side calls the request: its support asks for these. */
export interface SageRequestIds {
  cfRay: string | null;
  proxyTransactionId: string | null;
}

interface SageErrorDetails {
  httpStatus?: number;
  /** What Sage said, decoded from whatever it sent. */
  sageMessage?: string;
  requestIds?: SageRequestIds;
  /** A read may be tried again. */
  retryable?: boolean;
  /** Sage has certainly not done what was asked; otherwise it may have (sage200.md §5.5). */
  provablyNotApplied?: boolean;
  retryAfterMs?: number | null;
  cause?: unknown;
}

/** Anything that went wrong between the gateway and Sage 200. */
export class SageError extends Error {
  readonly httpStatus: number | null;
  readonly sageMessage: string | null;
  readonly requestIds: SageRequestIds | null;
  readonly retryable: boolean;
  readonly provablyNotApplied: boolean;
  readonly retryAfterMs: number | null;

  constructor(
    readonly kind: SageErrorKind,
    message: string,
    details: SageErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'SageError';
    this.httpStatus = details.httpStatus ?? null;
    this.sageMessage = details.sageMessage ?? null;
    this.requestIds = details.requestIds ?? null;
    this.retryable = details.retryable ?? false;
    this.provablyNotApplied = details.provablyNotApplied ?? false;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}
