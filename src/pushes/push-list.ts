import type { KeyPart, Keyset } from '../common/paging.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow } from './push-rows.js';
import { pushSearch } from './push-search.js';
import { PUSH_STATUSES, type PushKind, type PushStatus } from './push-status.js';

export interface PushListFilter {
  status?: readonly PushStatus[] | null;
  kind?: readonly PushKind[] | null;
  customerLayerId?: string | null;
  search?: string | null;
}

/** Newest first: ids sort by the time when they were made. */
export const pushCursorKey = (push: PushRow): string[] => [push.id];
export const PUSH_CURSOR_SHAPE: readonly KeyPart[] = ['string'];

/**
 * One row more than asked, so that the caller knows whether there is a next page. Indexes: push_by_status or push_of_customer,
 * each status walked backwards by itself and then merged, so that no planner sorts what it need not read; otherwise the primary key.
 */
export async function listPushes(
  database: Queryable,
  instanceId: number,
  filter: PushListFilter,
  keyset: Keyset,
): Promise<PushRow[]> {
  const { from, where, values, statuses, isSearched } = await selection(database, instanceId, filter);
  if (keyset.after) {
    where.push('p.id < ?');
    values.push(...keyset.after);
  }
  const page = `ORDER BY p.id DESC LIMIT ${keyset.first + 1}`;
  const walked = statuses ?? (isGiven(filter.customerLayerId) ? PUSH_STATUSES : null);
  const select = (conditions: readonly string[]) =>
    `SELECT ${PUSH_COLUMNS} FROM ${from} WHERE ${conditions.join(' AND ')}`;
  if (walked === null || isSearched || walked.length === 0) {
    const [inStatus, ...statusValues] = statusCondition(statuses);
    const rows = await database.query<RawPushRow>(`${select([...where, ...inStatus])} ${page}`, [
      ...values,
      ...statusValues,
    ]);
    return rows.map(decodePush);
  }
  const arms = walked.map(
    (_, index) => `SELECT * FROM (${select([...where, 'p.status = ?'])} ${page}) in_status_${index}`,
  );
  const rows = await database.query<RawPushRow>(
    `${arms.join(' UNION ALL ')} ORDER BY id DESC LIMIT ${keyset.first + 1}`,
    walked.flatMap((status) => [...values, status]),
  );
  return rows.map(decodePush);
}

export async function countPushes(database: Queryable, instanceId: number, filter: PushListFilter): Promise<number> {
  const { from, where, values, statuses } = await selection(database, instanceId, filter);
  const [inStatus, ...statusValues] = statusCondition(statuses);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM ${from} WHERE ${[...where, ...inStatus].join(' AND ')}`,
    [...values, ...statusValues],
  );
  return Number(row?.count ?? 0);
}

function statusCondition(statuses: readonly PushStatus[] | null): [conditions: string[], ...values: string[]] {
  if (statuses === null) return [[]];
  return statuses.length === 0 ? [['1 = 0']] : [[`p.status IN (${placeholders(statuses.length)})`], ...statuses];
}

async function selection(database: Queryable, instanceId: number, filter: PushListFilter) {
  const where = ['p.instance_id = ?'];
  const values: unknown[] = [instanceId];
  const statuses = filter.status ? [...new Set(filter.status)] : null;
  if (filter.kind) {
    where.push(filter.kind.length === 0 ? '1 = 0' : `p.kind IN (${placeholders(filter.kind.length)})`);
    values.push(...filter.kind);
  }
  if (isGiven(filter.customerLayerId)) {
    where.push('p.customer_layer_id = ?');
    values.push(filter.customerLayerId);
  }
  let from = 'push p';
  const { condition, found } = await pushSearch(database, instanceId, filter.search ?? '');
  if (condition) {
    where.push(condition.sql);
    values.push(...condition.values);
  }
  if (found) {
    // CROSS: SQLite then begins with what was found, and does not look for it in every push
    from = `(${found.sql}) found CROSS JOIN push p`;
    where.push('p.id = found.id');
    values.unshift(...found.values);
  }
  return { from, where, values, statuses, isSearched: condition !== null };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
