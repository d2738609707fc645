import type { KeyPart, Keyset } from '../common/paging.js';
import { prefixEnd, typedWords } from '../common/search-words.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { foldReference } from './store-transactions.js';
import {
  decodeTransaction,
  type RawTransactionRow,
  TRANSACTION_COLUMNS,
  type TransactionRow,
} from './transaction-rows.js';

export interface TransactionListFilter {
  companyId?: number | null;
  accountSageId?: number | null;
  kinds?: readonly string[] | null;
  outstandingOnly?: boolean | null;
  /** YYYY-MM-DD, inclusive. */
  from?: string | null;
  /** YYYY-MM-DD, inclusive. */
  to?: string | null;
  search?: string | null;
}

/** Newest first, then by company and URN: the order of the cursor. */
export function transactionCursorKey(row: TransactionRow): (string | number)[] {
  return [row.transactionDate, row.companyId, row.urn];
}
export const TRANSACTION_CURSOR_SHAPE: readonly KeyPart[] = ['date', 'number', 'string'];

/**
 * One row more than asked, so that the caller knows whether there is a next page.
 * Indexes: sage_transaction_of_account, sage_transaction_of_company or sage_transaction_by_date, walked backwards.
 */
export async function listTransactions(
  database: Queryable,
  instanceId: number,
  filter: TransactionListFilter,
  keyset: Keyset,
): Promise<TransactionRow[]> {
  const { where, parameters } = conditions(instanceId, filter);
  if (keyset.after) {
    const [date, companyId, urn] = keyset.after as [string, number, string];
    where.push('t.transaction_date <= ?');
    where.push('(t.transaction_date < ? OR t.company_id < ? OR (t.company_id = ? AND t.urn < ?))');
    parameters.push(date, date, companyId, companyId, urn);
  }
  const rows = await database.query<RawTransactionRow>(
    `SELECT ${TRANSACTION_COLUMNS} FROM sage_transaction t WHERE ${where.join(' AND ')}
      ORDER BY t.transaction_date DESC, t.company_id DESC, t.urn DESC LIMIT ${keyset.first + 1}`,
    parameters,
  );
  return rows.map(decodeTransaction);
}

export async function countTransactions(
  database: Queryable,
  instanceId: number,
  filter: TransactionListFilter,
): Promise<number> {
  const { where, parameters } = conditions(instanceId, filter);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM sage_transaction t WHERE ${where.join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

function conditions(instanceId: number, filter: TransactionListFilter) {
  const where = ['t.instance_id = ?', 't.deleted_at IS NULL'];
  const parameters: unknown[] = [instanceId];
  const add = (condition: string, ...values: unknown[]) => {
    where.push(condition);
    parameters.push(...values);
  };
  if (isGiven(filter.companyId)) add('t.company_id = ?', filter.companyId);
  if (isGiven(filter.accountSageId)) add('t.account_sage_id = ?', filter.accountSageId);
  if (isGiven(filter.kinds)) {
    if (filter.kinds.length === 0) add('1 = 0');
    else add(`t.kind IN (${placeholders(filter.kinds.length)})`, ...filter.kinds);
  }
  if (filter.outstandingOnly) add('t.is_open = 1');
  if (isGiven(filter.from)) add('t.transaction_date >= ?', filter.from);
  if (isGiven(filter.to)) add('t.transaction_date <= ?', filter.to);
  if (isGiven(filter.search)) addSearch(instanceId, filter, add);
  return { where, parameters };
}

/**
 * Every word must be the beginning of the reference, the second reference or the URN; or the whole of what was typed
 * the beginning of a reference that has blanks in it. Each part is a range over an index of its own.
 */
function addSearch(
  instanceId: number,
  filter: TransactionListFilter,
  add: (condition: string, ...values: unknown[]) => void,
): void {
  const words = typedWords(filter.search ?? '');
  const phrase = foldReference(filter.search ?? '').trimEnd();
  if (words.length === 0) return;
  const within = isGiven(filter.companyId) ? 'AND company_id = ?' : '';
  const scope = isGiven(filter.companyId) ? [instanceId, filter.companyId] : [instanceId];
  const beginsWith = (word: string) => ({
    sql: `(t.company_id, t.urn) IN (
      SELECT company_id, urn FROM sage_transaction WHERE instance_id = ? ${within} AND reference_folded >= ? AND reference_folded < ?
      UNION SELECT company_id, urn FROM sage_transaction WHERE instance_id = ? ${within} AND second_reference_folded >= ? AND second_reference_folded < ?
      UNION SELECT company_id, urn FROM sage_transaction WHERE instance_id = ? ${within} AND urn >= ? AND urn < ?)`,
    parameters: Array.from({ length: 3 }, () => [...scope, word, prefixEnd(word)]).flat(),
  });
  const everyWord = words.map(beginsWith);
  const sql = everyWord.map((part) => part.sql).join(' AND ');
  const parameters = everyWord.flatMap((part) => part.parameters);
  if (words.length === 1) return add(sql, ...parameters);
  const whole = beginsWith(phrase);
  add(`((${sql}) OR ${whole.sql})`, ...parameters, ...whole.parameters);
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
