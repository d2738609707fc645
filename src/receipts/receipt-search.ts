import { prefixEnd } from '../common/search-words.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { type FoundRows, searchBeginnings, type SqlPart } from '../database/search-beginnings.js';
import { foldReference } from '../transactions/store-transactions.js';
import { companiesOf, type SearchScope } from '../transactions/transaction-search.js';

/**
 * Every word must be the beginning of the reference, the second reference, the URN, or of a word of the account's name (or of its
 * number); or the whole of what was typed the beginning of a reference that has blanks in it. `condition` is of `sage_transaction t`, the
 * keys are (company_id, urn). Throws BAD_USER_INPUT above ten words.
 */
export async function receiptSearch(database: Queryable, scope: SearchScope, search: string): Promise<FoundRows> {
  const companyIds = scope.isNarrow ? [] : await companiesOf(database, scope);
  return searchBeginnings(database, search, {
    fold: (typed) => foldReference(typed).trimEnd(),
    begins: beginsInline,
    byIndex:
      companyIds.length === 0
        ? null
        : (beginning, limit) => foundByIndex(scope.instanceId, companyIds, beginning, limit),
  });
}

/**
 * Indexes sage_transaction_by_reference, sage_transaction_by_second_reference and receipt's primary key; sage_account_word's, then
 * receipt_of_account.
 */
function foundByIndex(instanceId: number, companyIds: readonly number[], beginning: string, limit: string): SqlPart {
  const range = [beginning, prefixEnd(beginning)];
  const inCompanies = `company_id IN (${placeholders(companyIds.length)})`;
  const byReference = (column: string) => `SELECT * FROM (SELECT company_id, urn FROM sage_transaction
     WHERE instance_id = ? AND ${inCompanies} AND kind IN ('RECEIPT', 'REFUND') AND ${column} >= ? AND ${column} < ?${limit}) by_${column}`;
  const byUrn = `SELECT * FROM (SELECT company_id, urn FROM receipt
     WHERE instance_id = ? AND ${inCompanies} AND urn >= ? AND urn < ?${limit}) by_urn`;
  const byName = `SELECT * FROM (SELECT n.company_id, n.urn FROM sage_account_word w
      CROSS JOIN receipt n ON n.instance_id = w.instance_id AND n.company_id = w.company_id AND n.account_sage_id = w.sage_id
     WHERE w.instance_id = ? AND w.${inCompanies} AND w.word >= ? AND w.word < ?${limit}) by_name`;
  const parts = [byReference('reference_folded'), byReference('second_reference_folded'), byUrn, byName];
  return { sql: parts.join(' UNION '), values: parts.flatMap(() => [instanceId, ...companyIds, ...range]) };
}

/** Index of the name's words: sage_account_word_of_account; a range of words would lead SQLite to walk all that begin so, for every receipt. */
function beginsInline(beginning: string): SqlPart {
  const range = [beginning, prefixEnd(beginning)];
  const columns = ['t.reference_folded', 't.second_reference_folded', 't.urn'];
  return {
    sql: `(${columns.map((column) => `${column} >= ? AND ${column} < ?`).join(' OR ')} OR EXISTS (SELECT 1 FROM sage_account_word w
      WHERE w.instance_id = t.instance_id AND w.company_id = t.company_id AND w.sage_id = t.account_sage_id AND SUBSTR(w.word, 1, ?) = ?))`,
    values: [...columns.flatMap(() => range), Array.from(beginning).length, beginning],
  };
}
