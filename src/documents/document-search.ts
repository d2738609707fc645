import { prefixEnd } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';
import { type FoundRows, searchBeginnings, type SqlPart } from '../database/search-beginnings.js';
import { foldReference } from '../transactions/store-transactions.js';
import type { DocumentKind } from './document-kind.js';

/**
 * Every word must be the beginning of the Layer id, of the number or reference, or of a word of the customer's name (or of the
 * customer's id); or the whole of what was typed the beginning of a number that has blanks in it.
 * `condition` is of `document d`, the keys are Layer ids. Throws BAD_USER_INPUT above ten words.
 */
export function documentSearch(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  search: string,
): Promise<FoundRows> {
  return searchBeginnings(database, search, {
    fold: (typed) => foldReference(typed).trimEnd(),
    begins: (beginning) => beginsInline(instanceId, beginning),
    byIndex: (beginning, limit) => foundByIndex(instanceId, kind, beginning, limit),
  });
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
