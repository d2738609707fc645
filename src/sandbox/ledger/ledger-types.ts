/** The wire's names of Sage's ledgers (sage200.md §3.4). */
export const LEDGER_TYPES = [
  'LedgerNotSpecified',
  'LedgerSales',
  'LedgerPurchase',
  'LedgerNominal',
  'LedgerPayroll',
  'LedgerProjectCosting',
  'LedgerStockControl',
  'LedgerSOP',
  'LedgerPOP',
  'LedgerInvoicing',
  'LedgerCashBook',
  'LedgerBOM',
  'LedgerFixedAssets',
] as const;
