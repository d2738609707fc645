import { placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';

/** A lane that this worker holds. */
export interface ClaimedLane {
  instanceId: number;
  lane: string;
  /** Of this claim alone: a worker whose lane was taken over finds another owner here, and stops. */
  owner: string;
}

/**
 * Makes a lane due at `dueAt` at the latest. One that is held stays held: its holder looks once more before it lets go, behind
 * the same row lock.
 */
export async function touchLanes(
  transaction: Transaction,
  instanceId: number,
  lanes: readonly string[],
  dueAt: number,
): Promise<void> {
  // in one order whoever writes, so that two writers wait for each other and don't end in a deadlock
  const ordered = [...new Set(lanes)].sort();
  if (ordered.length > 0) transaction.announce('pushes', instanceId);
  for (let from = 0; from < ordered.length; from += 500) {
    const some = ordered.slice(from, from + 500);
    const values = some.map(() => '(?, ?, ?, NULL)').join(',');
    const sooner =
      transaction.dialect === 'mysql'
        ? 'ON DUPLICATE KEY UPDATE due_at = CASE WHEN owner IS NULL AND due_at > VALUES(due_at) THEN VALUES(due_at) ELSE due_at END'
        : 'ON CONFLICT (instance_id, lane) DO UPDATE SET due_at = CASE WHEN owner IS NULL AND due_at > excluded.due_at THEN excluded.due_at ELSE due_at END';
    await transaction.query(
      `INSERT INTO push_lane (instance_id, lane, due_at, owner) VALUES ${values} ${sooner}`,
      some.flatMap((lane) => [instanceId, lane, dueAt]),
    );
  }
}

/** The claim's first statement. Index: push_lane_due, read in its order; SKIP LOCKED passes over what others are claiming. */
export function claimableLanesSql(dialect: Transaction['dialect'], count: number): string {
  return `SELECT lane FROM push_lane WHERE instance_id = ? AND due_at <= ? ORDER BY due_at, lane LIMIT ${Math.max(1, Math.trunc(count))}${
    dialect === 'mysql' ? ' FOR UPDATE SKIP LOCKED' : ''
  }`;
}

/**
 * Claims up to `count` due lanes until `leaseUntil`. While held, `due_at` is the end of the lease: the claims of a dead process
 * become due by themselves. To be run in a transaction of its own, committed before any work.
 */
export async function claimLanes(
  transaction: Transaction,
  instanceId: number,
  count: number,
  { owner, now, leaseUntil }: { owner: string; now: number; leaseUntil: number },
): Promise<ClaimedLane[]> {
  const rows = await transaction.query<{ lane: string }>(claimableLanesSql(transaction.dialect, count), [
    instanceId,
    now,
  ]);
  if (rows.length === 0) return [];
  await transaction.query(
    `UPDATE push_lane SET due_at = ?, owner = ? WHERE instance_id = ? AND lane IN (${placeholders(rows.length)})`,
    [leaseUntil, owner, instanceId, ...rows.map(({ lane }) => lane)],
  );
  return rows.map(({ lane }) => ({ instanceId, lane, owner }));
}

/** Keeps a held lane; false when it has passed to another worker. By primary key. */
export async function extendLane(transaction: Transaction, held: ClaimedLane, leaseUntil: number): Promise<boolean> {
  const changed = await transaction.execute(
    'UPDATE push_lane SET due_at = ? WHERE instance_id = ? AND lane = ? AND owner = ?',
    [leaseUntil, held.instanceId, held.lane, held.owner],
  );
  return changed > 0;
}

/**
 * Lets go of a lane: due again when its first push is, or gone when nothing is in line. The row lock comes first, so that a push
 * that is being queued meanwhile is either seen here or makes the lane due itself.
 */
export async function releaseLane(transaction: Transaction, held: ClaimedLane, now: number): Promise<void> {
  const { instanceId, lane, owner } = held;
  const locked = await transaction.query<{ lane: string }>(
    `SELECT lane FROM push_lane WHERE instance_id = ? AND lane = ? AND owner = ?${
      transaction.dialect === 'mysql' ? ' FOR UPDATE' : ''
    }`,
    [instanceId, lane, owner],
  );
  if (locked.length === 0) return;
  const [head] = await transaction.query<{ nextAttemptAt: number | string | null }>(
    headOfLaneSql('next_attempt_at AS nextAttemptAt'),
    [instanceId, lane],
  );
  if (head) {
    await transaction.query('UPDATE push_lane SET due_at = ?, owner = NULL WHERE instance_id = ? AND lane = ?', [
      head.nextAttemptAt === null ? now : Number(head.nextAttemptAt),
      instanceId,
      lane,
    ]);
  } else {
    await transaction.query('DELETE FROM push_lane WHERE instance_id = ? AND lane = ?', [instanceId, lane]);
  }
}

/**
 * The push that is first in a lane: one whose outcome is open before all others, as nothing of the same customer is sent
 * meanwhile; then by age. Index: push_in_lane.
 */
export function headOfLaneSql(columns: string): string {
  return `SELECT ${columns} FROM push p WHERE p.instance_id = ? AND p.lane = ? AND p.status IN ('QUEUED', 'SENDING', 'UNKNOWN')
    ORDER BY CASE p.status WHEN 'QUEUED' THEN 1 ELSE 0 END, p.id LIMIT 1`;
}
