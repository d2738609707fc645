import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getMetadataArgsStorage } from 'typeorm';
import type { Database } from '../../src/database/database.js';
import { openTestDatabase } from '../support/test-database.js';

let database: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, close } = await openTestDatabase());
  const source = new URL('../../src/', import.meta.url);
  for (const path of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.entity.ts')) await import(new URL(path, source).href);
  }
});
afterAll(() => close());

interface ColumnInfo {
  table: string;
  name: string;
  isNullable: boolean;
}

async function tables(): Promise<string[]> {
  const rows =
    database.dialect === 'sqlite'
      ? await database.query<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
      : await database.query<{ name: string }>(
          'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
        );
  return rows.map(({ name }) => name).filter((name) => name !== 'migration');
}

async function columns(table: string): Promise<ColumnInfo[]> {
  if (database.dialect === 'sqlite') {
    const rows = await database.query<{ name: string; notnull: number }>(`PRAGMA table_info(${table})`);
    return rows.map((row) => ({ table, name: row.name, isNullable: row.notnull === 0 }));
  }
  const rows = await database.query<{ name: string; nullable: string }>(
    'SELECT column_name AS name, is_nullable AS nullable FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?',
    [table],
  );
  return rows.map((row) => ({ table, name: row.name, isNullable: row.nullable === 'YES' }));
}

test('entities and migrations describe the same tables', async () => {
  const metadata = getMetadataArgsStorage();
  for (const table of await tables()) {
    const entity = metadata.tables.find(({ name }) => name === table);
    expect([table, entity !== undefined]).toEqual([table, true]);
    const described = metadata.columns
      .filter(({ target }) => target === entity?.target)
      .map(({ options }) => ({ table, name: options.name ?? '', isNullable: options.nullable === true }));
    const byName = (a: ColumnInfo, b: ColumnInfo) => a.name.localeCompare(b.name);
    expect(described.sort(byName)).toEqual((await columns(table)).sort(byName));
  }
});

test('every key and index begins with the instance', async () => {
  expect(await tables()).toEqual(expect.arrayContaining(['receipt', 'receipt_match', 'event', 'event_sequence']));
  for (const table of (await tables()).filter((name) => name !== 'instance')) {
    const keys =
      database.dialect === 'sqlite'
        ? await sqliteKeys(table)
        : (
            await database.query<{ key_columns: string }>(
              `SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index) AS key_columns FROM information_schema.statistics
                WHERE table_schema = DATABASE() AND table_name = ? GROUP BY index_name`,
              [table],
            )
          ).map((row) => row.key_columns.split(','));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect([table, key[0]]).toEqual([table, 'instance_id']);
  }
});

async function sqliteKeys(table: string): Promise<string[][]> {
  const columnInfo = await database.query<{ name: string; pk: number }>(`PRAGMA table_info(${table})`);
  // a key of one whole number is the row's own id, and no index of its own
  const primary = columnInfo
    .filter(({ pk }) => pk > 0)
    .toSorted((a, b) => a.pk - b.pk)
    .map(({ name }) => name);
  const indexes = await database.query<{ name: string }>(`PRAGMA index_list(${table})`);
  const others = await Promise.all(
    indexes.map(async ({ name }) => {
      const parts = await database.query<{ name: string; seqno: number }>(`PRAGMA index_info("${name}")`);
      return parts.map((part) => part.name);
    }),
  );
  return [primary, ...others];
}
