import { type ListResource, type PageRequest, readPage, type SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import {
  optionalDate,
  optionalDecimal,
  optionalInstant,
  requiredDate,
  requiredDecimal,
  requiredId,
  requiredText,
  rows,
  text,
  WireError,
  type WireRow,
} from './wire.js';

export type SageTransactionKind =
  'INVOICE' | 'CREDIT_NOTE' | 'RECEIPT' | 'REFUND' | 'OPENING_INVOICE' | 'OPENING_CREDIT_NOTE';

/**
 * Sage's names of the kinds (sage200.md §4.1). They are shared with the purchase ledger: in the sales ledger
 * "PurchasePaymentSalesReceipt" is a receipt, and "PurchaseReceiptSalesPayment" a refund.
 */
const KINDS: Record<string, SageTransactionKind> = {
  TradingAccountEntryTypeInvoice: 'INVOICE',
  TradingAccountEntryTypeCreditNote: 'CREDIT_NOTE',
  TradingAccountEntryTypePurchasePaymentSalesReceipt: 'RECEIPT',
  TradingAccountEntryTypePurchaseReceiptSalesPayment: 'REFUND',
  TradingAccountEntryTypeOpeningBalanceInvoice: 'OPENING_INVOICE',
  TradingAccountEntryTypeOpeningBalanceCreditNote: 'OPENING_CREDIT_NOTE',
};
const PASSED_OVER = new Set(['TradingAccountEntryTypeDeletedRecord', 'TradingAccountEntryTypeNOTUSED']);

export interface SageAllocationItem {
  /** Of the transaction on the other side: items name no id. */
  urn: string;
  reference: string;
  /** Decimal text; which side's sign it bears is not documented. */
  amount: string;
  allocatedOn: string | null;
}

/** A posted or historical transaction. Amounts are decimal text in the customer's currency, signed as the ledger signs them. */
export interface SageTransaction {
  id: number;
  customerId: number;
  kind: SageTransactionKind;
  urn: string;
  reference: string;
  secondReference: string;
  /** The query letter, or "". */
  queried: string;
  transactionDate: string;
  postedDate: string | null;
  dueDate: string | null;
  gross: string;
  net: string;
  tax: string;
  allocated: string;
  outstanding: string;
  baseGross: string | null;
  baseOutstanding: string | null;
  exchangeRate: string | null;
  updatedAt: string | null;
  allocations: SageAllocationItem[];
}

const POSTED: ListResource<SageTransaction> = {
  path: '/sales_posted_transactions',
  expand: 'allocation_session_items',
  decode: decodeTransaction,
};
/** The historical list keeps no allocations (sage200.md §4.4). */
const HISTORICAL: ListResource<SageTransaction> = { path: '/sales_historical_transactions', decode: decodeTransaction };

export function readPostedTransactions(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageTransaction>> {
  return readPage(client, company, POSTED, request);
}

export function readHistoricalTransactions(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageTransaction>> {
  return readPage(client, company, HISTORICAL, request);
}

function decodeTransaction(row: WireRow): SageTransaction | null {
  const type = requiredText(row, 'trader_transaction_type');
  if (PASSED_OVER.has(type)) return null;
  const kind = KINDS[type];
  if (!kind) throw new WireError(`"${type}" is no known kind of transaction.`);
  return {
    id: requiredId(row, 'id'),
    customerId: requiredId(row, 'customer_id'),
    kind,
    urn: requiredText(row, 'urn'),
    reference: text(row, 'reference'),
    secondReference: text(row, 'second_reference'),
    // views say " ", posted transactions "" (sage200.md §1.6)
    queried: text(row, 'queried').trim(),
    transactionDate: requiredDate(row, 'transaction_date'),
    postedDate: optionalDate(row, 'posted_date'),
    dueDate: optionalDate(row, 'due_date'),
    gross: requiredDecimal(row, 'document_gross_value'),
    net: optionalDecimal(row, 'document_goods_value') ?? '0',
    tax: optionalDecimal(row, 'document_tax_value') ?? '0',
    allocated: optionalDecimal(row, 'document_allocated_value') ?? '0',
    outstanding: requiredDecimal(row, 'document_outstanding_value'),
    baseGross: optionalDecimal(row, 'base_gross_value'),
    baseOutstanding: optionalDecimal(row, 'base_outstanding_value'),
    exchangeRate: optionalDecimal(row, 'exchange_rate'),
    updatedAt: optionalInstant(row, 'date_time_updated'),
    allocations: rows(row, 'allocation_session_items').map((item) => ({
      urn: requiredText(item, 'urn'),
      reference: text(item, 'reference'),
      amount: optionalDecimal(item, 'allocation_value') ?? requiredDecimal(item, 'value'),
      allocatedOn: optionalDate(item, 'allocation_date'),
    })),
  };
}
