import type { KeyPart, Keyset } from '../common/paging.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { PLACE } from '../transactions/store-transactions.js';
import type { FoundRows, SqlPart } from '../database/search-beginnings.js';
import { companiesOf } from '../transactions/transaction-search.js';
import { receiptSearch } from './receipt-search.js';
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

interface Part {
  from: string;
  fromValues: readonly unknown[];
  where: string[];
  values: unknown[];
}

/** What all parts have in common beside the filter. */
interface Narrowing {
  /** Keys (company_id, urn) of few rows to begin with. */
  found: SqlPart | null;
  /** What is asked of the ledger. */
  ledger: SqlPart | null;
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
  const search = await searchOf(database, instanceId, filter);
  const parts = partsOf(instanceId, filter, { found: search?.found ?? null, ledger: inLedger(search?.condition) });
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

/**
 * Counts along the same indexes. Where nothing is searched for, what Sage has deleted is counted by itself and taken off: there is
 * little of it, and to look every receipt up in the ledger takes twenty times as long. Index: sage_transaction_by_sage_id.
 */
export async function countReceipts(
  database: Queryable,
  instanceId: number,
  filter: ReceiptListFilter,
): Promise<number> {
  const search = await searchOf(database, instanceId, filter);
  if (search?.condition) {
    const narrowing = { found: search.found, ledger: inLedger(search.condition) };
    return countParts(database, partsOf(instanceId, filter, narrowing));
  }
  const all = await countParts(database, partsOf(instanceId, filter, { found: null, ledger: null }));
  if (all === 0) return 0;
  const { companyId = null } = filter;
  const companyIds = await companiesOf(database, { instanceId, companyId });
  const deleted = deletedInSage(instanceId, companyIds);
  return all - (await countParts(database, partsOf(instanceId, filter, { found: deleted, ledger: null })));
}

async function countParts(database: Queryable, parts: readonly Part[]): Promise<number> {
  if (parts.length === 0) return 0;
  const counts = parts.map(({ from, where }) => `SELECT COUNT(*) AS count FROM ${from} WHERE ${where.join(' AND ')}`);
  const rows = await database.query<{ count: number | string }>(
    counts.join(' UNION ALL '),
    parts.flatMap(({ fromValues, values }) => [...fromValues, ...values]),
  );
  return rows.reduce((sum, { count }) => sum + Number(count), 0);
}

async function searchOf(
  database: Queryable,
  instanceId: number,
  { search, companyId = null, accounts = null }: ReceiptListFilter,
): Promise<FoundRows | null> {
  if (!isGiven(search)) return null;
  return receiptSearch(database, { instanceId, companyId, isNarrow: accounts !== null }, search);
}

/** One part for each walk: none when nothing can match. */
function partsOf(instanceId: number, filter: ReceiptListFilter, narrowing: Narrowing): Part[] {
  const { accounts = null, companyId = null } = filter;
  const statuses = RECEIPT_STATUSES.filter((status) => filter.status?.includes(status) ?? true);
  const origins = ORIGINS.filter((origin) => filter.origin?.includes(origin) ?? true);
  const part = (sql: string, ...values: unknown[]) => partOf(instanceId, filter, narrowing, { sql, values });
  if (origins.length === 0 || statuses.length === 0) return [];
  const ofAny = `r.origin IN (${placeholders(origins.length)}) AND r.status IN (${placeholders(statuses.length)})`;
  if (accounts !== null) {
    return accounts
      .filter((account) => companyId === null || account.companyId === companyId)
      .map((account) =>
        part(
          `r.company_id = ? AND r.account_sage_id = ? AND ${ofAny}`,
          ...[account.companyId, account.sageId, ...origins, ...statuses],
        ),
      );
  }
  // what was found is of the company already
  if (narrowing.found) return [part(ofAny, ...origins, ...statuses)];
  return origins.flatMap((origin) =>
    statuses.map((status) => {
      if (companyId === null) return part('r.origin = ? AND r.status = ?', origin, status);
      if (isCommon(origin, status))
        return part('r.company_id = ? AND r.status = ? AND r.origin = ?', companyId, status, origin);
      // the sum keeps the database from walking through all of the company's receipts of the status
      return part('r.origin = ? AND r.status = ? AND r.company_id + 0 = ?', origin, status, companyId);
    }),
  );
}

/** Whether most receipts of the status are of the origin: nothing but refunds needs no match and was entered in Sage. */
const isCommon = (origin: ReceiptRow['origin'], status: ReceiptStatus) =>
  (origin === 'LAYER') === (status === 'NO_MATCH_NEEDED');

function partOf(instanceId: number, filter: ReceiptListFilter, { found, ledger }: Narrowing, walk: SqlPart): Part {
  const where = ['r.instance_id = ?', walk.sql];
  const values: unknown[] = [instanceId, ...walk.values];
  const add = (condition: string, ...compared: unknown[]) => {
    where.push(condition);
    values.push(...compared);
  };
  if (isGiven(filter.from)) add('r.received_on >= ?', filter.from);
  if (isGiven(filter.to)) add('r.received_on <= ?', filter.to);
  if (isGiven(filter.allocatedInSage)) add(`r.allocated_minor ${filter.allocatedInSage ? '<>' : '='} 0`);
  if (found) add('r.company_id = found.company_id AND r.urn = found.urn');
  if (ledger) add(ledger.sql, ...ledger.values);
  return {
    // CROSS: SQLite then begins with what was found, and does not look for it in every receipt
    from: found ? `(${found.sql}) found CROSS JOIN receipt r` : 'receipt r',
    fromValues: found?.values ?? [],
    where,
    values,
  };
}

/** What somebody must look at all the same: it was matched, and was not settled when Sage lost it. Settled ones go with account maintenance. */
const LOST = 'r.matched_minor > 0 AND t.outstanding_minor <> 0';

/** Sage still has it, or has lost it, and it meets the condition. A scalar, which neither database makes a join of: the walk goes along the receipts. */
function inLedger(condition: SqlPart | null = null): SqlPart {
  return {
    sql: `(SELECT CASE WHEN (t.deleted_at IS NULL OR (${LOST}))${condition ? ` AND ${condition.sql}` : ''} THEN 1 ELSE 0 END FROM sage_transaction t
       WHERE t.instance_id = r.instance_id AND t.company_id = r.company_id AND t.urn = r.urn) = 1`,
    values: condition?.values ?? [],
  };
}

function deletedInSage(instanceId: number, companyIds: readonly number[]): SqlPart {
  return {
    sql: `SELECT t.company_id, t.urn FROM sage_transaction t
            JOIN receipt r ON r.instance_id = t.instance_id AND r.company_id = t.company_id AND r.urn = t.urn
           WHERE t.instance_id = ? AND t.company_id IN (${placeholders(companyIds.length)})
             AND t.place = ${PLACE.missing} AND t.deleted_at IS NOT NULL AND NOT (${LOST})`,
    values: [instanceId, ...companyIds],
  };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
