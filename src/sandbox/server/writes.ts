// POST, PUT and DELETE by path: what each does, and what it answers.
import { notFound } from '../ledger/refusal.js';
import { CREDIT_NOTE, INVOICE } from '../ledger/transaction-types.js';
import { postAllocation } from '../posting/allocate.js';
import { postReceipt, postRefund } from '../posting/cash.js';
import { createContact, createDetail, deleteContact, updateContact, updateDetail } from '../posting/contacts.js';
import { createCustomer, defaults, deleteCustomer, updateCustomer } from '../posting/customers.js';
import { postCreditNote, postInvoice, previewDocument } from '../posting/documents.js';
import type { Body } from '../posting/input.js';
import type { Posted } from '../posting/post-transaction.js';
import type { PostingContext } from '../posting/posting-context.js';
import { deleteRow } from '../posting/row-writer.js';
import {
  createCustomerMemo,
  createDeliveryAddress,
  createNominalCode,
  createTransactionMemo,
  updateDeliveryAddress,
  updateMemo,
  updateTransaction,
  validateDate,
} from '../posting/small-writes.js';
import { contactDetails, DETAIL_KINDS } from '../resources/contacts.js';
import { customerFields } from '../resources/customer-fields.js';
import { minorToText } from '../ledger/money.js';
import { readOne } from '../resources/read-page.js';
import { RESOURCES } from '../resources/registry.js';

import type { RowKey } from '../ledger/late-rows.js';

export interface Written {
  readonly body: string;
  /** What was made, for faults that hide it for a while. */
  readonly row?: Omit<RowKey, 'companyId'>;
}

/** Ids of the path, outermost first. */
type Write = (context: PostingContext, ids: readonly number[], body: Body) => Written;

const posting =
  (post: (context: PostingContext, body: Body) => Posted): Write =>
  (context, _ids, body) => {
    const { id, urn } = post(context, body);
    // A number on the wire, whatever the specification says (sage200.md §1.6).
    return { body: `{"urn":${urn}}`, row: { table: 'transactions', id } };
  };

const shown = (context: PostingContext, resource: string, id: number): Written => {
  const found = RESOURCES.get(resource);
  const body =
    found &&
    readOne(context.ledger, found, { companyId: context.companyId, conditions: [{ sql: '~.id = ?', value: id }] });
  if (body === undefined) throw notFound();
  return { body };
};

const creating =
  (resource: string, create: (context: PostingContext, body: Body, ids: readonly number[]) => number): Write =>
  (context, ids, body) => {
    const id = create(context, body, ids);
    const table = RESOURCES.get(resource)?.late?.table;
    return { ...shown(context, resource, id), ...(table ? { row: { table, id } } : {}) };
  };

const changing =
  (resource: string, change: (context: PostingContext, id: number, body: Body) => void): Write =>
  (context, ids, body) => {
    const id = ids.at(-1) as number;
    change(context, id, body);
    return shown(context, resource, id);
  };

const deleting =
  (remove: (context: PostingContext, id: number) => void): Write =>
  (context, ids) => {
    remove(context, ids.at(-1) as number);
    return { body: '' };
  };

const plain = (table: string): Write => deleting((context, id) => deleteRow(context, table, id));

const writes = new Map<string, Write>([
  ['POST sales_invoices', posting(postInvoice)],
  ['POST sales_credit_notes', posting(postCreditNote)],
  ['POST sales_receipts', posting(postReceipt)],
  ['POST sales_payments', posting(postRefund)],
  ['POST sales_invoices_new', (context, _ids, body) => ({ body: previewDocument(context, INVOICE, body) })],
  ['POST sales_credit_notes_new', (context, _ids, body) => ({ body: previewDocument(context, CREDIT_NOTE, body) })],
  ['POST sales_allocations', (context, _ids, body) => ({ body: postAllocation(context, body) })],
  ['PUT sales_posted_transactions/#', changing('sales_posted_transactions', updateTransaction)],
  ['POST customers', creating('customers', createCustomer)],
  ['POST customers_new', (context) => ({ body: newCustomer(context) })],
  ['PUT customers/#', changing('customers', updateCustomer)],
  ['DELETE customers/#', deleting(deleteCustomer)],
  [
    'POST customers/#/customer_contacts',
    creating('customer_contacts', (context, body, ids) => createContact(context, ids[0] as number, body)),
  ],
  ['POST nominal_codes', creating('nominal_codes', createNominalCode)],
  ['POST customer_delivery_addresses', creating('customer_delivery_addresses', createDeliveryAddress)],
  ['PUT customer_delivery_addresses/#', changing('customer_delivery_addresses', updateDeliveryAddress)],
  ['DELETE customer_delivery_addresses/#', plain('delivery_addresses')],
  ['POST customer_memos', creating('customer_memos', createCustomerMemo)],
  [
    'PUT customer_memos/#',
    changing('customer_memos', (context, id, body) => updateMemo(context, 'customer_memos', id, body)),
  ],
  ['DELETE customer_memos/#', plain('customer_memos')],
  ['POST sales_posted_transaction_memos', creating('sales_posted_transaction_memos', createTransactionMemo)],
  [
    'PUT sales_posted_transaction_memos/#',
    changing('sales_posted_transaction_memos', (context, id, body) =>
      updateMemo(context, 'transaction_memos', id, body),
    ),
  ],
  ['DELETE sales_posted_transaction_memos/#', plain('transaction_memos')],
  [
    'POST transaction_date_validation',
    (context, _ids, body) => ({ body: JSON.stringify(validateDate(context, body)) }),
  ],
]);

for (const prefix of ['', 'customers/#/']) {
  writes.set(`PUT ${prefix}customer_contacts/#`, changing('customer_contacts', updateContact));
  writes.set(`DELETE ${prefix}customer_contacts/#`, deleting(deleteContact));
}
for (const kind of DETAIL_KINDS) {
  const { name } = contactDetails[kind];
  for (const prefix of ['', 'customer_contacts/#/', 'customers/#/customer_contacts/#/']) {
    if (prefix !== '') {
      writes.set(
        `POST ${prefix}${name}`,
        creating(name, (context, body, ids) => createDetail(context, kind, ids.at(-1) as number, body)),
      );
    }
    writes.set(
      `PUT ${prefix}${name}/#`,
      changing(name, (context, id, body) => updateDetail(context, kind, id, body)),
    );
    writes.set(`DELETE ${prefix}${name}/#`, plain('contact_details'));
  }
}

/** `pattern` is the path with # for every id. */
export const writeFor = (method: string, pattern: string): Write | undefined => writes.get(`${method} ${pattern}`);

function newCustomer(context: PostingContext): string {
  const values = defaults(context);
  const parts = customerFields.flatMap(({ name, kind }) => {
    const value = values[name];
    if (value === undefined || value === null) return [];
    if (typeof kind === 'object') return [`"${name}":${JSON.stringify(kind.values[value as number])}`];
    if (kind === 'money') return [`"${name}":${minorToText(value as number)}`];
    if (kind === 'boolean') return [`"${name}":${value === 1}`];
    return [`"${name}":${JSON.stringify(value)}`];
  });
  return `{${parts.join(',')}}`;
}
