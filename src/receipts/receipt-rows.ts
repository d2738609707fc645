import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import type { ReceiptStanding, ReceiptStatus } from './receipt-status.js';

export interface ReceiptKey {
  /** The gateway's own number of the company. */
  companyId: number;
  urn: string;
}

/** A receipt or refund as it is stored; what else Sage says of it stands in the ledger's row of the same key. */
export interface ReceiptRow extends ReceiptKey, ReceiptStanding {
  accountSageId: number;
  /** YYYY-MM-DD. */
  receivedOn: string;
  currency: string;
  /** What Sage has allocated of it, without sign. */
  allocatedMinor: bigint;
  status: ReceiptStatus;
}

/** Columns of a receipt; `r` is the table's alias. */
export const RECEIPT_COLUMNS = `r.company_id AS companyId, r.urn AS urn, r.kind AS kind, r.origin AS origin,
  r.account_sage_id AS accountSageId, r.received_on AS receivedOn, r.currency AS currency, r.amount_minor AS amountMinor,
  r.matched_minor AS matchedMinor, r.allocated_minor AS allocatedMinor, r.status AS status, r.ignored_at AS ignoredAt`;

export type RawReceiptRow = { [K in keyof ReceiptRow]: string | number | null };

export function decodeReceipt(row: RawReceiptRow): ReceiptRow {
  return {
    ...(row as unknown as ReceiptRow),
    companyId: Number(row.companyId),
    accountSageId: Number(row.accountSageId),
    amountMinor: BigInt(row.amountMinor as string),
    matchedMinor: BigInt(row.matchedMinor as string),
    allocatedMinor: BigInt(row.allocatedMinor as string),
    ignoredAt: row.ignoredAt === null ? null : Number(row.ignoredAt),
  };
}

export const receiptKeyText = ({ companyId, urn }: ReceiptKey) => `${companyId}:${urn}`;

/** Receipts by their keys, ordered by company and URN; those whose transaction Sage has deleted are there too. By primary key. */
export async function readReceipts(
  database: Queryable,
  instanceId: number,
  keys: readonly ReceiptKey[],
  suffix = '',
): Promise<ReceiptRow[]> {
  const rows: ReceiptRow[] = [];
  for (const companyId of [...new Set(keys.map((key) => key.companyId))].toSorted((one, other) => one - other)) {
    const urns = keys.filter((key) => key.companyId === companyId).map(({ urn }) => urn);
    for (const chunk of chunks([...new Set(urns)].toSorted())) {
      const found = await database.query<RawReceiptRow>(
        `SELECT ${RECEIPT_COLUMNS} FROM receipt r
          WHERE r.instance_id = ? AND r.company_id = ? AND r.urn IN (${placeholders(chunk.length)}) ORDER BY r.urn${suffix}`,
        [instanceId, companyId, ...chunk],
      );
      rows.push(...found.map(decodeReceipt));
    }
  }
  return rows;
}

/** The same, and nobody else can match or undo anything of them until the transaction ends. Receipts are locked before invoices. */
export function lockReceipts(
  transaction: Transaction,
  instanceId: number,
  keys: readonly ReceiptKey[],
): Promise<ReceiptRow[]> {
  return readReceipts(transaction, instanceId, keys, transaction.dialect === 'mysql' ? ' FOR UPDATE' : '');
}
