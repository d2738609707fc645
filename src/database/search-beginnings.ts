import { badUserInput } from '../common/errors.js';
import { typedWords } from '../common/search-words.js';
import type { Queryable } from './database.js';

export interface SqlPart {
  sql: string;
  values: unknown[];
}

/** How a list is searched for what was typed. */
export interface FoundRows {
  /** What the list's rows must meet; null: everything does. */
  condition: SqlPart | null;
  /** Keys of few rows, all matches among them, to begin with; null: the list is walked. */
  found: SqlPart | null;
}

/** What a list is searched by. */
export interface SearchedBy {
  /** What was typed, as the columns are folded. */
  fold(typed: string): string;
  /** What a row must meet to have a word that begins so. */
  begins(beginning: string): SqlPart;
  /** The keys of these rows, each part of it by an index and ended by `limit`; null: there is nothing to look them up in. */
  byIndex: ((beginning: string, limit: string) => SqlPart) | null;
}

const MAX_WORDS = 10;
/**
 * Up to so many matches the list begins with what the indexes find. Above, the matches lie so close together that walking the list
 * from its newest row finds a page sooner than sorting all of them would.
 */
const MAX_MATCHES_BY_INDEX = 20_000;

/**
 * Every word must be the beginning of something that is searched; or the whole of what was typed must, as a reference may have blanks
 * in it. Throws BAD_USER_INPUT above ten words.
 */
export async function searchBeginnings(database: Queryable, typed: string, by: SearchedBy): Promise<FoundRows> {
  const words = typedWords(typed);
  if (words.length > MAX_WORDS) throw badUserInput(`"search" takes at most ${MAX_WORDS} words.`);
  if (words.length === 0) return { condition: null, found: null };
  const alternatives = words.length === 1 ? [words] : [words, [by.fold(typed)]];
  const condition = joined(
    alternatives.map((beginnings) => joined(beginnings.map(by.begins), ' AND ')),
    ' OR ',
  );
  const found = by.byIndex && (await foundByIndexes(database, alternatives, by.byIndex));
  return { condition, found };
}

type ByIndex = NonNullable<SearchedBy['byIndex']>;

/** Null when one of the ways to match has too many matches. */
async function foundByIndexes(
  database: Queryable,
  alternatives: readonly string[][],
  byIndex: ByIndex,
): Promise<SqlPart | null> {
  const rarest: SqlPart[] = [];
  for (const beginnings of alternatives) {
    const found = await rarestOf(database, beginnings, byIndex);
    if (found === null) return null;
    rarest.push(found);
  }
  // UNION, not UNION ALL: a row that is found twice is one
  return { sql: rarest.map(({ sql }) => sql).join(' UNION '), values: rarest.flatMap(({ values }) => values) };
}

/** What the word with the fewest matches finds; null when even it finds many. */
async function rarestOf(database: Queryable, beginnings: readonly string[], byIndex: ByIndex): Promise<SqlPart | null> {
  let rarest: { count: number; found: SqlPart } | null = null;
  for (const beginning of beginnings) {
    const { sql, values } = byIndex(beginning, ` LIMIT ${MAX_MATCHES_BY_INDEX + 1}`);
    const [row] = await database.query<{ matches: number | string }>(
      `SELECT COUNT(*) AS matches FROM (${sql}) found`,
      values,
    );
    const count = Number(row?.matches ?? 0);
    if (count > MAX_MATCHES_BY_INDEX || (rarest && rarest.count <= count)) continue;
    rarest = { count, found: byIndex(beginning, '') };
  }
  return rarest?.found ?? null;
}

function joined(conditions: readonly SqlPart[], word: string): SqlPart {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(word)})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
