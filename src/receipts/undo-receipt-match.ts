import type { Clock } from '../common/clock.js';
import { Money } from '../common/money.js';
import type { UserError } from '../common/user-error.type.js';
import type { Transaction } from '../database/database.js';
import { documentNodeId } from '../documents/document-node-id.js';
import { readPostings } from '../documents/document-postings.js';
import { refreshOutstanding } from '../documents/refresh-outstanding.js';
import { recordAudits } from '../events/audit-trail.js';
import { recordEvents } from '../events/record-events.js';
import { replaceContent } from '../pushes/enqueue.js';
import { touchLanes } from '../pushes/lane.sql.js';
import { movePush } from '../pushes/move.sql.js';
import { lockPush, type PushRow } from '../pushes/push-rows.js';
import { REPLACEABLE } from '../pushes/push-status.js';
import { allocatedInSage } from './allocated-in-sage.js';
import { allocationContent } from './allocation-content.js';
import { lockState } from './match-receipt.js';
import { type MatchRow, readMatches, readMatchesOfPushes } from './match-rows.js';
import { receiptNodeId } from './receipt-node-id.js';
import { receiptStatus } from './receipt-status.js';
import type { ReceiptState } from './receipt-states.js';
import { sagePaymentId } from './sage-payment.js';

export interface UndoOrder {
  matchId: string;
  /** The subject of the token. */
  who: string;
  reason: string;
}

/**
 * Undoes a match and keeps its history: the payment is reversed, receipt and invoice have their amounts back, and an allocation that
 * has not been sent is not sent any more. Where Sage has the allocation, the match is flagged until the ledger shows that somebody
 * has undone it there, as Sage's API cannot. Refused while the allocation is being sent, or nobody knows whether it was.
 */
export async function undoReceiptMatch(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  order: UndoOrder,
): Promise<MatchRow | { refused: UserError }> {
  const [known] = await readMatches(transaction, instanceId, [order.matchId]);
  if (!known) return { refused: MATCH_UNKNOWN };
  const receipt = await lockState(transaction, instanceId, known);
  const match = receipt?.matches.find(({ id }) => id === known.id);
  if (!receipt || !match) return { refused: MATCH_UNKNOWN };
  if (match.undoneAt !== null) return { refused: ALREADY_UNDONE };
  const { push, others } = await lockPushes(transaction, instanceId, receipt, match);
  const busy = [push, ...(isReplaceable(push) ? [] : others)].find((one) => one !== null && isUnderWay(one));
  if (busy) return { refused: underWay(busy) };
  if (push) await takeOutOfPush(transaction, clock, push, match);
  const isToUndoInSage = await standsInSage(transaction, instanceId, receipt, match);
  const undone: MatchRow = {
    ...match,
    undoneAt: clock.now().getTime(),
    undoneBy: order.who,
    undoReason: order.reason,
    isToUndoInSage,
  };
  await storeUndone(transaction, instanceId, receipt, undone);
  await recordUndone(transaction, clock, instanceId, receipt, undone);
  return undone;
}

const isUnderWay = ({ status, lostAt }: PushRow) => status === 'SENDING' || status === 'UNKNOWN' || lostAt !== null;

const isReplaceable = (push: PushRow | null) => push !== null && REPLACEABLE.includes(push.status);

interface LockedPushes {
  push: PushRow | null;
  /** Those that allocate something else between the two: what is sent goes by what Sage has of this match. */
  others: PushRow[];
}

async function lockPushes(
  transaction: Transaction,
  instanceId: number,
  { matches }: ReceiptState,
  match: MatchRow,
): Promise<LockedPushes> {
  const between = matches.filter(
    ({ invoiceLayerId, undoneAt }) => invoiceLayerId === match.invoiceLayerId && undoneAt === null,
  );
  const locked: PushRow[] = [];
  // in one order for all, so that two people wait for each other and don't end in a deadlock
  for (const id of [...new Set(between.flatMap(({ pushId }) => pushId ?? []))].toSorted()) {
    const push = await lockPush(transaction, instanceId, id);
    if (push) locked.push(push);
  }
  return {
    push: locked.find(({ id }) => id === match.pushId) ?? null,
    others: locked.filter(({ id }) => id !== match.pushId),
  };
}

/** A push that can still be changed goes without this match; with nothing left of it, it never goes. */
async function takeOutOfPush(transaction: Transaction, clock: Clock, push: PushRow, match: MatchRow): Promise<void> {
  if (!REPLACEABLE.includes(push.status)) return;
  const now = clock.now().getTime();
  const others = (await readMatchesOfPushes(transaction, push.instanceId, [push.id])).filter(
    ({ id, undoneAt }) => undoneAt === null && id !== match.id,
  );
  if (others.length === 0) {
    await movePush(transaction, push, 'SKIPPED', { nextAttemptAt: null }, now);
    await touchLanes(transaction, push.instanceId, [push.lane], now);
    return;
  }
  const invoices = others.map(({ invoiceLayerId }) => ({ kind: 'INVOICE' as const, layerId: invoiceLayerId }));
  const postings = await readPostings(transaction, push.instanceId, invoices);
  const waitsFor = others
    .filter((_, index) => (postings[index]?.urn ?? null) === null)
    .map(({ invoiceLayerId }) => invoiceLayerId);
  const about = { customerLayerId: push.customerLayerId ?? '', reference: push.reference };
  await replaceContent(transaction, clock, push, allocationContent(others, about, waitsFor));
}

/** Whether Sage has allocated more between the two than the other matches that stand account for. What it has no more needs no undoing. */
async function standsInSage(
  transaction: Transaction,
  instanceId: number,
  receipt: ReceiptState,
  { invoiceLayerId, amountMinor }: MatchRow,
): Promise<boolean> {
  if (receipt.transaction === null) return false;
  const [posting] = await readPostings(transaction, instanceId, [{ kind: 'INVOICE', layerId: invoiceLayerId }]);
  if (!posting || posting.companyId === null || posting.urn === null) return false;
  const key = `${posting.companyId}:${posting.urn}`;
  const inSage = await allocatedInSage(transaction, instanceId, receipt, { key, invoiceLayerId });
  return inSage > receipt.pairs.of(key).layerMinor - amountMinor;
}

/** By primary keys. */
async function storeUndone(
  transaction: Transaction,
  instanceId: number,
  { row }: ReceiptState,
  undone: MatchRow,
): Promise<void> {
  await transaction.execute(
    `UPDATE receipt_match SET undone_at = ?, undone_by = ?, undo_reason = ?, is_to_undo_in_sage = ?
      WHERE instance_id = ? AND id = ?`,
    [undone.undoneAt, undone.undoneBy, undone.undoReason, undone.isToUndoInSage ? 1 : 0, instanceId, undone.id],
  );
  await transaction.execute(
    "UPDATE document SET reversed_at = ? WHERE instance_id = ? AND kind = 'PAYMENT' AND layer_id = ?",
    [undone.undoneAt, instanceId, sagePaymentId(undone.id)],
  );
  const matchedMinor = row.matchedMinor - undone.amountMinor;
  await transaction.execute(
    'UPDATE receipt SET matched_minor = ?, status = ? WHERE instance_id = ? AND company_id = ? AND urn = ?',
    [matchedMinor, receiptStatus({ ...row, matchedMinor }), instanceId, row.companyId, row.urn],
  );
  await refreshOutstanding(transaction, instanceId, [undone.invoiceLayerId]);
}

async function recordUndone(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  { row }: ReceiptState,
  undone: MatchRow,
): Promise<void> {
  const { amount, currency } = Money.ofMinor(undone.amountMinor, undone.currency);
  const inSage = undone.isToUndoInSage ? ' Its allocation stands in Sage until somebody undoes it there.' : '';
  const record = {
    who: undone.undoneBy ?? '',
    action: 'MATCH_UNDONE',
    reason: undone.undoReason,
    summary: `The match of ${amount} ${currency} of the receipt with URN ${undone.urn} with invoice ${undone.invoiceLayerId} was undone.${inSage}`,
  };
  await recordAudits(transaction, clock, instanceId, [
    { ...record, subjectId: receiptNodeId(instanceId, undone) },
    { ...record, subjectId: documentNodeId(instanceId, { kind: 'INVOICE', layerId: undone.invoiceLayerId }) },
  ]);
  const { urn, companyId, accountSageId } = row;
  recordEvents(transaction, clock, instanceId, [{ kind: 'RECEIPT_CHANGED', subject: urn, companyId, accountSageId }]);
}

const field = ['matchId'];

export const MATCH_UNKNOWN: UserError = {
  code: 'MATCH_UNKNOWN',
  message: 'There is no match with this id.',
  remedy: 'Take the id from the matches of a receipt.',
  field,
};

const ALREADY_UNDONE: UserError = {
  code: 'ALREADY_UNDONE',
  message: 'This match has been undone already.',
  remedy: 'auditTrail says by whom and why.',
  field,
};

const underWay = ({ status }: PushRow): UserError => ({
  code: 'IN_PROGRESS',
  message:
    status === 'SENDING'
      ? 'Its allocation is being sent to Sage at this moment.'
      : 'Sage may or may not have its allocation: the match cannot be undone before Sage has been asked.',
  remedy: 'Wait until the push has come to rest (pushChanged tells), and try again.',
  field,
});
