import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import libsql from 'libsql';
import { DataSource, type DataSourceOptions, type EntityTarget, type MigrationInterface } from 'typeorm';
import { type Clock, systemClock } from '../common/clock.js';
import { Database } from './database.js';
import type { Dialect } from './dialect.js';
import { StatementListener } from './statement-listener.js';

interface OpenOptions {
  url: string;
  entities: EntityTarget<object>[];
  migrations: (new () => MigrationInterface)[];
  clock?: Clock;
  poolSize?: number;
}

export function dialectOf(url: string): Dialect {
  return url.startsWith('mysql:') ? 'mysql' : 'sqlite';
}

/** TypeORM's options for a DATABASE_URL; also what ormconfig.ts hands to TypeORM's own command line. */
export function dataSourceOptions(options: OpenOptions, statements = new StatementListener()): DataSourceOptions {
  const shared = {
    entities: options.entities as never[],
    migrations: options.migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each' as const,
    logger: statements,
    logging: ['query' as const],
  };
  if (dialectOf(options.url) === 'mysql') {
    return {
      ...shared,
      type: 'mysql',
      url: options.url,
      charset: 'utf8mb4_bin',
      timezone: 'Z',
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      poolSize: options.poolSize ?? 10,
      connectTimeout: 5_000,
      extra: { flags: ['FOUND_ROWS'] },
    };
  }
  return {
    ...shared,
    type: 'better-sqlite3',
    driver: libsql,
    database: options.url.slice('sqlite:'.length),
    statementCacheSize: 500,
    prepareDatabase: (connection: { pragma(text: string): unknown }) => {
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = NORMAL');
      connection.pragma('busy_timeout = 10000');
      connection.pragma('cache_size = -48000');
      // 32 MB: an import writes every index, and each checkpoint writes the pages out once more
      connection.pragma('wal_autocheckpoint = 8000');
    },
  };
}

/** Opens the database without touching its tables. Throws when it cannot be reached. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const dialect = dialectOf(options.url);
  const statements = new StatementListener();
  const clock = options.clock ?? systemClock;
  if (dialect === 'mysql') {
    const source = await new DataSource(dataSourceOptions(options, statements)).initialize();
    await readCommitted(source);
    return new Database(dialect, source, source, clock, statements);
  }
  mkdirSync(dirname(options.url.slice('sqlite:'.length)), { recursive: true });
  const writer = await new DataSource(dataSourceOptions(options, statements)).initialize();
  const reader = await new DataSource(dataSourceOptions(options, statements)).initialize();
  await reader.query('PRAGMA query_only = ON');
  await reader.query('PRAGMA cache_size = -24000');
  return new Database(dialect, reader, writer, clock, statements);
}

/** Every connection of the pool at READ COMMITTED: waiting workers must see what others have just claimed. */
async function readCommitted(source: DataSource): Promise<void> {
  const pool = (
    source.driver as unknown as {
      pool: { on(event: string, listener: (connection: { query(sql: string): void }) => void): void };
    }
  ).pool;
  const statement = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';
  pool.on('connection', (connection) => connection.query(statement));
  // TypeORM has tried the address by then: the connection that it made is in the pool, alone
  await source.query(statement);
}
