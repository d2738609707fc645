/** What is sent to Sage, one row of the queue each. */
export const PUSH_KINDS = [
  'CUSTOMER',
  'INVOICE',
  'PAYMENT',
  'CREDIT_NOTE',
  'REFUND',
  'ALLOCATION',
  'NOMINAL_CODE',
] as const;
export type PushKind = (typeof PUSH_KINDS)[number];

export const PUSH_STATUSES = [
  'QUEUED',
  'WAITING',
  'HELD',
  'SENDING',
  'UNKNOWN',
  'SUCCEEDED',
  'FAILED',
  'SKIPPED',
] as const;
export type PushStatus = (typeof PUSH_STATUSES)[number];

/**
 * Every legal move (reliability.md, "The life of a push"). SENDING and UNKNOWN go back to QUEUED when the step under way is
 * done and another comes after it, or when Sage certainly does not have it.
 */
export const LEGAL_MOVES: Readonly<Record<PushStatus, readonly PushStatus[]>> = {
  QUEUED: ['SENDING', 'WAITING', 'HELD', 'FAILED', 'SKIPPED', 'SUCCEEDED'],
  WAITING: ['QUEUED', 'HELD', 'SKIPPED'],
  HELD: ['QUEUED', 'WAITING', 'SKIPPED'],
  SENDING: ['QUEUED', 'UNKNOWN', 'HELD', 'FAILED', 'SUCCEEDED'],
  UNKNOWN: ['QUEUED', 'FAILED', 'SUCCEEDED'],
  // only when a comparison with Sage finds that it is not so
  SUCCEEDED: ['FAILED'],
  FAILED: ['QUEUED', 'SKIPPED'],
  SKIPPED: [],
};

/** The states from which a push may be moved to `status`. */
export function movableTo(status: PushStatus): PushStatus[] {
  return PUSH_STATUSES.filter((from) => LEGAL_MOVES[from].includes(status));
}

/** Nothing of it can be in Sage: its content may still be replaced (contract, "Documents from The Layer"). */
export const REPLACEABLE: readonly PushStatus[] = ['QUEUED', 'WAITING', 'HELD', 'FAILED'];
/** In the line of its lane: a worker has to do with it. */
export const IN_LINE: readonly PushStatus[] = ['QUEUED', 'SENDING', 'UNKNOWN'];
/** On its way: not there, and not given up. */
export const IN_FLIGHT: readonly PushStatus[] = ['QUEUED', 'WAITING', 'HELD', 'SENDING', 'UNKNOWN'];
