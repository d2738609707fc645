import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { migrations } from '../../migrations/index.js';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open-database.js';

declare global {
  /** 'sqlite', or the URL of a MySQL server on which databases may be made (jest.config.mjs). */
  // oxlint-disable-next-line no-var
  var TEST_DATABASE_URL: string;
}

export interface TestDatabase {
  url: string;
  /** Takes the database away. */
  drop(): Promise<void>;
}

/** The URL of an empty throw-away database of the dialect under test. */
export async function createTestDatabase(): Promise<TestDatabase> {
  if ((globalThis.TEST_DATABASE_URL ?? 'sqlite') === 'sqlite') {
    const directory = mkdtempSync(join(tmpdir(), 'gateway-test-'));
    return {
      url: `sqlite:${join(directory, 'gateway.sqlite')}`,
      drop: async () => rmSync(directory, { recursive: true, force: true }),
    };
  }
  const name = `gateway_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await runOnServer(`CREATE DATABASE ${name}`);
  return { url: `${globalThis.TEST_DATABASE_URL}/${name}`, drop: () => runOnServer(`DROP DATABASE IF EXISTS ${name}`) };
}

async function runOnServer(sql: string): Promise<void> {
  const connection = await createConnection(globalThis.TEST_DATABASE_URL);
  await connection.query(sql);
  await connection.end();
}

/** A migrated throw-away database, opened. */
export async function openTestDatabase(): Promise<{ database: Database; close(): Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  const database = await openDatabase({
    url,
    entities: [],
    migrations,
  });
  await database.dataSource.runMigrations();
  return {
    database,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}
