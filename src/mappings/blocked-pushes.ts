import { Money } from '../common/money.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { MAPPING_CODES } from '../pushes/push-cause.js';

export interface Blocked {
  count: number;
  /** One entry per currency. */
  amounts: Money[];
  message: string;
  remedy: string;
}

/** By the key of the cause that holds them. */
export type BlockedByKey = ReadonlyMap<string, Blocked>;

interface BlockedRow {
  causeKey: string;
  currency: string | null;
  count: number | string;
  amountMinor: number | string | null;
  message: string | null;
  remedy: string | null;
}

/** What mappings hold back. Index: push_by_cause. */
export async function readBlocked(database: Queryable, instanceId: number): Promise<BlockedByKey> {
  const rows = await database.query<BlockedRow>(
    `SELECT p.error_key AS causeKey, p.currency AS currency, COUNT(*) AS count, SUM(p.amount_minor) AS amountMinor,
            MAX(p.error_message) AS message, MAX(p.error_remedy) AS remedy
       FROM push p WHERE p.instance_id = ? AND p.status = 'HELD' AND p.error_code IN (${placeholders(MAPPING_CODES.length)})
      GROUP BY p.error_key, p.currency ORDER BY p.error_key, p.currency`,
    [instanceId, ...MAPPING_CODES],
  );
  const byKey = new Map<string, Blocked>();
  for (const row of rows) {
    const blocked = byKey.get(row.causeKey) ?? {
      count: 0,
      amounts: [],
      message: row.message ?? '',
      remedy: row.remedy ?? '',
    };
    blocked.count += Number(row.count);
    if (row.currency !== null && row.amountMinor !== null)
      blocked.amounts.push(Money.ofMinor(BigInt(row.amountMinor), row.currency));
    byKey.set(row.causeKey, blocked);
  }
  return byKey;
}

export function blockedUnder(blocked: BlockedByKey, key: string): Pick<Blocked, 'count' | 'amounts'> {
  return blocked.get(key) ?? { count: 0, amounts: [] };
}
