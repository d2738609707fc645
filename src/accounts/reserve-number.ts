import { foldText, prefixEnd } from '../common/search-words.js';
import { upsertSql } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import { numbersFor, stemOf } from './made-number.js';

const NUMBER_COLUMNS = ['instance_id', 'company_id', 'account_number', 'customer_layer_id'];
const NUMBER_TABLE = {
  name: 'account_number',
  key: ['instance_id', 'company_id', 'account_number'],
  columns: NUMBER_COLUMNS,
  insertOnly: NUMBER_COLUMNS,
};

/** Whose account it is to be, and where. */
export interface NumberFor {
  instanceId: number;
  companyId: number;
  customerLayerId: string;
}

/** The number put by for this customer. Index: account_number_of_customer. */
export async function reservedNumber(database: Queryable, place: NumberFor): Promise<string | null> {
  const [row] = await database.query<{ accountNumber: string }>(
    `SELECT account_number AS accountNumber FROM account_number
      WHERE instance_id = ? AND customer_layer_id = ? AND company_id = ?`,
    [place.instanceId, place.customerLayerId, place.companyId],
  );
  return row?.accountNumber ?? null;
}

/**
 * Puts by the number that the customer was given; false, and nothing changed, when it is another's: of an account in the cache, or put
 * by. The customer must be locked (lockCustomer).
 */
export async function reserveGivenNumber(
  transaction: Transaction,
  place: NumberFor,
  accountNumber: string,
): Promise<boolean> {
  if ((await reservedNumber(transaction, place)) === accountNumber) return true;
  if (await isNumberInCache(transaction, place, accountNumber)) return false;
  return reserve(transaction, place, accountNumber);
}

/**
 * Makes a number from the name and puts it by, unless one stands already. Unique among the accounts of the cache, deleted ones included,
 * what is put by, and `taken`. Two processes never choose the same: the row's key decides. The customer must be locked.
 */
export async function reserveMadeNumber(
  transaction: Transaction,
  place: NumberFor,
  name: string,
  taken: ReadonlySet<string> = new Set(),
): Promise<string> {
  const standing = await reservedNumber(transaction, place);
  if (standing !== null && !taken.has(standing)) return standing;
  const used = await usedNumbers(transaction, place, stemOf(name));
  for (const number of numbersFor(name)) {
    if (used.has(number) || taken.has(number)) continue;
    if (await reserve(transaction, place, number)) return number;
  }
  throw new Error(`No account number is left for a name that begins with ${stemOf(name)}.`);
}

async function reserve(transaction: Transaction, place: NumberFor, accountNumber: string): Promise<boolean> {
  const { instanceId, companyId, customerLayerId } = place;
  const [holder] = await holdersOf(transaction, place, accountNumber);
  if (holder !== undefined) return holder === customerLayerId;
  // a customer has one number in a company
  const before = await reservedNumber(transaction, place);
  if (before !== null) await dropNumber(transaction, place, before);
  await transaction.query(upsertSql(transaction.dialect, NUMBER_TABLE, 1), [
    instanceId,
    companyId,
    accountNumber,
    customerLayerId,
  ]);
  // somebody else may have been first: the insert has waited for them, and changed nothing
  const [winner] = await holdersOf(transaction, place, accountNumber);
  if (winner === customerLayerId) return true;
  if (before !== null) {
    await transaction.query(upsertSql(transaction.dialect, NUMBER_TABLE, 1), [
      instanceId,
      companyId,
      before,
      customerLayerId,
    ]);
  }
  return false;
}

async function holdersOf(database: Queryable, place: NumberFor, accountNumber: string): Promise<string[]> {
  const rows = await database.query<{ customerLayerId: string }>(
    `SELECT customer_layer_id AS customerLayerId FROM account_number
      WHERE instance_id = ? AND company_id = ? AND account_number = ?`,
    [place.instanceId, place.companyId, accountNumber],
  );
  return rows.map(({ customerLayerId }) => customerLayerId);
}

async function dropNumber(transaction: Transaction, place: NumberFor, accountNumber: string): Promise<void> {
  await transaction.query(
    'DELETE FROM account_number WHERE instance_id = ? AND company_id = ? AND account_number = ?',
    [place.instanceId, place.companyId, accountNumber],
  );
}

/** Sage takes a number in any case. Index: sage_account_by_folded_number. */
async function isNumberInCache(database: Queryable, place: NumberFor, accountNumber: string): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 AS found FROM sage_account
      WHERE instance_id = ? AND account_number_folded = ? AND company_id = ? AND deleted_at IS NULL LIMIT 1`,
    [place.instanceId, foldText(accountNumber), place.companyId],
  );
  return rows.length > 0;
}

/** Numbers of the company that begin so. Indexes: sage_account_by_folded_number, and the primary key of what is put by. */
async function usedNumbers(database: Queryable, place: NumberFor, stem: string): Promise<Set<string>> {
  const folded = foldText(stem);
  const rows = await database.query<{ accountNumber: string }>(
    `SELECT account_number AS accountNumber FROM sage_account
        WHERE instance_id = ? AND account_number_folded >= ? AND account_number_folded < ? AND company_id = ?
      UNION SELECT account_number AS accountNumber FROM account_number
        WHERE instance_id = ? AND company_id = ? AND account_number >= ? AND account_number < ?`,
    [
      place.instanceId,
      folded,
      prefixEnd(folded),
      place.companyId,
      place.instanceId,
      place.companyId,
      stem,
      prefixEnd(stem),
    ],
  );
  return new Set(rows.map(({ accountNumber }) => accountNumber.trim().toUpperCase()));
}
