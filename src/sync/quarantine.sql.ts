import { bulkUpsert, chunks, placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import type { PullTarget, RejectedRow } from './pull.js';
import type { SyncResource } from './sync-resource.js';

const TABLE = {
  name: 'sync_quarantine',
  key: ['instance_id', 'company_id', 'resource', 'row_key'],
  columns: ['instance_id', 'company_id', 'resource', 'row_key', 'reason', 'row_text', 'first_seen_at', 'last_seen_at'],
  insertOnly: ['first_seen_at'],
};

/** Keeps rows that could not be taken, with the reason. One without a key of its own is kept under its reason. */
export async function putIntoQuarantine(
  transaction: Transaction,
  target: PullTarget,
  resource: SyncResource,
  rejected: readonly RejectedRow[],
  now: number,
): Promise<void> {
  const byKey = new Map(rejected.map((row) => [(row.key ?? row.reason).slice(0, 64), row]));
  const rows = [...byKey].map(([key, { reason, row }]) => [
    target.instanceId,
    target.companyId,
    resource,
    key,
    reason.slice(0, 500),
    JSON.stringify(row) ?? 'undefined',
    now,
    now,
  ]);
  await bulkUpsert(transaction, TABLE, rows);
}

export async function countQuarantine(
  database: Queryable,
  target: PullTarget,
  resource: SyncResource,
): Promise<number> {
  const [row] = await database.query<{ count: number | string }>(
    'SELECT COUNT(*) AS count FROM sync_quarantine WHERE instance_id = ? AND company_id = ? AND resource = ?',
    [target.instanceId, target.companyId, resource],
  );
  return Number(row?.count ?? 0);
}

/** Lets go of rows that have been taken since. */
export async function releaseFromQuarantine(
  transaction: Transaction,
  target: PullTarget,
  resource: SyncResource,
  keys: readonly string[],
): Promise<void> {
  for (const chunk of chunks(keys)) {
    await transaction.query(
      `DELETE FROM sync_quarantine WHERE instance_id = ? AND company_id = ? AND resource = ? AND row_key IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, resource, ...chunk],
    );
  }
}

/** After everything was read: what was not rejected again no longer exists in Sage. */
export async function releaseOlderThan(
  transaction: Transaction,
  target: PullTarget,
  resource: SyncResource,
  startedAt: number,
): Promise<void> {
  await transaction.query(
    'DELETE FROM sync_quarantine WHERE instance_id = ? AND company_id = ? AND resource = ? AND last_seen_at < ?',
    [target.instanceId, target.companyId, resource, startedAt],
  );
}
