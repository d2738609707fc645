import {
  date,
  decimal,
  instant,
  requiredDate,
  requiredDecimal,
  requiredInteger,
  requiredText,
  requiredUrn,
  type Row,
  RowFault,
  rows,
  text,
} from './decode.js';
import { subtractDecimals } from './decimal-text.js';
import { pageReader } from './page-reader.js';

export type SageTransactionKind =
  'INVOICE' | 'CREDIT_NOTE' | 'RECEIPT' | 'REFUND' | 'OPENING_INVOICE' | 'OPENING_CREDIT_NOTE';

export interface SageAllocation {
  /** Of the transaction on the other side: Sage gives no id (sage200.md §4.2). */
  urn: string;
  kind: SageTransactionKind | null;
  reference: string;
  /** Decimal text, with the sign that Sage gives it. */
  amount: string;
  /** YYYY-MM-DD. */
  allocatedOn: string | null;
}

/** A posted or archived transaction. Amounts are decimal texts signed as in Sage: debits positive, credits negative. */
export interface SageTransaction {
  id: number;
  customerId: number;
  kind: SageTransactionKind;
  urn: string;
  reference: string;
  secondReference: string;
  /** The query letter, trimmed, or ''. */
  queried: string;
  /** YYYY-MM-DD, as the other dates. */
  transactionDate: string;
  postedDate: string | null;
  dueDate: string | null;
  /** In the account's currency, as all but the base values. */
  gross: string;
  net: string;
  tax: string;
  allocated: string;
  outstanding: string;
  baseGross: string | null;
  baseOutstanding: string | null;
  exchangeRate: string | null;
  /** ISO 8601 with Z and milliseconds. */
  updatedAt: string | null;
  archived: boolean;
  allocations: SageAllocation[];
}

/** Enum names are shared with the purchase ledger (sage200.md §4.1); null marks what is no transaction. */
const KINDS: Readonly<Record<string, SageTransactionKind | null>> = {
  TradingAccountEntryTypeInvoice: 'INVOICE',
  TradingAccountEntryTypeCreditNote: 'CREDIT_NOTE',
  TradingAccountEntryTypePurchasePaymentSalesReceipt: 'RECEIPT',
  TradingAccountEntryTypePurchaseReceiptSalesPayment: 'REFUND',
  TradingAccountEntryTypeOpeningBalanceInvoice: 'OPENING_INVOICE',
  TradingAccountEntryTypeOpeningBalanceCreditNote: 'OPENING_CREDIT_NOTE',
  TradingAccountEntryTypeDeletedRecord: null,
  TradingAccountEntryTypeNOTUSED: null,
};

export const readPostedTransactions = pageReader<SageTransaction>({
  path: '/sales_posted_transactions',
  expand: 'allocation_session_items',
  decode: (row) => transactionOf(row, false),
});

/** Archived by Sage's account maintenance; without allocations (sage200.md §4.4). */
export const readHistoricalTransactions = pageReader<SageTransaction>({
  path: '/sales_historical_transactions',
  decode: (row) => transactionOf(row, true),
});

/** Null for a row that is no transaction. */
export function transactionOf(row: Row, archived: boolean): SageTransaction | null {
  const type = requiredText(row, 'trader_transaction_type');
  const kind = KINDS[type];
  if (kind === null) return null;
  if (kind === undefined) throw new RowFault(`trader_transaction_type ${type.slice(0, 60)} is not known`);
  const gross = requiredDecimal(row, 'document_gross_value');
  const tax = decimal(row, 'document_tax_value') ?? '0';
  return {
    id: requiredInteger(row, 'id'),
    customerId: requiredInteger(row, 'customer_id'),
    kind,
    urn: requiredUrn(row, 'urn'),
    reference: text(row, 'reference') ?? '',
    secondReference: text(row, 'second_reference') ?? '',
    queried: (text(row, 'queried') ?? '').trim(),
    transactionDate: requiredDate(row, 'transaction_date'),
    postedDate: date(row, 'posted_date'),
    dueDate: date(row, 'due_date'),
    gross,
    net: decimal(row, 'document_goods_value') ?? subtractDecimals(gross, tax),
    tax,
    ...settlement(row, gross),
    baseGross: decimal(row, 'base_gross_value'),
    baseOutstanding: decimal(row, 'base_outstanding_value'),
    exchangeRate: decimal(row, 'exchange_rate'),
    updatedAt: instant(row, 'date_time_updated'),
    archived,
    allocations: archived ? [] : rows(row, 'allocation_session_items').map(allocationOf),
  };
}

/** Outstanding is gross less allocated, all signed (sage200.md §4.2), so one of the two is enough. */
function settlement(row: Row, gross: string): { allocated: string; outstanding: string } {
  const allocated = decimal(row, 'document_allocated_value');
  const outstanding = decimal(row, 'document_outstanding_value');
  if (allocated !== null) return { allocated, outstanding: outstanding ?? subtractDecimals(gross, allocated) };
  if (outstanding !== null) return { allocated: subtractDecimals(gross, outstanding), outstanding };
  throw new RowFault('document_allocated_value is missing');
}

function allocationOf(item: Row): SageAllocation {
  return {
    urn: requiredUrn(item, 'urn'),
    kind: KINDS[text(item, 'trader_transaction_type') ?? ''] ?? null,
    reference: text(item, 'reference') ?? '',
    amount: decimal(item, 'allocation_value') ?? requiredDecimal(item, 'value'),
    allocatedOn: date(item, 'allocation_date'),
  };
}
