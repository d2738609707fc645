/** The wire's names of the sales ledger's transaction types; their place in the list is what the ledger stores. */
export const TRANSACTION_TYPES = [
  'TradingAccountEntryTypeInvoice',
  'TradingAccountEntryTypeCreditNote',
  'TradingAccountEntryTypePurchasePaymentSalesReceipt',
  'TradingAccountEntryTypePurchaseReceiptSalesPayment',
  'TradingAccountEntryTypeOpeningBalanceInvoice',
  'TradingAccountEntryTypeOpeningBalanceCreditNote',
] as const;

export const INVOICE = 0;
export const CREDIT_NOTE = 1;
export const RECEIPT = 2;
export const REFUND = 3;
export const OPENING_INVOICE = 4;
export const OPENING_CREDIT_NOTE = 5;
