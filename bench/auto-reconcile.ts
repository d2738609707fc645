// npm run bench:auto-reconcile: the automatic reconciliation of 100,000 receipts whose truth is known with 1,000,000 open invoices, on
// SQLite and on MySQL or MariaDB. Exits with 1 where something was used beyond its amount, or matched wrongly.
// RECONCILE_INVOICES and RECONCILE_RECEIPTS change the size, RECONCILE_SEED the ledger, RECONCILE_DATABASES=sqlite (or mysql) the databases.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { migrations } from '../migrations/index.js';
import { systemClock } from '../src/common/clock.js';
import type { Database } from '../src/database/database.js';
import { openDatabase } from '../src/database/open-database.js';
import { autoRule } from '../src/receipts/auto-rule.js';
import { type BulkRun, matchAll, type RunPosition } from '../src/receipts/match-all.js';
import { COMPANY_ID, INSTANCE } from './reconcile/company-rows.js';
import { fillCompany } from './reconcile/fill-company.js';
import { countOverused, judgeMatches } from './reconcile/judge-matches.js';
import { suggestionTimes } from './reconcile/suggestion-times.js';

const SERVER = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
const SIZE = {
  openInvoices: Number(process.env.RECONCILE_INVOICES ?? 1_000_000),
  receipts: Number(process.env.RECONCILE_RECEIPTS ?? 100_000),
};
const SEED = Number(process.env.RECONCILE_SEED ?? 1);
const DATABASES = (process.env.RECONCILE_DATABASES ?? 'sqlite,mysql').split(',');
const LEAST_RECALL = 0.95;

const number = (value: number) => Math.round(value).toLocaleString('en');

async function measure(url: string): Promise<boolean> {
  const database = await openDatabase({ url, entities: [], migrations });
  try {
    await database.dataSource.runMigrations();
    const fillStartedAt = performance.now();
    const filled = await fillCompany(database, SIZE, SEED);
    console.log(
      `${database.dialect}: ${number(filled.openInvoices)} open invoices of ${number(filled.customers)} customers and ${number(filled.truths.size)} receipts, filled in ${minutesSince(fillStartedAt)} minutes`,
    );
    const { receipts, leastOpen, times } = await suggestionTimes(database);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    console.log(
      `${database.dialect}: suggestions of one receipt, with all that is read for them: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, of ${receipts} receipts of customers with ${leastOpen} open invoices and more`,
    );
    const startedAt = performance.now();
    const { calls, matches, left } = await reconcile(database);
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(
      `${database.dialect}: reconciled in ${minutesSince(startedAt)} minutes and ${calls} calls, ${number(filled.truths.size / seconds)} receipts a second; ${number(matches)} matches, ${number(left)} receipts left for a person`,
    );
    const judged = await judgeMatches(database, filled);
    const recall = judged.byReference === 0 ? 1 : judged.byReferenceRight / judged.byReference;
    const isOnlyRight = verdict(
      judged.right === judged.matched,
      `${number(judged.right)} of ${number(judged.matched)} matched receipts are right${[...judged.wrong].map(([kind, count]) => `; ${count} wrong of "${kind}"`).join('')}`,
    );
    const isEnough = verdict(
      recall >= LEAST_RECALL,
      `${number(judged.byReferenceRight)} of ${number(judged.byReference)} receipts whose references say what they pay were matched (${recall.toFixed(4)}, at least ${LEAST_RECALL})`,
    );
    const overused = [...(await countOverused(database))].map(([what, count]) =>
      verdict(count === 0, `${what}: ${count}`),
    );
    return isOnlyRight && isEnough && overused.every((isGood) => isGood);
  } finally {
    await database.close();
  }
}

/** The whole company, call after call, each going on where the one before has stopped. */
async function reconcile(database: Database): Promise<{ calls: number; matches: number; left: number }> {
  const total = { calls: 0, matches: 0, left: 0 };
  let after: RunPosition | null = null;
  do {
    const run: BulkRun = {
      instanceId: INSTANCE,
      companyId: COMPANY_ID,
      after,
      rule: ruleOfRun(),
      isAllocatedOnly: false,
    };
    const { matchedCount, leftCount, next } = await matchAll(database, systemClock, run);
    total.calls += 1;
    total.matches += matchedCount;
    total.left += leftCount;
    after = next;
  } while (after !== null);
  return total;
}

const ruleOfRun = (): BulkRun['rule'] => autoRule({ instanceId: INSTANCE, who: 'bench' });

const minutesSince = (startedAt: number) => ((performance.now() - startedAt) / 60_000).toFixed(2);

function verdict(isGood: boolean, text: string): boolean {
  console.log(`${isGood ? 'good  ' : 'FAULTY'} ${text}`);
  return isGood;
}

async function onSqlite(): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
  try {
    return await measure(`sqlite:${join(directory, 'gateway.sqlite')}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function onMysql(): Promise<boolean> {
  const name = `gateway_bench_${randomBytes(4).toString('hex')}`;
  const admin = await createConnection(SERVER);
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    return await measure(`${SERVER}/${name}`);
  } finally {
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  }
}

const isGood = [
  DATABASES.includes('sqlite') ? await onSqlite() : true,
  DATABASES.includes('mysql') ? await onMysql() : true,
].every((isGoodThere) => isGoodThere);
process.exitCode = isGood ? 0 : 1;
