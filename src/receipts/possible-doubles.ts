import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import {
  decodeDocument,
  DOCUMENT_COLUMNS,
  type DocumentRow,
  type RawDocumentRow,
  readDocuments,
  readSharesOfPayers,
} from '../documents/document-rows.js';
import { receiptKeyText, type ReceiptRow } from './receipt-rows.js';

/** A payment entered in The Layer that may be the same money as a receipt that was entered in Sage. */
export interface PossibleDouble {
  payment: DocumentRow;
  /** Of the invoices that it pays. */
  invoiceNumbers: string[];
}

const NEAR_DAYS = 14;
const DAY_MS = 86_400_000;

/** A receipt and the customer whose money it is. */
export interface CustomerReceipt {
  row: ReceiptRow;
  customerLayerId: string;
}

/**
 * Payments of The Layer that look like the same money as these receipts: the same customer, currency and amount, dated within 14 days.
 * By receiptKeyText; one statement for all, however many customers they are of. Index: document_of_customer, one range for each customer.
 */
export async function readPossibleDoubles(
  database: Queryable,
  instanceId: number,
  receipts: readonly CustomerReceipt[],
): Promise<Map<string, PossibleDouble[]>> {
  const candidates = receipts.filter(({ row }) => row.origin === 'SAGE' && row.kind === 'RECEIPT');
  const payments: DocumentRow[] = [];
  for (const chunk of chunks(candidates)) payments.push(...(await readPayments(database, instanceId, chunk)));
  const numbers = await readInvoiceNumbers(database, instanceId, payments);
  return new Map(
    candidates.map(({ row, customerLayerId }) => [
      receiptKeyText(row),
      payments
        .filter((payment) => payment.customerLayerId === customerLayerId && isNear(payment, row))
        .map((payment) => ({ payment, invoiceNumbers: numbers.get(payment.layerId) ?? [] })),
    ]),
  );
}

const isNear = (payment: DocumentRow, receipt: ReceiptRow) =>
  payment.grossMinor === receipt.amountMinor &&
  payment.currency === receipt.currency &&
  Math.abs(Date.parse(payment.datedOn) - Date.parse(receipt.receivedOn)) <= NEAR_DAYS * DAY_MS;

async function readPayments(
  database: Queryable,
  instanceId: number,
  receipts: readonly CustomerReceipt[],
): Promise<DocumentRow[]> {
  const customers = [...new Set(receipts.map(({ customerLayerId }) => customerLayerId))];
  const times = receipts.map(({ row }) => Date.parse(row.receivedOn));
  const amounts = [...new Set(receipts.map(({ row }) => row.amountMinor))];
  const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const rows = await database.query<RawDocumentRow>(
    `SELECT ${DOCUMENT_COLUMNS} FROM document d LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
      WHERE d.instance_id = ? AND d.customer_layer_id IN (${placeholders(customers.length)}) AND d.kind = 'PAYMENT' AND d.dated_on BETWEEN ? AND ?
        AND d.origin = 'LAYER' AND d.gross_minor IN (${placeholders(amounts.length)}) AND (p.status IS NULL OR p.status <> 'SKIPPED')
      ORDER BY d.dated_on, d.layer_id`,
    [
      instanceId,
      ...customers,
      dateOf(Math.min(...times) - NEAR_DAYS * DAY_MS),
      dateOf(Math.max(...times) + NEAR_DAYS * DAY_MS),
      ...amounts,
    ],
  );
  return rows.map(decodeDocument);
}

/** The numbers of the invoices that payments pay, by the payment's Layer id. By primary keys. */
async function readInvoiceNumbers(
  database: Queryable,
  instanceId: number,
  payments: readonly DocumentRow[],
): Promise<Map<string, string[]>> {
  const ids = [...new Set(payments.map(({ layerId }) => layerId))];
  const shares = await readSharesOfPayers(database, instanceId, 'PAYMENT', ids);
  const invoiceIds = [...shares.values()].flat().map(({ invoiceLayerId }) => invoiceLayerId);
  const invoices = await readDocuments(database, instanceId, 'INVOICE', invoiceIds);
  const numberOf = new Map(invoices.map(({ layerId, reference }) => [layerId, reference ?? layerId]));
  return new Map(
    [...shares].map(([layerId, own]) => [
      layerId,
      [...new Set(own.map(({ invoiceLayerId }) => numberOf.get(invoiceLayerId) ?? invoiceLayerId))],
    ]),
  );
}
