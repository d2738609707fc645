import { badUserInput } from '../common/errors.js';
import type { KeyPart, Keyset } from '../common/paging.js';
import { prefixEnd, typedWords } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';
import { CUSTOMER_COLUMNS, type CustomerRow } from './customer-rows.js';
import type { CustomerSyncStatus } from './customer-sync-status.js';

export interface CustomerListFilter {
  search?: string | null;
  syncStatus?: CustomerSyncStatus | null;
  onHold?: boolean | null;
  overCreditLimit?: boolean | null;
  companyId?: number | null;
}

/** By folded name, then Layer id: the order of the cursor. */
export function customerCursorKey(customer: CustomerRow): string[] {
  return [customer.nameFolded, customer.layerId];
}
export const CUSTOMER_CURSOR_SHAPE: readonly KeyPart[] = ['string', 'string'];

/** Each word is looked up by itself. */
const MAX_SEARCH_WORDS = 10;

/** One row more than asked, so that the caller knows whether there is a next page. Indexes: customer_by_name, customer_by_sync_status. */
export async function listCustomers(
  database: Queryable,
  instanceId: number,
  filter: CustomerListFilter,
  keyset: Keyset,
): Promise<CustomerRow[]> {
  const { from, where, parameters } = selection(instanceId, filter);
  if (keyset.after) {
    const [name, layerId] = keyset.after as [string, string];
    where.push('c.name_folded >= ? AND (c.name_folded > ? OR c.layer_id > ?)');
    parameters.push(name, name, layerId);
  }
  return database.query<CustomerRow>(
    `SELECT ${CUSTOMER_COLUMNS} FROM ${from.join(' ')} WHERE ${where.join(' AND ')}
      ORDER BY c.name_folded, c.layer_id LIMIT ${keyset.first + 1}`,
    parameters,
  );
}

export async function countCustomers(
  database: Queryable,
  instanceId: number,
  filter: CustomerListFilter,
): Promise<number> {
  const { from, where, parameters } = selection(instanceId, filter);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM ${from.join(' ')} WHERE ${where.join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

/** The tables joined and the conditions; the joins' parameters come before the conditions'. */
function selection(instanceId: number, filter: CustomerListFilter) {
  const from = ['customer c'];
  const joined: unknown[] = [];
  const where = ['c.instance_id = ?'];
  const compared: unknown[] = [instanceId];

  const words = typedWords(filter.search ?? '');
  if (words.length > MAX_SEARCH_WORDS) throw badUserInput(`"search" takes at most ${MAX_SEARCH_WORDS} words.`);
  if (words.length > 0) {
    // CROSS: SQLite then begins with what the words found, and does not look into it once for every customer
    from.unshift(`(${foundByWords(words.length)}) found CROSS JOIN`);
    where.push('c.layer_id = found.layer_id');
    for (const word of words) joined.push(instanceId, word, prefixEnd(word), instanceId, word, prefixEnd(word));
  }

  if (filter.syncStatus) {
    where.push('c.sync_status = ?');
    compared.push(filter.syncStatus);
  }
  const flags = flagConditions(filter);
  if (filter.companyId === undefined || filter.companyId === null) {
    for (const { column, isSet } of flags) {
      where.push(`c.layer_id ${isSet ? 'IN' : 'NOT IN'} (${linkedToAccountWith(column)})`);
      compared.push(instanceId);
    }
  } else {
    // of one company a customer has one account, so the flags are that account's
    from.push(ACCOUNT_IN_COMPANY);
    joined.push(filter.companyId);
    for (const { column, isSet } of flags) where.push(`a.${column} = ${isSet ? 1 : 0}`);
  }
  return { from, where, parameters: [...joined, ...compared] };
}

function flagConditions(filter: CustomerListFilter): { column: string; isSet: boolean }[] {
  return [
    { column: 'on_hold', isSet: filter.onHold },
    { column: 'is_over_credit_limit', isSet: filter.overCreditLimit },
  ].filter((flag): flag is { column: string; isSet: boolean } => typeof flag.isSet === 'boolean');
}

/**
 * The customers that every word's beginning finds: by a word of the name or by the Layer id (both kept in customer_word), or by
 * the number of a linked account. Indexes: customer_word's primary key, sage_account_by_folded_number.
 */
function foundByWords(wordCount: number): string {
  const arms = Array.from(
    { length: wordCount },
    (
      _,
      index,
    ) => `SELECT ${index} AS word_no, layer_id FROM customer_word WHERE instance_id = ? AND word >= ? AND word < ?
  UNION SELECT ${index}, l.customer_layer_id FROM sage_account a JOIN customer_link l
    ON l.instance_id = a.instance_id AND l.company_id = a.company_id AND l.account_sage_id = a.sage_id
   WHERE a.instance_id = ? AND a.account_number_folded >= ? AND a.account_number_folded < ? AND a.deleted_at IS NULL`,
  );
  // UNION, not UNION ALL: a customer counts once for each word
  return `SELECT layer_id FROM (${arms.join(' UNION ')}) hits GROUP BY layer_id HAVING COUNT(*) = ${wordCount}`;
}

/** Indexes: sage_account_on_hold, sage_account_over_limit, customer_link's primary key. */
const linkedToAccountWith = (column: string) => `SELECT l.customer_layer_id FROM sage_account a JOIN customer_link l
    ON l.instance_id = a.instance_id AND l.company_id = a.company_id AND l.account_sage_id = a.sage_id
   WHERE a.instance_id = ? AND a.${column} = 1 AND a.deleted_at IS NULL`;

/** Index: customer_link_of_customer. */
const ACCOUNT_IN_COMPANY = `JOIN customer_link l
    ON l.instance_id = c.instance_id AND l.customer_layer_id = c.layer_id AND l.company_id = ?
  JOIN sage_account a
    ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id AND a.deleted_at IS NULL`;
