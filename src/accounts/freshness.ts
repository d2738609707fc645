import type { ConnectionState } from '../connection/connection-state.js';

/** When the pulls of one company last began and were completed afterwards; epoch ms, null before the first time. */
export interface CompletedPulls {
  customersAt: number | null;
  transactionsAt: number | null;
}

export interface FreshnessLimits {
  customersSeconds: number;
  transactionsSeconds: number;
}

const GRACE_SECONDS = 10;

/**
 * How old a company's figures are: the older of the starts of the last complete pulls of customers and of transactions.
 * Stale when either is older than three of its intervals and ten seconds, or when the connection is down.
 * Before both have been complete once, the figures are as old as the row itself (`seenAt`), and stale.
 */
export function freshnessOf(
  pulls: CompletedPulls,
  seenAt: number,
  limits: FreshnessLimits,
  connection: ConnectionState,
  now: number,
): { asOf: Date; ageSeconds: number; stale: boolean } {
  const { customersAt, transactionsAt } = pulls;
  const complete = customersAt !== null && transactionsAt !== null;
  const asOf = complete ? Math.min(customersAt, transactionsAt) : seenAt;
  const isLate = (at: number, intervalSeconds: number) => now - at > (3 * intervalSeconds + GRACE_SECONDS) * 1_000;
  const stale =
    !complete ||
    connection !== 'CONNECTED' ||
    isLate(customersAt, limits.customersSeconds) ||
    isLate(transactionsAt, limits.transactionsSeconds);
  return { asOf: new Date(asOf), ageSeconds: Math.max(0, Math.floor((now - asOf) / 1_000)), stale };
}
