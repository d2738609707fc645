import { badUserInput } from '../common/errors.js';
import { prefixEnd, typedWords } from '../common/search-words.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { foldReference } from '../transactions/store-transactions.js';
import { companyIdsOf, type SearchScope, type SqlPart } from '../transactions/transaction-search.js';

const MAX_WORDS = 10;
/** Above that many the matches lie so close together that walking the list from its newest row finds a page sooner. */
const MAX_MATCHES_BY_INDEX = 20_000;

export interface ReceiptSearch {
  /** What a receipt's row of `sage_transaction t` must meet; null: everything does. */
  condition: SqlPart | null;
  /** Keys (company_id, urn) of few rows, all matches among them, to begin with; null: the list is walked. */
  found: SqlPart | null;
}

/**
 * Every word must be the beginning of the reference, the second reference, the URN, or of a word of the account's name (or of its
 * number); or the whole of what was typed the beginning of a reference that has blanks in it. Throws BAD_USER_INPUT above ten words.
 */
export async function receiptSearch(database: Queryable, scope: SearchScope, search: string): Promise<ReceiptSearch> {
  const words = typedWords(search);
  if (words.length > MAX_WORDS) throw badUserInput(`"search" takes at most ${MAX_WORDS} words.`);
  if (words.length === 0) return { condition: null, found: null };
  const alternatives = words.length === 1 ? [words] : [words, [foldReference(search).trimEnd()]];
  const condition = joined(
    alternatives.map((beginnings) => joined(beginnings.map(beginsInline), ' AND ')),
    ' OR ',
  );
  return { condition, found: scope.isNarrow ? null : await foundByIndexes(database, scope, alternatives) };
}

/** Null when one of the ways to match has too many matches, or there is nothing to look through. */
async function foundByIndexes(
  database: Queryable,
  scope: SearchScope,
  alternatives: readonly string[][],
): Promise<SqlPart | null> {
  const { instanceId, companyId } = scope;
  const companyIds = companyId === null ? await companyIdsOf(database, instanceId) : [companyId];
  if (companyIds.length === 0) return null;
  const rarest: SqlPart[] = [];
  for (const beginnings of alternatives) {
    const found = await rarestOf(database, instanceId, companyIds, beginnings);
    if (found === null) return null;
    rarest.push(found);
  }
  // UNION, not UNION ALL: a row that is found twice is one
  return { sql: rarest.map(({ sql }) => sql).join(' UNION '), values: rarest.flatMap(({ values }) => values) };
}

/** What the word with the fewest matches finds; null when even it finds many. */
async function rarestOf(
  database: Queryable,
  instanceId: number,
  companyIds: readonly number[],
  beginnings: readonly string[],
): Promise<SqlPart | null> {
  let rarest: { count: number; found: SqlPart } | null = null;
  for (const beginning of beginnings) {
    const { sql, values } = foundByIndex(instanceId, companyIds, beginning, ` LIMIT ${MAX_MATCHES_BY_INDEX + 1}`);
    const [row] = await database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM (${sql}) found`,
      values,
    );
    const count = Number(row?.count ?? 0);
    if (count > MAX_MATCHES_BY_INDEX || (rarest && rarest.count <= count)) continue;
    rarest = { count, found: foundByIndex(instanceId, companyIds, beginning, '') };
  }
  return rarest?.found ?? null;
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

function joined(conditions: readonly SqlPart[], word: string): SqlPart {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(word)})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
