import type { Clock } from '../common/clock.js';
import { bulkUpsert, upsertSql } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';

export const EVENT_KINDS = ['RECEIPT_RECEIVED', 'RECEIPT_CHANGED', 'ACCOUNT_CHANGED', 'PUSH_CHANGED'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What has happened to what. Subscribers read the rest from the tables, as it stands when they are told. */
export interface NewEvent {
  kind: EventKind;
  /** The push's id, the receipt's URN; of an account, Sage's id. */
  subject: string;
  /** The gateway's own company id; null when it is about none. */
  companyId: number | null;
  /** The account that it is about, by Sage's id: whose customer that is is looked up when it is read. */
  accountSageId: number | null;
  /** Of a push. */
  customerLayerId?: string | null;
  /** What has changed, in words of capitals joined by blanks, e.g. "BALANCE ON_HOLD". */
  details?: string | null;
}

const SEQUENCE_TABLE = {
  name: 'event_sequence',
  key: ['instance_id'],
  columns: ['instance_id', 'last_sequence', 'pruned_sequence'],
  insertOnly: ['last_sequence', 'pruned_sequence'],
};
const EVENT_TABLE = {
  name: 'event',
  key: ['instance_id', 'sequence'],
  columns: [
    'instance_id',
    'sequence',
    'kind',
    'at',
    'company_id',
    'account_sage_id',
    'customer_layer_id',
    'subject',
    'details',
  ],
};

/** What transactions under way have to say, by instance. */
const pending = new WeakMap<Transaction, Map<number, NewEvent[]>>();

/**
 * Puts events into the durable log, in the transaction that causes them. Their numbers are taken right before COMMIT, a range for all
 * of a transaction at once: whoever holds the instance's sequence row is about to commit, so that numbers become visible in their
 * order, and nobody waits for it for long (reliability.md, "Events").
 */
export function recordEvents(
  transaction: Transaction,
  clock: Pick<Clock, 'now'>,
  instanceId: number,
  events: readonly NewEvent[],
): void {
  if (events.length === 0) return;
  const byInstance = pending.get(transaction) ?? new Map<number, NewEvent[]>();
  if (!pending.has(transaction)) {
    pending.set(transaction, byInstance);
    transaction.beforeCommit(() => append(transaction, clock, byInstance));
  }
  byInstance.set(instanceId, [...(byInstance.get(instanceId) ?? []), ...events]);
}

async function append(
  transaction: Transaction,
  clock: Pick<Clock, 'now'>,
  byInstance: ReadonlyMap<number, readonly NewEvent[]>,
): Promise<void> {
  // in one order for all, so that two transactions over several instances wait for each other and don't end in a deadlock
  for (const [instanceId, events] of [...byInstance].toSorted(([one], [other]) => one - other)) {
    const last = await takeNumbers(transaction, instanceId, events.length);
    const at = clock.now().getTime();
    await bulkUpsert(
      transaction,
      EVENT_TABLE,
      events.map((event, index) => [
        instanceId,
        last - events.length + index + 1,
        event.kind,
        at,
        event.companyId,
        event.accountSageId,
        event.customerLayerId ?? null,
        event.subject,
        event.details ?? null,
      ]),
    );
    transaction.announce('events', instanceId);
  }
}

/** The last of `count` new numbers; the sequence's row is locked until the transaction ends. */
async function takeNumbers(transaction: Transaction, instanceId: number, count: number): Promise<number> {
  const take = () =>
    transaction.execute('UPDATE event_sequence SET last_sequence = last_sequence + ? WHERE instance_id = ?', [
      count,
      instanceId,
    ]);
  if ((await take()) === 0) {
    await transaction.query(upsertSql(transaction.dialect, SEQUENCE_TABLE, 1), [instanceId, 0, 0]);
    await take();
  }
  const [row] = await transaction.query<{ last: number | string }>(
    'SELECT last_sequence AS last FROM event_sequence WHERE instance_id = ?',
    [instanceId],
  );
  return Number(row?.last);
}
