// npm run bench:receipts: how long the lists of receipts take among 225,000 of them in a ledger of 500,000 rows, on SQLite and on MySQL or MariaDB.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { migrations } from '../migrations/index.js';
import { bulkUpsert } from '../src/database/bulk.js';
import type { Database } from '../src/database/database.js';
import { openDatabase } from '../src/database/open-database.js';
import { countReceipts, listReceipts, type ReceiptListFilter } from '../src/receipts/receipt-list.js';

const SERVER = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
const INSTANCE = 1;
const LEDGER = 500_000;
const RECEIPTS = 225_000;
const ACCOUNTS = 5_000;
const WAITING = 10;
const COMPANIES = [1, 2, 3];
const TRIES = 15;

const table = (name: string, key: string, others = '') => ({
  name,
  key: key.split(' '),
  columns: `${key} ${others}`.trim().split(' '),
});
const COMPANY = table(
  'sage_company',
  'instance_id id',
  'site_id sage_company_id name currency ageing_period_starts is_active seen_at',
);
const WORD = table('sage_account_word', 'instance_id word company_id sage_id');
const TRANSACTION = table(
  'sage_transaction',
  'instance_id company_id urn',
  `sage_id account_sage_id kind reference reference_folded second_reference second_reference_folded transaction_date currency gross_minor net_minor
    tax_minor allocated_minor outstanding_minor query_letter is_open place content_hash seen_at`.replace(/\s+/g, ' '),
);
const RECEIPT = table(
  'receipt',
  'instance_id company_id urn',
  'kind origin account_sage_id received_on currency amount_minor matched_minor allocated_minor status',
);

/** One company has nearly everything, a third 1 %; a third of the receipts are the gateway's own; ten wait for somebody. */
const companyOf = (index: number) => (index % 100 === 0 ? 3 : index % 10 === 0 ? 2 : 1);
const dateOf = (index: number) =>
  new Date(Date.UTC(2024, 0, 1) + Math.floor((index / LEDGER) * 900) * 86_400_000).toISOString().slice(0, 10);

async function fill(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await bulkUpsert(
      transaction,
      COMPANY,
      COMPANIES.map((id) => [INSTANCE, id, 'S', id, `Company ${id}`, 'GBP', '', 1, 1]),
    );
    await bulkUpsert(
      transaction,
      WORD,
      COMPANIES.flatMap((id) =>
        Array.from({ length: ACCOUNTS }, (_, account) =>
          [`name${account}`, 'ltd'].map((word) => [INSTANCE, word, id, account]),
        ).flat(),
      ),
    );
  });
  for (let from = 0; from < LEDGER; from += 10_000) {
    const indexes = Array.from({ length: 10_000 }, (_, index) => from + index);
    await database.transaction(async (transaction) => {
      await bulkUpsert(transaction, TRANSACTION, indexes.map(transactionValues));
      await bulkUpsert(transaction, RECEIPT, indexes.filter(isReceipt).map(receiptValues));
    });
  }
  await database.transaction(async (transaction) => {
    const waiting = Array.from({ length: WAITING }, (_, index) => `'${index * 45_000 + 20}'`).join(',');
    await transaction.execute(
      `UPDATE receipt SET status = 'UNMATCHED', origin = 'SAGE', matched_minor = 0 WHERE instance_id = ? AND urn IN (${waiting})`,
      [INSTANCE],
    );
    await transaction.execute(
      "UPDATE sage_transaction SET reference_folded = 'inv-9' WHERE instance_id = ? AND urn IN ('20', '90020', '180020')",
      [INSTANCE],
    );
  });
  if (database.dialect === 'mysql') await database.query('ANALYZE TABLE receipt, sage_transaction, sage_account_word');
}

const isReceipt = (index: number) => index % 20 < (RECEIPTS / LEDGER) * 20;
const kindOf = (index: number) => (isReceipt(index) ? (index % 300 === 0 ? 'REFUND' : 'RECEIPT') : 'INVOICE');

function transactionValues(index: number): unknown[] {
  const kind = kindOf(index);
  const reference = kind === 'INVOICE' ? `INV-${index}` : `REC${index}`;
  const second = kind === 'INVOICE' ? '' : `BACS ${index % 1000}`;
  return [
    INSTANCE,
    companyOf(index),
    String(index),
    index,
    index % ACCOUNTS,
    kind,
    reference,
    reference.toLowerCase(),
    second,
    second.toLowerCase(),
    dateOf(index),
    'GBP',
    kind === 'RECEIPT' ? -12_000 : 12_000,
    12_000,
    0,
    0,
    0,
    '',
    0,
    1,
    '0123456789abcdef',
    1,
  ];
}

function receiptValues(index: number): unknown[] {
  const isRefund = kindOf(index) === 'REFUND';
  const origin = index % 3 === 0 ? 'LAYER' : 'SAGE';
  const isMatched = !isRefund && origin === 'SAGE';
  return [
    INSTANCE,
    companyOf(index),
    String(index),
    isRefund ? 'REFUND' : 'RECEIPT',
    origin,
    index % ACCOUNTS,
    dateOf(index),
    'GBP',
    isRefund ? -12_000 : 12_000,
    isMatched ? 12_000 : 0,
    index % 2 === 0 ? 12_000 : 0,
    isMatched ? 'MATCHED' : 'NO_MATCH_NEEDED',
  ];
}

const LISTS: Record<string, ReceiptListFilter> = {
  'as the page opens': { origin: ['SAGE'] },
  everything: {},
  '10 that wait': { origin: ['SAGE'], status: ['UNMATCHED', 'PARTLY_MATCHED'] },
  '10 that wait, one company': { origin: ['SAGE'], status: ['UNMATCHED'], companyId: 2 },
  'a small company': { origin: ['SAGE'], companyId: 3 },
  "the gateway's own of a small company": { origin: ['LAYER'], companyId: 3 },
  'one customer': { origin: ['SAGE'], accounts: COMPANIES.map((companyId) => ({ companyId, sageId: 1_228 })) },
  'not allocated in Sage': { origin: ['SAGE'], allocatedInSage: false },
  'one month': { origin: ['SAGE'], from: '2025-03-01', to: '2025-03-31' },
  'search for one': { origin: ['SAGE'], search: 'rec123448' },
  'search for a common reference': { origin: ['SAGE'], search: 'rec' },
  'search for a URN': { origin: ['SAGE'], search: '123448' },
  'search for a name': { origin: ['SAGE'], search: 'name1228' },
  'search for a common word of names': { origin: ['SAGE'], search: 'ltd' },
  'search for two words': { origin: ['SAGE'], search: 'bacs 451' },
  'search for what hardly any receipt and every invoice has': { origin: ['SAGE'], search: 'inv' },
  'search among the 10 that wait': { origin: ['SAGE'], status: ['UNMATCHED'], search: 'rec' },
};

async function measure(url: string): Promise<void> {
  const database = await openDatabase({ url, entities: [], migrations });
  await database.dataSource.runMigrations();
  const startedAt = performance.now();
  await fill(database);
  console.log(`${database.dialect}: filled in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  for (const [name, filter] of Object.entries(LISTS)) {
    const first = await p50(() => listReceipts(database, INSTANCE, filter, { first: 50, after: null }));
    const rows = await listReceipts(database, INSTANCE, filter, { first: 50, after: null });
    const last = rows.at(-2);
    const next = last
      ? await p50(() =>
          listReceipts(database, INSTANCE, filter, { first: 50, after: ['2025-03-15', last.companyId, last.urn] }),
        )
      : 0;
    const count = await p50(() => countReceipts(database, INSTANCE, filter), 3);
    console.log(
      `${name.padEnd(60)} ${rows.length} of ${await countReceipts(database, INSTANCE, filter)}: first page ${first.toFixed(1)} ms, in the middle ${next.toFixed(1)} ms, totalCount ${count.toFixed(0)} ms`,
    );
  }
  await database.close();
}

async function p50(work: () => Promise<unknown>, tries = TRIES): Promise<number> {
  const times: number[] = [];
  for (let number = 0; number < tries; number += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(tries / 2)] ?? 0;
}

const directory = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
await measure(`sqlite:${join(directory, 'gateway.sqlite')}`);
rmSync(directory, { recursive: true, force: true });
const name = `gateway_bench_${randomBytes(4).toString('hex')}`;
const admin = await createConnection(SERVER);
await admin.query(`CREATE DATABASE ${name}`);
try {
  await measure(`${SERVER}/${name}`);
} finally {
  await admin.query(`DROP DATABASE ${name}`);
  await admin.end();
}
