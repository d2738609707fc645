// The sales ledger: posted transactions, the archive, and the two flat views of them.
import { baseMoney, boolean, choice, date, instant, integer, money, rate, text, type Field } from './field.js';
import { TRANSACTION_TYPES } from '../ledger/transaction-types.js';
import { customers } from './customers.js';
import type { Expand, Resource } from './resource.js';
import { allocationExpands, analysisExpands, memosExpand } from './transaction-children.js';

const OUTSTANDING = '(~.gross - ~.allocated)';
const BASE_OUTSTANDING = '(~.base_gross - ~.base_allocated)';

const customer: Expand = {
  name: 'customer',
  isMany: false,
  resource: () => customers,
  on: '^.company_id = ~.company_id and ^.id = ~.customer_id',
};

const references = [text('reference', 20), text('second_reference', 20)];
const dates = [date('transaction_date'), date('posted_date'), date('due_date')];

const postedFields: readonly Field[] = [
  // An add-on's field at the root of the row (sage200.md §1.6).
  text('customer_document_no', 60, '~.document_no'),
  integer('customer_id'),
  choice('trader_transaction_type', TRANSACTION_TYPES, '~.type'),
  ...references,
  text('queried', 1),
  ...dates,
  date('full_settlement_date'),
  money('document_goods_value', '~.goods'),
  money('document_gross_value', '~.gross'),
  money('document_tax_value', '~.tax'),
  money('document_discount_value', '~.discount'),
  money('discount_percent'),
  money('document_tax_discount_value', '~.tax_discount'),
  money('document_allocated_value', '~.allocated'),
  money('document_outstanding_value', OUTSTANDING),
  baseMoney('base_goods_value', '~.base_goods'),
  baseMoney('base_gross_value', '~.base_gross'),
  baseMoney('base_tax_value', '~.base_tax'),
  baseMoney('base_discount_value', '0'),
  baseMoney('base_tax_discount_value', '0'),
  baseMoney('base_allocated_value', '~.base_allocated'),
  baseMoney('base_outstanding_value', BASE_OUTSTANDING),
  money('control_value_in_base_currency', BASE_OUTSTANDING),
  rate('exchange_rate'),
  boolean('settled_immediately'),
  integer('discount_days'),
  integer('urn'),
  text('user_name', 20),
  integer('id'),
  instant('date_time_created'),
  instant('date_time_updated'),
];

export const postedTransactions: Resource = {
  name: 'sales_posted_transactions',
  from: 'transactions ~',
  fields: postedFields,
  expands: [...analysisExpands, ...allocationExpands, customer],
  where: '~.is_archived = 0',
  orderBy: '~.id',
  late: { table: 'transactions', idSql: '~.id' },
};

/** The same rows once Account Maintenance has moved them; without their matches (sage200.md §4.4). */
export const historicalTransactions: Resource = {
  name: 'sales_historical_transactions',
  from: 'transactions ~',
  fields: postedFields,
  expands: [...analysisExpands, customer],
  where: '~.is_archived = 1',
  orderBy: '~.id',
};

export const transactionViews: Resource = {
  name: 'sales_transaction_views',
  from:
    'transactions ~ join customers ~_u on ~_u.company_id = ~.company_id and ~_u.id = ~.customer_id ' +
    'join currencies ~_c on ~_c.company_id = ~.company_id and ~_c.id = ~_u.currency_id',
  fields: [
    integer('posted_customer_transaction_id', '~.id'),
    choice('transaction_type', TRANSACTION_TYPES, '~.type'),
    ...dates,
    integer('discount_days'),
    ...references,
    // A blank here where the posted transaction has "" (sage200.md §1.6).
    text('query', 1, "iif(~.queried = '', ' ', ~.queried)"),
    text('status', 20, "case when ~.gross = ~.allocated then 'Full' when ~.allocated = 0 then '' else 'Part' end"),
    text('user_name', 20),
    text('ledger_type', 30, "'LedgerSales'"),
    integer('urn'),
    rate('exchange_rate'),
    boolean('settled_immediately'),
    baseMoney('base_goods_value', '~.base_goods'),
    baseMoney('base_gross_value', '~.base_gross'),
    baseMoney('base_discount_value', '0'),
    baseMoney('base_tax_value', '~.base_tax'),
    baseMoney('base_tax_discount_value', '0'),
    baseMoney('base_allocated_value', '~.base_allocated'),
    money('base_outstanding_value', BASE_OUTSTANDING),
    money('document_goods_value', '~.goods'),
    money('document_gross_value', '~.gross'),
    money('document_discount_value', '~.discount'),
    money('document_tax_value', '~.tax'),
    money('document_tax_discount_value', '~.tax_discount'),
    money('document_allocated_value', '~.allocated'),
    money('document_outstanding_value', OUTSTANDING),
    integer('customer_id'),
    text('customer_reference', 8, '~_u.reference'),
    text('customer_name', 60, '~_u.name'),
    text('currency_name', 30, '~_c.name'),
    text('currency_symbol', 4, '~_c.symbol'),
    instant('transaction_date_time_updated', '~.date_time_updated'),
  ],
  where: '~.is_archived = 0',
  orderBy: '~.id',
  late: { table: 'transactions', idSql: '~.id' },
};

/** The Transaction Enquiry screen: no time stamps, no base values. */
export const enquiryViews: Resource = {
  name: 'sales_transaction_enquiry_views',
  from: 'transactions ~',
  fields: [
    integer('id'),
    integer('customer_id'),
    choice('trader_transaction_type', TRANSACTION_TYPES, '~.type'),
    ...references,
    text('queried', 1),
    ...dates,
    integer('discount_days'),
    money('document_gross_value', '~.gross'),
    money('document_discount_value', '~.discount'),
    money('document_discounted_value', '(~.gross - ~.discount)'),
    money('document_tax_discount_value', '~.tax_discount'),
    money('document_allocated_value', '~.allocated'),
    money('document_outstanding_value', OUTSTANDING),
    choice(
      'allocation_status',
      ['AllocationStatusUnallocated', 'AllocationStatusPart', 'AllocationStatusFull'],
      '(case when ~.gross = ~.allocated then 2 when ~.allocated = 0 then 0 else 1 end)',
    ),
    text('memo_note_status', 1, "''"),
    rate('exchange_rate'),
    boolean('settled_immediately'),
    text('source', 30),
    integer('urn'),
    text('user_name', 20),
    boolean('has_documents', '0'),
  ],
  expands: [...analysisExpands, ...allocationExpands, memosExpand, customer],
  where: '~.is_archived = 0',
  orderBy: '~.id',
  late: { table: 'transactions', idSql: '~.id' },
};
