import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { PLACE } from './store-transactions.js';

/** A transaction of Sage's ledger as the resolvers see it: minor units, signed as the ledger signs them. */
export interface TransactionRow {
  companyId: number;
  urn: string;
  sageId: number;
  accountSageId: number;
  kind: string;
  reference: string;
  secondReference: string;
  transactionDate: string;
  dueDate: string | null;
  currency: string;
  grossMinor: bigint;
  netMinor: bigint;
  taxMinor: bigint;
  allocatedMinor: bigint;
  outstandingMinor: bigint;
  queried: boolean;
  archived: boolean;
}

export const TRANSACTION_COLUMNS = `t.company_id AS companyId, t.urn AS urn, t.sage_id AS sageId, t.account_sage_id AS accountSageId,
  t.kind AS kind, t.reference AS reference, t.second_reference AS secondReference, t.transaction_date AS transactionDate,
  t.due_date AS dueDate, t.currency AS currency, t.gross_minor AS grossMinor, t.net_minor AS netMinor, t.tax_minor AS taxMinor,
  t.allocated_minor AS allocatedMinor, t.outstanding_minor AS outstandingMinor, t.query_letter AS queryLetter, t.place AS place`;

export interface RawTransactionRow extends Record<string, unknown> {
  queryLetter: string;
  place: number;
}

export function decodeTransaction({ queryLetter, place, ...row }: RawTransactionRow): TransactionRow {
  const fields = row as { [K in keyof TransactionRow]: never };
  return {
    ...fields,
    companyId: Number(fields.companyId),
    sageId: Number(fields.sageId),
    accountSageId: Number(fields.accountSageId),
    grossMinor: BigInt(fields.grossMinor),
    netMinor: BigInt(fields.netMinor),
    taxMinor: BigInt(fields.taxMinor),
    allocatedMinor: BigInt(fields.allocatedMinor),
    outstandingMinor: BigInt(fields.outstandingMinor),
    queried: queryLetter !== '',
    archived: Number(place) === PLACE.historical,
  };
}

/** Transactions by (company, URN); those that Sage has deleted are left out, unless `isDeletedToo`. By primary key. */
export async function readTransactionsByKey(
  database: Queryable,
  instanceId: number,
  keys: readonly { companyId: number; urn: string }[],
  isDeletedToo = false,
): Promise<TransactionRow[]> {
  const rows: TransactionRow[] = [];
  for (const companyId of new Set(keys.map((key) => key.companyId))) {
    const urns = keys.filter((key) => key.companyId === companyId).map(({ urn }) => urn);
    const found = await database.query<RawTransactionRow>(
      `SELECT ${TRANSACTION_COLUMNS} FROM sage_transaction t
        WHERE t.instance_id = ? AND t.company_id = ? AND t.urn IN (${placeholders(urns.length)})${isDeletedToo ? '' : ' AND t.deleted_at IS NULL'}`,
      [instanceId, companyId, ...urns],
    );
    rows.push(...found.map(decodeTransaction));
  }
  return rows;
}

export interface AllocationRow {
  companyId: number;
  urn: string;
  otherUrn: string;
  amountMinor: bigint;
  allocatedOn: string | null;
}

/** The allocations of these transactions, in Sage's order. */
export async function readAllocations(
  database: Queryable,
  instanceId: number,
  companyId: number,
  urns: readonly string[],
): Promise<AllocationRow[]> {
  const rows = await database.query<Omit<AllocationRow, 'amountMinor'> & { amountMinor: number | string }>(
    `SELECT company_id AS companyId, urn, other_urn AS otherUrn, amount_minor AS amountMinor, allocated_on AS allocatedOn
       FROM sage_allocation WHERE instance_id = ? AND company_id = ? AND urn IN (${placeholders(urns.length)})
      ORDER BY urn, line_no`,
    [instanceId, companyId, ...urns],
  );
  return rows.map((row) => ({ ...row, companyId: Number(row.companyId), amountMinor: BigInt(row.amountMinor) }));
}
