import { currencyDigits } from '../common/currency.js';
import { minorFromDecimal } from '../common/money.js';
import { foldText, MAX_WORD_LENGTH, wordsOf } from '../common/search-words.js';
import { bulkUpsert, chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import type { SageCustomer } from '../sage/customers.js';
import { accountChanges, type AccountFigures, recordAccountChanges } from './account-changes.js';
import { diffRows, type HashedRow } from '../sync/diff-rows.js';
import type { PageRange, PullPage, PullTarget, RejectedRow } from '../sync/pull.js';

const ACCOUNT_KEY = ['instance_id', 'company_id', 'sage_id'] as const;
const ACCOUNT_TABLE = {
  name: 'sage_account',
  key: ACCOUNT_KEY,
  columns: [
    ...ACCOUNT_KEY,
    'account_number',
    'account_number_folded',
    'name',
    'short_name',
    'currency',
    'balance_minor',
    'credit_limit_minor',
    'is_over_credit_limit',
    'on_hold',
    'status_reason',
    'is_active',
    'telephone',
    'fax',
    'website',
    'vat_number',
    'address',
    'updated_at',
    'content_hash',
    'seen_at',
    'deleted_at',
  ],
};
const CONTACT_TABLE = {
  name: 'sage_contact',
  key: ['instance_id', 'company_id', 'account_sage_id', 'sage_id'],
  columns: [
    'instance_id',
    'company_id',
    'account_sage_id',
    'sage_id',
    'first_name',
    'last_name',
    'name',
    'email',
    'telephone',
    'is_default',
  ],
};
const WORD_TABLE = {
  name: 'sage_account_word',
  key: ['instance_id', 'word', 'company_id', 'sage_id'],
  columns: ['instance_id', 'word', 'company_id', 'sage_id'],
};

export interface StoredAccounts {
  /** Cached accounts of the page's range that Sage did not list. */
  missing: number[];
  refused: RejectedRow[];
}

/**
 * Writes what is new or changed of a page of Sage's customers, with contacts and search words. `seenAt`: when Sage was asked for the
 * page. What a push has posted later is not in the balance yet.
 */
export async function storeAccounts(
  transaction: Transaction,
  target: PullTarget,
  page: PullPage<SageCustomer>,
  currencies: ReadonlyMap<number, string>,
  range: PageRange | null,
  seenAt: number,
): Promise<StoredAccounts> {
  const cached = range
    ? await hashesInRange(transaction, target, range)
    : await hashesOf(transaction, target, page.rows);
  const aside = new Set(page.rejected.map(({ key }) => Number(key)));
  const { changed, missing } = diffRows(
    page.rows,
    ({ id }) => id,
    (row) => row,
    cached,
    aside,
  );
  const refused: RejectedRow[] = [];
  const values: unknown[][] = [];
  const taken: SageCustomer[] = [];
  for (const { row, hash } of changed) {
    const account = accountValues(target, row, hash, currencies.get(row.currencyId), seenAt);
    if (!Array.isArray(account)) {
      refused.push({ key: String(row.id), reason: account.reason, row });
      continue;
    }
    values.push(account);
    taken.push(row);
  }
  const news = await accountChanges(transaction, target, values.map(figuresOf), cached);
  await bulkUpsert(transaction, ACCOUNT_TABLE, values);
  recordAccountChanges(transaction, target, news, seenAt);
  const isChanged = new Set(changed.map(({ row }) => row.id));
  await keepSeenAt(
    transaction,
    target,
    page.rows.map(({ id }) => id).filter((id) => !isChanged.has(id)),
    seenAt,
  );
  await replaceContacts(transaction, target, taken);
  await replaceWords(transaction, target, taken);
  return { missing, refused };
}

/**
 * Sage has said the same again: kept where it matters, of accounts whose balance may or may not have had a posting of the gateway's.
 * Otherwise a pull that finds nothing new writes nothing. Indexes: primary keys, push_posted_of_customer.
 */
async function keepSeenAt(
  transaction: Transaction,
  target: PullTarget,
  ids: readonly number[],
  seenAt: number,
): Promise<void> {
  for (const chunk of chunks(ids)) {
    const older = await transaction.query<{ id: number | string }>(
      `SELECT DISTINCT a.sage_id AS id FROM sage_account a
        JOIN customer_link l ON l.instance_id = a.instance_id AND l.company_id = a.company_id AND l.account_sage_id = a.sage_id
        JOIN push p ON p.instance_id = l.instance_id AND p.customer_layer_id = l.customer_layer_id
          AND p.company_id = l.company_id AND p.posted_at > a.seen_at
        WHERE a.instance_id = ? AND a.company_id = ? AND a.sage_id IN (${placeholders(chunk.length)}) AND a.seen_at < ?`,
      [target.instanceId, target.companyId, ...chunk, seenAt],
    );
    if (older.length === 0) continue;
    await transaction.query(
      `UPDATE sage_account SET seen_at = ?
        WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(older.length)})`,
      [seenAt, target.instanceId, target.companyId, ...older.map(({ id }) => Number(id))],
    );
  }
}

export async function markAccountsDeleted(
  transaction: Transaction,
  target: PullTarget,
  ids: readonly number[],
  now: number,
): Promise<void> {
  for (const chunk of chunks(ids)) {
    // the hash goes, so that an account that comes back is written again
    await transaction.query(
      `UPDATE sage_account SET deleted_at = ?, content_hash = '' WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)})`,
      [now, target.instanceId, target.companyId, ...chunk],
    );
    const gone = chunk.map((sageId) => ({ sageId, changes: ['DETAILS' as const] }));
    recordAccountChanges(transaction, target, gone, now);
  }
}

/** What is written of an account, by the table's columns. */
function figuresOf(values: readonly unknown[]): AccountFigures {
  const of = (column: string) => values[ACCOUNT_TABLE.columns.indexOf(column)];
  return {
    sageId: of('sage_id') as number,
    balanceMinor: of('balance_minor') as bigint,
    creditLimitMinor: of('credit_limit_minor') as bigint,
    onHold: of('on_hold') === 1,
  };
}

function accountValues(
  target: PullTarget,
  row: SageCustomer,
  hash: HashedRow<SageCustomer>['hash'],
  currency: string | undefined,
  seenAt: number,
): unknown[] | { reason: string } {
  if (!currency) return { reason: `The currency ${row.currencyId} of account ${row.reference} is not known.` };
  const digits = currencyDigits(currency) ?? 2;
  const balance = minorFromDecimal(row.balance, digits);
  const creditLimit = minorFromDecimal(row.creditLimit, digits);
  if (balance === null) return { reason: `The balance ${row.balance} is no exact amount of ${currency}.` };
  if (creditLimit === null) return { reason: `The credit limit ${row.creditLimit} is no exact amount of ${currency}.` };
  return [
    target.instanceId,
    target.companyId,
    row.id,
    row.reference,
    foldText(row.reference.trim()).slice(0, MAX_WORD_LENGTH),
    row.name,
    row.shortName,
    currency,
    balance,
    creditLimit,
    // Sage: "if the credit limit is not zero, then true if the balance is greater than the credit limit"
    creditLimit !== 0n && balance > creditLimit ? 1 : 0,
    row.onHold ? 1 : 0,
    row.statusReason,
    row.isActive ? 1 : 0,
    row.telephone,
    row.fax,
    row.website,
    row.vatNumber,
    row.address === null ? null : JSON.stringify(row.address),
    row.updatedAt,
    hash,
    seenAt,
    null,
  ];
}

async function hashesInRange(
  transaction: Transaction,
  target: PullTarget,
  range: PageRange,
): Promise<Map<number, string>> {
  const rows = await transaction.query<{ id: number | string; hash: string }>(
    `SELECT sage_id AS id, content_hash AS hash FROM sage_account
      WHERE instance_id = ? AND company_id = ? AND sage_id > ? AND sage_id <= ? AND deleted_at IS NULL`,
    [target.instanceId, target.companyId, range.afterId, range.uptoId ?? Number.MAX_SAFE_INTEGER],
  );
  return new Map(rows.map((row) => [Number(row.id), row.hash]));
}

async function hashesOf(
  transaction: Transaction,
  target: PullTarget,
  rows: readonly SageCustomer[],
): Promise<Map<number, string>> {
  const cached = new Map<number, string>();
  for (const chunk of chunks(rows)) {
    const found = await transaction.query<{ id: number | string; hash: string }>(
      `SELECT sage_id AS id, content_hash AS hash FROM sage_account
        WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk.map(({ id }) => id)],
    );
    for (const row of found) cached.set(Number(row.id), row.hash);
  }
  return cached;
}

async function replaceContacts(
  transaction: Transaction,
  target: PullTarget,
  accounts: readonly SageCustomer[],
): Promise<void> {
  await deleteByAccount(transaction, 'sage_contact', 'account_sage_id', target, accounts);
  const rows = accounts.flatMap((account) =>
    account.contacts.map((contact) => [
      target.instanceId,
      target.companyId,
      account.id,
      contact.id,
      contact.firstName,
      contact.lastName,
      contact.name,
      contact.email,
      contact.telephone,
      contact.isDefault ? 1 : 0,
    ]),
  );
  await bulkUpsert(transaction, CONTACT_TABLE, rows);
}

async function replaceWords(
  transaction: Transaction,
  target: PullTarget,
  accounts: readonly SageCustomer[],
): Promise<void> {
  await deleteByAccount(transaction, 'sage_account_word', 'sage_id', target, accounts);
  const rows = accounts.flatMap((account) =>
    accountWords(account).map((word) => [target.instanceId, word, target.companyId, account.id]),
  );
  await bulkUpsert(transaction, WORD_TABLE, rows);
}

/** An account is found by the words of its name, by its number, and by Sage's id. */
function accountWords(account: SageCustomer): string[] {
  const number = foldText(account.reference.trim()).slice(0, MAX_WORD_LENGTH);
  return [...new Set([...wordsOf(account.name), number, String(account.id)])].filter((word) => word !== '');
}

async function deleteByAccount(
  transaction: Transaction,
  table: string,
  column: string,
  target: PullTarget,
  accounts: readonly SageCustomer[],
): Promise<void> {
  for (const chunk of chunks(accounts)) {
    await transaction.query(
      `DELETE FROM ${table} WHERE instance_id = ? AND company_id = ? AND ${column} IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk.map(({ id }) => id)],
    );
  }
}
