import type { Clock } from '../common/clock.js';
import { chunks } from '../database/bulk.js';
import type { Database, Queryable } from '../database/database.js';
import { type BulkRule, matchInBulk } from './bulk-matches.js';
import {
  decodeReceipt,
  RECEIPT_COLUMNS,
  type RawReceiptRow,
  type ReceiptKey,
  receiptKeyText,
  type ReceiptRow,
} from './receipt-rows.js';
import type { MadeMatch } from './store-matches.js';

/**
 * Where a run over the receipts of a company has come to: account after account, so that what is open of a customer is read for all
 * of its receipts at once; in each oldest first, so that what was paid first is matched first.
 */
export interface RunPosition {
  accountSageId: number;
  receivedOn: string;
  urn: string;
}

export interface BulkRun {
  instanceId: number;
  companyId: number;
  after: RunPosition | null;
  rule: Pick<BulkRule, 'name' | 'who' | 'allocateInSage' | 'isDryRun' | 'isInSage' | 'choose'>;
  /** Only receipts of which Sage has allocated something. */
  isAllocatedOnly: boolean;
}

export interface BulkResult {
  /** At most MAX_SHOWN of them. */
  shown: MadeMatch[];
  matchedCount: number;
  /** Receipts looked at and left for a person. */
  leftCount: number;
  /** Where to go on; null when all were looked at. */
  next: RunPosition | null;
}

export const MAX_SHOWN = 500;
/** Receipts looked at before the run sees whether its time is up. */
const AT_ONCE = 500;
/** A request is answered within a minute, or its caller gives up: what is left is for the next call. */
const MAX_RUN_MS = 25_000;
/** Receipts that are locked at once: people wait for no longer than that takes. */
const IN_ONE_TRANSACTION = 50;

/** Applies a rule to a company's receipts that are not matched, as far as the time for one call lasts. */
export async function matchAll(database: Database, clock: Clock, run: BulkRun): Promise<BulkResult> {
  const startedAt = clock.now().getTime();
  const result: BulkResult = { shown: [], matchedCount: 0, leftCount: 0, next: run.after };
  for (;;) {
    const rows = await readUnmatched(database, run, result.next, AT_ONCE);
    for (const batch of chunks(rows, IN_ONE_TRANSACTION)) {
      const made = await matchBatch(database, clock, run, batch);
      result.matchedCount += made.length;
      result.leftCount += batch.length - new Set(made.map(({ match }) => receiptKeyText(match))).size;
      result.shown.push(...made.slice(0, Math.max(0, MAX_SHOWN - result.shown.length)));
    }
    const last = rows.at(-1);
    result.next = last && rows.length === AT_ONCE ? positionOf(last) : null;
    if (result.next === null || clock.now().getTime() - startedAt > MAX_RUN_MS) return result;
  }
}

function matchBatch(
  database: Database,
  clock: Clock,
  { instanceId, rule }: BulkRun,
  keys: readonly ReceiptKey[],
): Promise<MadeMatch[]> {
  return database.transaction((transaction) => matchInBulk(transaction, clock, instanceId, keys, rule));
}

const positionOf = ({ accountSageId, receivedOn, urn }: ReceiptRow): RunPosition => ({
  accountSageId,
  receivedOn,
  urn,
});

/** Index: receipt_to_match. */
async function readUnmatched(
  database: Queryable,
  { instanceId, companyId, isAllocatedOnly }: BulkRun,
  after: RunPosition | null,
  limit: number,
): Promise<ReceiptRow[]> {
  const found: ReceiptRow[] = [];
  for (const status of ['UNMATCHED', 'PARTLY_MATCHED']) {
    const rows = await database.query<RawReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipt r
        WHERE r.instance_id = ? AND r.company_id = ? AND r.status = ? ${isAllocatedOnly ? 'AND r.allocated_minor > 0' : ''}
          ${after ? AFTER : ''}
        ORDER BY r.account_sage_id, r.received_on, r.urn LIMIT ${limit}`,
      [instanceId, companyId, status, ...(after ? afterValues(after) : [])],
    );
    found.push(...rows.map(decodeReceipt));
  }
  return found.toSorted(inOrder).slice(0, limit);
}

const AFTER = `AND r.account_sage_id >= ?
          AND (r.account_sage_id > ? OR r.received_on > ? OR (r.received_on = ? AND r.urn > ?))`;
const afterValues = ({ accountSageId, receivedOn, urn }: RunPosition) => [
  ...[accountSageId, accountSageId],
  ...[receivedOn, receivedOn],
  urn,
];

const inOrder = (one: RunPosition, other: RunPosition) =>
  one.accountSageId - other.accountSageId || compare(one.receivedOn, other.receivedOn) || compare(one.urn, other.urn);

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
