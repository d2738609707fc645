import { groupBy } from '../../src/common/group-by.js';
import type { Queryable } from '../../src/database/database.js';
import { isSameAllocation } from '../matching/judge.js';
import { INSTANCE } from './company-rows.js';
import type { FilledCompany } from './fill-company.js';

/** What must not be: 0 rows each. */
const OVERUSED: Readonly<Record<string, string>> = {
  'receipts matched beyond their amount': `SELECT COUNT(*) AS count FROM (
      SELECT r.amount_minor AS amount, SUM(m.amount_minor) AS used FROM receipt r
        JOIN receipt_match m ON m.instance_id = r.instance_id AND m.company_id = r.company_id AND m.urn = r.urn
       WHERE r.instance_id = ? AND m.undone_at IS NULL GROUP BY r.company_id, r.urn, r.amount_minor) totals WHERE used > amount`,
  'receipts whose matched amount is not the sum of their matches': `SELECT COUNT(*) AS count FROM receipt r
      LEFT JOIN (SELECT instance_id, company_id, urn, SUM(amount_minor) AS used FROM receipt_match WHERE undone_at IS NULL
                  GROUP BY instance_id, company_id, urn) m
        ON m.instance_id = r.instance_id AND m.company_id = r.company_id AND m.urn = r.urn
     WHERE r.instance_id = ? AND r.matched_minor <> COALESCE(m.used, 0)`,
  'invoices paid beyond their amount': `SELECT COUNT(*) AS count FROM (
      SELECT d.gross_minor AS amount, SUM(s.amount_minor) AS used FROM document_share s
        JOIN document d ON d.instance_id = s.instance_id AND d.kind = 'INVOICE' AND d.layer_id = s.invoice_layer_id
       WHERE s.instance_id = ? GROUP BY d.layer_id, d.gross_minor) totals WHERE used > amount`,
  'invoices whose rest is not their amount less their shares': `SELECT COUNT(*) AS count FROM document d
      LEFT JOIN (SELECT instance_id, invoice_layer_id, SUM(amount_minor) AS used FROM document_share
                  GROUP BY instance_id, invoice_layer_id) s
        ON s.instance_id = d.instance_id AND s.invoice_layer_id = d.layer_id
     WHERE d.instance_id = ? AND d.kind = 'INVOICE' AND d.outstanding_minor <> d.gross_minor - COALESCE(s.used, 0)`,
};

/** How often each of what must not be is. */
export async function countOverused(database: Queryable): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [name, sql] of Object.entries(OVERUSED)) {
    const [row] = await database.query<{ count: number | string }>(sql, [INSTANCE]);
    counts.set(name, Number(row?.count));
  }
  return counts;
}

export interface JudgedMatches {
  /** Receipts that were matched. */
  matched: number;
  /** Of them, those that were matched as is true. */
  right: number;
  /** Receipts whose truth their references say. */
  byReference: number;
  byReferenceRight: number;
  /** Kinds of the receipts that were matched wrongly, and how many of each. */
  wrong: Map<string, number>;
}

/** The stored matches beside what is true. */
export async function judgeMatches(database: Queryable, { truths }: FilledCompany): Promise<JudgedMatches> {
  const rows = await database.query<{ urn: string; invoiceLayerId: string; amountMinor: number | string }>(
    `SELECT urn, invoice_layer_id AS invoiceLayerId, amount_minor AS amountMinor FROM receipt_match
      WHERE instance_id = ? AND undone_at IS NULL`,
    [INSTANCE],
  );
  const byReference = [...truths.values()].filter(({ truth }) => truth.determinedBy === 'REFERENCE').length;
  const judged: JudgedMatches = { matched: 0, right: 0, byReference, byReferenceRight: 0, wrong: new Map() };
  for (const [urn, ofReceipt] of groupBy(rows, (row) => row.urn)) {
    const known = truths.get(urn);
    const made = ofReceipt.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
    const isRight = known !== undefined && isSameAllocation(made, known.truth.allocations);
    judged.matched += 1;
    if (isRight) judged.right += 1;
    else judged.wrong.set(known?.kind ?? '', (judged.wrong.get(known?.kind ?? '') ?? 0) + 1);
    if (isRight && known.truth.determinedBy === 'REFERENCE') judged.byReferenceRight += 1;
  }
  return judged;
}
