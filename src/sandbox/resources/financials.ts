// Currencies, tax codes, countries, periods.
import { boolean, date, instant, integer, money, rate, text } from './field.js';
import type { Resource } from './resource.js';

const stamps = [instant('date_time_created'), instant('date_time_updated')];

export const currencyIsoCodes: Resource = {
  name: 'currency_iso_codes',
  from: 'currency_iso_codes ~',
  fields: [integer('id'), text('code', 3), text('name', 100), ...stamps],
  orderBy: '~.id',
};

export const currencies: Resource = {
  name: 'currencies',
  from: 'currencies ~',
  fields: [
    integer('id'),
    text('symbol', 4),
    text('name', 30),
    rate('core_currency_rate', '~.core_rate'),
    rate('euro_currency_rate', '(case when ~.is_euro then 1000000 end)'),
    boolean('is_base_currency', '~.is_base'),
    boolean('is_euro_currency', '~.is_euro'),
    boolean('use_for_new_accounts', '1'),
    text('exchange_rate_type', 20, "'ExchangeRateSingle'"),
    text('exchange_rate_amendability_type', 50, "'EnumExchangeRateAmendabilityTypeAmendable'"),
    integer('currency_iso_code_id', '~.iso_code_id'),
    ...stamps,
  ],
  expands: [
    {
      name: 'currency_iso_code',
      isMany: false,
      resource: () => currencyIsoCodes,
      on: '^.company_id = ~.company_id and ^.id = ~.iso_code_id',
    },
  ],
  orderBy: '~.id',
};

export const countryCodes: Resource = {
  name: 'country_codes',
  from: 'country_codes ~',
  fields: [integer('id'), text('code', 2), text('name', 60), boolean('eu_member'), ...stamps],
  orderBy: '~.id',
};

export const taxCodes: Resource = {
  name: 'tax_codes',
  from: 'tax_codes ~',
  fields: [
    integer('id'),
    integer('code'),
    text('name', 60),
    money('tax_rate'),
    text('terms', 54),
    text('terms_description', 60, '~.terms'),
    boolean('is_notional_acquisition_tax', '0'),
    ...stamps,
  ],
  orderBy: '~.id',
};

export const financialYearPeriodViews: Resource = {
  name: 'financial_year_period_views',
  from: 'accounting_periods ~',
  fields: [
    integer('financial_year_id', '~.year_id'),
    date('financial_year_start_date', '~.year_start'),
    date('financial_year_end_date', '~.year_end'),
    integer('year_relative_to_current_year', '~.year_relative'),
    integer('number_of_periods_in_year', '12'),
    integer('accounting_period_id', '~.id'),
    integer('period_number', '~.number'),
    date('period_start_date', '~.start_date'),
    date('period_end_date', '~.end_date'),
  ],
  orderBy: '~.start_date',
};

export const salesTradingPeriods: Resource = {
  name: 'sales_trading_periods',
  from: 'accounting_periods ~',
  fields: [
    integer('id'),
    text('period_number', 20, 'cast(~.number as text)'),
    date('start_date'),
    date('end_date'),
    ...stamps,
  ],
  orderBy: '~.start_date',
};

/** Resources of three columns that are the same in every company: `value` is the wire's name. */
export const enumeration = (name: string): Resource => ({
  name,
  from: 'enumerations ~',
  fields: [integer('id'), text('description', 50), text('value', 50)],
  isPerCompany: false,
  where: `~.resource = '${name}'`,
  orderBy: '~.id',
});
