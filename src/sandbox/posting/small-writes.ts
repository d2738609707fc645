// Delivery addresses, memos, nominal accounts, the query flag, the check of a date.
import { Refusal } from '../ledger/refusal.js';
import { ACCOUNT_STATUSES } from '../resources/customer-fields.js';
import { NOMINAL_ACCOUNT_TYPES } from '../resources/nominal.js';
import { LEDGER_TYPES } from '../ledger/ledger-types.js';
import { boolean, choice, instant, integer, text, type Field } from '../resources/field.js';
import { readValues, required, type Body, type Values } from './input.js';
import { classifyDate, stampOf, type PostingContext } from './posting-context.js';
import { checkForeign, exists, insertRow, updateRow } from './row-writer.js';

const DELIVERY_FIELDS: readonly Field[] = [
  integer('customer_id'),
  boolean('is_default'),
  text('description', 255),
  text('postal_name', 60),
  ...['address_1', 'address_2', 'address_3', 'address_4', 'city', 'county'].map((name) => text(name, 60)),
  text('postcode', 10),
  integer('address_country_code_id'),
  text('contact', 235),
  text('telephone', 60),
  text('fax', 30),
  text('email', 255),
  text('tax_number', 30),
  integer('tax_code_id'),
  integer('country_code_id'),
];
const MEMO_FIELDS = [text('note', 1000), boolean('is_active')];

export function createDeliveryAddress(context: PostingContext, body: Body): number {
  const values = readValues(DELIVERY_FIELDS, body);
  for (const name of ['customer_id', 'description', 'tax_code_id']) required(values, name);
  checkForeign(context, 'customers', values, 'customer_id');
  checkForeign(context, 'tax_codes', values, 'tax_code_id');
  return insertRow(context, 'delivery_addresses', { is_default: 0, ...values });
}

export function updateDeliveryAddress(context: PostingContext, id: number, body: Body): void {
  const { customer_id: _owner, ...values } = readValues(DELIVERY_FIELDS, body);
  checkForeign(context, 'tax_codes', values, 'tax_code_id');
  updateRow(context, 'delivery_addresses', id, values);
}

export function createCustomerMemo(context: PostingContext, body: Body): number {
  const values = readValues([integer('customer_id'), ...MEMO_FIELDS], body);
  required(values, 'note');
  required(values, 'customer_id');
  checkForeign(context, 'customers', values, 'customer_id');
  return insertRow(context, 'customer_memos', { is_active: 1, ...values, created_by: context.userName });
}

export function createTransactionMemo(context: PostingContext, body: Body): number {
  const values = readValues([integer('posted_customer_transaction_id'), ...MEMO_FIELDS], body);
  required(values, 'note');
  const transactionId = required<number>(values, 'posted_customer_transaction_id');
  if (!exists(context, 'transactions', transactionId))
    throw new Refusal(`The posted transaction ${transactionId} was not found.`);
  return insertRow(context, 'transaction_memos', {
    transaction_id: transactionId,
    note: values['note'] as string,
    is_active: values['is_active'] ?? 1,
    created_by: context.userName,
  });
}

export function updateMemo(
  context: PostingContext,
  table: 'customer_memos' | 'transaction_memos',
  id: number,
  body: Body,
): void {
  updateRow(context, table, id, readValues(MEMO_FIELDS, body));
}

const NOMINAL_FIELDS: readonly Field[] = [
  text('name', 60),
  text('reference', 8),
  integer('cost_centre_id'),
  integer('department_id'),
  choice('nominal_account_type', NOMINAL_ACCOUNT_TYPES),
  choice('account_status_type', ACCOUNT_STATUSES),
  integer('report_category_id'),
  boolean('allow_manual_journal_entries'),
];

export function createNominalCode(context: PostingContext, body: Body): number {
  const values = readValues(NOMINAL_FIELDS, body);
  const reference = required<string>(values, 'reference');
  if (reference.trim() === '') throw new Refusal("SageNullFieldException: The field 'reference' cannot be blank.");
  required(values, 'report_category_id');
  checkForeign(context, 'report_categories', values, 'report_category_id');
  const costCentre = codeOf(context, 'cost_centres', values, 'cost_centre_id');
  const department = codeOf(context, 'departments', values, 'department_id');
  const [taken] = context.ledger.column(
    'select 1 from nominal_codes where company_id = ? and reference = ? and cost_centre = ? and department = ?',
    [context.companyId, reference, costCentre, department],
  );
  if (taken)
    throw new Refusal(
      `SageDuplicateKeyException: The nominal account ${reference}/${costCentre}/${department} exists.`,
    );
  return insertRow(context, 'nominal_codes', {
    name: values['name'] ?? '',
    reference,
    cost_centre_id: values['cost_centre_id'] ?? null,
    cost_centre: costCentre,
    department_id: values['department_id'] ?? null,
    department,
    account_type: values['nominal_account_type'] ?? 0,
    status: values['account_status_type'] ?? 0,
    report_category_id: values['report_category_id'] ?? null,
    allow_manual: values['allow_manual_journal_entries'] ?? 1,
    balance: 0,
  });
}

function codeOf(context: PostingContext, table: string, values: Values, name: string): string {
  checkForeign(context, table, values, name);
  const id = values[name];
  if (typeof id !== 'number') return '';
  return (
    context.ledger.column<string>(`select code from ${table} where company_id = ? and id = ?`, [
      context.companyId,
      id,
    ])[0] ?? ''
  );
}

/** PUT sales_posted_transactions: the query flag is all that can be written (sage200.md §4.2). */
export function updateTransaction({ ledger, companyId, ...context }: PostingContext, id: number, body: Body): void {
  const { queried } = readValues([text('queried', 1)], body);
  const stamp = stampOf({ ledger, companyId, ...context });
  const changes =
    queried === undefined
      ? ledger.run(
          'update transactions set date_time_updated = ? where company_id = ? and id = ? and is_archived = 0',
          stamp,
          companyId,
          id,
        )
      : ledger.run(
          'update transactions set queried = ?, date_time_updated = ? where company_id = ? and id = ? and is_archived = 0',
          String(queried ?? '').trim(),
          stamp,
          companyId,
          id,
        );
  if (changes === 0) throw new Refusal('The requested resource was not found.', 404);
}

export function validateDate(context: PostingContext, body: Body): object {
  const values = readValues([instant('date'), choice('ledger_type', LEDGER_TYPES)], body);
  return classifyDate(context, required<string>(values, 'date').slice(0, 10));
}
