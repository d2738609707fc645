import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Clock } from '../common/clock.js';
import type { Dialect } from './dialect.js';
import { Mutex } from './mutex.js';
import type { StatementListener } from './statement-listener.js';

/** What a statement may be run on: the database (committed data) or an open transaction. */
export interface Queryable {
  query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/** A transaction under way. Whatever must be written together takes one as its first argument. */
export interface Transaction extends Queryable {
  readonly dialect: Dialect;
  readonly manager: EntityManager;
  /** How many rows the statement found and changed. */
  execute(sql: string, parameters?: unknown[]): Promise<number>;
  /** Runs `step` after all else, right before COMMIT: for what must be locked last and for the shortest time. */
  beforeCommit(step: () => Promise<void>): void;
  /** Once this is committed, tells those who listen (`Database.onAnnouncement`) that there is something new; each topic once. */
  announce(topic: Topic, instanceId: number): void;
}

/** What a commit may have something new of. */
export type Topic = 'events' | 'pushes' | 'pulls';
export type AnnouncementListener = (topic: Topic, instanceId: number) => void;

/** Deadlock, lock wait time-out, and the snapshot conflict that MariaDB 11.8 answers where older ones did not. */
const RETRYABLE_ERRNOS = new Set([1213, 1205, 1020]);
const MAX_ATTEMPTS = 5;

/**
 * The one way to the database, whichever dialect. Reads see committed data only; writes happen inside `transaction`.
 * On SQLite writers take turns in this process (the driver has one connection), and readers have a connection of their own.
 */
export class Database implements Queryable {
  private readonly writers = new Mutex();
  private readonly listeners = new Set<AnnouncementListener>();

  constructor(
    readonly dialect: Dialect,
    private readonly reader: DataSource,
    private readonly writer: DataSource,
    private readonly clock: Clock,
    private readonly statements: StatementListener,
  ) {}

  /** The data source that migrations run on. */
  get dataSource(): DataSource {
    return this.writer;
  }

  query<Row = unknown>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.reader.query(sql, parameters) as Promise<Row[]>;
  }

  /** Calls `listener` with every statement; returns a function that stops it. For tests and metrics. */
  onStatement(listener: (sql: string, parameters: unknown[]) => void): () => void {
    return this.statements.add(listener);
  }

  /** Calls `listener` with what transactions of this process have announced, after their COMMIT; returns a function that stops it. */
  onAnnouncement(listener: AnnouncementListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Runs `work` in one transaction: all of it is stored, or nothing. On a deadlock the whole of it is run again,
   * so `work` must not do anything that cannot be repeated.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.dialect === 'sqlite') return this.writers.run(() => this.attempt('BEGIN IMMEDIATE', work));
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt('START TRANSACTION', work);
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
        await this.clock.sleep(10 * 2 ** attempt);
      }
    }
  }

  /**
   * Refreshes the planner's statistics after much was written. InnoDB does so by itself; SQLite plans by guesses until told.
   */
  async optimize(): Promise<void> {
    if (this.dialect !== 'sqlite') return;
    await this.writers.run(async () => {
      await this.writer.query('PRAGMA analysis_limit = 1000');
      await this.writer.query('PRAGMA optimize = 0x10002');
    });
  }

  async close(): Promise<void> {
    if (this.reader !== this.writer && this.reader.isInitialized) await this.reader.destroy();
    if (this.writer.isInitialized) await this.writer.destroy();
  }

  private tell(announced: ReadonlyMap<string, { topic: Topic; instanceId: number }>): void {
    for (const { topic, instanceId } of announced.values()) {
      for (const listener of this.listeners) listener(topic, instanceId);
    }
  }

  private async attempt<T>(begin: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    try {
      await runner.query(begin);
      // TypeORM's own begin knows no IMMEDIATE; told that one is open, it opens no second
      (runner as { isTransactionActive: boolean }).isTransactionActive = true;
      try {
        const transaction = new OpenTransaction(runner, this.dialect);
        const result = await work(transaction);
        for (const step of transaction.lastSteps) await step();
        await runner.query('COMMIT');
        this.tell(transaction.announced);
        return result;
      } catch (error) {
        await runner.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      (runner as { isTransactionActive: boolean }).isTransactionActive = false;
      await runner.release();
    }
  }
}

class OpenTransaction implements Transaction {
  readonly lastSteps: (() => Promise<void>)[] = [];
  readonly announced = new Map<string, { topic: Topic; instanceId: number }>();

  constructor(
    private readonly runner: QueryRunner,
    readonly dialect: Dialect,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  query<Row = unknown>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.runner.query(sql, parameters) as Promise<Row[]>;
  }

  async execute(sql: string, parameters: unknown[] = []): Promise<number> {
    return (await this.runner.query(sql, parameters, true)).affected ?? 0;
  }

  beforeCommit(step: () => Promise<void>): void {
    this.lastSteps.push(step);
  }

  announce(topic: Topic, instanceId: number): void {
    this.announced.set(`${topic}:${instanceId}`, { topic, instanceId });
  }
}

function isRetryable(error: unknown): boolean {
  const errno = (error as { errno?: number; driverError?: { errno?: number } }).errno;
  return errno !== undefined && RETRYABLE_ERRNOS.has(errno);
}
