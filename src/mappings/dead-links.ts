import type { Queryable } from '../database/database.js';

/** A customer's link to an account that Sage has deleted. */
export interface DeadLink {
  customerLayerId: string;
  companyId: number;
  accountNumber: string | null;
}

/** Read from the accounts' own tables: what is deleted is seldom, and this is asked on one page. Reads the links of the instance once. */
export async function readDeadLinks(database: Queryable, instanceId: number): Promise<DeadLink[]> {
  const rows = await database.query<DeadLink>(
    `SELECT l.customer_layer_id AS customerLayerId, l.company_id AS companyId, a.account_number AS accountNumber
       FROM customer_link l LEFT JOIN sage_account a
         ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id
      WHERE l.instance_id = ? AND (a.sage_id IS NULL OR a.deleted_at IS NOT NULL)
      ORDER BY l.customer_layer_id, l.company_id`,
    [instanceId],
  );
  return rows.map((row) => ({ ...row, companyId: Number(row.companyId) }));
}
