import type { Clock } from '../common/clock.js';
import { bulkUpsert, chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { type NewEvent, recordEvents } from '../events/record-events.js';
import { isSageReference } from '../pushes/sage-reference.js';
import type { PullTarget } from '../sync/pull.js';
import type { StoredReceipt } from '../transactions/store-transactions.js';
import { receiptStatus } from './receipt-status.js';
import { settleUndoneInSage } from './settle-undone-in-sage.js';

const KEY = ['instance_id', 'company_id', 'urn'] as const;
const RECEIPT_TABLE = {
  name: 'receipt',
  key: KEY,
  columns: [
    ...KEY,
    'kind',
    'origin',
    'account_sage_id',
    'received_on',
    'currency',
    'amount_minor',
    'matched_minor',
    'allocated_minor',
    'status',
    'ignored_at',
  ],
  insertOnly: ['origin', 'matched_minor', 'status', 'ignored_at'],
};

/**
 * Keeps the receipts in step with the ledger, in the transaction that stores a page of it: adds those that are new, and tells
 * subscribers of them, unless it is the company's first import, which is no news; and of the others, that Sage has changed something.
 */
export async function keepReceipts(
  transaction: Transaction,
  clock: Clock,
  target: PullTarget,
  stored: readonly StoredReceipt[],
  readAt: number,
): Promise<void> {
  if (stored.length === 0) return;
  const known = await knownUrns(transaction, target, stored);
  const added = stored.filter(({ urn }) => !known.has(urn));
  const own = await postedByUs(transaction, target, added);
  await bulkUpsert(
    transaction,
    RECEIPT_TABLE,
    stored.map((receipt) => receiptValues(target, receipt, own.has(receipt.urn) ? 'LAYER' : 'SAGE')),
  );
  const changed = stored.filter(({ urn }) => known.has(urn));
  await settleUndoneInSage(transaction, clock, target, changed, readAt);
  const news = added.filter(({ urn }) => !own.has(urn));
  const isNews = news.length > 0 && (await wasImportedBefore(transaction, target));
  recordEvents(transaction, clock, target.instanceId, [
    ...changed.map((receipt) => eventOf('RECEIPT_CHANGED', target, receipt)),
    ...(isNews ? news.map((receipt) => eventOf('RECEIPT_RECEIVED', target, receipt)) : []),
  ]);
}

function receiptValues(target: PullTarget, receipt: StoredReceipt, origin: 'SAGE' | 'LAYER'): unknown[] {
  const { kind, grossMinor, allocatedMinor } = receipt;
  const amountMinor = -grossMinor;
  return [
    target.instanceId,
    target.companyId,
    receipt.urn,
    kind,
    origin,
    receipt.accountSageId,
    receipt.transactionDate,
    receipt.currency,
    amountMinor,
    0,
    allocatedMinor < 0n ? -allocatedMinor : allocatedMinor,
    receiptStatus({ kind, origin, amountMinor, matchedMinor: 0n, ignoredAt: null }),
    null,
  ];
}

function eventOf(kind: NewEvent['kind'], { companyId }: PullTarget, { urn, accountSageId }: StoredReceipt): NewEvent {
  return { kind, subject: urn, companyId, accountSageId };
}

/** By primary key. */
async function knownUrns(
  transaction: Transaction,
  target: PullTarget,
  stored: readonly StoredReceipt[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const chunk of chunks(stored)) {
    const rows = await transaction.query<{ urn: string }>(
      `SELECT urn FROM receipt WHERE instance_id = ? AND company_id = ? AND urn IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk.map(({ urn }) => urn)],
    );
    for (const { urn } of rows) known.add(urn);
  }
  return known;
}

/**
 * Which of them the gateway has posted, by the second reference: that is stored before the posting is sent, so that the ledger's
 * row is known for its own even while the outcome is not. Index: push_by_sage_reference.
 */
async function postedByUs(
  transaction: Transaction,
  target: PullTarget,
  receipts: readonly StoredReceipt[],
): Promise<Set<string>> {
  const candidates = receipts.filter(({ secondReference }) => isSageReference(secondReference.trim().toUpperCase()));
  const own = new Set<string>();
  for (const chunk of chunks(candidates)) {
    const rows = await transaction.query<{ sageReference: string }>(
      `SELECT sage_reference AS sageReference FROM push
        WHERE instance_id = ? AND sage_reference IN (${placeholders(chunk.length)}) AND kind IN ('PAYMENT', 'REFUND')
          AND (company_id IS NULL OR company_id = ?)`,
      [
        target.instanceId,
        ...chunk.map(({ secondReference }) => secondReference.trim().toUpperCase()),
        target.companyId,
      ],
    );
    const references = new Set(rows.map(({ sageReference }) => sageReference));
    for (const { urn, secondReference } of chunk)
      if (references.has(secondReference.trim().toUpperCase())) own.add(urn);
  }
  return own;
}

/** By primary key. */
async function wasImportedBefore(transaction: Transaction, target: PullTarget): Promise<boolean> {
  const [row] = await transaction.query<{ completedAt: number | string | null }>(
    "SELECT completed_start_at AS completedAt FROM sync_state WHERE instance_id = ? AND company_id = ? AND resource = 'TRANSACTIONS'",
    [target.instanceId, target.companyId],
  );
  return row !== undefined && row.completedAt !== null;
}

/**
 * A posting turns out to be the gateway's own after its row was read, as after a restore from a backup: shown as such, unless
 * somebody has matched it meanwhile. By primary key.
 */
export async function claimReceipt(
  transaction: Transaction,
  instanceId: number,
  companyId: number,
  urn: string,
): Promise<void> {
  await transaction.execute(
    `UPDATE receipt SET origin = 'LAYER', status = 'NO_MATCH_NEEDED', ignored_at = NULL
      WHERE instance_id = ? AND company_id = ? AND urn = ? AND matched_minor = 0 AND origin <> 'LAYER'`,
    [instanceId, companyId, urn],
  );
}
