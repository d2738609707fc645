import type { Clock } from '../common/clock.js';
import { foldText } from '../common/search-words.js';
import { bulkUpsert, upsertSql } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { foldReference } from '../transactions/store-transactions.js';
import { type DocumentDraft, draftHash } from './document-draft.js';
import { isPayer } from './document-kind.js';
import { readSharesOfPayers } from './document-rows.js';
import type { DraftAmounts } from './draft-amounts.js';
import { refreshOutstanding } from './refresh-outstanding.js';

/** A document that has been checked. */
export interface DocumentToStore {
  draft: DocumentDraft;
  amounts: DraftAmounts;
  currency: string;
  /** Of one that stands in Sage already. */
  registered?: { companyId: number; urn: string };
}

const KEY = ['instance_id', 'kind', 'layer_id'];
export const DOCUMENT_TABLE = {
  name: 'document',
  key: KEY,
  columns: [
    ...KEY,
    'layer_id_folded',
    'reference',
    'reference_folded',
    'customer_layer_id',
    'sub_company_layer_id',
    'payment_method_layer_id',
    'dated_on',
    'due_on',
    'currency',
    'is_currency_given',
    'net_minor',
    'vat_minor',
    'gross_minor',
    'returns_kind',
    'returns_layer_id',
    'registered_company_id',
    'registered_urn',
    'content_hash',
    'push_id',
    'created_at',
    'updated_at',
  ],
  insertOnly: ['push_id', 'created_at'],
};
const ADD_ONLY = { ...DOCUMENT_TABLE, insertOnly: DOCUMENT_TABLE.columns };
const LINE_TABLE = {
  name: 'document_line',
  key: ['instance_id', 'kind', 'document_layer_id', 'line_no'],
  columns: [
    'instance_id',
    'kind',
    'document_layer_id',
    'line_no',
    'layer_id',
    'description',
    'nominal_code',
    'vat_code',
    'net_minor',
    'vat_minor',
  ],
};
export const SHARE_TABLE = {
  name: 'document_share',
  key: ['instance_id', 'kind', 'document_layer_id', 'share_no'],
  columns: [
    'instance_id',
    'kind',
    'document_layer_id',
    'share_no',
    'invoice_layer_id',
    'line_layer_id',
    'amount_minor',
  ],
};

/** Adds documents without lines and shares; one that is there already stays as it is. Each id once; locks their rows. */
export async function addDocuments(
  transaction: Transaction,
  instanceId: number,
  documents: readonly DocumentToStore[],
  clock: Clock,
): Promise<void> {
  const rows = documents.map((document) => documentValues(instanceId, document, clock.now().getTime()));
  if (rows.length === 1) await transaction.query(upsertSql(transaction.dialect, ADD_ONLY, 1), rows[0]);
  else await bulkUpsert(transaction, ADD_ONLY, rows);
}

/** Gives a document other content; its push stays. Lines and shares by `storeParts`. */
export function changeDocument(
  transaction: Transaction,
  instanceId: number,
  document: DocumentToStore,
  clock: Clock,
): Promise<void> {
  return bulkUpsert(transaction, DOCUMENT_TABLE, [documentValues(instanceId, document, clock.now().getTime())]);
}

/** Takes away the lines and shares of a document, and answers the invoices that it had a part of. By primary key. */
export async function removeParts(
  transaction: Transaction,
  instanceId: number,
  { kind, layerId }: DocumentDraft,
): Promise<string[]> {
  const shares = isPayer(kind) ? await readSharesOfPayers(transaction, instanceId, kind, [layerId]) : null;
  for (const table of ['document_line', 'document_share']) {
    await transaction.query(`DELETE FROM ${table} WHERE instance_id = ? AND kind = ? AND document_layer_id = ?`, [
      instanceId,
      kind,
      layerId,
    ]);
  }
  return (shares?.get(layerId) ?? []).map(({ invoiceLayerId }) => invoiceLayerId);
}

/** Writes the lines and shares of documents that have none. `released`: invoices of which they had a part before. */
export async function storeParts(
  transaction: Transaction,
  instanceId: number,
  documents: readonly DocumentToStore[],
  released: readonly string[] = [],
): Promise<void> {
  const lines = documents.flatMap(({ draft, amounts }) =>
    draft.lines.map((line, index) => [
      instanceId,
      draft.kind,
      draft.layerId,
      index,
      line.layerId,
      line.description,
      line.nominalCode,
      line.vatCode,
      amounts.lines[index]?.netMinor.toString(),
      amounts.lines[index]?.vatMinor.toString(),
    ]),
  );
  const shares = documents.flatMap(({ draft, amounts }) =>
    draft.shares.map((share, index) => [
      instanceId,
      draft.kind,
      draft.layerId,
      index,
      share.invoiceLayerId,
      share.lineLayerId,
      amounts.shares[index]?.toString(),
    ]),
  );
  await bulkUpsert(transaction, LINE_TABLE, lines);
  await bulkUpsert(transaction, SHARE_TABLE, shares);
  await refreshOutstanding(transaction, instanceId, [
    ...documents.filter(({ draft }) => draft.kind === 'INVOICE').map(({ draft }) => draft.layerId),
    ...documents.flatMap(({ draft }) => draft.shares.map(({ invoiceLayerId }) => invoiceLayerId)),
    ...released,
  ]);
}

function documentValues(
  instanceId: number,
  { draft, amounts, currency, registered }: DocumentToStore,
  now: number,
): unknown[] {
  const returnsKind = draft.returns.CREDIT_NOTE !== null ? 'CREDIT_NOTE' : 'PAYMENT';
  const returnsLayerId = draft.returns[returnsKind];
  return [
    instanceId,
    draft.kind,
    draft.layerId,
    Array.from(foldText(draft.layerId)).slice(0, 64).join(''),
    draft.reference,
    foldReference(draft.reference ?? ''),
    draft.customerLayerId,
    draft.subCompanyLayerId,
    draft.paymentMethodLayerId,
    draft.datedOn,
    draft.dueOn,
    currency,
    draft.currency === null ? 0 : 1,
    amounts.netMinor.toString(),
    amounts.vatMinor.toString(),
    amounts.grossMinor.toString(),
    returnsLayerId === null ? null : returnsKind,
    returnsLayerId,
    registered?.companyId ?? null,
    registered?.urn ?? null,
    draftHash(draft),
    null,
    now,
    now,
  ];
}

/** Ties a document to its push. By primary key. */
export async function setPush(
  transaction: Transaction,
  instanceId: number,
  { kind, layerId }: DocumentDraft,
  pushId: string,
): Promise<void> {
  await transaction.query('UPDATE document SET push_id = ? WHERE instance_id = ? AND kind = ? AND layer_id = ?', [
    pushId,
    instanceId,
    kind,
    layerId,
  ]);
}
