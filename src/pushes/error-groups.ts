import { encodeCursor, type Keyset } from '../common/paging.js';
import type { Queryable } from '../database/database.js';
import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow } from './push-rows.js';

/** What names a group: a code about a subject (`causeKey`), or, when the cause is about one push alone, that push. */
export interface ErrorGroupKey {
  code: string;
  causeKey: string;
  /** '' unless the cause is about the one push alone. */
  pushId: string;
}

export interface ErrorGroupRow extends ErrorGroupKey {
  subject: string | null;
  message: string;
  remedy: string;
  count: number;
  /** By currency. */
  blocked: { currency: string; minor: bigint }[];
}

export const MAX_ERROR_GROUPS = 500;

/**
 * Refused and held pushes, one row per cause: the one that blocks the largest sum of one currency first, then the one with the most
 * pushes. The first 500. Index: push_by_cause. A group's total is one row per currency; DENSE_RANK counts groups, not rows.
 */
export async function readErrorGroups(database: Queryable, instanceId: number): Promise<ErrorGroupRow[]> {
  const rows = await database.query<{
    code: string;
    causeKey: string;
    pushId: string;
    currency: string | null;
    subject: string | null;
    message: string | null;
    remedy: string | null;
    total: number | string | null;
    groupPushes: number | string;
  }>(
    `SELECT ranked.* FROM (
      SELECT grouped.*, DENSE_RANK() OVER (ORDER BY grouped.largest DESC, grouped.groupPushes DESC, grouped.code, grouped.causeKey, grouped.pushId) AS place FROM (
        SELECT summed.*, MAX(COALESCE(summed.total, 0)) OVER (PARTITION BY summed.code, summed.causeKey, summed.pushId) AS largest,
            SUM(summed.pushes) OVER (PARTITION BY summed.code, summed.causeKey, summed.pushId) AS groupPushes FROM (
          SELECT p.error_code AS code, COALESCE(p.error_key, '') AS causeKey,
              CASE WHEN COALESCE(p.error_key, '') = '' THEN p.id ELSE '' END AS pushId, p.currency AS currency, COUNT(*) AS pushes,
              SUM(p.amount_minor) AS total, MAX(p.error_subject) AS subject, MAX(p.error_message) AS message, MAX(p.error_remedy) AS remedy
            FROM push p WHERE p.instance_id = ? AND p.status IN ('HELD', 'FAILED') AND p.error_code IS NOT NULL
            GROUP BY p.error_code, COALESCE(p.error_key, ''), CASE WHEN COALESCE(p.error_key, '') = '' THEN p.id ELSE '' END, p.currency
        ) summed) grouped) ranked
      WHERE ranked.place <= ${MAX_ERROR_GROUPS} ORDER BY ranked.place, ranked.currency`,
    [instanceId],
  );
  const groups = new Map<string, ErrorGroupRow>();
  for (const { code, causeKey, pushId, subject, message, remedy, currency, total, groupPushes } of rows) {
    const key = JSON.stringify([code, causeKey, pushId]);
    const group = groups.get(key) ?? {
      code,
      causeKey,
      pushId,
      subject,
      message: message ?? '',
      remedy: remedy ?? '',
      count: Number(groupPushes),
      blocked: [],
    };
    groups.set(key, group);
    if (currency !== null && total !== null) group.blocked.push({ currency, minor: BigInt(total) });
  }
  return [...groups.values()];
}

/** What a push of the group is, as a condition on `push p`. Index: push_by_cause, or the primary key. */
export function inErrorGroup({ code, causeKey, pushId }: ErrorGroupKey): { sql: string; values: string[] } {
  const inCause = "p.status IN ('HELD', 'FAILED') AND p.error_code = ?";
  return pushId === ''
    ? { sql: `${inCause} AND p.error_key = ?`, values: [code, causeKey] }
    : { sql: `${inCause} AND p.id = ?`, values: [code, pushId] };
}

export interface GroupPage {
  group: ErrorGroupKey;
  keyset: Keyset;
}

export const groupPageKey = ({ group, keyset }: GroupPage) =>
  JSON.stringify([group.code, group.causeKey, group.pushId, keyset.first, keyset.after && encodeCursor(keyset.after)]);

/** A page of each group in one statement, newest first; one row more than asked where there is a next page. */
export async function listGroupPushes(
  database: Queryable,
  instanceId: number,
  pages: readonly GroupPage[],
): Promise<PushRow[][]> {
  const values: unknown[] = [];
  const arms = pages.map(({ group, keyset }, index) => {
    const { sql, values: groupValues } = inErrorGroup(group);
    values.push(instanceId, ...groupValues, ...(keyset.after ?? []));
    return `SELECT * FROM (SELECT ${index} AS page, ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND ${sql}${
      keyset.after ? ' AND p.id < ?' : ''
    } ORDER BY p.id DESC LIMIT ${keyset.first + 1}) page_${index}`;
  });
  const rows = await database.query<RawPushRow>(arms.join(' UNION ALL '), values);
  const listed: PushRow[][] = pages.map(() => []);
  for (const { page, ...row } of rows) listed[Number(page)]?.push(decodePush(row));
  return listed.map((page) => page.sort((a, b) => (a.id < b.id ? 1 : -1)));
}
