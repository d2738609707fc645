import { badUserInput } from '../common/errors.js';
import { foldText, prefixEnd, typedWords } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';

export interface SqlPart {
  sql: string;
  values: unknown[];
}

export interface PushSearch {
  /** What rows of `push p` must meet; null: everything does. */
  condition: SqlPart | null;
  /** The ids of few pushes, all matches among them, to begin with; null: the list is walked. */
  found: SqlPart | null;
}

const MAX_WORDS = 10;
/** Up to so many matches the list begins with what the indexes find; above, a walk from the newest push finds a page sooner. */
const MAX_MATCHES_BY_INDEX = 20_000;

/** The columns that are searched, and what a typed beginning is compared as: Sage references are kept in capitals. */
const COLUMNS: readonly (readonly [column: string, asWritten: (beginning: string) => string])[] = [
  ['layer_id_folded', (beginning) => beginning],
  ['reference_folded', (beginning) => beginning],
  ['urn', (beginning) => beginning],
  ['sage_reference', (beginning) => beginning.toUpperCase()],
];

/**
 * Every word must be the beginning of the Layer id, the reference, the URN or the Sage reference; or the whole of what was typed
 * the beginning of one that has blanks in it. Throws BAD_USER_INPUT above ten words.
 */
export async function pushSearch(database: Queryable, instanceId: number, search: string): Promise<PushSearch> {
  const words = typedWords(search);
  if (words.length > MAX_WORDS) throw badUserInput(`"search" takes at most ${MAX_WORDS} words.`);
  if (words.length === 0) return { condition: null, found: null };
  const alternatives = words.length === 1 ? [words] : [words, [foldText(search).trim()]];
  const condition = joined(
    alternatives.map((beginnings) => joined(beginnings.map(begins), ' AND ')),
    ' OR ',
  );
  return { condition, found: await foundByIndexes(database, instanceId, alternatives) };
}

async function foundByIndexes(
  database: Queryable,
  instanceId: number,
  alternatives: readonly string[][],
): Promise<SqlPart | null> {
  const rarest: SqlPart[] = [];
  for (const beginnings of alternatives) {
    const found = await rarestOf(database, instanceId, beginnings);
    if (found === null) return null;
    rarest.push(found);
  }
  return { sql: rarest.map(({ sql }) => sql).join(' UNION '), values: rarest.flatMap(({ values }) => values) };
}

/** What the word with the fewest matches finds; null when even it finds many. */
async function rarestOf(
  database: Queryable,
  instanceId: number,
  beginnings: readonly string[],
): Promise<SqlPart | null> {
  let rarest: { count: number; found: SqlPart } | null = null;
  for (const beginning of beginnings) {
    const { sql, values } = foundByIndex(instanceId, beginning, ` LIMIT ${MAX_MATCHES_BY_INDEX + 1}`);
    const [row] = await database.query<{ matches: number | string }>(
      `SELECT COUNT(*) AS matches FROM (${sql}) found`,
      values,
    );
    const count = Number(row?.matches ?? 0);
    if (count > MAX_MATCHES_BY_INDEX || (rarest && rarest.count <= count)) continue;
    rarest = { count, found: foundByIndex(instanceId, beginning, '') };
  }
  return rarest?.found ?? null;
}

/** Indexes: push_by_layer_id, push_by_reference, push_by_urn_alone, push_by_sage_reference. UNION: a push found twice is one. */
function foundByIndex(instanceId: number, beginning: string, limit: string): SqlPart {
  const part = ([column]: (typeof COLUMNS)[number]) =>
    `SELECT * FROM (SELECT id FROM push WHERE instance_id = ? AND ${column} >= ? AND ${column} < ?${limit}) by_${column}`;
  return {
    sql: COLUMNS.map(part).join(' UNION '),
    values: COLUMNS.flatMap(([, asWritten]) => [instanceId, asWritten(beginning), prefixEnd(asWritten(beginning))]),
  };
}

function begins(beginning: string): SqlPart {
  return {
    sql: `(${COLUMNS.map(([column]) => `p.${column} >= ? AND p.${column} < ?`).join(' OR ')})`,
    values: COLUMNS.flatMap(([, asWritten]) => [asWritten(beginning), prefixEnd(asWritten(beginning))]),
  };
}

function joined(conditions: readonly SqlPart[], word: string): SqlPart {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(word)})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
