export const SYNC_RESOURCES = [
  'COMPANIES',
  'CUSTOMERS',
  'TRANSACTIONS',
  'BANK_ACCOUNTS',
  'NOMINAL_ACCOUNTS',
  'TAX_CODES',
] as const;
export type SyncResource = (typeof SYNC_RESOURCES)[number];

export const SYNC_STATES = ['NEVER_RUN', 'IDLE', 'RUNNING', 'FAILED'] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** How often each resource is pulled, in seconds, and how often everything is read again. */
export interface SyncIntervals {
  transactionsSeconds: number;
  customersSeconds: number;
  referenceSeconds: number;
  sweepSeconds: number;
}

export function intervalSecondsOf(resource: SyncResource, intervals: SyncIntervals): number {
  switch (resource) {
    case 'TRANSACTIONS':
      return intervals.transactionsSeconds;
    case 'CUSTOMERS':
      return intervals.customersSeconds;
    case 'COMPANIES':
    case 'BANK_ACCOUNTS':
    case 'NOMINAL_ACCOUNTS':
    case 'TAX_CODES':
      return intervals.referenceSeconds;
    default:
      return resource satisfies never;
  }
}
