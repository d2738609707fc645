import { badUserInput } from '../common/errors.js';
import { prefixEnd, typedWords } from '../common/search-words.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { foldReference } from './store-transactions.js';

export interface SearchScope {
  instanceId: number;
  companyId: number | null;
  /** Left out: all. */
  kinds?: readonly string[] | null;
  /** The list is short whatever is searched for, as that of one account: no index is needed. */
  isNarrow: boolean;
}

export interface SqlPart {
  sql: string;
  values: unknown[];
}

/** All that the ledger has: the references are indexed kind by kind, as of some there are few and of others many. */
const KINDS = ['INVOICE', 'CREDIT_NOTE', 'RECEIPT', 'REFUND', 'OPENING_INVOICE', 'OPENING_CREDIT_NOTE'];
const MAX_WORDS = 10;
/**
 * Up to so many matches the list begins with what the indexes find. Above, the matches lie so close together that walking the
 * ledger from its newest row finds a page sooner than sorting all of them would.
 */
const MAX_MATCHES_BY_INDEX = 20_000;

export interface TransactionSearch {
  /** What rows of `sage_transaction t` must meet; null: everything does. */
  condition: SqlPart | null;
  /** Keys (company_id, urn) of few rows, all matches among them, to begin with; null: the list is walked. */
  found: SqlPart | null;
}

/**
 * Every word must be the beginning of the reference, the second reference or the URN; or the whole of what was typed the
 * beginning of a reference that has blanks in it. Throws BAD_USER_INPUT above ten words.
 */
export async function transactionSearch(
  database: Queryable,
  scope: SearchScope,
  search: string,
): Promise<TransactionSearch> {
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

type IndexScope = Pick<SearchScope, 'instanceId' | 'kinds'> & { companyIds: readonly number[] };

/** Null when one of the ways to match has too many matches, or there is nothing to look through. */
async function foundByIndexes(
  database: Queryable,
  scope: SearchScope,
  alternatives: readonly string[][],
): Promise<SqlPart | null> {
  const companyIds = scope.companyId === null ? await companyIdsOf(database, scope.instanceId) : [scope.companyId];
  if (companyIds.length === 0) return null;
  const rarest: SqlPart[] = [];
  for (const beginnings of alternatives) {
    const found = await rarestOf(database, { ...scope, companyIds }, beginnings);
    if (found === null) return null;
    rarest.push(found);
  }
  // UNION, not UNION ALL: a row that is found twice is one
  return { sql: rarest.map(({ sql }) => sql).join(' UNION '), values: rarest.flatMap(({ values }) => values) };
}

/** What the word with the fewest matches finds; null when even it finds many. */
async function rarestOf(
  database: Queryable,
  scope: IndexScope,
  beginnings: readonly string[],
): Promise<SqlPart | null> {
  let rarest: { count: number; found: SqlPart } | null = null;
  for (const beginning of beginnings) {
    const { sql, values } = foundByIndex(scope, beginning, ` LIMIT ${MAX_MATCHES_BY_INDEX + 1}`);
    const [row] = await database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM (${sql}) found`,
      values,
    );
    const count = Number(row?.count ?? 0);
    if (count > MAX_MATCHES_BY_INDEX || (rarest && rarest.count <= count)) continue;
    rarest = { count, found: foundByIndex(scope, beginning, '') };
  }
  return rarest?.found ?? null;
}

/** Indexes sage_transaction_by_reference, sage_transaction_by_second_reference and the primary key. */
function foundByIndex({ instanceId, companyIds, kinds }: IndexScope, beginning: string, limit: string): SqlPart {
  const wanted = kinds ?? KINDS;
  const within = `instance_id = ? AND company_id IN (${placeholders(companyIds.length)}) AND kind IN (${placeholders(wanted.length)})`;
  const part = (column: string) =>
    `SELECT * FROM (SELECT company_id, urn FROM sage_transaction WHERE ${within} AND ${column} >= ? AND ${column} < ?${limit}) by_${column}`;
  const columns = ['reference_folded', 'second_reference_folded', 'urn'];
  return {
    sql: columns.map(part).join(' UNION '),
    values: columns.flatMap(() => [instanceId, ...companyIds, ...wanted, beginning, prefixEnd(beginning)]),
  };
}

function beginsInline(beginning: string): SqlPart {
  const columns = ['t.reference_folded', 't.second_reference_folded', 't.urn'];
  return {
    sql: `(${columns.map((column) => `${column} >= ? AND ${column} < ?`).join(' OR ')})`,
    values: columns.flatMap(() => [beginning, prefixEnd(beginning)]),
  };
}

export async function companyIdsOf(database: Queryable, instanceId: number): Promise<number[]> {
  const rows = await database.query<{ id: number }>('SELECT id FROM sage_company WHERE instance_id = ?', [instanceId]);
  return rows.map(({ id }) => id);
}

function joined(conditions: readonly SqlPart[], word: string): SqlPart {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(word)})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
