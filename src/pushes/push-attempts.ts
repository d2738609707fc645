import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { PushAttemptType } from './push.type.js';

/** The history of these pushes, each oldest first. By primary key. */
export async function readAttempts(
  database: Queryable,
  instanceId: number,
  pushIds: readonly string[],
): Promise<Map<string, PushAttemptType[]>> {
  const rows = await database.query<{
    pushId: string;
    at: number | string;
    step: string;
    outcome: string;
    httpStatus: number | null;
    durationMs: number;
  }>(
    `SELECT push_id AS pushId, at, step, outcome, http_status AS httpStatus, duration_ms AS durationMs FROM push_attempt
      WHERE instance_id = ? AND push_id IN (${placeholders(pushIds.length)}) ORDER BY push_id, attempt_no`,
    [instanceId, ...pushIds],
  );
  const byPush = new Map<string, PushAttemptType[]>();
  for (const { pushId, at, ...attempt } of rows) {
    const attempts = byPush.get(pushId) ?? [];
    attempts.push({ ...attempt, at: new Date(Number(at)) });
    byPush.set(pushId, attempts);
  }
  return byPush;
}
