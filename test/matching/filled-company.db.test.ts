import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMPANY_ID, INSTANCE } from '../../bench/reconcile/company-rows.js';
import { fillCompany, type FilledCompany } from '../../bench/reconcile/fill-company.js';
import { countOverused, judgeMatches } from '../../bench/reconcile/judge-matches.js';
import { systemClock } from '../../src/common/clock.js';
import type { Database } from '../../src/database/database.js';
import { readDocuments } from '../../src/documents/document-rows.js';
import type { PlannedShare } from '../../src/receipts/match-plan.js';
import { type BulkRun, matchAll } from '../../src/receipts/match-all.js';
import { readInvoiceStates } from '../../src/receipts/invoice-states.js';
import { receiptKeyText } from '../../src/receipts/receipt-rows.js';
import { openTestDatabase } from '../support/test-database.js';

const SIZE = { openInvoices: 1_500, receipts: 150 };

let database: Database;
let filled: FilledCompany;
let close: () => Promise<void>;

let indexesBefore: string[];

/** Those of all tables, each with its columns. */
async function indexesOf(): Promise<string[]> {
  const rows = await database.query<{ made: string }>(
    database.dialect === 'sqlite'
      ? "SELECT sql AS made FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY sql"
      : `SELECT CONCAT(table_name, ' ', index_name, ' ', MAX(non_unique), ' ', GROUP_CONCAT(column_name ORDER BY seq_in_index)) AS made
           FROM information_schema.statistics WHERE table_schema = DATABASE() GROUP BY table_name, index_name ORDER BY 1`,
  );
  return rows.map(({ made }) => made);
}

beforeAll(async () => {
  const opened = await openTestDatabase();
  database = opened.database;
  close = opened.close;
  indexesBefore = await indexesOf();
  filled = await fillCompany(database, SIZE, 3);
});
afterAll(() => close());

/** Matches what is true, as a matcher would that knows everything. */
const TRUTHFUL: BulkRun['rule'] = {
  name: 'TRUTH',
  who: 'test',
  allocateInSage: true,
  isDryRun: false,
  choose: (_, receipts) =>
    Promise.resolve(
      new Map(
        receipts.map(({ receipt: { row } }) => [
          receiptKeyText(row),
          (filled.truths.get(row.urn)?.truth.allocations ?? []).map((one): PlannedShare => ({
            ...one,
            lineLayerId: null,
          })),
        ]),
      ),
    ),
};

async function numbersOf(sql: string): Promise<number[]> {
  const [row] = await database.query<Record<string, number | string | null>>(sql, [INSTANCE]);
  return Object.values(row ?? {}).map(Number);
}

test('a company is filled with invoices as their posting leaves them', async () => {
  expect(filled.truths.size).toBeGreaterThan(SIZE.receipts * 0.8);
  const [documents = 0, pushes, transactions, lines] = await numbersOf(
    `SELECT COUNT(*) AS documents, COUNT(p.id) AS pushes, COUNT(t.urn) AS transactions, COUNT(l.line_no) AS ofLines FROM document d
       LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id AND p.status = 'SUCCEEDED'
       LEFT JOIN sage_transaction t ON t.instance_id = d.instance_id AND t.company_id = p.company_id AND t.urn = p.urn
         AND t.outstanding_minor = d.outstanding_minor AND t.reference = d.reference AND t.due_date = d.due_on
       LEFT JOIN document_line l ON l.instance_id = d.instance_id AND l.kind = d.kind AND l.document_layer_id = d.layer_id
         AND l.net_minor + l.vat_minor = d.gross_minor
      WHERE d.instance_id = ? AND d.kind = 'INVOICE'`,
  );
  expect(documents).toBeGreaterThan(filled.openInvoices);
  expect([pushes, transactions, lines]).toEqual([documents, documents, documents]);

  const ids = await database.query<{ layerId: string; outstanding: number | string }>(
    "SELECT layer_id AS layerId, outstanding_minor AS outstanding FROM document WHERE instance_id = ? AND kind = 'INVOICE'",
    [INSTANCE],
  );
  const rows = await readDocuments(
    database,
    INSTANCE,
    'INVOICE',
    ids.map(({ layerId }) => layerId),
  );
  const states = await readInvoiceStates(database, INSTANCE, rows);
  for (const { layerId, outstanding } of ids) {
    const state = states.get(layerId);
    expect([layerId, state?.outstandingMinor]).toEqual([layerId, BigInt(outstanding)]);
    expect(state?.posting).toMatchObject({ companyId: COMPANY_ID, urn: layerId.slice(3) });
    expect(state?.row.customerLayerId).toBe(`C${state?.posting?.accountSageId}`);
  }
  expect([...states.values()].some(({ posting }) => posting?.queried)).toBe(true);
  expect([...states.values()].some(({ outstandingMinor }) => outstandingMinor === 0n)).toBe(true);
});

test('has its indexes back', async () => {
  expect(await indexesOf()).toEqual(indexesBefore);
  expect(indexesBefore.length).toBeGreaterThan(50);
});

test('what is true can be matched, all of it, and is judged as right; nothing is used beyond its amount', async () => {
  const run = { instanceId: INSTANCE, companyId: COMPANY_ID, after: null, isAllocatedOnly: false, rule: TRUTHFUL };
  const { next, leftCount } = await matchAll(database, systemClock, run);
  expect(next).toBeNull();
  const known = [...filled.truths.values()].filter(({ truth }) => truth.determinedBy !== 'NONE').length;
  expect(leftCount).toBe(filled.truths.size - known);
  expect(known).toBeGreaterThan(50);

  const judged = await judgeMatches(database, filled);
  expect([judged.matched, judged.right, judged.wrong.size]).toEqual([known, known, 0]);
  expect(judged.byReferenceRight).toBe(judged.byReference);
  expect([...(await countOverused(database)).values()]).toEqual([0, 0, 0, 0]);
});

test('what is matched wrongly, or used beyond its amount, is seen', async () => {
  const [first, second] = await database.query<{ urn: string; amount: number | string; layerId: string }>(
    'SELECT urn, amount_minor AS amount, invoice_layer_id AS layerId FROM receipt_match WHERE instance_id = ? ORDER BY urn',
    [INSTANCE],
  );
  if (!first || !second) throw new Error('Nothing was matched.');
  await database.transaction(async (transaction) => {
    await transaction.execute(
      'UPDATE receipt_match SET amount_minor = amount_minor + 1 WHERE instance_id = ? AND urn = ?',
      [INSTANCE, first.urn],
    );
    await transaction.execute(
      'UPDATE document_share SET amount_minor = 1000000000 WHERE instance_id = ? AND invoice_layer_id = ?',
      [INSTANCE, second.layerId],
    );
  });
  const counts = await countOverused(database);
  expect(Object.fromEntries(counts)).toEqual({
    'receipts matched beyond their amount': 1,
    'receipts whose matched amount is not the sum of their matches': 1,
    'invoices paid beyond their amount': 1,
    'invoices whose rest is not their amount less their shares': 1,
  });
  const judged = await judgeMatches(database, filled);
  expect(judged.matched - judged.right).toBe(1);
  expect([...judged.wrong]).toEqual([[filled.truths.get(first.urn)?.kind, 1]]);
});
