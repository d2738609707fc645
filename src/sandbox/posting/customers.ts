// POST, PUT and DELETE customers; POST customers_new shows the defaults and saves nothing.
import { Refusal } from '../ledger/refusal.js';
import { customerFields, mainAddressFields } from '../resources/customer-fields.js';
import { asBody, readValues, required, type Body, type Values } from './input.js';
import { deleteContact, writeContacts } from './contacts.js';
import { checkForeign, insertRow, updateRow } from './row-writer.js';
import { nextNumber, stampOf, today, type PostingContext } from './posting-context.js';

const FOREIGN: Readonly<Record<string, string>> = {
  currency_id: 'currencies',
  country_code_id: 'country_codes',
  default_tax_code_id: 'tax_codes',
};

const NOMINAL_PARTS = [
  'default_nominal_code_reference',
  'default_nominal_code_cost_centre',
  'default_nominal_code_department',
];

export function createCustomer(context: PostingContext, body: Body): number {
  const values = readCustomer(context, body);
  for (const name of ['name', 'reference']) required(values, name);
  checkNames(values);
  checkReferenceIsFree(context, String(values['reference']), null);
  const row = {
    ...defaults(context),
    ...withNominalId(context, values, {}),
    ...addressValues(context, body),
    main_address_id: nextNumber(context, 'other'),
  };
  const id = insertRow(context, 'customers', row, nextNumber(context, 'customers'));
  writeContacts(context, id, body);
  return id;
}

export function updateCustomer(context: PostingContext, id: number, body: Body): void {
  const values = readCustomer(context, body);
  checkNames(values);
  const old = context.ledger.row<Values & { reference: string; currency_id: number }>(
    `select reference, currency_id, ${NOMINAL_PARTS.join(', ')} from customers where company_id = ? and id = ?`,
    context.companyId,
    id,
  );
  if (!old) throw new Refusal('The requested resource was not found.', 404);
  if (values['currency_id'] !== undefined && values['currency_id'] !== old.currency_id) {
    throw new Refusal('The currency of an account cannot be changed.');
  }
  const reference = values['reference'];
  if (typeof reference === 'string' && reference.toLowerCase() !== old.reference.toLowerCase()) {
    checkReferenceIsFree(context, reference, id);
  }
  updateRow(context, 'customers', id, {
    ...withNominalId(context, values, old),
    ...addressValues(context, body),
  });
  writeContacts(context, id, body);
}

export function deleteCustomer(context: PostingContext, id: number): void {
  const { ledger, companyId } = context;
  const [hasTransactions] = ledger.column(
    'select 1 from transactions where company_id = ? and customer_id = ? limit 1',
    [companyId, id],
  );
  if (hasTransactions) throw new Refusal('The account has transactions and cannot be deleted.');
  if (ledger.run('delete from customers where company_id = ? and id = ?', companyId, id) === 0) {
    throw new Refusal('The requested resource was not found.', 404);
  }
  for (const contactId of ledger.column<number>('select id from contacts where company_id = ? and customer_id = ?', [
    companyId,
    id,
  ])) {
    deleteContact(context, contactId);
  }
  for (const table of ['delivery_addresses', 'customer_memos']) {
    ledger.run(`delete from ${table} where company_id = ? and customer_id = ?`, companyId, id);
  }
}

/** What an account starts with, as field values; also the answer to customers_new. */
export function defaults(context: PostingContext): Values {
  const { ledger, companyId } = context;
  const company = ledger.row<{ settings: string; details: string }>(
    'select settings, details from companies where company_id = ?',
    companyId,
  );
  const settings = JSON.parse(company?.settings ?? '{}') as {
    default_tax_code_id?: number;
    default_payment_terms_days?: number;
    keep_transactions_for?: number;
  };
  const details = JSON.parse(company?.details ?? '{}') as { country_code_id?: number };
  const [nominalCodeId] = ledger.column<number>(
    "select id from nominal_codes where company_id = ? and reference = '4000' and cost_centre = '' and department = ''",
    [companyId],
  );
  const [base] = ledger.column<number>('select id from currencies where company_id = ? and is_base = 1', [companyId]);
  const texts = [
    'short_name',
    'status_reason',
    'telephone_country_code',
    'telephone_area_code',
    'telephone_subscriber_number',
    'website',
    'vat_number',
  ];
  return {
    ...Object.fromEntries(texts.map((name) => [name, ''])),
    ...Object.fromEntries(['fax_country_code', 'fax_area_code', 'fax_subscriber_number'].map((name) => [name, ''])),
    balance: 0,
    on_hold: 0,
    account_status_type: 0,
    currency_id: base ?? null,
    exchange_rate_type: 0,
    credit_limit: 0,
    country_code_id: details.country_code_id ?? null,
    default_tax_code_id: settings.default_tax_code_id ?? null,
    account_type: 0,
    payment_terms_days: settings.default_payment_terms_days ?? 30,
    payment_terms_basis: 0,
    average_time_to_pay: 0,
    terms_agreed: 0,
    value_of_current_orders_in_sop: 0,
    account_opened: `${today(context)}T00:00:00.000Z`,
    office_type: 0,
    months_to_keep_transactions: settings.keep_transactions_for ?? 15,
    default_nominal_code_id: nominalCodeId ?? null,
    default_nominal_code_reference: nominalCodeId === undefined ? '' : '4000',
    default_nominal_code_cost_centre: '',
    default_nominal_code_department: '',
  };
}

function readCustomer(context: PostingContext, body: Body): Values {
  const values = readValues(customerFields, body);
  // Null clears a text or a date; a number, a flag or a choice that is null counts as not sent.
  for (const { name, kind } of customerFields) {
    if (values[name] === null && kind !== 'text' && kind !== 'instant') delete values[name];
  }
  for (const [name, table] of Object.entries(FOREIGN)) checkForeign(context, table, values, name);
  if (typeof values['credit_limit'] === 'number' && values['credit_limit'] < 0) {
    throw new Refusal("The value of 'credit_limit' must not be negative.");
  }
  return values;
}

function checkNames(values: Values): void {
  for (const name of ['name', 'reference']) {
    if (values[name] !== undefined && String(values[name] ?? '').trim() === '')
      throw new Refusal(`SageNullFieldException: The field '${name}' cannot be blank.`);
  }
}

function addressValues(context: PostingContext, body: Body): Values {
  const address = body['main_address'];
  if (address === undefined || address === null) return {};
  const values = readValues(mainAddressFields, asBody(address, 'main_address'));
  const renamed: Values = {};
  for (const [name, value] of Object.entries(values)) {
    renamed[name === 'address_country_code_id' ? 'main_country_code_id' : `main_${name}`] = value;
  }
  checkForeign(context, 'country_codes', renamed, 'main_country_code_id');
  return renamed;
}

function checkReferenceIsFree({ ledger, companyId }: PostingContext, reference: string, ownId: number | null): void {
  const [taken] = ledger.column<number>('select id from customers where company_id = ? and reference = ?', [
    companyId,
    reference,
  ]);
  if (taken !== undefined && taken !== ownId)
    throw new Refusal(`SageDuplicateKeyException: The account reference '${reference}' is in use.`);
}

/** The account's default nominal account is a triple of which a body may hold only a part; it must exist. */
function withNominalId({ ledger, companyId }: PostingContext, values: Values, old: Values): Values {
  if (NOMINAL_PARTS.every((name) => values[name] === undefined)) return values;
  const triple = NOMINAL_PARTS.map((name) => values[name] ?? old[name] ?? '');
  if (triple[0] === '') return { ...values, default_nominal_code_id: null };
  const [id] = ledger.column<number>(
    'select id from nominal_codes where company_id = ? and reference = ? and cost_centre = ? and department = ?',
    [companyId, ...triple],
  );
  if (id === undefined) throw new Refusal(`The nominal account ${triple.join('/')} was not found.`);
  return { ...values, default_nominal_code_id: id };
}

export const customerTouched = (context: PostingContext, id: number): void => {
  context.ledger.run(
    'update customers set date_time_updated = ? where company_id = ? and id = ?',
    stampOf(context),
    context.companyId,
    id,
  );
};
