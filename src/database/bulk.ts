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

/** SQLite takes 32,766 parameters a statement, MySQL's text protocol packets of 16 MB: both bear this many. */
const MAX_PARAMETERS = 16_000;

/**
 * Writes rows by key, new or changed, in few statements. A row is its columns' values in the table's order.
 * The same key twice in one call is a mistake of the caller: the dialects differ in what they do then.
 */
export async function bulkUpsert(
  transaction: Transaction,
  table: BulkTable,
  rows: readonly unknown[][],
): Promise<void> {
  const rowsPerStatement = Math.max(1, Math.floor(MAX_PARAMETERS / table.columns.length));
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    const batch = rows.slice(from, from + rowsPerStatement);
    await transaction.query(upsertSql(transaction.dialect, table, batch.length), batch.flat());
  }
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
