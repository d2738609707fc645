import { foldText, prefixEnd } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';
import { type FoundRows, searchBeginnings, type SqlPart } from '../database/search-beginnings.js';

/** The columns that are searched, and what a typed beginning is compared as: Sage references are kept in capitals. */
const COLUMNS: readonly (readonly [column: string, asWritten: (beginning: string) => string])[] = [
  ['layer_id_folded', (beginning) => beginning],
  ['reference_folded', (beginning) => beginning],
  ['urn', (beginning) => beginning],
  ['sage_reference', (beginning) => beginning.toUpperCase()],
];

/**
 * Every word must be the beginning of the Layer id, the reference, the URN or the Sage reference; or the whole of what was typed
 * the beginning of one that has blanks in it. `condition` is of `push p`, the keys are ids. Throws BAD_USER_INPUT above ten words.
 */
export function pushSearch(database: Queryable, instanceId: number, search: string): Promise<FoundRows> {
  return searchBeginnings(database, search, {
    fold: (typed) => foldText(typed).trim(),
    begins,
    byIndex: (beginning, limit) => foundByIndex(instanceId, beginning, limit),
  });
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
