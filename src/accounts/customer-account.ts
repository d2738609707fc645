import type { Clock } from '../common/clock.js';
import type { Queryable, Transaction } from '../database/database.js';
import { readNewestPushes } from '../pushes/push-rows.js';
import { readAccountsOfCustomers } from './account-rows.js';

/** A customer's account in one Sage company, as a posting needs it. */
export interface CustomerAccount {
  sageId: number;
  currency: string;
  accountNumber: string;
  isActive: boolean;
  onHold: boolean;
}

/** The account that the customer is linked to in this company. Index: customer_link_of_customer. */
export async function accountOfCustomer(
  database: Queryable,
  instanceId: number,
  customerLayerId: string,
  companyId: number,
): Promise<CustomerAccount | null> {
  const accounts = await readAccountsOfCustomers(database, instanceId, [customerLayerId]);
  return (
    accounts.find((account) => account.companyId === companyId && account.customerLayerId === customerLayerId) ?? null
  );
}

/** Sees to it that the customer's account is on its way to Sage. */
export async function ensureAccountPush(
  transaction: Transaction,
  _clock: Clock,
  instanceId: number,
  customerLayerId: string,
  _companyId: number,
): Promise<'EXISTS' | 'QUEUED' | 'NO_DOCUMENT'> {
  const pushes = await readNewestPushes(transaction, instanceId, 'CUSTOMER', [customerLayerId]);
  return pushes.has(customerLayerId) ? 'EXISTS' : 'NO_DOCUMENT';
}
