import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { OpenItem } from './ageing.js';

/** What is outstanding on these accounts of one company, by account. Index: sage_transaction_open. */
export async function readOpenItems(
  database: Queryable,
  instanceId: number,
  companyId: number,
  accountIds: readonly number[],
): Promise<Map<number, OpenItem[]>> {
  const rows = await database.query<{
    accountId: number | string;
    kind: string;
    transactionDate: string;
    dueDate: string | null;
    outstandingMinor: number | string;
  }>(
    `SELECT account_sage_id AS accountId, kind, transaction_date AS transactionDate, due_date AS dueDate, outstanding_minor AS outstandingMinor
       FROM sage_transaction
      WHERE instance_id = ? AND company_id = ? AND account_sage_id IN (${placeholders(accountIds.length)}) AND is_open = 1`,
    [instanceId, companyId, ...accountIds],
  );
  const byAccount = new Map<number, OpenItem[]>(accountIds.map((id) => [id, []]));
  for (const { accountId, ...item } of rows) {
    byAccount.get(Number(accountId))?.push({ ...item, outstandingMinor: BigInt(item.outstandingMinor) });
  }
  return byAccount;
}
