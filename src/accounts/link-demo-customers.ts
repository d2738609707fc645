import type { Clock } from '../common/clock.js';
import { foldedName } from '../customers/store-customer.js';
import type { Database, Queryable } from '../database/database.js';
import { type LinkableAccount, linkInTransaction, type LinkRequest } from './link-accounts.js';

const FIRST_CUSTOMER_NUMBER = 10_001;
/** Every tenth customer is left out, so that the demo has accounts to link by hand. */
const LEFT_OUT = 10;
const BATCH = 900;

/**
 * Links about 9 of 10 accounts to Layer customers C10001, C10002 …, by account number: accounts of one name in several companies
 * are one customer's. Does nothing once the instance has any customer, so that what people unlink stays unlinked.
 * To be called when the accounts of every company have been read once. Answers how many it linked.
 */
export function linkDemoCustomers(database: Database, instanceId: number, clock: Clock): Promise<number> {
  // all or nothing: a start that is broken off must not leave half a demo that the next one takes for the whole
  return database.transaction(async (transaction) => {
    const known = await transaction.query('SELECT 1 AS known FROM customer WHERE instance_id = ? LIMIT 1', [
      instanceId,
    ]);
    if (known.length > 0) return 0;
    const requests = demoLinks(await readAccounts(transaction, instanceId));
    for (let from = 0; from < requests.length; from += BATCH) {
      await linkInTransaction(transaction, instanceId, requests.slice(from, from + BATCH), { subject: 'demo', clock });
    }
    return requests.length;
  });
}

/** Accounts in the order of their numbers in; whom each is to be linked to out. Pure. */
export function demoLinks(accounts: readonly LinkableAccount[]): LinkRequest[] {
  const accountsOf = new Map<string, LinkableAccount[]>();
  const namesakes = new Map<string, number>();
  for (const account of accounts) {
    // two accounts of one name in one company are two customers
    const inCompany = `${account.companyId}:${foldedName(account.name)}`;
    const ordinal = namesakes.get(inCompany) ?? 0;
    namesakes.set(inCompany, ordinal + 1);
    const customer = `${ordinal}:${foldedName(account.name)}`;
    const group = accountsOf.get(customer);
    if (group) group.push(account);
    else accountsOf.set(customer, [account]);
  }
  return [...accountsOf.values()].flatMap((group, index) =>
    (index + 1) % LEFT_OUT === 0
      ? []
      : group.map((account) => ({ layerId: `C${FIRST_CUSTOMER_NUMBER + index}`, account })),
  );
}

async function readAccounts(database: Queryable, instanceId: number): Promise<LinkableAccount[]> {
  const rows = await database.query<LinkableAccount>(
    `SELECT company_id AS companyId, sage_id AS sageId, account_number AS accountNumber, name FROM sage_account
      WHERE instance_id = ? AND deleted_at IS NULL ORDER BY account_number, company_id, sage_id`,
    [instanceId],
  );
  return rows.map((row) => ({ ...row, companyId: Number(row.companyId), sageId: Number(row.sageId) }));
}
