import type { Transaction } from '../database/database.js';
import { recordEvents } from '../events/record-events.js';
import type { PushRow } from './push-rows.js';

export type ChangedPush = Pick<PushRow, 'id' | 'companyId' | 'customerLayerId'>;

/** Tells subscribers that these pushes have come to another status, or are new, in the transaction that moves them. */
export function recordPushChanges(
  transaction: Transaction,
  instanceId: number,
  pushes: readonly ChangedPush[],
  now: number,
): void {
  recordEvents(
    transaction,
    { now: () => new Date(now) },
    instanceId,
    pushes.map(({ id, companyId, customerLayerId }) => ({
      kind: 'PUSH_CHANGED' as const,
      subject: id,
      companyId,
      accountSageId: null,
      customerLayerId,
    })),
  );
}
