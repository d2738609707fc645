import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { IN_FLIGHT } from './push-status.js';

/** What pushes will do to a customer's balance in a company, from when on. */
export interface PendingAmount {
  companyId: number;
  customerLayerId: string;
  currency: string;
  /** When it was posted, epoch ms: a balance read later has it already. Null: not posted yet. */
  postedAt: number | null;
  /** Signed as the ledger signs: invoices and refunds raise the balance. */
  minor: bigint;
}

/**
 * The sums of what is on its way for these customers, and of what was posted after the balance of their account was read, whatever
 * has become of the push since: a posting stands even where its allocation has failed. One statement. Index: push_posted_of_customer,
 * for both parts.
 */
export async function readPendingAmounts(
  database: Queryable,
  instanceId: number,
  customerLayerIds: readonly string[],
): Promise<PendingAmount[]> {
  const columns = `p.company_id AS companyId, p.customer_layer_id AS customerLayerId, p.currency AS currency, p.posted_at AS postedAt,
    CASE WHEN p.kind IN ('INVOICE', 'REFUND') THEN p.amount_minor ELSE -p.amount_minor END AS minor`;
  const ofCustomers = `p.instance_id = ? AND p.customer_layer_id IN (${placeholders(customerLayerIds.length)})
    AND p.kind IN ('INVOICE', 'PAYMENT', 'CREDIT_NOTE', 'REFUND') AND p.company_id IS NOT NULL AND p.amount_minor IS NOT NULL`;
  const rows = await database.query<{
    companyId: number;
    customerLayerId: string;
    currency: string;
    postedAt: number | string | null;
    minor: number | string;
  }>(
    `SELECT companyId, customerLayerId, currency, postedAt, SUM(minor) AS minor FROM (
      SELECT ${columns} FROM push p WHERE ${ofCustomers} AND p.posted_at IS NULL AND p.status IN (${placeholders(IN_FLIGHT.length)})
      UNION ALL
      SELECT ${columns} FROM push p
        JOIN customer_link l ON l.instance_id = p.instance_id AND l.company_id = p.company_id AND l.customer_layer_id = p.customer_layer_id
        JOIN sage_account a ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id
        WHERE ${ofCustomers} AND p.posted_at > a.seen_at
    ) pending GROUP BY companyId, customerLayerId, currency, postedAt`,
    [instanceId, ...customerLayerIds, ...IN_FLIGHT, instanceId, ...customerLayerIds],
  );
  return rows.map((row) => ({
    ...row,
    companyId: Number(row.companyId),
    postedAt: row.postedAt === null ? null : Number(row.postedAt),
    minor: BigInt(row.minor),
  }));
}
