import { currencyDigits } from '../common/currency.js';
import { minorFromDecimal } from '../common/money.js';
import { foldText, MAX_WORD_LENGTH } from '../common/search-words.js';
import { bulkUpsert, chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import type { SageTransaction } from '../sage/transactions.js';
import { diffRows } from '../sync/diff-rows.js';
import type { PageRange, PullPage, PullTarget, RejectedRow } from '../sync/pull.js';
import { storeAllocations } from './store-allocations.js';

/** Where Sage keeps a transaction: among the posted, among the historical (archived), or, so far as the sweep saw, in neither. */
export const PLACE = { posted: 0, historical: 1, missing: 2 } as const;

const KEY = ['instance_id', 'company_id', 'urn'] as const;
export const TRANSACTION_TABLE = {
  name: 'sage_transaction',
  key: KEY,
  columns: [
    ...KEY,
    'sage_id',
    'account_sage_id',
    'kind',
    'reference',
    'reference_folded',
    'second_reference',
    'second_reference_folded',
    'transaction_date',
    'posted_date',
    'due_date',
    'currency',
    'gross_minor',
    'net_minor',
    'tax_minor',
    'allocated_minor',
    'outstanding_minor',
    'base_gross_minor',
    'base_outstanding_minor',
    'exchange_rate',
    'query_letter',
    'is_open',
    'place',
    'updated_at',
    'content_hash',
    'seen_at',
    'deleted_at',
  ],
};

export interface StoreTransactions {
  target: PullTarget;
  page: PullPage<SageTransaction>;
  /** ISO codes of the accounts that the rows belong to, by Sage's customer id. */
  currencies: ReadonlyMap<number, string>;
  baseCurrency: string;
  place: typeof PLACE.posted | typeof PLACE.historical;
  range: PageRange | null;
  seenAt: number;
}

/** A receipt or refund that is new or changed. Amounts in minor units, signed as the ledger signs them. */
export interface StoredReceipt {
  kind: 'RECEIPT' | 'REFUND';
  urn: string;
  accountSageId: number;
  secondReference: string;
  /** YYYY-MM-DD. */
  transactionDate: string;
  currency: string;
  grossMinor: bigint;
  allocatedMinor: bigint;
}

export interface StoredTransactions {
  /** Money in and money back among what is new or changed. */
  receipts: StoredReceipt[];
  /** Accounts whose transactions are new or changed: their balance has moved, or may have. */
  touchedAccounts: number[];
  refused: RejectedRow[];
}

/** Writes what is new or changed of a page of Sage's ledger; on a full pass marks what the page's range lacks as missing. */
export async function storeTransactions(
  transaction: Transaction,
  step: StoreTransactions,
): Promise<StoredTransactions> {
  const { target, page, range } = step;
  const cached = range ? await hashesInRange(transaction, step, range) : await hashesOf(transaction, target, page.rows);
  const { changed, missing } = diffRows(
    page.rows,
    ({ urn }) => urn,
    (row) => row,
    cached,
  );
  const aside = new Set(page.rejected.map(({ key }) => key));

  const refused: RejectedRow[] = [];
  const values: unknown[][] = [];
  const taken: SageTransaction[] = [];
  const receipts: StoredReceipt[] = [];
  for (const { row, hash } of changed) {
    const read = readAmounts(step, row);
    if ('reason' in read) {
      refused.push({ key: String(row.id), reason: read.reason, row });
      continue;
    }
    values.push(transactionValues(step, row, hash, read));
    taken.push(row);
    if (row.kind === 'RECEIPT' || row.kind === 'REFUND') receipts.push(receiptOf(row, row.kind, read));
  }
  await bulkUpsert(transaction, TRANSACTION_TABLE, values);
  if (step.place === PLACE.posted) await storeAllocations(transaction, target, taken, step.currencies, cached);
  await markMissing(transaction, target, missing, aside);
  return { receipts, touchedAccounts: [...new Set(taken.map(({ customerId }) => customerId))], refused };
}

interface ReadAmounts {
  currency: string;
  grossMinor: bigint;
  netMinor: bigint;
  taxMinor: bigint;
  allocatedMinor: bigint;
  outstandingMinor: bigint;
}

function readAmounts({ currencies }: StoreTransactions, row: SageTransaction): ReadAmounts | { reason: string } {
  const currency = currencies.get(row.customerId);
  if (!currency) return { reason: `Its account ${row.customerId} is not known in Sage.` };
  const digits = currencyDigits(currency) ?? 2;
  const [grossMinor, netMinor, taxMinor, allocatedMinor, outstandingMinor] = [
    row.gross,
    row.net,
    row.tax,
    row.allocated,
    row.outstanding,
  ].map((text) => minorFromDecimal(text, digits)) as [bigint, bigint, bigint, bigint, bigint];
  const amounts = { currency, grossMinor, netMinor, taxMinor, allocatedMinor, outstandingMinor };
  return Object.values(amounts).includes(null as never)
    ? { reason: `An amount of it is no exact amount of ${currency}.` }
    : amounts;
}

function receiptOf(
  { urn, customerId, secondReference, transactionDate }: SageTransaction,
  kind: StoredReceipt['kind'],
  { currency, grossMinor, allocatedMinor }: ReadAmounts,
): StoredReceipt {
  return {
    kind,
    urn,
    accountSageId: customerId,
    secondReference,
    transactionDate,
    currency,
    grossMinor,
    allocatedMinor,
  };
}

function transactionValues(
  step: StoreTransactions,
  row: SageTransaction,
  hash: string,
  { currency, grossMinor, netMinor, taxMinor, allocatedMinor, outstandingMinor }: ReadAmounts,
): unknown[] {
  const baseDigits = currencyDigits(step.baseCurrency) ?? 2;
  return [
    step.target.instanceId,
    step.target.companyId,
    row.urn,
    row.id,
    row.customerId,
    row.kind,
    row.reference,
    foldReference(row.reference),
    row.secondReference,
    foldReference(row.secondReference),
    row.transactionDate,
    row.postedDate,
    row.dueDate,
    currency,
    grossMinor,
    netMinor,
    taxMinor,
    allocatedMinor,
    outstandingMinor,
    row.baseGross === null ? null : minorFromDecimal(row.baseGross, baseDigits),
    row.baseOutstanding === null ? null : minorFromDecimal(row.baseOutstanding, baseDigits),
    row.exchangeRate,
    row.queried,
    outstandingMinor === 0n ? 0 : 1,
    step.place,
    row.updatedAt,
    hash,
    step.seenAt,
    null,
  ];
}

/** References are found by their beginning, whatever case, accents and leading blanks they were typed with. */
export function foldReference(reference: string): string {
  return foldText(reference.trimStart()).slice(0, MAX_WORD_LENGTH);
}

async function hashesInRange(
  transaction: Transaction,
  { target, place }: StoreTransactions,
  range: PageRange,
): Promise<Map<string, string>> {
  const rows = await transaction.query<{ urn: string; hash: string }>(
    // index sage_transaction_by_sage_id
    `SELECT urn, content_hash AS hash FROM sage_transaction
      WHERE instance_id = ? AND company_id = ? AND place = ? AND sage_id > ? AND sage_id <= ?`,
    [target.instanceId, target.companyId, place, range.afterId, range.uptoId ?? Number.MAX_SAFE_INTEGER],
  );
  return new Map(rows.map((row) => [row.urn, row.hash]));
}

async function hashesOf(
  transaction: Transaction,
  target: PullTarget,
  rows: readonly SageTransaction[],
): Promise<Map<string, string>> {
  const cached = new Map<string, string>();
  for (const chunk of chunks(rows)) {
    const found = await transaction.query<{ urn: string; hash: string }>(
      `SELECT urn, content_hash AS hash FROM sage_transaction
        WHERE instance_id = ? AND company_id = ? AND urn IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk.map(({ urn }) => urn)],
    );
    for (const row of found) cached.set(row.urn, row.hash);
  }
  return cached;
}

/** Not yet a verdict: the historical list may have it. Rows that Sage has but that could not be read stay where they are. */
async function markMissing(
  transaction: Transaction,
  target: PullTarget,
  urns: readonly string[],
  aside: ReadonlySet<string | null>,
): Promise<void> {
  for (const chunk of chunks(urns)) {
    const keep = [...aside].filter((key) => key !== null).slice(0, 900);
    await transaction.query(
      `UPDATE sage_transaction SET place = ${PLACE.missing}, content_hash = ''
        WHERE instance_id = ? AND company_id = ? AND urn IN (${placeholders(chunk.length)})
          ${keep.length > 0 ? `AND sage_id NOT IN (${placeholders(keep.length)})` : ''}`,
      [target.instanceId, target.companyId, ...chunk, ...keep],
    );
  }
}

/** After a sweep: the accounts of rows that neither list has, now marked as deleted in Sage and no longer counted. */
export async function settleMissing(transaction: Transaction, target: PullTarget, now: number): Promise<void> {
  await transaction.query(
    // index sage_transaction_by_sage_id
    `UPDATE sage_transaction SET deleted_at = ?, is_open = 0
      WHERE instance_id = ? AND company_id = ? AND place = ${PLACE.missing} AND deleted_at IS NULL`,
    [now, target.instanceId, target.companyId],
  );
}

/** Sage ids of rows that the sweep found in neither list and that have not been settled yet. */
export async function missingSageIds(transaction: Pick<Transaction, 'query'>, target: PullTarget): Promise<number[]> {
  const rows = await transaction.query<{ id: number | string }>(
    `SELECT sage_id AS id FROM sage_transaction
      WHERE instance_id = ? AND company_id = ? AND place = ${PLACE.missing} AND deleted_at IS NULL`,
    [target.instanceId, target.companyId],
  );
  return rows.map(({ id }) => Number(id));
}

/** URNs of receipts and refunds among them. Index: sage_transaction_by_sage_id. */
export async function missingReceipts(transaction: Transaction, target: PullTarget): Promise<string[]> {
  const rows = await transaction.query<{ urn: string }>(
    `SELECT urn FROM sage_transaction
      WHERE instance_id = ? AND company_id = ? AND place = ${PLACE.missing} AND deleted_at IS NULL AND kind IN ('RECEIPT', 'REFUND')`,
    [target.instanceId, target.companyId],
  );
  return rows.map(({ urn }) => urn);
}
