import type { KeyPart, Keyset } from '../common/paging.js';
import { prefixEnd, typedWords } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';
import { ACCOUNT_COLUMNS, ACCOUNT_WITH_LINK, type AccountRow, decodeAccount } from './account-rows.js';

export interface AccountListFilter {
  search?: string | null;
  companyId?: number | null;
  linked?: boolean | null;
  onHold?: boolean | null;
  overCreditLimit?: boolean | null;
}

/** By account number, then company: the order of the cursor. */
export function accountCursorKey(account: AccountRow): (string | number)[] {
  return [account.accountNumber, account.companyId, account.sageId];
}
export const ACCOUNT_CURSOR_SHAPE: readonly KeyPart[] = ['string', 'number', 'number'];

/** One row more than asked, so that the caller knows whether there is a next page. Indexes: sage_account_by_number, sage_account_in_company. */
export async function listAccounts(
  database: Queryable,
  instanceId: number,
  filter: AccountListFilter,
  keyset: Keyset,
): Promise<AccountRow[]> {
  const { where, parameters } = conditions(instanceId, filter);
  if (keyset.after) {
    const [number, companyId, sageId] = keyset.after as [string, number, number];
    where.push(
      '(a.account_number > ? OR (a.account_number = ? AND (a.company_id > ? OR (a.company_id = ? AND a.sage_id > ?))))',
    );
    parameters.push(number, number, companyId, companyId, sageId);
    where.push('a.account_number >= ?');
    parameters.push(number);
  }
  const rows = await database.query<never>(
    `SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_WITH_LINK} WHERE ${where.join(' AND ')}
      ORDER BY a.account_number, a.company_id, a.sage_id LIMIT ${keyset.first + 1}`,
    parameters,
  );
  return rows.map(decodeAccount);
}

export async function countAccounts(
  database: Queryable,
  instanceId: number,
  filter: AccountListFilter,
): Promise<number> {
  const { where, parameters } = conditions(instanceId, filter);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM ${ACCOUNT_WITH_LINK} WHERE ${where.join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

function conditions(instanceId: number, filter: AccountListFilter) {
  const where = ['a.instance_id = ?', 'a.deleted_at IS NULL'];
  const parameters: unknown[] = [instanceId];
  if (filter.companyId !== undefined && filter.companyId !== null) {
    where.push('a.company_id = ?');
    parameters.push(filter.companyId);
  }
  if (typeof filter.linked === 'boolean') where.push(`l.customer_layer_id IS ${filter.linked ? 'NOT NULL' : 'NULL'}`);
  if (typeof filter.onHold === 'boolean') {
    where.push('a.on_hold = ?');
    parameters.push(filter.onHold ? 1 : 0);
  }
  if (typeof filter.overCreditLimit === 'boolean') {
    where.push('a.is_over_credit_limit = ?');
    parameters.push(filter.overCreditLimit ? 1 : 0);
  }
  for (const word of typedWords(filter.search ?? '')) {
    where.push(
      '(a.company_id, a.sage_id) IN (SELECT company_id, sage_id FROM sage_account_word WHERE instance_id = ? AND word >= ? AND word < ?)',
    );
    parameters.push(instanceId, word, prefixEnd(word));
  }
  return { where, parameters };
}
