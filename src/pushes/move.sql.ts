import { placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import { type ChangedPush, recordPushChanges } from './record-push-changes.js';
import { touchLanes, type ClaimedLane } from './lane.sql.js';
import type { PushCause } from './push-cause.js';
import { PREREQUISITE_FAILED } from './push-cause.js';
import type { LandedStep, PushNeed } from './push-handler.js';
import { movableTo, type PushStatus } from './push-status.js';
import type { PushRow, StoredStep } from './push-rows.js';

/** The columns that a move may set beside the status. Left out: as they are. */
export interface MoveChanges {
  companyId?: number | null;
  urn?: string | null;
  sageId?: number | null;
  postedAt?: number;
  allocatedAt?: number;
  failures?: number;
  emptyLookUps?: number;
  nextAttemptAt?: number | null;
  lostAt?: number | null;
  error?: PushCause | null;
}

const COLUMN_OF = {
  companyId: 'company_id',
  urn: 'urn',
  sageId: 'sage_id',
  postedAt: 'posted_at',
  allocatedAt: 'allocated_at',
  failures: 'failures',
  emptyLookUps: 'empty_look_ups',
  nextAttemptAt: 'next_attempt_at',
  lostAt: 'lost_at',
} as const;

const fitting = (text: string | null, length: number) =>
  text === null ? null : Array.from(text).slice(0, length).join('');

function causeColumns(cause: PushCause | null): [string, string | null][] {
  return [
    ['error_code', cause?.code ?? null],
    ['error_key', cause ? fitting(cause.key, 120) : null],
    ['error_subject', cause ? fitting(cause.subject, 255) : null],
    ['error_message', cause ? fitting(cause.message, 700) : null],
    ['error_remedy', cause ? fitting(cause.remedy, 500) : null],
  ];
}

/**
 * Moves a push on, if it still stands where the caller saw it (its status and its fence): false when somebody else was there
 * first. Illegal moves throw. By primary key.
 */
export async function movePush(
  transaction: Transaction,
  push: Pick<PushRow, 'instanceId' | 'id' | 'status' | 'fence' | 'companyId' | 'customerLayerId'>,
  status: PushStatus,
  changes: MoveChanges,
  now: number,
): Promise<boolean> {
  if (status !== push.status && !movableTo(status).includes(push.status))
    throw new Error(`A push cannot move from ${push.status} to ${status}.`);
  const sets: [string, unknown][] = [
    ['status', status],
    ['updated_at', now],
  ];
  for (const [name, column] of Object.entries(COLUMN_OF)) {
    const value = changes[name as keyof typeof COLUMN_OF];
    if (value !== undefined) sets.push([column, value]);
  }
  if (changes.error !== undefined) sets.push(...causeColumns(changes.error));
  const changed = await transaction.execute(
    `UPDATE push SET ${sets.map(([column]) => `${column} = ?`).join(', ')}
      WHERE instance_id = ? AND id = ? AND status = ? AND fence = ?`,
    [...sets.map(([, value]) => value), push.instanceId, push.id, push.status, push.fence],
  );
  if (changed > 0 && status !== push.status) {
    recordPushChanges(transaction, push.instanceId, [{ ...push, companyId: changes.companyId ?? push.companyId }], now);
  }
  return changed > 0;
}

/**
 * The fence: right before the socket write, one statement moves the push to SENDING and raises its fence. It takes the lane that the
 * worker holds, the push unchanged since it was read, and a lease that lasts; whoever cannot move it does not send.
 */
export async function moveToSending(
  transaction: Transaction,
  push: PushRow,
  lane: ClaimedLane,
  { name, companyId, facts, marks, touches }: LandedStep,
  now: number,
): Promise<boolean> {
  const changed = await transaction.execute(
    `UPDATE push SET status = 'SENDING', fence = fence + 1, attempts = attempts + 1, step = ?, step_facts = ?, company_id = ?,
        sent_at = ?, lost_at = NULL, empty_look_ups = 0, next_attempt_at = NULL, updated_at = ?
      WHERE instance_id = ? AND id = ? AND fence = ? AND status = ?
        AND EXISTS (SELECT 1 FROM push_lane l WHERE l.instance_id = ? AND l.lane = ? AND l.owner = ? AND l.due_at > ?)`,
    [
      name,
      JSON.stringify({ facts, marks, touches } satisfies StoredStep),
      companyId,
      now,
      now,
      push.instanceId,
      push.id,
      push.fence,
      push.status,
      lane.instanceId,
      lane.lane,
      lane.owner,
      now,
    ],
  );
  if (changed > 0 && push.status !== 'SENDING')
    recordPushChanges(transaction, push.instanceId, [{ ...push, companyId }], now);
  return changed > 0;
}

/** What a push waits for, in place of what it waited for before. */
export async function storeNeeds(
  transaction: Transaction,
  push: Pick<PushRow, 'instanceId' | 'id'>,
  needs: readonly PushNeed[],
): Promise<void> {
  await transaction.query('DELETE FROM push_need WHERE instance_id = ? AND push_id = ?', [push.instanceId, push.id]);
  const distinct = new Map(needs.map((need) => [`${need.kind}:${need.layerId}`, need]));
  for (const { kind, layerId } of distinct.values()) {
    await transaction.query(
      'INSERT INTO push_need (instance_id, push_id, needs_kind, needs_layer_id) VALUES (?, ?, ?, ?)',
      [push.instanceId, push.id, kind, layerId],
    );
  }
}

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

/** Whether something is in line that was not sent yet. Index: push_by_status. */
export async function hasQueued(database: Queryable, instanceId: number): Promise<boolean> {
  const rows = await database.query("SELECT 1 AS found FROM push WHERE instance_id = ? AND status = 'QUEUED' LIMIT 1", [
    instanceId,
  ]);
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

const HELD_AT_ONCE = 500;

/** Moves all that is in line and not sent yet to HELD, for a cause that is the whole instance's. Index: push_by_status. */
export async function holdQueued(
  transaction: Transaction,
  instanceId: number,
  cause: PushCause,
  now: number,
): Promise<number> {
  const columns = causeColumns(cause);
  let held = 0;
  for (;;) {
    const rows = await transaction.query<ChangedPush>(
      `SELECT p.id AS id, p.company_id AS companyId, p.customer_layer_id AS customerLayerId FROM push p
        WHERE p.instance_id = ? AND p.status = 'QUEUED' ORDER BY p.id LIMIT ${HELD_AT_ONCE}${
          transaction.dialect === 'mysql' ? ' FOR UPDATE' : ''
        }`,
      [instanceId],
    );
    if (rows.length === 0) return held;
    held += await transaction.execute(
      `UPDATE push SET status = 'HELD', next_attempt_at = NULL, updated_at = ?, ${columns.map(([name]) => `${name} = ?`).join(', ')}
        WHERE instance_id = ? AND status = 'QUEUED' AND id IN (${placeholders(rows.length)})`,
      [now, ...columns.map(([, value]) => value), instanceId, ...rows.map(({ id }) => id)],
    );
    recordPushChanges(transaction, instanceId, rows, now);
    if (rows.length < HELD_AT_ONCE) return held;
  }
}

export interface AttemptRecord {
  step: string;
  outcome: string;
  httpStatus?: number | null;
  durationMs: number;
}

/** At most so many entries are kept of one push; after that only the last is overwritten. */
const MAX_ATTEMPTS_KEPT = 500;

/** Writes one line of a push's history. */
export async function recordAttempt(
  transaction: Transaction,
  push: Pick<PushRow, 'instanceId' | 'id'>,
  { step, outcome, httpStatus, durationMs }: AttemptRecord,
  at: number,
): Promise<void> {
  const [row] = await transaction.query<{ last: number | string | null }>(
    'SELECT MAX(attempt_no) AS last FROM push_attempt WHERE instance_id = ? AND push_id = ?',
    [push.instanceId, push.id],
  );
  const last = Number(row?.last ?? 0);
  const values = [at, step, fitting(outcome, 700), httpStatus ?? null, Math.round(durationMs)];
  if (last >= MAX_ATTEMPTS_KEPT) {
    await transaction.query(
      'UPDATE push_attempt SET at = ?, step = ?, outcome = ?, http_status = ?, duration_ms = ? WHERE instance_id = ? AND push_id = ? AND attempt_no = ?',
      [...values, push.instanceId, push.id, last],
    );
    return;
  }
  await transaction.query(
    'INSERT INTO push_attempt (instance_id, push_id, attempt_no, at, step, outcome, http_status, duration_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [push.instanceId, push.id, last + 1, ...values],
  );
}

/** Whether any push of the instance stands in this status for one of these causes. Index: push_by_cause. */
export async function hasHeldBy(database: Queryable, instanceId: number, codes: readonly string[]): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 AS found FROM push WHERE instance_id = ? AND status = 'HELD' AND error_code IN (${placeholders(codes.length)}) LIMIT 1`,
    [instanceId, ...codes],
  );
  return rows.length > 0;
}
