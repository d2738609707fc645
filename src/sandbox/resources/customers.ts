// Customers, and the three lighter readings of them.
import { boolean, choice, instant, integer, baseMoney, money, text } from './field.js';
import { CONTACT_NAME, contacts, defaultDetail } from './contacts.js';
import {
  ACCOUNT_STATUSES,
  ACCOUNT_TYPES,
  customerFields,
  mainAddressFields,
  PAYMENT_TERMS,
} from './customer-fields.js';
import { countryCodes, currencies, taxCodes } from './financials.js';
import { nominalCodes } from './nominal.js';
import type { Expand, Resource } from './resource.js';

const stamps = [instant('date_time_created'), instant('date_time_updated')];
const sameCompany = '^.company_id = ~.company_id';
const toOne = (name: string, resource: () => Resource, column: string): Expand => ({
  name,
  isMany: false,
  resource,
  on: `${sameCompany} and ^.id = ~.${column}`,
});
const ofCustomer = (name: string, resource: () => Resource): Expand => ({
  name,
  isMany: true,
  resource,
  on: `${sameCompany} and ^.customer_id = ~.id`,
});

const mainAddress: Resource = {
  name: 'main_address',
  from: 'customers ~',
  fields: mainAddressFields,
  expands: [toOne('address_country_code', () => countryCodes, 'main_country_code_id')],
  orderBy: '~.id',
};
const status: Resource = {
  name: 'status',
  from: 'customers ~',
  fields: [boolean('is_live', '~.account_status_type = 0'), ...stamps],
  orderBy: '~.id',
};

export const customerMemos: Resource = {
  name: 'customer_memos',
  from: 'customer_memos ~',
  fields: [
    integer('id'),
    integer('customer_id'),
    text('note', 1000),
    boolean('is_active'),
    text('created_by', 20),
    ...stamps,
  ],
  orderBy: '~.id',
};

/** Optional parts that no demo customer has: asked for, they come back empty. */
const none = (name: string): Resource => ({
  name,
  from: '(select 0 as id, 0 as customer_id, 0 as company_id where 0) ~',
  fields: [integer('id'), integer('customer_id')],
  orderBy: '~.id',
});
export const customerAlerts = none('customer_alerts');
const absentObject = (name: string): Expand => ({ name, isMany: false, resource: () => none(name), on: '^.id = ~.id' });

export const customers: Resource = {
  name: 'customers',
  from: 'customers ~',
  fields: customerFields,
  expands: [
    { name: 'main_address', isMany: false, resource: () => mainAddress },
    { name: 'status', isMany: false, resource: () => status },
    toOne('currency', () => currencies, 'currency_id'),
    toOne('country_code', () => countryCodes, 'country_code_id'),
    toOne('default_tax_code', () => taxCodes, 'default_tax_code_id'),
    toOne('default_nominal_code', () => nominalCodes, 'default_nominal_code_id'),
    toOne('associated_head_office', () => customers, 'associated_head_office_id'),
    ofCustomer('contacts', () => contacts),
    ofCustomer('memos', () => customerMemos),
    ofCustomer('alerts', () => customerAlerts),
    ofCustomer('cards', () => none('customer_cards')),
    ofCustomer('limited_price_bands', () => none('customer_price_bands')),
    ...['credit_bureau', 'credit_position', 'finance_charge', 'price_band', 'statement_layout'].map(absentObject),
    ...['sales_invoice_layout', 'sales_credit_note_layout', 'credit_memo_note'].map(absentObject),
    ...['customer_discount_group', 'order_value_discount'].map(absentObject),
  ],
  late: { table: 'customers', idSql: '~.id' },
  orderBy: '~.id',
};

const copied = new Set([
  ...Array.from({ length: 20 }, (_, index) => `analysis_code_${index + 1}`),
  ...['telephone_country_code', 'telephone_area_code', 'telephone_subscriber_number', 'website', 'duns_code'],
  ...['fax_country_code', 'fax_area_code', 'fax_subscriber_number', 'average_time_to_pay', 'account_opened'],
  ...[
    'trading_terms',
    'credit_reference',
    'terms_agreed',
    'use_tax_code_as_default',
    'early_settlement_discount_percent',
  ],
]);
const lastTransaction =
  '(select max(x.transaction_date) from transactions x where x.company_id = ~.company_id and x.customer_id = ~.id)';

export const customerViews: Resource = {
  name: 'customer_views',
  from:
    'customers ~ join currencies ~_c on ~_c.company_id = ~.company_id and ~_c.id = ~.currency_id ' +
    'join currency_iso_codes ~_i on ~_i.company_id = ~.company_id and ~_i.id = ~_c.iso_code_id ' +
    'left join country_codes ~_k on ~_k.company_id = ~.company_id and ~_k.id = ~.country_code_id ' +
    'left join tax_codes ~_t on ~_t.company_id = ~.company_id and ~_t.id = ~.default_tax_code_id ' +
    'left join contacts ~_p on ~_p.company_id = ~.company_id and ~_p.id = ' +
    '(select p.id from contacts p where p.company_id = ~.company_id and p.customer_id = ~.id order by p.is_default desc, p.id limit 1)',
  fields: [
    integer('id'),
    text('reference', 20),
    text('name', 60),
    text('short_name', 8),
    integer('country_code_id'),
    text('country_code', 2, '~_k.code'),
    integer('currency_id'),
    text('currency_name', 30, '~_c.name'),
    text('currency_symbol', 4, '~_c.symbol'),
    integer('currency_iso_code_id', '~_i.id'),
    text('currency_iso_code', 3, '~_i.code'),
    text('currency_iso_code_name', 100, '~_i.name'),
    money('balance'),
    baseMoney('base_balance', 'cast(round(~.balance * 1000000.0 / ~_c.core_rate) as integer)'),
    money('credit_limit'),
    text('vat_number', 30),
    integer('default_tax_rate_id', '~.default_tax_code_id'),
    integer('default_tax_rate_code', '~_t.code'),
    text('default_tax_rate_name', 60, '~_t.name'),
    money('default_tax_rate', '~_t.tax_rate'),
    text('default_nominal_account_number', 8, '~.default_nominal_code_reference'),
    text('default_nominal_cost_centre', 3, '~.default_nominal_code_cost_centre'),
    text('default_nominal_department', 3, '~.default_nominal_code_department'),
    integer('payment_terms_in_days', '~.payment_terms_days'),
    integer('payment_terms_id', '~.payment_terms_basis'),
    choice('payment_terms', PAYMENT_TERMS, '~.payment_terms_basis'),
    boolean('account_is_on_hold', '~.on_hold'),
    integer('account_status_type_id', '~.account_status_type'),
    choice('account_status_type', ACCOUNT_STATUSES),
    integer('account_type_id', '~.account_type'),
    choice('account_type', ACCOUNT_TYPES),
    money('value_of_current_orders_in_sop'),
    boolean('is_over_credit_limit', '(coalesce(~.credit_limit, 0) <> 0 and ~.balance > ~.credit_limit)'),
    instant('date_account_details_last_changed', '~.date_time_updated'),
    instant('date_of_last_transaction', `${lastTransaction} || 'T00:00:00.000Z'`),
    integer('months_to_keep_transactions_for', '~.months_to_keep_transactions'),
    text('contact_name', 235, `iif(~_p.id is null, null, ${CONTACT_NAME.replaceAll('~', '~_p')})`),
    text('contact_first_name', 60, '~_p.first_name'),
    text('contact_middle_name', 60, '~_p.middle_name'),
    text('contact_last_name', 60, '~_p.last_name'),
    text('contact_default_telephone_number', 227, defaultDetail('telephone', '~.company_id', '~_p.id')),
    text('contact_default_email_address', 227, defaultDetail('email', '~.company_id', '~_p.id')),
    integer('customer_location_id', '~.main_address_id'),
    text('customer_location_address_line_1', 60, '~.main_address_1'),
    text('customer_location_address_line_2', 60, '~.main_address_2'),
    text('customer_location_address_line_3', 60, '~.main_address_3'),
    text('customer_location_address_line_4', 60, '~.main_address_4'),
    text('customer_location_city', 60, '~.main_city'),
    text('customer_location_county', 60, '~.main_county'),
    text('customer_location_post_code', 10, '~.main_postcode'),
    text('customer_location_country', 60, '~_k.name'),
    ...customerFields.filter(({ name }) => copied.has(name)),
    ...stamps,
  ],
  late: { table: 'customers', idSql: '~.id' },
  orderBy: '~.id',
};

export const lookupCustomers: Resource = {
  name: 'lookup_customers',
  from: 'customers ~',
  fields: [
    integer('id'),
    text('reference', 20),
    text('name', 60),
    text('short_name', 8),
    integer('account_status_type_id', '~.account_status_type'),
    text('post_code', 10, '~.main_postcode'),
    integer('office_type_id', '~.office_type'),
  ],
  late: { table: 'customers', idSql: '~.id' },
  orderBy: '~.reference',
};

export const deliveryAddresses: Resource = {
  name: 'customer_delivery_addresses',
  from: 'delivery_addresses ~',
  fields: [
    integer('id'),
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
    ...stamps,
  ],
  expands: [
    toOne('customer', () => customers, 'customer_id'),
    toOne('address_country_code', () => countryCodes, 'address_country_code_id'),
    toOne('country_code', () => countryCodes, 'country_code_id'),
    toOne('tax_code', () => taxCodes, 'tax_code_id'),
  ],
  orderBy: '~.id',
};
