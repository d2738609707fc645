import type { Logger } from 'typeorm';

type Listener = (sql: string, parameters: unknown[]) => void;

/** TypeORM's logger, used to hand every statement to whoever asked to see them. Silent otherwise. */
export class StatementListener implements Logger {
  private readonly listeners = new Set<Listener>();

  add(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  logQuery(sql: string, parameters?: unknown[] | Record<string, unknown>): void {
    if (this.listeners.size === 0) return;
    for (const listener of this.listeners) listener(sql, Array.isArray(parameters) ? parameters : []);
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
