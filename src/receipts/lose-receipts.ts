import type { Clock } from '../common/clock.js';
import type { Transaction } from '../database/database.js';
import { recordEvents } from '../events/record-events.js';
import type { PullTarget } from '../sync/pull.js';
import { readReceipts } from './receipt-rows.js';
import { settleUndoneInSage } from './settle-undone-in-sage.js';

/**
 * Sage has these receipts no more, as after its account maintenance, or when it was restored from a backup. What was matched stays
 * until a person undoes it; what was still to be undone in Sage is gone with them.
 */
export async function loseReceipts(
  transaction: Transaction,
  clock: Clock,
  target: PullTarget,
  urns: readonly string[],
): Promise<void> {
  const { instanceId, companyId } = target;
  const receipts = await readReceipts(
    transaction,
    instanceId,
    urns.map((urn) => ({ companyId, urn })),
  );
  if (receipts.length === 0) return;
  await settleUndoneInSage(transaction, clock, target, receipts, clock.now().getTime());
  recordEvents(
    transaction,
    clock,
    instanceId,
    receipts.map(({ urn, accountSageId }) => ({ kind: 'RECEIPT_CHANGED', subject: urn, companyId, accountSageId })),
  );
}
