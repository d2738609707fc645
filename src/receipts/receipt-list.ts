import type { KeyPart, Keyset } from '../common/paging.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { receiptSearch, type ReceiptSearch } from './receipt-search.js';
import { decodeReceipt, RECEIPT_COLUMNS, type RawReceiptRow, type ReceiptRow } from './receipt-rows.js';
import { RECEIPT_STATUSES, type ReceiptStatus } from './receipt-status.js';

export interface ReceiptListFilter {
  companyId?: number | null;
  /** The accounts of one customer; none: nothing can match. */
  accounts?: readonly { companyId: number; sageId: number }[] | null;
  status?: readonly ReceiptStatus[] | null;
  origin?: readonly ReceiptRow['origin'][] | null;
  allocatedInSage?: boolean | null;
  /** YYYY-MM-DD, inclusive. */
  from?: string | null;
  /** YYYY-MM-DD, inclusive. */
  to?: string | null;
  search?: string | null;
}

/** Newest first, then by company and URN: the order of the cursor. */
export function receiptCursorKey(row: ReceiptRow): (string | number)[] {
  return [row.receivedOn, row.companyId, row.urn];
}
export const RECEIPT_CURSOR_SHAPE: readonly KeyPart[] = ['date', 'number', 'string'];

interface Conditions {
  from: string;
  fromValues: readonly unknown[];
  where: string[];
  values: unknown[];
}

const ORIGINS = ['SAGE', 'LAYER'] as const;
const NEWEST_FIRST = 'ORDER BY receivedOn DESC, companyId DESC, urn DESC';

/**
 * One row more than asked, so that the caller knows whether there is a next page. The newest of each origin and status (or each
 * account) are read by themselves and put together: each is one walk along an index, backwards, so that ten receipts that wait for
 * somebody are found among any number of others. Indexes: receipt_by_status, receipt_of_company, receipt_of_account.
 */
export async function listReceipts(
  database: Queryable,
  instanceId: number,
  filter: ReceiptListFilter,
  keyset: Keyset,
): Promise<ReceiptRow[]> {
  const parts = await partsOf(database, instanceId, filter);
  if (parts.length === 0) return [];
  if (keyset.after) {
    const [date, companyId, urn] = keyset.after as [string, number, string];
    for (const { where, values } of parts) {
      where.push('r.received_on <= ?', '(r.received_on < ? OR r.company_id < ? OR (r.company_id = ? AND r.urn < ?))');
      values.push(date, date, companyId, companyId, urn);
    }
  }
  const limit = keyset.first + 1;
  const walks = parts.map(
    ({ from, where }, index) => `SELECT * FROM (SELECT ${RECEIPT_COLUMNS} FROM ${from} WHERE ${where.join(' AND ')}
      ORDER BY r.received_on DESC, r.company_id DESC, r.urn DESC LIMIT ${limit}) walk_${index}`,
  );
  const rows = await database.query<RawReceiptRow>(
    walks.length === 1 ? `${walks[0]} ${NEWEST_FIRST}` : `${walks.join(' UNION ALL ')} ${NEWEST_FIRST} LIMIT ${limit}`,
    parts.flatMap(({ fromValues, values }) => [...fromValues, ...values]),
  );
  return rows.map(decodeReceipt);
}

export async function countReceipts(
  database: Queryable,
  instanceId: number,
  filter: ReceiptListFilter,
): Promise<number> {
  const parts = await partsOf(database, instanceId, filter);
  if (parts.length === 0) return 0;
  const counts = parts.map(({ from, where }) => `SELECT COUNT(*) AS count FROM ${from} WHERE ${where.join(' AND ')}`);
  const rows = await database.query<{ count: number | string }>(
    counts.join(' UNION ALL '),
    parts.flatMap(({ fromValues, values }) => [...fromValues, ...values]),
  );
  return rows.reduce((sum, { count }) => sum + Number(count), 0);
}

async function partsOf(database: Queryable, instanceId: number, filter: ReceiptListFilter): Promise<Conditions[]> {
  const { accounts = null, companyId = null } = filter;
  const scope = { instanceId, companyId, isNarrow: accounts !== null };
  const search = isGiven(filter.search) ? await receiptSearch(database, scope, filter.search) : null;
  const statuses = RECEIPT_STATUSES.filter((status) => filter.status?.includes(status) ?? true);
  const origins = ORIGINS.filter((origin) => filter.origin?.includes(origin) ?? true);
  const parts: Conditions[] = [];
  const add = (condition: string, ...values: unknown[]) => {
    const part = common(instanceId, filter, search);
    part.where.splice(1, 0, condition);
    part.values.splice(1, 0, ...values);
    parts.push(part);
  };
  if (accounts !== null) {
    const within = `r.origin IN (${placeholders(origins.length)}) AND r.status IN (${placeholders(statuses.length)})`;
    if (origins.length === 0 || statuses.length === 0) return [];
    for (const account of accounts.filter((one) => companyId === null || one.companyId === companyId)) {
      add(
        `r.company_id = ? AND r.account_sage_id = ? AND ${within}`,
        account.companyId,
        account.sageId,
        ...origins,
        ...statuses,
      );
    }
    return parts;
  }
  for (const origin of origins) {
    for (const status of statuses) {
      if (companyId === null) add('r.origin = ? AND r.status = ?', origin, status);
      else if (isCommon(origin, status))
        add('r.company_id = ? AND r.status = ? AND r.origin = ?', companyId, status, origin);
      // the sum keeps the database from walking through all of the company's receipts of the status
      else add('r.origin = ? AND r.status = ? AND r.company_id + 0 = ?', origin, status, companyId);
    }
  }
  return parts;
}

/** Whether most receipts of the status are of the origin: nothing but refunds needs no match and was entered in Sage. */
const isCommon = (origin: ReceiptRow['origin'], status: ReceiptStatus) =>
  (origin === 'LAYER') === (status === 'NO_MATCH_NEEDED');

/** What every part has to meet. */
function common(instanceId: number, filter: ReceiptListFilter, search: ReceiptSearch | null): Conditions {
  const where = ['r.instance_id = ?'];
  const values: unknown[] = [instanceId];
  const add = (condition: string, ...compared: unknown[]) => {
    where.push(condition);
    values.push(...compared);
  };
  if (isGiven(filter.from)) add('r.received_on >= ?', filter.from);
  if (isGiven(filter.to)) add('r.received_on <= ?', filter.to);
  if (isGiven(filter.allocatedInSage)) add(`r.allocated_minor ${filter.allocatedInSage ? '<>' : '='} 0`);
  const found = search?.found ?? null;
  if (found) add('r.company_id = found.company_id AND r.urn = found.urn');
  const inLedger = search?.condition ?? null;
  // a scalar, which neither database makes a join of: the walk goes along the receipts
  add(
    `(SELECT CASE WHEN t.deleted_at IS NULL${inLedger ? ` AND ${inLedger.sql}` : ''} THEN 1 ELSE 0 END FROM sage_transaction t
       WHERE t.instance_id = r.instance_id AND t.company_id = r.company_id AND t.urn = r.urn) = 1`,
    ...(inLedger?.values ?? []),
  );
  return {
    // CROSS: SQLite then begins with what was found, and does not look for it in every receipt
    from: found ? `(${found.sql}) found CROSS JOIN receipt r` : 'receipt r',
    fromValues: found?.values ?? [],
    where,
    values,
  };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
