import type { Queryable } from '../database/database.js';

export interface CustomerAccount {
  /** Sage's id of it. */
  sageId: number;
  /** ISO 4217. */
  currency: string;
  accountNumber: string;
  isActive: boolean;
  onHold: boolean;
}

/** The account that the customer is linked to in this company, as the cache has it; null without one, or when Sage has deleted it. Index: customer_link_of_customer. */
export async function accountOfCustomer(
  database: Queryable,
  instanceId: number,
  customerLayerId: string,
  companyId: number,
): Promise<CustomerAccount | null> {
  const [row] = await database.query<Record<keyof CustomerAccount, string | number>>(
    `SELECT a.sage_id AS sageId, a.currency AS currency, a.account_number AS accountNumber, a.is_active AS isActive, a.on_hold AS onHold
       FROM customer_link l JOIN sage_account a
         ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id
      WHERE l.instance_id = ? AND l.customer_layer_id = ? AND l.company_id = ? AND a.deleted_at IS NULL`,
    [instanceId, customerLayerId, companyId],
  );
  if (!row) return null;
  return {
    sageId: Number(row.sageId),
    currency: String(row.currency),
    accountNumber: String(row.accountNumber),
    isActive: Number(row.isActive) === 1,
    onHold: Number(row.onHold) === 1,
  };
}
