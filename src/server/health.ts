import type { FastifyInstance } from 'fastify';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';

const PATIENCE_MS = 2_000;

/** Whether this process can serve. Sage being away does not make it unready: that is what the cache is for. */
export class Health {
  private draining = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  drain(): void {
    this.draining = true;
  }

  /** Null when ready; otherwise the reason. */
  async fault(): Promise<string | null> {
    if (this.draining) return 'The process is stopping.';
    const waiting = new AbortController();
    try {
      return await Promise.race([
        this.database.query('SELECT id FROM instance WHERE id = 1').then(() => null),
        this.clock
          .sleep(PATIENCE_MS, waiting.signal)
          .then(() => `The database has not answered for ${PATIENCE_MS / 1_000} seconds.`),
      ]);
    } catch (error) {
      // the answer is for anybody, and the driver's words name hosts and users
      this.log.warn({ err: error }, 'health: the database cannot be used');
      return 'The database cannot be reached; the log says why.';
    } finally {
      waiting.abort();
    }
  }
}

export function registerHealth(app: FastifyInstance, health: Health): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const fault = await health.fault();
    if (fault !== null) reply.code(503);
    return fault === null ? { status: 'ok' } : { status: 'unavailable', reason: fault };
  });
}
