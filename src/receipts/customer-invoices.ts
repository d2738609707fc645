import { groupBy } from '../common/group-by.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { decodeDocument, DOCUMENT_COLUMNS, type DocumentRow, type RawDocumentRow } from '../documents/document-rows.js';
import { type InvoiceState, readInvoiceStates } from './invoice-states.js';

/** What receipts of a customer may pay, and what their references may name beside it. */
export interface CustomerInvoices {
  /** Of which The Layer's shares leave something open. */
  open: readonly InvoiceState[];
  /** Numbers of the newest that have nothing left. */
  settledNumbers: readonly string[];
}

/** References name old invoices, but seldom older ones than these. */
const NEWEST = 300;

/** Statements: three, and one for each Sage company; in lists of customers. Indexes: document_open, document_of_customer. */
export async function readCustomerInvoices(
  database: Queryable,
  instanceId: number,
  customerLayerIds: readonly string[],
): Promise<Map<string, CustomerInvoices>> {
  const customers = [...new Set(customerLayerIds)];
  const [states, settled] = await Promise.all([
    readOpen(database, instanceId, customers).then((rows) => readInvoiceStates(database, instanceId, rows)),
    readSettledNumbers(database, instanceId, customers),
  ]);
  const open = groupBy(states.values(), ({ row }) => row.customerLayerId);
  return new Map(
    customers.map((customer) => [
      customer,
      { open: open.get(customer) ?? [], settledNumbers: settled.get(customer) ?? [] },
    ]),
  );
}

async function readOpen(database: Queryable, instanceId: number, customers: readonly string[]): Promise<DocumentRow[]> {
  const rows: DocumentRow[] = [];
  for (const chunk of chunks(customers)) {
    const found = await database.query<RawDocumentRow>(
      `SELECT ${DOCUMENT_COLUMNS} FROM document d
        WHERE d.instance_id = ? AND d.customer_layer_id IN (${placeholders(chunk.length)}) AND d.kind = 'INVOICE'
          AND d.outstanding_minor > 0`,
      [instanceId, ...chunk],
    );
    rows.push(...found.map(decodeDocument));
  }
  return rows;
}

async function readSettledNumbers(
  database: Queryable,
  instanceId: number,
  customers: readonly string[],
): Promise<Map<string, string[]>> {
  const numbers = new Map<string, string[]>();
  for (const chunk of chunks(customers, 100)) {
    const ofOne = `SELECT * FROM (SELECT d.customer_layer_id AS customerLayerId, d.layer_id AS layerId, d.reference AS reference,
        d.outstanding_minor AS outstandingMinor FROM document d
       WHERE d.instance_id = ? AND d.customer_layer_id = ? AND d.kind = 'INVOICE' ORDER BY d.dated_on DESC, d.layer_id DESC LIMIT ${NEWEST}) newest`;
    const rows = await database.query<Record<string, string | number | null>>(
      chunk.map(() => ofOne).join(' UNION ALL '),
      chunk.flatMap((customer) => [instanceId, customer]),
    );
    const settled = rows.filter(({ outstandingMinor }) => Number(outstandingMinor) <= 0);
    for (const [customer, own] of groupBy(settled, (row) => String(row.customerLayerId)))
      numbers.set(
        customer,
        own.map(({ reference, layerId }) => String(reference ?? layerId)),
      );
  }
  return numbers;
}
