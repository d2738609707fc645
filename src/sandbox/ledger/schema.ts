// Tables of the sandbox. Everything of a company is keyed by company first: Sage's ids are unique within one company only.
import { customerFields, mainAddressColumns } from '../resources/customer-fields.js';
import type { Field } from '../resources/field.js';

const columnType = ({ kind }: Field): string =>
  kind === 'text' || kind === 'instant' ? 'text collate nocase' : 'integer';

const customerColumns = customerFields
  .filter(({ name }) => name !== 'id')
  .map((field) => `${field.name} ${columnType(field)}`)
  .join(', ');

/** Every table that only needs (company_id, id) and some columns. SQL Server compares text without regard to case. */
const TABLES: Readonly<Record<string, string>> = {
  currencies: 'symbol, name, core_rate int, is_base int, is_euro int, iso_code_id int',
  currency_iso_codes: 'code, name',
  country_codes: 'code, name, eu_member int',
  tax_codes: 'code int, name, tax_rate int, terms',
  accounting_periods:
    'year_id int, year_relative int, year_start, year_end, number int, start_date, end_date, is_closed int',
  cost_centres: 'code, name',
  departments: 'code, name',
  report_categories: 'code, description, report_type, category_type',
  analysis_codes: 'code, description, active int',
  users: 'name',
  nominal_codes:
    'name, reference collate nocase, cost_centre_id int, cost_centre collate nocase, department_id int, department collate nocase, account_type int, status int, ' +
    'report_category_id int, allow_manual int, balance int',
  banks:
    'code collate nocase, description, sort_code, account_no, bank_name, account_type, status int, currency_id int, opening int, account_name, iban, bic, nominal_reference',
  customers: `${customerColumns}, main_address_id int, ${mainAddressColumns.join(', ')}, main_country_code_id int, document_prefix`,
  contacts: 'customer_id int, salutation_id int, first_name, middle_name, last_name, is_default int',
  contact_details:
    'contact_id int, kind, value collate nocase, country_code, area_code, subscriber_number, is_default int',
  contact_roles: 'contact_id int, trader_contact_role_id int, is_preferred int',
  delivery_addresses:
    'customer_id int, is_default int, description, postal_name, address_1, address_2, address_3, address_4, city, county, postcode, ' +
    'address_country_code_id int, contact, telephone, fax, email, tax_number, tax_code_id int, country_code_id int',
  customer_memos: 'customer_id int, note, is_active int, created_by',
  transaction_memos: 'transaction_id int, note, is_active int, created_by',
};

const genericTables = Object.entries(TABLES)
  .map(([name, columns]) => {
    const stamps = columns.includes('date_time_created') ? '' : ', date_time_created, date_time_updated';
    return `create table ${name} (company_id int, id int, ${columns}${stamps}, primary key (company_id, id)) without rowid;`;
  })
  .join('\n');

export const CREATE_TABLES = `
create table settings (name text primary key, value text);
create table counters (company_id int, name text, next int, primary key (company_id, name)) without rowid;
create table enumerations (resource text, id int, description text, value text, primary key (resource, id)) without rowid;
create table companies (company_id int primary key, name text, site_id text, site_name text, site_short_name text, tenant_id int,
  details text, settings text, system_settings text);
create table oauth_families (id text primary key, client_id text, user text, signed_in_at_ms int, is_revoked int default 0);
create table oauth_codes (hash text primary key, family_id text, redirect_uri text, scope text, expires_at_ms int, is_used int default 0);
create table oauth_tokens (hash text primary key, family_id text, kind text, scope text, expires_at_ms int, is_dead int default 0);
${genericTables}
-- Values are signed and in minor units: debits positive, credits negative.
create table transactions (
  company_id int, id int, customer_id int, type int, reference text collate nocase, second_reference text collate nocase,
  queried text default '', transaction_date text, posted_date text, due_date text, full_settlement_date text,
  goods int, tax int, gross int, discount int default 0, tax_discount int default 0, discount_percent int default 0, discount_days int default 0,
  allocated int default 0, base_goods int, base_tax int, base_gross int, base_allocated int default 0, exchange_rate int,
  settled_immediately int default 0, urn int, user_name text, source text, document_no text, bank_id int, cheque_value int,
  tax_lines text, nominal_lines text, is_archived int default 0, date_time_created text, date_time_updated text,
  primary key (company_id, id)) without rowid;
-- Two rows for each pair that was matched, one seen from either side: value is positive on the debit's row, negative on the credit's.
create table allocations (
  company_id int, transaction_id int, id int, session_id int, counterpart_id int, value int, allocation_date text, user_name text,
  date_time_created text, primary key (company_id, transaction_id, id)) without rowid;
`;

/** Made after the bulk load: building an index once is several times faster than keeping it up row by row. */
export const CREATE_INDEXES = `
create index transactions_by_customer on transactions (company_id, customer_id);
create index transactions_by_urn on transactions (company_id, urn);
create index transactions_by_updated on transactions (company_id, date_time_updated);
create index transactions_by_second_reference on transactions (company_id, second_reference);
create index transactions_by_reference on transactions (company_id, reference);
create index customers_by_reference on customers (company_id, reference);
create index customers_by_updated on customers (company_id, date_time_updated);
create index contacts_by_customer on contacts (company_id, customer_id);
create index contact_details_by_contact on contact_details (company_id, contact_id);
create index contact_roles_by_contact on contact_roles (company_id, contact_id);
create index delivery_addresses_by_customer on delivery_addresses (company_id, customer_id);
create index customer_memos_by_customer on customer_memos (company_id, customer_id);
create index transaction_memos_by_transaction on transaction_memos (company_id, transaction_id);
create index nominal_codes_by_triple on nominal_codes (company_id, reference, cost_centre, department);
`;
