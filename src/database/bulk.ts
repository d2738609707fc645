import type { Transaction } from './database.js';
import type { Dialect } from './dialect.js';

/** A table as the bulk statements see it: its columns in the order in which rows are handed over. */
export interface BulkTable {
  name: string;
  key: readonly string[];
  /** All columns, the key's included. */
  columns: readonly string[];
  /** Columns that an existing row keeps. */
  insertOnly?: readonly string[];
}

/** SQLite takes 32,766 parameters a statement. For MySQL each is written out as text, several times over: half as many cost half the memory. */
const MAX_PARAMETERS: Record<Dialect, number> = { sqlite: 16_000, mysql: 8_000 };

/**
 * Writes rows by key, new or changed, in few statements. A row is its columns' values in the table's order.
 * The same key twice in one call is a mistake of the caller: the dialects differ in what they do then.
 */
export async function bulkUpsert(
  transaction: Transaction,
  table: BulkTable,
  rows: readonly unknown[][],
): Promise<void> {
  let from = 0;
  for (const size of batchSizes(rows.length, Math.floor(MAX_PARAMETERS[transaction.dialect] / table.columns.length))) {
    await transaction.query(cachedUpsertSql(transaction.dialect, table, size), flatten(rows, from, from + size));
    from += size;
    // SQLite's driver is synchronous: between statements others have their turn
    if (transaction.dialect === 'sqlite') await nextTurn();
  }
}

/** Array.flat() takes ten times as long. */
function flatten(rows: readonly unknown[][], from: number, to: number): unknown[] {
  const values: unknown[] = [];
  for (let index = from; index < to; index += 1) for (const value of rows[index] as unknown[]) values.push(value);
  return values;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Powers of two, the largest first: so few different statements that each is prepared once. */
export function batchSizes(rowCount: number, maxRows: number): number[] {
  const sizes: number[] = [];
  let size = 2 ** Math.floor(Math.log2(Math.max(1, maxRows)));
  for (let left = rowCount; left > 0; left -= size) {
    while (size > left) size /= 2;
    sizes.push(size);
  }
  return sizes;
}

/** By the table's description itself: two descriptions of one table may differ in what they write. */
const statements = new WeakMap<BulkTable, Map<string, string>>();

function cachedUpsertSql(dialect: Dialect, table: BulkTable, rowCount: number): string {
  const ofTable = statements.get(table) ?? new Map<string, string>();
  statements.set(table, ofTable);
  const key = `${dialect}:${rowCount}`;
  let sql = ofTable.get(key);
  if (sql === undefined) {
    sql = upsertSql(dialect, table, rowCount);
    ofTable.set(key, sql);
  }
  return sql;
}

export function upsertSql(dialect: Dialect, table: BulkTable, rowCount: number): string {
  const row = `(${table.columns.map(() => '?').join(',')})`;
  const kept = new Set([...table.key, ...(table.insertOnly ?? [])]);
  const changed = table.columns.filter((column) => !kept.has(column));
  const insert = `INSERT INTO ${table.name} (${table.columns.join(',')}) VALUES ${Array(rowCount).fill(row).join(',')}`;
  if (dialect === 'mysql') {
    const set =
      changed.length > 0 ? changed.map((column) => `${column}=VALUES(${column})`) : [`${table.key[0]}=${table.key[0]}`];
    return `${insert} ON DUPLICATE KEY UPDATE ${set.join(',')}`;
  }
  const set = changed.map((column) => `${column}=excluded.${column}`).join(',');
  return `${insert} ON CONFLICT (${table.key.join(',')}) DO ${set === '' ? 'NOTHING' : `UPDATE SET ${set}`}`;
}

/** "?,?,?" for an IN list. MariaDB plans lists of 1,000 keys and more far worse: hand over fewer (see `chunks`). */
export function placeholders(count: number): string {
  return Array(count).fill('?').join(',');
}

export function* chunks<T>(items: readonly T[], size = 900): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
