import { type BulkTable, bulkUpsert, placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import { type ChangedPush, recordPushChanges } from './record-push-changes.js';
import type { ClaimedLane } from './lane.sql.js';
import type { PushCause } from './push-cause.js';
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

const NEED_COLUMNS = ['instance_id', 'push_id', 'needs_kind', 'needs_layer_id'];
const NEEDS: BulkTable = { name: 'push_need', key: NEED_COLUMNS, columns: NEED_COLUMNS };

/** What a push waits for, in place of what it waited for before. */
export async function storeNeeds(
  transaction: Transaction,
  push: Pick<PushRow, 'instanceId' | 'id'>,
  needs: readonly PushNeed[],
): Promise<void> {
  await transaction.query('DELETE FROM push_need WHERE instance_id = ? AND push_id = ?', [push.instanceId, push.id]);
  const distinct = new Map(needs.map((need) => [`${need.kind}:${need.layerId}`, need]));
  const rows = [...distinct.values()].map(({ kind, layerId }) => [push.instanceId, push.id, kind, layerId]);
  await bulkUpsert(transaction, NEEDS, rows);
}

/** Whether something is in line that was not sent yet. Index: push_by_status. */
export async function hasQueued(database: Queryable, instanceId: number): Promise<boolean> {
  const rows = await database.query("SELECT 1 AS found FROM push WHERE instance_id = ? AND status = 'QUEUED' LIMIT 1", [
    instanceId,
  ]);
  return rows.length > 0;
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
