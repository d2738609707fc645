import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';
import { readEventRange } from './event-log.sql.js';

const PRUNE_EVERY_MS = 3_600_000;
const BATCH_SIZE = 500;
const DAY_MS = 86_400_000;

export interface EventPruningParts {
  database: Database;
  clock: Clock;
  log: Log;
  retentionDays: number;
  instances: { ids(): Promise<number[]> };
}

/** Deletes events that are older than they are kept, and remembers up to where: a subscriber from before is told so. */
export class EventPruning {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly parts: EventPruningParts) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { clock, log, instances, database, retentionDays } = this.parts;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await clock.sleep(PRUNE_EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        const before = clock.now().getTime() - retentionDays * DAY_MS;
        for (const instanceId of await instances.ids()) {
          while (!signal.aborted && (await pruneSome(database, instanceId, before)) === BATCH_SIZE);
        }
      } catch (error) {
        log.warn({ err: error }, 'events: old ones cannot be deleted; trying again in an hour');
      }
    }
  }
}

/** Deletes the oldest events up to the first that is kept, a batch of them; answers how many. */
export async function pruneSome(database: Database, instanceId: number, before: number): Promise<number> {
  const { pruned } = await readEventRange(database, instanceId);
  const oldest = await database.query<{ sequence: number | string; at: number | string }>(
    `SELECT sequence, at FROM event WHERE instance_id = ? AND sequence > ? ORDER BY sequence LIMIT ${BATCH_SIZE}`,
    [instanceId, pruned],
  );
  const firstKept = oldest.findIndex(({ at }) => Number(at) >= before);
  const count = firstKept === -1 ? oldest.length : firstKept;
  const last = oldest[count - 1];
  if (!last) return 0;
  await database.transaction(async (transaction) => {
    await transaction.query('DELETE FROM event WHERE instance_id = ? AND sequence <= ?', [
      instanceId,
      Number(last.sequence),
    ]);
    // the row that every writer of events needs: locked last
    await transaction.query(
      'UPDATE event_sequence SET pruned_sequence = ? WHERE instance_id = ? AND pruned_sequence < ?',
      [Number(last.sequence), instanceId, Number(last.sequence)],
    );
  });
  return count;
}
