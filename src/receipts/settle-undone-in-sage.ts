import type { Clock } from '../common/clock.js';
import { groupBy } from '../common/group-by.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { readPostings } from '../documents/document-postings.js';
import { GATEWAY, recordAudits } from '../events/audit-trail.js';
import { readPushes } from '../pushes/push-rows.js';
import type { PullTarget } from '../sync/pull.js';
import { decodeMatch, MATCH_COLUMNS, type MatchRow, type RawMatchRow } from './match-rows.js';
import { receiptNodeId } from './receipt-node-id.js';
import { readReceipts, receiptKeyText } from './receipt-rows.js';
import { readReceiptStates } from './receipt-states.js';

/**
 * Takes the flag off matches that were undone here, once the ledger as it was read at `readAt` (epoch ms) shows that somebody has
 * undone the allocation in Sage as well: no more is allocated between the two than what matches that stand account for, or the
 * receipt is there no more.
 */
export async function settleUndoneInSage(
  transaction: Transaction,
  clock: Clock,
  target: PullTarget,
  changed: readonly { urn: string }[],
  readAt: number,
): Promise<void> {
  const flagged = await flaggedMatches(transaction, target, changed);
  if (flagged.length === 0) return;
  const { instanceId } = target;
  const receipts = await readReceipts(transaction, instanceId, flagged);
  const states = await readReceiptStates(transaction, instanceId, receipts);
  const invoices = flagged.map(({ invoiceLayerId }) => ({ kind: 'INVOICE' as const, layerId: invoiceLayerId }));
  const postings = await readPostings(transaction, instanceId, invoices);
  const pushes = await readPushes(
    transaction,
    instanceId,
    flagged.flatMap(({ pushId }) => pushId ?? []),
  );
  const settled = flagged.filter((match, index) => {
    const posting = postings[index];
    const { pairs, transaction: ledgerRow = null } = states.get(receiptKeyText(match)) ?? {};
    if (!pairs || ledgerRow === null || !posting || posting.companyId === null || posting.urn === null) return true;
    // what was read before the allocation was made says nothing of it
    if (readAt <= (pushes.get(match.pushId ?? '')?.allocatedAt ?? 0)) return false;
    const { layerMinor, sageMinor } = pairs.of(`${posting.companyId}:${posting.urn}`);
    return sageMinor <= layerMinor;
  });
  await takeFlagOff(transaction, clock, target, settled);
}

/** Index: receipt_match_to_undo. */
async function flaggedMatches(
  transaction: Transaction,
  { instanceId, companyId }: PullTarget,
  changed: readonly { urn: string }[],
): Promise<MatchRow[]> {
  const rows: MatchRow[] = [];
  for (const chunk of chunks(changed)) {
    const found = await transaction.query<RawMatchRow>(
      `SELECT ${MATCH_COLUMNS} FROM receipt_match m
        WHERE m.instance_id = ? AND m.company_id = ? AND m.is_to_undo_in_sage = 1 AND m.urn IN (${placeholders(chunk.length)})`,
      [instanceId, companyId, ...chunk.map(({ urn }) => urn)],
    );
    rows.push(...found.map(decodeMatch));
  }
  return rows;
}

/** By primary key. */
async function takeFlagOff(
  transaction: Transaction,
  clock: Clock,
  { instanceId }: PullTarget,
  settled: readonly MatchRow[],
): Promise<void> {
  if (settled.length === 0) return;
  for (const chunk of chunks(settled)) {
    await transaction.execute(
      `UPDATE receipt_match SET is_to_undo_in_sage = 0 WHERE instance_id = ? AND id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk.map(({ id }) => id)],
    );
  }
  await recordAudits(
    transaction,
    clock,
    instanceId,
    [...groupBy(settled, receiptKeyText).values()].flatMap(([match]) =>
      match === undefined
        ? []
        : [
            {
              who: GATEWAY,
              action: 'ALLOCATION_UNDONE_IN_SAGE',
              subjectId: receiptNodeId(instanceId, match),
              summary: `Sage no longer has the allocation of receipt URN ${match.urn} whose match was undone here.`,
            },
          ],
    ),
  );
}
