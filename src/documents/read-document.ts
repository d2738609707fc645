import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { DocumentKind } from './document-kind.js';
import {
  decodeDocument,
  DOCUMENT_COLUMNS,
  type DocumentLineRow,
  type DocumentRow,
  type DocumentShareRow,
  type RawDocumentRow,
  readDocuments,
  readLines,
  readSharesOfPayers,
} from './document-rows.js';

/** A document whole. */
export interface StoredDocument extends DocumentRow {
  lines: DocumentLineRow[];
  /** What a payment or credit note has of invoices, in the order given. */
  shares: DocumentShareRow[];
}

/** A document with its lines and shares. By primary keys. */
export async function readDocument(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  layerId: string,
): Promise<StoredDocument | null> {
  const [document] = await readDocuments(database, instanceId, kind, [layerId]);
  if (!document) return null;
  const lines = await readLines(database, instanceId, kind, [layerId]);
  const isPayer = kind === 'PAYMENT' || kind === 'CREDIT_NOTE';
  const shares = isPayer ? await readSharesOfPayers(database, instanceId, kind, [layerId]) : null;
  return { ...document, lines: lines.get(layerId) ?? [], shares: shares?.get(layerId) ?? [] };
}

/** The documents of these pushes, by the push's id. Index: document_of_push. */
export async function documentsOfPushes(
  database: Queryable,
  instanceId: number,
  pushIds: readonly string[],
): Promise<Map<string, DocumentRow>> {
  const byPush = new Map<string, DocumentRow>();
  for (const chunk of chunks([...new Set(pushIds)])) {
    const rows = await database.query<RawDocumentRow>(
      `SELECT ${DOCUMENT_COLUMNS} FROM document d WHERE d.instance_id = ? AND d.push_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk],
    );
    for (const row of rows) byPush.set(String(row.pushId), decodeDocument(row));
  }
  return byPush;
}
