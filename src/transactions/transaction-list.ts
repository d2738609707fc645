import type { KeyPart, Keyset } from '../common/paging.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { transactionSearch } from './transaction-search.js';
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
  const { from, where, parameters } = await conditions(database, instanceId, filter);
  if (keyset.after) {
    const [date, companyId, urn] = keyset.after as [string, number, string];
    where.push('t.transaction_date <= ?');
    where.push('(t.transaction_date < ? OR t.company_id < ? OR (t.company_id = ? AND t.urn < ?))');
    parameters.push(date, date, companyId, companyId, urn);
  }
  const rows = await database.query<RawTransactionRow>(
    `SELECT ${TRANSACTION_COLUMNS} FROM ${from} WHERE ${where.join(' AND ')}
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
  const { from, where, parameters } = await conditions(database, instanceId, filter);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM ${from} WHERE ${where.join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

async function conditions(database: Queryable, instanceId: number, filter: TransactionListFilter) {
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
  let from = 'sage_transaction t';
  if (isGiven(filter.search)) {
    const scope = {
      instanceId,
      companyId: filter.companyId ?? null,
      kinds: filter.kinds,
      isNarrow: isGiven(filter.accountSageId) || filter.kinds?.length === 0,
    };
    const { condition, found } = await transactionSearch(database, scope, filter.search);
    if (condition) add(condition.sql, ...condition.values);
    if (found) {
      // CROSS: SQLite then begins with what was found, and does not look for it in every row of the ledger
      from = `(${found.sql}) found CROSS JOIN sage_transaction t`;
      parameters.unshift(...found.values);
      where.push('t.company_id = found.company_id AND t.urn = found.urn');
    }
  }
  return { from, where, parameters };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
