// Bank accounts. A bank's balance is its opening balance and what receipts and refunds moved; in the bank's own currency.
import { choice, instant, integer, money, text } from './field.js';
import { ACCOUNT_STATUSES } from './customer-fields.js';
import { currencies } from './financials.js';
import type { Resource } from './resource.js';

const stamps = [instant('date_time_created'), instant('date_time_updated')];
const nominals = [
  text('bank_account_nominal_reference', 8, '~.nominal_reference'),
  text('bank_account_nominal_cost_centre', 3, "''"),
  text('bank_account_nominal_department', 3, "''"),
  text('bank_charges_nominal_reference', 8, "'7900'"),
  text('bank_charges_nominal_cost_centre', 3, "''"),
  text('bank_charges_nominal_department', 3, "''"),
  text('exchange_diff_nominal_reference', 8, "'7905'"),
  text('exchange_diff_nominal_cost_centre', 3, "''"),
  text('exchange_diff_nominal_department', 3, "''"),
];
const account = [
  integer('id'),
  text('code', 8),
  text('description', 60),
  text('sort_code', 10),
  text('account_no', 20),
  text('bank_name', 60),
];
const balances = [
  money('balance', '~.opening'),
  money('balance_in_base', '~.opening'),
  money('overdraft_limit', '0'),
  text('account_name', 50),
  text('iban', 40),
  text('bic', 11),
  money('statement_balance', '0'),
];

export const banks: Resource = {
  name: 'banks',
  from: 'banks ~',
  fields: [
    ...account,
    text('account_type', 20),
    choice('account_status_type', ACCOUNT_STATUSES, '~.status'),
    ...balances,
    integer('account_currency_id', '~.currency_id'),
    ...nominals,
    ...stamps,
  ],
  expands: [
    {
      name: 'account_currency',
      isMany: false,
      resource: () => currencies,
      on: '^.company_id = ~.company_id and ^.id = ~.currency_id',
    },
  ],
  orderBy: '~.id',
};

export const bankViews: Resource = {
  name: 'bank_views',
  from:
    'banks ~ join currencies ~_c on ~_c.company_id = ~.company_id and ~_c.id = ~.currency_id ' +
    'join currency_iso_codes ~_i on ~_i.company_id = ~.company_id and ~_i.id = ~_c.iso_code_id',
  fields: [
    ...account,
    integer('account_type_id', "iif(~.account_type = 'BankAccountTypePettyCash', 2, 0)"),
    integer('account_status_type_id', '~.status'),
    ...balances,
    integer('currency_id'),
    text('currency_name', 30, '~_c.name'),
    text('currency_symbol', 4, '~_c.symbol'),
    integer('currency_iso_code_id', '~_i.id'),
    text('currency_iso_code', 3, '~_i.code'),
    text('currency_iso_code_name', 100, '~_i.name'),
    ...nominals,
  ],
  orderBy: '~.code',
};

export const lookupBanks: Resource = {
  name: 'lookup_banks',
  from: 'banks ~',
  fields: [
    integer('id'),
    text('code', 8),
    text('description', 60),
    choice('account_status_type', ACCOUNT_STATUSES, '~.status'),
    ...stamps,
  ],
  orderBy: '~.code',
};
