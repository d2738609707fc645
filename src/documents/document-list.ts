import type { KeyPart, Keyset } from '../common/paging.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { PushStatus } from '../pushes/push-status.js';
import type { DocumentKind } from './document-kind.js';
import { decodeDocument, DOCUMENT_COLUMNS, type DocumentRow, type RawDocumentRow } from './document-rows.js';
import { documentSearch } from './document-search.js';

export interface DocumentListFilter {
  customerLayerId?: string | null;
  pushStatus?: readonly PushStatus[] | null;
  /** YYYY-MM-DD, inclusive. */
  from?: string | null;
  /** YYYY-MM-DD, inclusive. */
  to?: string | null;
  search?: string | null;
}

/** Newest first, then by Layer id: the order of the cursor. */
export function documentCursorKey(document: DocumentRow): string[] {
  return [document.datedOn, document.layerId];
}
export const DOCUMENT_CURSOR_SHAPE: readonly KeyPart[] = ['date', 'string'];

/**
 * One row more than asked, so that the caller knows whether there is a next page. Indexes: document_of_customer or
 * document_by_date, walked backwards; what is rare (found by words, or not yet in Sage) is begun with instead.
 */
export async function listDocuments(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  filter: DocumentListFilter,
  keyset: Keyset,
): Promise<DocumentRow[]> {
  const { from, where, parameters } = await conditions(database, instanceId, kind, filter);
  if (keyset.after) {
    const [date, layerId] = keyset.after as [string, string];
    where.push('d.dated_on <= ? AND (d.dated_on < ? OR d.layer_id < ?)');
    parameters.push(date, date, layerId);
  }
  const rows = await database.query<RawDocumentRow>(
    `SELECT ${DOCUMENT_COLUMNS} FROM ${from} WHERE ${where.join(' AND ')}
      ORDER BY d.dated_on DESC, d.layer_id DESC LIMIT ${keyset.first + 1}`,
    parameters,
  );
  return rows.map(decodeDocument);
}

export async function countDocuments(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  filter: DocumentListFilter,
): Promise<number> {
  const { from, where, parameters } = await conditions(database, instanceId, kind, filter);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM ${from} WHERE ${where.join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

async function conditions(database: Queryable, instanceId: number, kind: DocumentKind, filter: DocumentListFilter) {
  const where = ['d.instance_id = ?', 'd.kind = ?'];
  const compared: unknown[] = [instanceId, kind];
  const add = (condition: string, ...values: unknown[]) => {
    where.push(condition);
    compared.push(...values);
  };
  // the payment of a match that was undone is still known, but is none any more
  if (kind === 'PAYMENT') where.push('d.reversed_at IS NULL');
  const { customerLayerId, pushStatus, from: first, to: last, search } = filter;
  if (isGiven(customerLayerId)) add('d.customer_layer_id = ?', customerLayerId);
  if (isGiven(first)) add('d.dated_on >= ?', first);
  if (isGiven(last)) add('d.dated_on <= ?', last);
  const found = isGiven(search) ? await documentSearch(database, instanceId, kind, search) : null;
  if (found?.condition) add(found.condition.sql, ...found.condition.values);

  const joins = ['document d'];
  const joined: unknown[] = [];
  if (isGiven(pushStatus)) {
    if (pushStatus.length === 0) add('1 = 0');
    else add(`p.status IN (${placeholders(pushStatus.length)})`, ...pushStatus);
    const onPush = 'p.instance_id = d.instance_id AND p.id = d.push_id';
    // nearly all have SUCCEEDED; of the others there are few, and the list begins with them (index push_by_status)
    if (pushStatus.includes('SUCCEEDED') || found?.found) joins.push(`JOIN push p ON ${onPush}`);
    else {
      joins.splice(0, 1, 'push p CROSS JOIN document d');
      add(onPush);
      add('p.instance_id = ?', instanceId);
    }
  }
  if (found?.found) {
    // CROSS: SQLite then begins with what was found, and does not look for it in every document
    joins.unshift(`(${found.found.sql}) found CROSS JOIN`);
    joined.push(...found.found.values);
    where.push('d.layer_id = found.layer_id');
  }
  return { from: joins.join(' '), where, parameters: [...joined, ...compared] };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
