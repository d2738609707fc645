import { badUserInput } from '../common/errors.js';
import { prefixEnd, typedWords } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';
import { foldReference } from '../transactions/store-transactions.js';
import type { DocumentKind } from './document-kind.js';

export interface SqlPart {
  sql: string;
  values: unknown[];
}

export interface DocumentSearch {
  /** What rows of `document d` must meet; null: everything does. */
  condition: SqlPart | null;
  /** Layer ids (layer_id) of few rows, all matches among them, to begin with; null: the list is walked. */
  found: SqlPart | null;
}

const MAX_WORDS = 10;
/** Above that many the matches lie so close together that walking the list from its newest row finds a page sooner. */
const MAX_MATCHES_BY_INDEX = 20_000;

/**
 * Every word must be the beginning of the Layer id, of the number or reference, or of a word of the customer's name (or of the
 * customer's id); or the whole of what was typed the beginning of a number that has blanks in it. Throws BAD_USER_INPUT above ten words.
 */
export async function documentSearch(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  search: string,
): Promise<DocumentSearch> {
  const words = typedWords(search);
  if (words.length > MAX_WORDS) throw badUserInput(`"search" takes at most ${MAX_WORDS} words.`);
  if (words.length === 0) return { condition: null, found: null };
  const alternatives = words.length === 1 ? [words] : [words, [foldReference(search).trimEnd()]];
  const condition = joined(
    alternatives.map((beginnings) =>
      joined(
        beginnings.map((beginning) => beginsInline(instanceId, beginning)),
        ' AND ',
      ),
    ),
    ' OR ',
  );
  const rarest: SqlPart[] = [];
  for (const beginnings of alternatives) {
    const part = await rarestOf(database, instanceId, kind, beginnings);
    if (part === null) return { condition, found: null };
    rarest.push(part);
  }
  return {
    condition,
    found: { sql: rarest.map(({ sql }) => sql).join(' UNION '), values: rarest.flatMap(({ values }) => values) },
  };
}

/** What the word with the fewest matches finds; null when even it finds many. */
async function rarestOf(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  beginnings: readonly string[],
): Promise<SqlPart | null> {
  let rarest: { count: number; found: SqlPart } | null = null;
  for (const beginning of beginnings) {
    const { sql, values } = foundByIndex(instanceId, kind, beginning, ` LIMIT ${MAX_MATCHES_BY_INDEX + 1}`);
    const [row] = await database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM (${sql}) found`,
      values,
    );
    const count = Number(row?.count ?? 0);
    if (count > MAX_MATCHES_BY_INDEX || (rarest && rarest.count <= count)) continue;
    rarest = { count, found: foundByIndex(instanceId, kind, beginning, '') };
  }
  return rarest?.found ?? null;
}

/** Indexes document_by_layer_id, document_by_reference; customer_word's primary key, then document_of_customer. */
function foundByIndex(instanceId: number, kind: DocumentKind, beginning: string, limit: string): SqlPart {
  const range = [beginning, prefixEnd(beginning)];
  const part = (column: string) =>
    `SELECT * FROM (SELECT layer_id FROM document WHERE instance_id = ? AND kind = ? AND ${column} >= ? AND ${column} < ?${limit}) by_${column}`;
  const byName = `SELECT * FROM (SELECT n.layer_id FROM customer_word w
      CROSS JOIN document n ON n.instance_id = w.instance_id AND n.customer_layer_id = w.layer_id AND n.kind = ?
     WHERE w.instance_id = ? AND w.word >= ? AND w.word < ?${limit}) by_name`;
  return {
    // UNION, not UNION ALL: a document that is found twice is one
    sql: [part('layer_id_folded'), part('reference_folded'), byName].join(' UNION '),
    values: [instanceId, kind, ...range, instanceId, kind, ...range, kind, instanceId, ...range],
  };
}

/** Index of the name's words: customer_word_of_customer. */
function beginsInline(instanceId: number, beginning: string): SqlPart {
  const range = [beginning, prefixEnd(beginning)];
  const columns = ['d.layer_id_folded', 'd.reference_folded'];
  return {
    sql: `(${columns.map((column) => `${column} >= ? AND ${column} < ?`).join(' OR ')} OR EXISTS (SELECT 1 FROM customer_word w
      WHERE w.instance_id = ? AND w.layer_id = d.customer_layer_id AND w.word >= ? AND w.word < ?))`,
    values: [...range, ...range, instanceId, ...range],
  };
}

function joined(conditions: readonly SqlPart[], word: string): SqlPart {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(word)})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
