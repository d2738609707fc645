import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';
import { mistakeCause } from './push-causes.js';
import { type PushRow, readPushes } from './push-rows.js';
import { FenceLost, type PushSettlement } from './settle-push.js';

const MAX_MISTAKE_WAIT_MS = 60_000;
/** After so many in a row it stands aside, for people to see: others of its lane must not wait for it. */
const MISTAKES_IN_LINE = 3;

export interface MistakeParts {
  database: Database;
  clock: Clock;
  log: Log;
  settlement: PushSettlement;
}

/** A mistake of our own: the push is put off and says so, and the others go on. Never throws. */
export async function settleMistake(
  { database, clock, log, settlement }: MistakeParts,
  push: PushRow,
  error: unknown,
): Promise<void> {
  log.error({ push: push.id, kind: push.kind, err: error }, 'push: a delivery ended in an error');
  try {
    const current = (await readPushes(database, push.instanceId, [push.id])).get(push.id);
    if (!current || !['QUEUED', 'UNKNOWN', 'SENDING'].includes(current.status)) return;
    const now = clock.now().getTime();
    const failures = current.failures + 1;
    const nextAttemptAt = now + Math.min(MAX_MISTAKE_WAIT_MS, 1_000 * 2 ** Math.min(failures, 10));
    // what went out may have arrived
    const isOpen = current.status !== 'QUEUED';
    const changes = {
      failures,
      nextAttemptAt,
      error: mistakeCause(),
      ...(isOpen && { lostAt: current.lostAt ?? now }),
    };
    const attempt = { step: 'ERROR', outcome: 'a mistake of the gateway; it stands in the log', startedAt: now };
    if (!isOpen && failures >= MISTAKES_IN_LINE) return await settlement.hold(current, mistakeCause(), attempt);
    await settlement.move(current, isOpen ? 'UNKNOWN' : 'QUEUED', changes, attempt);
  } catch (inner) {
    if (!(inner instanceof FenceLost)) log.error({ push: push.id, err: inner }, 'push: a failure could not be stored');
  }
}
