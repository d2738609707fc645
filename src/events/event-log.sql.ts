import type { Queryable } from '../database/database.js';
import type { EventKind } from './record-events.js';

/** An event as it was written. Times are epoch ms. */
export interface StoredEvent {
  instanceId: number;
  /** In the order of the commits. */
  sequence: number;
  kind: EventKind;
  at: number;
  companyId: number | null;
  accountSageId: number | null;
  /** Of a push the customer it was stored for; of an account the one that it is linked to when the event is read. */
  customerLayerId: string | null;
  subject: string;
  details: string | null;
}

type RawEvent = {
  [K in keyof StoredEvent]: StoredEvent[K] extends number | null ? number | string | null : StoredEvent[K];
};

const numberOrNull = (value: number | string | null) => (value === null ? null : Number(value));

const decodeEvent = (row: RawEvent): StoredEvent => ({
  ...row,
  instanceId: Number(row.instanceId),
  sequence: Number(row.sequence),
  at: Number(row.at),
  companyId: numberOrNull(row.companyId),
  accountSageId: numberOrNull(row.accountSageId),
});

/** The account's customer is joined here, once for all subscribers. */
const selectSql = (condition: string, count: number) =>
  `SELECT e.instance_id AS instanceId, e.sequence AS sequence, e.kind AS kind, e.at AS at, e.company_id AS companyId,
      e.account_sage_id AS accountSageId, COALESCE(e.customer_layer_id, l.customer_layer_id) AS customerLayerId,
      e.subject AS subject, e.details AS details
    FROM event e LEFT JOIN customer_link l
      ON l.instance_id = e.instance_id AND l.company_id = e.company_id AND l.account_sage_id = e.account_sage_id
    WHERE e.instance_id = ? AND ${condition} ORDER BY e.sequence LIMIT ${Math.trunc(count)}`;

/** What comes after a number, of every kind, the oldest first. By primary key. */
export async function readEventsAfter(
  database: Queryable,
  instanceId: number,
  after: number,
  count: number,
): Promise<StoredEvent[]> {
  const rows = await database.query<RawEvent>(selectSql('e.sequence > ?', count), [instanceId, after]);
  return rows.map(decodeEvent);
}

/** What comes after a number and up to another, of one kind, the oldest first. Index: event_of_kind. */
export async function readEventsOfKind(
  database: Queryable,
  instanceId: number,
  kind: EventKind,
  { after, upTo, count }: { after: number; upTo: number; count: number },
): Promise<StoredEvent[]> {
  const rows = await database.query<RawEvent>(selectSql('e.kind = ? AND e.sequence > ? AND e.sequence <= ?', count), [
    instanceId,
    kind,
    after,
    upTo,
  ]);
  return rows.map(decodeEvent);
}

export interface EventRange {
  /** Number of the newest event; 0 before the first. */
  newest: number;
  /** Events up to this number are gone. */
  pruned: number;
}

/** By primary key. */
export async function readEventRange(database: Queryable, instanceId: number): Promise<EventRange> {
  const [row] = await database.query<{ newest: number | string; pruned: number | string }>(
    'SELECT last_sequence AS newest, pruned_sequence AS pruned FROM event_sequence WHERE instance_id = ?',
    [instanceId],
  );
  return { newest: Number(row?.newest ?? 0), pruned: Number(row?.pruned ?? 0) };
}
