import { placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import { touchLanes } from './lane.sql.js';
import { PREREQUISITE_FAILED } from './push-cause.js';
import type { PushRow } from './push-rows.js';
import { type ChangedPush, recordPushChanges } from './record-push-changes.js';

/** Puts back in line what waits for this push: whether it may go now is looked at when its turn comes. Index: push_needed_by. */
export async function releaseDependents(
  transaction: Transaction,
  push: Pick<PushRow, 'instanceId' | 'kind' | 'layerId'>,
  now: number,
): Promise<number> {
  return release(
    transaction,
    push.instanceId,
    `(p.status = 'WAITING' OR (p.status = 'HELD' AND p.error_code = '${PREREQUISITE_FAILED}')) AND p.id IN (
       SELECT n.push_id FROM push_need n WHERE n.instance_id = ? AND n.needs_kind = ? AND n.needs_layer_id = ?)`,
    [push.instanceId, push.kind, push.layerId],
    now,
  );
}

/** Puts back in line what is held by one of these causes; a key narrows it to one subject. Index: push_by_cause. */
export async function releaseHeldBy(
  transaction: Transaction,
  instanceId: number,
  codes: readonly string[],
  now: number,
): Promise<number> {
  return release(
    transaction,
    instanceId,
    `p.status = 'HELD' AND p.error_code IN (${placeholders(codes.length)})`,
    [...codes],
    now,
  );
}

/** Whether something is held until a time that has come. Index: push_due. */
export async function hasDue(database: Queryable, instanceId: number, now: number): Promise<boolean> {
  const rows = await database.query(
    "SELECT 1 AS found FROM push WHERE instance_id = ? AND status IN ('HELD', 'WAITING') AND next_attempt_at <= ? LIMIT 1",
    [instanceId, now],
  );
  return rows.length > 0;
}

/** Whether any push of the instance stands in this status for one of these causes. Index: push_by_cause. */
export async function hasHeldBy(database: Queryable, instanceId: number, codes: readonly string[]): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 AS found FROM push WHERE instance_id = ? AND status = 'HELD' AND error_code IN (${placeholders(codes.length)}) LIMIT 1`,
    [instanceId, ...codes],
  );
  return rows.length > 0;
}

/** Puts back in line what is held until a time that has come. Index: push_due. */
export async function releaseDue(transaction: Transaction, instanceId: number, now: number): Promise<number> {
  return release(
    transaction,
    instanceId,
    "p.status IN ('HELD', 'WAITING') AND p.next_attempt_at IS NOT NULL AND p.next_attempt_at <= ?",
    [now],
    now,
  );
}

/** At most so many are put back at once: a transaction over many thousands would keep others waiting. */
const RELEASE_AT_ONCE = 500;

/** Puts back in line the pushes that the condition names; answers how many. */
export async function release(
  transaction: Transaction,
  instanceId: number,
  condition: string,
  parameters: readonly unknown[],
  now: number,
): Promise<number> {
  let released = 0;
  for (;;) {
    const rows = await transaction.query<ChangedPush & { lane: string }>(
      `SELECT p.id AS id, p.lane AS lane, p.company_id AS companyId, p.customer_layer_id AS customerLayerId FROM push p WHERE p.instance_id = ? AND ${condition} ORDER BY p.id LIMIT ${RELEASE_AT_ONCE}`,
      [instanceId, ...parameters],
    );
    if (rows.length === 0) return released;
    released += await transaction.execute(
      `UPDATE push SET status = 'QUEUED', next_attempt_at = NULL, failures = 0, updated_at = ?
        WHERE instance_id = ? AND status IN ('WAITING', 'HELD', 'FAILED') AND id IN (${placeholders(rows.length)})`,
      [now, instanceId, ...rows.map(({ id }) => id)],
    );
    await touchLanes(
      transaction,
      instanceId,
      rows.map(({ lane }) => lane),
      now,
    );
    recordPushChanges(transaction, instanceId, rows, now);
    if (rows.length < RELEASE_AT_ONCE) return released;
  }
}
