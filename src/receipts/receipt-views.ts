import type { AccountLoader } from '../accounts/account.loader.js';
import type { RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import type { Database } from '../database/database.js';
import type { DocumentLoader } from '../documents/document.loader.js';
import type { PushLoader } from '../pushes/push.loader.js';
import type { TransactionRow } from '../transactions/transaction-rows.js';
import type { TransactionLoader } from '../transactions/transaction.loader.js';
import type { ReceiptRow } from './receipt-rows.js';
import type { ReceiptLoader } from './receipt.loader.js';

/** What the views of receipts read from. */
export interface ReceiptViewParts {
  database: Database;
  companies: CompanyLoader;
  accounts: AccountLoader;
  customers: CustomerLoader;
  transactions: TransactionLoader;
  documents: DocumentLoader;
  pushes: PushLoader;
  receipts: ReceiptLoader;
}

/** The ledger's row of a receipt. */
export async function transactionOf(
  { receipts }: ReceiptViewParts,
  context: RequestContext,
  row: ReceiptRow,
): Promise<TransactionRow> {
  const transaction = await receipts.transaction(context).load(row);
  if (!transaction) throw new Error(`The transaction of the receipt with URN ${row.urn} is not in the cache.`);
  return transaction;
}

/** The Layer customer of a receipt's account; null while it is linked to none. */
export async function customerLayerIdOf(
  { accounts }: ReceiptViewParts,
  context: RequestContext,
  { companyId, accountSageId }: ReceiptRow,
): Promise<string | null> {
  const account = await accounts.byKey(context).load({ companyId, sageId: accountSageId });
  return account?.customerLayerId ?? null;
}
