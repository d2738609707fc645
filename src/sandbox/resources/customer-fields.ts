// The customer record, written down once: its table, its reads, its writes and their limits all come from this list.
import { boolean, choice, instant, integer, money, readOnly, text, type Field } from './field.js';

export const ACCOUNT_STATUSES = ['AccountStatusActive', 'AccountStatusHidden'] as const;
export const ACCOUNT_TYPES = [
  'TradingAccountTypeOpenItem',
  'TradingAccountTypeBalanceForward',
  'TradingAccountTypeAutoAllocate',
] as const;
export const PAYMENT_TERMS = [
  'PaymentDueFromDocumentDate',
  'PaymentDueFromEndOfMonth',
  'PaymentDueFromStartOfMonth',
  'PaymentDueFromCalendarMonth',
] as const;
export const EXCHANGE_RATE_TYPES = ['ExchangeRateSingle', 'ExchangeRatePeriod', 'ExchangeRateBoth'] as const;

const numbered = (count: number, make: (index: number) => Field): Field[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

export const customerFields: readonly Field[] = [
  readOnly(integer('id')),
  text('reference', 8),
  text('name', 60),
  text('short_name', 8),
  readOnly(money('balance')),
  boolean('on_hold'),
  text('status_reason', 256),
  choice('account_status_type', ACCOUNT_STATUSES),
  integer('currency_id'),
  choice('exchange_rate_type', EXCHANGE_RATE_TYPES),
  text('telephone_country_code', 5),
  text('telephone_area_code', 20),
  text('telephone_subscriber_number', 200),
  text('fax_country_code', 5),
  text('fax_area_code', 20),
  text('fax_subscriber_number', 200),
  text('website', 200),
  money('credit_limit'),
  integer('country_code_id'),
  integer('default_tax_code_id'),
  text('vat_number', 30),
  text('duns_code', 9),
  choice('account_type', ACCOUNT_TYPES),
  money('early_settlement_discount_percent'),
  integer('early_settlement_discount_days'),
  integer('payment_terms_days'),
  choice('payment_terms_basis', PAYMENT_TERMS),
  readOnly(integer('average_time_to_pay')),
  boolean('terms_agreed'),
  readOnly(money('value_of_current_orders_in_sop')),
  integer('credit_bureau_id'),
  integer('credit_position_id'),
  integer('finance_charge_id'),
  text('trading_terms', 30),
  text('credit_reference', 60),
  instant('account_opened'),
  instant('last_credit_review'),
  instant('next_credit_review'),
  instant('application_date'),
  instant('date_received'),
  choice('office_type', ['Independent', 'HeadOffice', 'Branch']),
  integer('associated_head_office_id'),
  boolean('produce_statements_for_customer'),
  boolean('is_head_office_with_branches'),
  boolean('use_consolidated_billing'),
  text('order_priority', 1),
  boolean('use_tax_code_as_default'),
  integer('months_to_keep_transactions'),
  readOnly(integer('default_nominal_code_id')),
  text('default_nominal_code_reference', 8),
  text('default_nominal_code_cost_centre', 3),
  text('default_nominal_code_department', 3),
  money('invoice_discount_percent'),
  money('invoice_line_discount_percent'),
  integer('customer_discount_group_id'),
  integer('order_value_discount_id'),
  integer('price_band_id'),
  ...numbered(20, (index) => text(`analysis_code_${index}`, 60)),
  ...numbered(10, (index) => text(`spare_text_${index}`, 100)),
  ...numbered(10, (index) => money(`spare_number_${index}`)),
  ...numbered(5, (index) => instant(`spare_date_${index}`)),
  ...numbered(5, (index) => boolean(`spare_bool_${index}`)),
  readOnly(instant('date_time_created')),
  readOnly(instant('date_time_updated')),
];

/** The main address: kept in columns `main_…` of the customer's row. */
export const mainAddressFields: readonly Field[] = [
  readOnly(integer('id', '~.main_address_id')),
  readOnly(integer('customer_id', '~.id')),
  text('address_1', 60, '~.main_address_1'),
  text('address_2', 60, '~.main_address_2'),
  text('address_3', 60, '~.main_address_3'),
  text('address_4', 60, '~.main_address_4'),
  text('city', 60, '~.main_city'),
  text('county', 60, '~.main_county'),
  text('postcode', 10, '~.main_postcode'),
  readOnly(
    text(
      'country',
      60,
      '(select code.name from country_codes code where code.company_id = ~.company_id and code.id = ~.main_country_code_id)',
    ),
  ),
  integer('address_country_code_id', '~.main_country_code_id'),
  readOnly(instant('date_time_created')),
  readOnly(instant('date_time_updated')),
];

export const mainAddressColumns = [
  'main_address_1',
  'main_address_2',
  'main_address_3',
  'main_address_4',
  'main_city',
  'main_county',
  'main_postcode',
] as const;
