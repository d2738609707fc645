import type { FastifyInstance } from 'fastify';
import { messageOf } from '../common/errors.js';
import type { Database } from '../database/database.js';

/** Whether this process can serve. Sage being away does not make it unready: that is what the cache is for. */
export class Health {
  private draining = false;

  constructor(private readonly database: Database) {}

  drain(): void {
    this.draining = true;
  }

  /** Null when ready; otherwise the reason. */
  async fault(): Promise<string | null> {
    if (this.draining) return 'The process is stopping.';
    try {
      await this.database.query('SELECT id FROM instance WHERE id = 1');
      return null;
    } catch (error) {
      return `The database cannot be used: ${messageOf(error)}`;
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
