import type { Clock } from '../../src/common/clock.js';
import type { Database } from '../../src/database/database.js';
import { keepReceipts } from '../../src/receipts/keep-receipts.js';
import type { SageTransaction } from '../../src/sage/transactions.js';
import type { PullTarget } from '../../src/sync/pull.js';
import { PLACE, storeTransactions } from '../../src/transactions/store-transactions.js';

export interface ArrivedReceipt {
  /** Unique in the company; it is Sage's id too. */
  urn: number;
  accountSageId: number;
  /** As Sage signs it: negative. 120.00 unless told otherwise. */
  amount?: string;
}

/** Stores receipts as a pull of the ledger does, without asking Sage: far faster than any Sage could be keyed. */
export function storeReceipts(
  database: Database,
  clock: Clock,
  target: PullTarget,
  receipts: readonly ArrivedReceipt[],
): Promise<void> {
  const seenAt = clock.now().getTime();
  return database.transaction(async (transaction) => {
    const stored = await storeTransactions(transaction, {
      target,
      page: { rows: receipts.map(ledgerRow), rejected: [], lastId: null, complete: true },
      currencies: new Map(receipts.map(({ accountSageId }) => [accountSageId, 'GBP'])),
      baseCurrency: 'GBP',
      place: PLACE.posted,
      range: null,
      seenAt,
    });
    await keepReceipts(transaction, clock, target, stored.receipts, seenAt);
  });
}

function ledgerRow({ urn, accountSageId, amount = '-120.00' }: ArrivedReceipt): SageTransaction {
  return {
    id: urn,
    customerId: accountSageId,
    kind: 'RECEIPT',
    urn: String(urn),
    reference: `RECEIPT ${urn}`,
    secondReference: 'BACS',
    queried: '',
    transactionDate: '2026-11-02',
    postedDate: '2026-11-02',
    dueDate: null,
    gross: amount,
    net: amount,
    tax: '0.00',
    allocated: '0.00',
    outstanding: amount,
    baseGross: amount,
    baseOutstanding: amount,
    exchangeRate: '1',
    updatedAt: '2026-11-02T12:00:00.000Z',
    archived: false,
    allocations: [],
  };
}

export interface LinkedAccount {
  companyId: number;
  accountSageId: number;
  customerLayerId: string;
}

/** Accounts of one company in GBP that are linked to Layer customers. */
export async function linkedAccounts(database: Database, count: number): Promise<LinkedAccount[]> {
  const rows = await database.query<LinkedAccount>(
    `SELECT l.company_id AS companyId, l.account_sage_id AS accountSageId, l.customer_layer_id AS customerLayerId
      FROM customer_link l JOIN sage_account a
        ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id
      WHERE l.instance_id = 1 AND a.currency = 'GBP' AND a.deleted_at IS NULL
      ORDER BY l.company_id, l.account_sage_id`,
  );
  return rows
    .map((row) => ({ ...row, companyId: Number(row.companyId), accountSageId: Number(row.accountSageId) }))
    .filter(({ companyId }, _index, [first]) => companyId === first?.companyId)
    .slice(0, count);
}
