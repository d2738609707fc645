import type { Queryable, Transaction } from '../database/database.js';
import { IN_FLIGHT, type PushStatus } from '../pushes/push-status.js';
import type { CustomerSyncStatus } from './customer-sync-status.js';

/** The status of a customer whose newest push of each company stands so. Pure. */
export function syncStatusOf(newest: readonly PushStatus[], isLinked: boolean): CustomerSyncStatus {
  if (newest.includes('FAILED')) return 'FAILED';
  if (!isLinked) return 'NEVER_SYNCED';
  // what was skipped never got there, so Sage has something else
  return newest.some((status) => status === 'SKIPPED' || IN_FLIGHT.includes(status)) ? 'OUT_OF_DATE' : 'SYNCED';
}

/** Brings the status that is kept beside the customer up to date, in the transaction that has changed one of its pushes or links. */
export async function refreshSyncStatus(
  transaction: Transaction,
  instanceId: number,
  layerId: string,
  now: Date,
): Promise<void> {
  const status = syncStatusOf(
    await newestStatuses(transaction, instanceId, layerId),
    await isLinked(transaction, instanceId, layerId),
  );
  await transaction.query(
    'UPDATE customer SET sync_status = ?, updated_at = ? WHERE instance_id = ? AND layer_id = ? AND sync_status <> ?',
    [status, now.getTime(), instanceId, layerId, status],
  );
}

/** Index: push_of_document. */
async function newestStatuses(database: Queryable, instanceId: number, layerId: string): Promise<PushStatus[]> {
  const rows = await database.query<{ status: PushStatus }>(
    `SELECT p.status AS status FROM push p JOIN (
        SELECT MAX(generation) AS generation FROM push
          WHERE instance_id = ? AND kind = 'CUSTOMER' AND layer_id = ? GROUP BY company_id) newest
        ON newest.generation = p.generation
      WHERE p.instance_id = ? AND p.kind = 'CUSTOMER' AND p.layer_id = ?`,
    [instanceId, layerId, instanceId, layerId],
  );
  return rows.map(({ status }) => status);
}

/** Index: customer_link_of_customer. */
async function isLinked(database: Queryable, instanceId: number, layerId: string): Promise<boolean> {
  const rows = await database.query(
    'SELECT 1 AS found FROM customer_link WHERE instance_id = ? AND customer_layer_id = ? LIMIT 1',
    [instanceId, layerId],
  );
  return rows.length > 0;
}
