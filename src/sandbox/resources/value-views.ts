// Turnover of a customer by accounting period and by financial year: net, without VAT.
import { baseMoney, date, instant, integer, money, text, type Field } from './field.js';
import type { Resource } from './resource.js';

const totals = (span: string): string =>
  `(select x.company_id, x.customer_id, ${span}, max(x.date_time_updated) as stamp,
    sum(iif(x.type in (0, 4), x.goods, 0)) invoices, sum(iif(x.type in (1, 5), -x.goods, 0)) credits, sum(iif(x.type in (2, 3), -x.gross, 0)) cash,
    sum(iif(x.type in (0, 4), x.base_goods, 0)) base_invoices, sum(iif(x.type in (1, 5), -x.base_goods, 0)) base_credits,
    sum(iif(x.type in (2, 3), -x.base_gross, 0)) base_cash
   from transactions x join accounting_periods p on p.company_id = x.company_id and x.transaction_date between p.start_date and p.end_date
   group by 1, 2, 3) ~ join customers ~_u on ~_u.company_id = ~.company_id and ~_u.id = ~.customer_id`;

const customer: readonly Field[] = [
  integer('customer_id'),
  text('customer_reference', 20, '~_u.reference'),
  text('customer_name', 60, '~_u.name'),
  text('customer_analysis_code_1', 60, '~_u.analysis_code_1'),
];

const values = (prefix: string): Field[] => [
  money(`${prefix}_total_invoice_value_to_date`, '~.invoices'),
  money(`${prefix}_total_credit_note_value_to_date`, '~.credits'),
  money(`${prefix}_total_cash_value_to_date`, '~.cash'),
  money(`${prefix}_total_profit_value_to_date`, '0'),
  baseMoney(`${prefix}_total_invoice_value_to_date_in_base`, '~.base_invoices'),
  baseMoney(`${prefix}_total_cred_note_value_to_date_in_base`, '~.base_credits'),
  baseMoney(`${prefix}_total_cash_value_to_date_in_base`, '~.base_cash'),
  baseMoney(`${prefix}_total_profit_value_to_date_in_base`, '0'),
  integer(`${prefix}_exchange_rate_gain_or_loss`, '0'),
  money(`${prefix}_total_finance_charges_applied`, '0'),
  instant(`${prefix}_date_time_updated`, '~.stamp'),
];

export const customerPeriodValueViews: Resource = {
  name: 'customer_period_value_views',
  from: `${totals('p.id as span')} join accounting_periods ~_p on ~_p.company_id = ~.company_id and ~_p.id = ~.span`,
  fields: [
    ...customer,
    integer('customer_period_value_id', '(~.customer_id * 1000 + ~.span)'),
    ...values('period_value'),
    integer('customer_analysis_period_id', '~.span'),
    text('analysis_period_reference', 20, 'cast(~_p.number as text)'),
    date('analysis_period_start_date', '~_p.start_date'),
    date('analysis_period_end_date', '~_p.end_date'),
  ],
  orderBy: '~.customer_id, ~.span',
};

export const customerYearValueViews: Resource = {
  name: 'customer_year_value_views',
  from: `${totals('p.year_id as span')} join accounting_periods ~_p on ~_p.company_id = ~.company_id and ~_p.year_id = ~.span and ~_p.number = 1`,
  fields: [
    ...customer,
    integer('customer_year_value_id', '(~.customer_id * 1000 + ~.span)'),
    ...values('year_value'),
    integer('financial_year_id', '~.span'),
    date('financial_year_start_date', '~_p.year_start'),
    date('financial_year_end_date', '~_p.year_end'),
    integer('year_relative_to_current_year', '~_p.year_relative'),
    integer('number_of_periods_in_year', '12'),
  ],
  orderBy: '~.customer_id, ~.span',
};
