// What hangs below a transaction: its VAT, nominal and bank lines, and what it was matched with.
import { baseMoney, boolean, choice, date, instant, integer, money, rate, text } from './field.js';
import { TRANSACTION_TYPES } from '../ledger/transaction-types.js';
import type { Expand, Resource } from './resource.js';

/** Lines are kept with their transaction as a JSON array of arrays: nobody can filter on them (sage200.md §2.1). */
const taxAnalysisItems: Resource = {
  name: 'tax_analysis_items',
  // `^` is the transaction.
  from: 'json_each(^.tax_lines) ~ left join tax_codes ~_c on ~_c.company_id = ^.company_id and ~_c.id = ~.value ->> 0',
  fields: [
    // A line outlives its tax code.
    integer('id', '(~.value ->> 0)'),
    integer('code', '~_c.code'),
    text('name', 60, '~_c.name'),
    text('entry_type', 20, "'Goods'"),
    money('goods_amount', '(~.value ->> 1)'),
    money('tax_amount', '(~.value ->> 2)'),
    money('tax_discount_amount', '(~.value ->> 3)'),
  ],
  orderBy: '~.key',
};

const nominalAnalysisItems: Resource = {
  name: 'nominal_analysis_items',
  from: 'json_each(^.nominal_lines) ~',
  fields: [
    text('code', 8, '(~.value ->> 0)'),
    text('cost_centre', 3, '(~.value ->> 1)'),
    text('department', 3, '(~.value ->> 2)'),
    text(
      'name',
      60,
      '(select n.name from nominal_codes n where n.company_id = ^.company_id and n.reference = ~.value ->> 0 ' +
        'and n.cost_centre = ~.value ->> 1 and n.department = ~.value ->> 2)',
    ),
    text('location', 30, "'Nominal Ledger'"),
    text('reference', 20, '^.reference'),
    text('narrative', 6000, '(~.value ->> 3)'),
    money('value', '(~.value ->> 4)'),
    baseMoney('base_value', '(~.value ->> 5)'),
    text('transaction_analysis_code', 20, '(~.value ->> 6)'),
    text('source', 30, "'Sales Ledger'"),
  ],
  orderBy: '~.key',
};

const bankItems: Resource = {
  name: 'bank_items',
  from: 'banks ~',
  fields: [
    text('bank_code', 8, '~.code'),
    text('name', 60, '~.description'),
    text('bank_entry_type', 30, "iif(^.gross < 0, 'Receipt', 'Payment')"),
    text('reference', 20, '^.reference'),
    money('cheque_value', '^.cheque_value'),
    integer('statement_page_number', '0'),
    integer('urn', '^.urn'),
  ],
  orderBy: '~.id',
};

/** The other side of each match, known by URN and reference only (sage200.md §4.2). */
const allocationSessionItems: Resource = {
  name: 'allocation_session_items',
  from: 'allocations ~ join transactions ~_o on ~_o.company_id = ~.company_id and ~_o.id = ~.counterpart_id',
  fields: [
    text('user_name', 20, '~.user_name'),
    text('ledger_type', 30, "'LedgerSales'"),
    integer('urn', '~_o.urn'),
    date('allocation_date'),
    choice('trader_transaction_type', TRANSACTION_TYPES, '~_o.type'),
    text('reference', 20, '~_o.reference'),
    money('value', '~_o.gross'),
    money('allocation_value', '(-~.value)'),
  ],
  orderBy: '~.id',
};

const allocationHistoryItems: Resource = {
  name: 'allocation_history_items',
  from: 'allocations ~',
  fields: [
    integer('id'),
    text('trading_revaluation_allocation_entry_type', 50, "'TradingRevaluationAllocationEntryTypeAllocation'"),
    date('entry_date', '~.allocation_date'),
    money('allocation_value', '~.value'),
    boolean('nominal_updated', '1'),
    rate('exchange_rate', '^.exchange_rate'),
    money('exchange_gain_loss', '0'),
    instant('date_time_created'),
    instant('date_time_updated', '~.date_time_created'),
  ],
  orderBy: '~.id',
};

export const transactionMemos: Resource = {
  name: 'sales_posted_transaction_memos',
  from: 'transaction_memos ~',
  fields: [
    integer('id'),
    integer('posted_customer_transaction_id', '~.transaction_id'),
    text('note', 1000),
    boolean('is_active'),
    text('created_by', 20),
    instant('date_time_created'),
    instant('date_time_updated'),
  ],
  orderBy: '~.id',
};

const many = (resource: Resource, on: string): Expand => ({
  name: resource.name,
  isMany: true,
  resource: () => resource,
  on,
});
const byTransaction = '^.company_id = ~.company_id and ^.transaction_id = ~.id';

export const analysisExpands: readonly Expand[] = [
  many(taxAnalysisItems, '1'),
  many(nominalAnalysisItems, '1'),
  many(bankItems, '^.company_id = ~.company_id and ^.id = ~.bank_id'),
];
export const allocationExpands: readonly Expand[] = [
  many(allocationSessionItems, byTransaction),
  many(allocationHistoryItems, byTransaction),
];
export const memosExpand: Expand = { ...many(transactionMemos, byTransaction), name: 'memos' };
