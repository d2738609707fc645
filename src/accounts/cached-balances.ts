import { currencyDigits } from '../common/currency.js';
import { minorFromDecimal } from '../common/money.js';
import type { Queryable } from '../database/database.js';
import type { PageRange, PullTarget } from '../sync/pull.js';

interface CachedBalance {
  balanceMinor: bigint;
  currency: string;
}

/** Balances as the cache has them, by Sage's customer id. */
export async function readBalancesInRange(
  database: Queryable,
  target: PullTarget,
  range: PageRange,
): Promise<Map<number, CachedBalance>> {
  const rows = await database.query<{ id: number | string; balanceMinor: number | string; currency: string }>(
    `SELECT sage_id AS id, balance_minor AS balanceMinor, currency FROM sage_account
      WHERE instance_id = ? AND company_id = ? AND sage_id > ? AND sage_id <= ? AND deleted_at IS NULL`,
    [target.instanceId, target.companyId, range.afterId, range.uptoId ?? Number.MAX_SAFE_INTEGER],
  );
  return new Map(
    rows.map((row) => [Number(row.id), { balanceMinor: BigInt(row.balanceMinor), currency: row.currency }]),
  );
}

/** Whether Sage's decimal text says what the cache has; false for an account that the cache lacks. */
export function isSameBalance(balance: string, cached: CachedBalance | undefined): boolean {
  return (
    cached !== undefined && minorFromDecimal(balance, currencyDigits(cached.currency) ?? 2) === cached.balanceMinor
  );
}
