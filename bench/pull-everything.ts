// One import of a whole ledger by the real pulls, in a process of its own so that its peak memory is its own.
// Arguments: the database's URL, the sandbox's URL. Prints one line of JSON.
import 'reflect-metadata';
import { Agent } from 'undici';
import { migrations } from '../migrations/index.js';
import { AccountsPull } from '../src/accounts/accounts.pull.js';
import { systemClock as clock } from '../src/common/clock.js';
import { createLog } from '../src/common/log.js';
import { systemRandom as random } from '../src/common/random.js';
import { companiesPull } from '../src/companies/companies.pull.js';
import { CompanyDirectory } from '../src/companies/company-directory.js';
import { ReferenceChanges } from '../src/companies/reference-changes.js';
import { openDatabase } from '../src/database/open-database.js';
import { keepReceipts } from '../src/receipts/keep-receipts.js';
import { SageClient } from '../src/sage/sage-client.js';
import { SyncEngine } from '../src/sync/sync-engine.js';
import { readPullStatuses } from '../src/sync/sync-status.js';
import { TransactionsPull } from '../src/transactions/transactions.pull.js';

const [databaseUrl, sandboxUrl] = process.argv.slice(2) as [string, string];
const log = createLog('warn');
const signIn = await fetch(`${sandboxUrl}/sandbox/sign-in`, { method: 'POST' });
const grant = (await signIn.json()) as { access_token?: string; accessToken?: string };
const token = grant.access_token ?? grant.accessToken ?? '';

const database = await openDatabase({ url: databaseUrl, entities: [], migrations });
await database.dataSource.runMigrations();
const client = new SageClient({
  apiUrl: `${sandboxUrl}/uk/sage200extra/accounts/v1`,
  tokens: { accessToken: async () => token, refresh: async () => token },
  // the sandbox has no user to be spared: the rate limit is out of the way, the concurrency is the default's
  maxConcurrency: 4,
  maxRequestsPerSecond: 10_000,
  dispatcher: new Agent(),
  clock,
  random,
  log,
  requestTimeoutMs: 60_000,
});
const sage = { client: () => client, reportEmptySites: async () => undefined, reportSites: async () => undefined };
const companies = new CompanyDirectory(database);
const accounts = new AccountsPull(sage, companies, database, clock);
const transactions = new TransactionsPull(sage, companies, accounts, database, clock, {
  onStored: (transaction, target, receipts, readAt) => keepReceipts(transaction, clock, target, receipts, readAt),
});
const engine = new SyncEngine({
  database,
  pulls: [companiesPull(sage, new ReferenceChanges(clock, () => undefined)), accounts, transactions],
  intervals: { transactionsSeconds: 3_600, customersSeconds: 3_600, referenceSeconds: 3_600, sweepSeconds: 86_400 },
  overlapSeconds: 210,
  clock,
  random,
  log,
  connectedInstances: async () => [1],
  activeCompanies: (instanceId) => companies.activeIds(instanceId),
});

const startedAt = performance.now();
engine.start();
let seconds = { customers: 0, transactions: 0 };
for (;;) {
  await clock.sleep(100);
  const statuses = await readPullStatuses(database, 1);
  const isDone = (resource: string) => {
    const own = statuses.filter((status) => status.resource === resource);
    return own.length > 0 && own.every(({ lastSucceededAt }) => lastSucceededAt !== null);
  };
  const elapsed = (performance.now() - startedAt) / 1_000;
  if (isDone('CUSTOMERS') && seconds.customers === 0) seconds = { ...seconds, customers: elapsed };
  if (isDone('CUSTOMERS') && isDone('TRANSACTIONS')) {
    seconds = { ...seconds, transactions: elapsed - seconds.customers };
    break;
  }
}
const count = async (table: string) =>
  Number(
    (await database.query<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table} WHERE instance_id = 1`))[0]?.count,
  );
const rows = { customers: await count('sage_account'), transactions: await count('sage_transaction') };
// kilobytes on Linux
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1_024);
console.log(JSON.stringify({ rows, seconds, peakMegabytes }));
await engine.stop();
await database.close();
process.exit(0);
