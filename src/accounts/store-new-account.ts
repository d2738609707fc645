import { foldText } from '../common/search-words.js';
import { upsertSql } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';

export interface NewAccount {
  companyId: number;
  sageId: number;
  accountNumber: string;
  name: string;
  currency: string;
}

const COLUMNS = [
  'instance_id',
  'company_id',
  'sage_id',
  'account_number',
  'account_number_folded',
  'name',
  'currency',
  'balance_minor',
  'credit_limit_minor',
  'is_over_credit_limit',
  'on_hold',
  'is_active',
  'content_hash',
  'seen_at',
];
const ACCOUNT_TABLE = {
  name: 'sage_account',
  key: ['instance_id', 'company_id', 'sage_id'],
  columns: COLUMNS,
  insertOnly: COLUMNS,
};

/**
 * Puts an account that the gateway has just made into the cache, so that its link names something at once. A row that is there already
 * stays; the empty hash lets the next reading of the account write it in full.
 */
export async function storeNewAccount(
  transaction: Transaction,
  instanceId: number,
  account: NewAccount,
  now: Date,
): Promise<void> {
  await transaction.query(upsertSql(transaction.dialect, ACCOUNT_TABLE, 1), [
    instanceId,
    account.companyId,
    account.sageId,
    account.accountNumber,
    foldText(account.accountNumber),
    account.name,
    account.currency,
    0,
    0,
    0,
    0,
    1,
    '',
    now.getTime(),
  ]);
}
