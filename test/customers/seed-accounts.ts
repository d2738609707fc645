import { foldText, wordsOf } from '../../src/common/search-words.js';
import { bulkUpsert } from '../../src/database/bulk.js';
import type { Database } from '../../src/database/database.js';

export const INSTANCE = 1;

export interface SeedCompany {
  id: number;
  name: string;
  siteId?: string;
  isActive?: boolean;
}

export interface SeedAccount {
  companyId: number;
  sageId: number;
  accountNumber: string;
  name: string;
  onHold?: boolean;
  overLimit?: boolean;
}

/** Sage companies as a pull would have stored them; each on a site of its own unless it says which. */
export async function seedCompanies(database: Database, companies: readonly SeedCompany[]): Promise<void> {
  const columns = 'instance_id,id,site_id,sage_company_id,name,currency,ageing_period_starts,is_active,seen_at'.split(
    ',',
  );
  await database.transaction((transaction) =>
    bulkUpsert(
      transaction,
      { name: 'sage_company', key: ['instance_id', 'id'], columns },
      companies.map(({ id, name, siteId, isActive }) => {
        return [INSTANCE, id, siteId ?? `site-${id}`, id, name, 'GBP', '[30,60,90]', isActive === false ? 0 : 1, 0];
      }),
    ),
  );
}

/** Sage accounts with their search words, as a pull would have stored them. */
export async function seedAccounts(
  database: Database,
  accounts: readonly SeedAccount[],
  instanceId = INSTANCE,
): Promise<void> {
  const columns =
    'instance_id,company_id,sage_id,account_number,account_number_folded,name,currency,balance_minor,credit_limit_minor,is_over_credit_limit,on_hold,is_active,content_hash,seen_at'.split(
      ',',
    );
  const key = ['instance_id', 'company_id', 'sage_id'];
  await database.transaction(async (transaction) => {
    const rows = accounts.map((account) => [
      instanceId,
      account.companyId,
      account.sageId,
      account.accountNumber,
      foldText(account.accountNumber.trim()),
      account.name,
      'GBP',
      0,
      0,
      account.overLimit ? 1 : 0,
      account.onHold ? 1 : 0,
      1,
      '',
      0,
    ]);
    await bulkUpsert(transaction, { name: 'sage_account', key, columns }, rows);
    const words = accounts.flatMap(({ companyId, sageId, accountNumber, name }) =>
      [...new Set([...wordsOf(name), foldText(accountNumber)])].map((word) => [instanceId, word, companyId, sageId]),
    );
    const wordKey = ['instance_id', 'word', 'company_id', 'sage_id'];
    await bulkUpsert(transaction, { name: 'sage_account_word', key: wordKey, columns: wordKey }, words);
  });
}

export async function deleteInSage(database: Database, companyId: number, sageId: number): Promise<void> {
  await database.transaction((transaction) =>
    transaction.query(
      'UPDATE sage_account SET deleted_at = 1 WHERE instance_id = ? AND company_id = ? AND sage_id = ?',
      [INSTANCE, companyId, sageId],
    ),
  );
}

/** How many statements `work` costs, and what it answers. */
export async function countingStatements<T>(
  database: Database,
  work: () => Promise<T>,
): Promise<{ result: T; statements: string[] }> {
  const statements: string[] = [];
  const stop = database.onStatement((sql) => statements.push(sql));
  try {
    return { result: await work(), statements };
  } finally {
    stop();
  }
}
