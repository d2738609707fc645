import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { ReceiptKey } from './receipt-rows.js';

export const MATCH_ORIGINS = ['MANUAL', 'SAGE', 'AUTOMATIC'] as const;
export type MatchOrigin = (typeof MATCH_ORIGINS)[number];

/** One receipt used on one invoice, standing or undone. Times are epoch ms. */
export interface MatchRow extends ReceiptKey {
  /** Sorts by the time when it was made. */
  id: string;
  invoiceLayerId: string;
  currency: string;
  /** Positive. */
  amountMinor: bigint;
  origin: MatchOrigin;
  rule: string | null;
  matchedBy: string;
  matchedAt: number;
  pushId: string | null;
  undoneAt: number | null;
  undoneBy: string | null;
  undoReason: string | null;
  /** It was undone here, and Sage's allocation of it still stands: a person must undo that in Sage. */
  isToUndoInSage: boolean;
}

/** Columns of a match; `m` is the table's alias. */
export const MATCH_COLUMNS = `m.id AS id, m.company_id AS companyId, m.urn AS urn, m.invoice_layer_id AS invoiceLayerId,
  m.currency AS currency, m.amount_minor AS amountMinor, m.origin AS origin, m.rule AS rule, m.matched_by AS matchedBy,
  m.matched_at AS matchedAt, m.push_id AS pushId, m.undone_at AS undoneAt, m.undone_by AS undoneBy, m.undo_reason AS undoReason,
  m.is_to_undo_in_sage AS isToUndoInSage`;

export type RawMatchRow = { [K in keyof MatchRow]: string | number | boolean | null };

export function decodeMatch(row: RawMatchRow): MatchRow {
  return {
    ...(row as unknown as MatchRow),
    companyId: Number(row.companyId),
    amountMinor: BigInt(row.amountMinor as string),
    matchedAt: Number(row.matchedAt),
    undoneAt: row.undoneAt === null ? null : Number(row.undoneAt),
    isToUndoInSage: Number(row.isToUndoInSage) === 1,
  };
}

/** Matches by id, in that order of ids that they were made in. By primary key. */
export async function readMatches(
  database: Queryable,
  instanceId: number,
  ids: readonly string[],
): Promise<MatchRow[]> {
  return read(database, instanceId, 'm.id', ids);
}

/** All matches of these receipts, the undone ones too, oldest first. Index: receipt_match_of_receipt. */
export async function readMatchesOfReceipts(
  database: Queryable,
  instanceId: number,
  keys: readonly ReceiptKey[],
): Promise<MatchRow[]> {
  const rows: MatchRow[] = [];
  for (const companyId of new Set(keys.map((key) => key.companyId))) {
    const urns = keys.filter((key) => key.companyId === companyId).map(({ urn }) => urn);
    rows.push(...(await read(database, instanceId, 'm.urn', urns, { sql: 'm.company_id = ?', values: [companyId] })));
  }
  return rows;
}

/** The matches that a push allocates, oldest first. Index: receipt_match_of_push. */
export function readMatchesOfPushes(
  database: Queryable,
  instanceId: number,
  pushIds: readonly string[],
): Promise<MatchRow[]> {
  return read(database, instanceId, 'm.push_id', pushIds);
}

async function read(
  database: Queryable,
  instanceId: number,
  column: 'm.id' | 'm.urn' | 'm.push_id',
  values: readonly string[],
  within = { sql: '1 = 1', values: [] as unknown[] },
): Promise<MatchRow[]> {
  const rows: MatchRow[] = [];
  for (const chunk of chunks([...new Set(values)])) {
    const found = await database.query<RawMatchRow>(
      `SELECT ${MATCH_COLUMNS} FROM receipt_match m
        WHERE m.instance_id = ? AND ${within.sql} AND ${column} IN (${placeholders(chunk.length)}) ORDER BY m.id`,
      [instanceId, ...within.values, ...chunk],
    );
    rows.push(...found.map(decodeMatch));
  }
  return rows;
}
