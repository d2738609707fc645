import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { DocumentKind, PayerKind } from './document-kind.js';

/** A document as it is stored. Amounts are positive. */
export interface DocumentRow {
  kind: DocumentKind;
  layerId: string;
  /** The number of an invoice or credit note; the reference of a payment or refund. */
  reference: string | null;
  customerLayerId: string;
  /** Null: the default one. */
  subCompanyLayerId: string | null;
  paymentMethodLayerId: string | null;
  /** YYYY-MM-DD. */
  datedOn: string;
  dueOn: string | null;
  currency: string;
  /** False: it was left out, and is the account's. */
  isCurrencyGiven: boolean;
  netMinor: bigint;
  vatMinor: bigint;
  grossMinor: bigint;
  /** Of a refund: what it gives back. */
  returnsKind: 'CREDIT_NOTE' | 'PAYMENT' | null;
  returnsLayerId: string | null;
  /** Where it stood in Sage before the gateway was there: such a document is never pushed. */
  registeredCompanyId: number | null;
  registeredUrn: string | null;
  contentHash: string;
  pushId: string | null;
  /** SAGE: the payment of a match, which The Layer has not sent and knows by no id of its own. */
  origin: 'LAYER' | 'SAGE';
  /** When the match that made the payment was undone, epoch ms. */
  reversedAt: number | null;
}

export interface DocumentLineRow {
  layerId: string;
  description: string;
  nominalCode: string;
  vatCode: string;
  netMinor: bigint;
  vatMinor: bigint;
}

export interface DocumentShareRow {
  /** Of the payer. */
  kind: PayerKind;
  documentLayerId: string;
  invoiceLayerId: string;
  lineLayerId: string | null;
  amountMinor: bigint;
}

/** Columns of a document; `d` is the table's alias. */
export const DOCUMENT_COLUMNS = `d.kind AS kind, d.layer_id AS layerId, d.reference AS reference, d.customer_layer_id AS customerLayerId,
  d.sub_company_layer_id AS subCompanyLayerId, d.payment_method_layer_id AS paymentMethodLayerId, d.dated_on AS datedOn,
  d.due_on AS dueOn, d.currency AS currency, d.is_currency_given AS isCurrencyGiven, d.net_minor AS netMinor, d.vat_minor AS vatMinor,
  d.gross_minor AS grossMinor, d.returns_kind AS returnsKind, d.returns_layer_id AS returnsLayerId,
  d.registered_company_id AS registeredCompanyId, d.registered_urn AS registeredUrn, d.content_hash AS contentHash, d.push_id AS pushId,
  d.origin AS origin, d.reversed_at AS reversedAt`;

export type RawDocumentRow = { [K in keyof DocumentRow]: string | number | null };

export function decodeDocument(row: RawDocumentRow): DocumentRow {
  return {
    ...(row as unknown as DocumentRow),
    isCurrencyGiven: Number(row.isCurrencyGiven) === 1,
    netMinor: BigInt(row.netMinor as string),
    vatMinor: BigInt(row.vatMinor as string),
    grossMinor: BigInt(row.grossMinor as string),
    registeredCompanyId: row.registeredCompanyId === null ? null : Number(row.registeredCompanyId),
    reversedAt: row.reversedAt === null ? null : Number(row.reversedAt),
  };
}

/**
 * Documents of one kind by exactly these ids, in the order of the ids. By primary key. The ids are compared once more here, because
 * MySQL pads with blanks when it compares. `suffix` is FOR UPDATE where the rows are to be locked: in the order of the ids, so that
 * two writers wait for each other and don't end in a deadlock.
 */
export async function readDocuments(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  layerIds: readonly string[],
  suffix = '',
): Promise<DocumentRow[]> {
  const wanted = new Set(layerIds);
  const rows: DocumentRow[] = [];
  for (const chunk of chunks([...wanted].sort())) {
    const found = await database.query<RawDocumentRow>(
      `SELECT ${DOCUMENT_COLUMNS} FROM document d
        WHERE d.instance_id = ? AND d.kind = ? AND d.layer_id IN (${placeholders(chunk.length)}) ORDER BY d.layer_id${suffix}`,
      [instanceId, kind, ...chunk],
    );
    rows.push(...found.map(decodeDocument).filter(({ layerId }) => wanted.has(layerId)));
  }
  return rows;
}

/** The lines of documents of one kind, each document's in their order. By primary key. */
export async function readLines(
  database: Queryable,
  instanceId: number,
  kind: DocumentKind,
  layerIds: readonly string[],
): Promise<Map<string, DocumentLineRow[]>> {
  const byDocument = new Map<string, DocumentLineRow[]>();
  for (const chunk of chunks([...new Set(layerIds)])) {
    const rows = await database.query<Record<string, string>>(
      `SELECT l.document_layer_id AS documentLayerId, l.layer_id AS layerId, l.description AS description,
              l.nominal_code AS nominalCode, l.vat_code AS vatCode, l.net_minor AS netMinor, l.vat_minor AS vatMinor
         FROM document_line l
        WHERE l.instance_id = ? AND l.kind = ? AND l.document_layer_id IN (${placeholders(chunk.length)})
        ORDER BY l.document_layer_id, l.line_no`,
      [instanceId, kind, ...chunk],
    );
    for (const { documentLayerId, ...row } of rows) {
      const line = { ...row, netMinor: BigInt(row.netMinor ?? 0), vatMinor: BigInt(row.vatMinor ?? 0) };
      append(byDocument, documentLayerId ?? '', line as unknown as DocumentLineRow);
    }
  }
  return byDocument;
}

const SHARE_COLUMNS = `s.kind AS kind, s.document_layer_id AS documentLayerId, s.invoice_layer_id AS invoiceLayerId,
  s.line_layer_id AS lineLayerId, s.amount_minor AS amountMinor`;

const decodeShare = (row: DocumentShareRow): DocumentShareRow => ({ ...row, amountMinor: BigInt(row.amountMinor) });

/** The shares that payments or credit notes have, whatever became of their pushes, in their order. By primary key. */
export async function readSharesOfPayers(
  database: Queryable,
  instanceId: number,
  kind: PayerKind,
  layerIds: readonly string[],
): Promise<Map<string, DocumentShareRow[]>> {
  const byDocument = new Map<string, DocumentShareRow[]>();
  for (const chunk of chunks([...new Set(layerIds)])) {
    const rows = await database.query<DocumentShareRow>(
      `SELECT ${SHARE_COLUMNS} FROM document_share s
        WHERE s.instance_id = ? AND s.kind = ? AND s.document_layer_id IN (${placeholders(chunk.length)})
        ORDER BY s.document_layer_id, s.share_no`,
      [instanceId, kind, ...chunk],
    );
    for (const row of rows) append(byDocument, row.documentLayerId, decodeShare(row));
  }
  return byDocument;
}

/**
 * What invoices have been paid and credited with, oldest payer first: what a person has said will never go (SKIPPED) does not
 * count, nor does the payment of a match that was undone. Indexes: document_share_of_invoice, then primary keys.
 */
export async function readSharesOfInvoices(
  database: Queryable,
  instanceId: number,
  invoiceLayerIds: readonly string[],
): Promise<Map<string, DocumentShareRow[]>> {
  const byInvoice = new Map<string, DocumentShareRow[]>();
  for (const chunk of chunks([...new Set(invoiceLayerIds)])) {
    const rows = await database.query<DocumentShareRow>(
      `SELECT ${SHARE_COLUMNS} FROM document_share s
         JOIN document d ON d.instance_id = s.instance_id AND d.kind = s.kind AND d.layer_id = s.document_layer_id
         LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
        WHERE s.instance_id = ? AND s.invoice_layer_id IN (${placeholders(chunk.length)})
          AND d.reversed_at IS NULL AND (p.status IS NULL OR p.status <> 'SKIPPED')
        ORDER BY s.invoice_layer_id, d.dated_on, s.kind, s.document_layer_id, s.share_no`,
      [instanceId, ...chunk],
    );
    for (const row of rows) append(byInvoice, row.invoiceLayerId, decodeShare(row));
  }
  return byInvoice;
}

/**
 * What refunds give back of a payment or credit note, in minor units. SKIPPED ones are left out, but those of which only the allocation
 * was skipped: the money has gone. Index: document_returning.
 */
export async function sumOfRefunds(
  database: Queryable,
  instanceId: number,
  kind: 'CREDIT_NOTE' | 'PAYMENT',
  layerId: string,
  exceptRefund: string | null,
): Promise<bigint> {
  const rows = await database.query<{ layerId: string; grossMinor: number | string }>(
    `SELECT d.layer_id AS layerId, d.gross_minor AS grossMinor FROM document d
       LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
      WHERE d.instance_id = ? AND d.returns_kind = ? AND d.returns_layer_id = ?
        AND (p.status IS NULL OR p.status <> 'SKIPPED' OR p.posted_at IS NOT NULL)`,
    [instanceId, kind, layerId],
  );
  return rows
    .filter((row) => row.layerId !== exceptRefund)
    .reduce((sum, { grossMinor }) => sum + BigInt(grossMinor), 0n);
}

function append<V>(groups: Map<string, V[]>, key: string, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}
