// npm run bench import: a ledger of 50,000 customers and 500,000 transactions pulled from the sandbox into SQLite and MariaDB,
// and bare multi-row upserts of the same rows beside it, in one run. BENCH_CUSTOMERS and BENCH_TRANSACTIONS change the size.
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';

const customers = process.env.BENCH_CUSTOMERS ?? '50000';
const transactions = process.env.BENCH_TRANSACTIONS ?? '500000';
const mysqlUrl = process.env.BENCH_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
const directory = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function startSandbox(): Promise<{ url: string; stop(): void }> {
  const child = fork(file('../src/sandbox/main.js'), {
    env: {
      ...process.env,
      SANDBOX_PORT: '0',
      SANDBOX_CUSTOMERS: customers,
      SANDBOX_TRANSACTIONS: transactions,
      SANDBOX_DATA: directory,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The sandbox did not start.')));
    child.once('message', (message) => resolve({ url: (message as { url: string }).url, stop: () => child.kill() }));
  });
}

/** With the memory settings of `npm start`. */
function run(script: string, ...parameters: string[]): Record<string, never> {
  const output = execFileSync(process.execPath, ['--max-semi-space-size=24', file(script), ...parameters], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as Record<string, never>;
}

async function onMysql(sql: string): Promise<boolean> {
  try {
    const connection = await createConnection(mysqlUrl);
    await connection.query(sql);
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

const sandbox = await startSandbox();
try {
  for (const dialect of ['sqlite', 'mysql'] as const) {
    const names = ['gateway_bench_import', 'gateway_bench_bare'] as const;
    if (dialect === 'mysql') {
      for (const name of names) {
        if (!(await onMysql(`DROP DATABASE IF EXISTS ${name}`)) || !(await onMysql(`CREATE DATABASE ${name}`))) {
          console.log(`mysql: left out, no server answers at ${mysqlUrl}`);
          process.exit(0);
        }
      }
    }
    const [importUrl, bareUrl] = names.map((name) =>
      dialect === 'sqlite' ? `sqlite:${join(directory, name)}.sqlite` : `${mysqlUrl}/${name}`,
    ) as [string, string];
    const pulled = run('./pull-everything.js', importUrl, sandbox.url) as unknown as {
      rows: { customers: number; transactions: number };
      seconds: { customers: number; transactions: number };
      peakMegabytes: number;
    };
    const bare = run('./bare-upserts.js', importUrl, bareUrl) as unknown as Record<
      'transactions' | 'allocations',
      { rows: number; seconds: number }
    >;
    const rate = pulled.rows.transactions / pulled.seconds.transactions;
    const bareRate = bare.transactions.rows / (bare.transactions.seconds + bare.allocations.seconds);
    console.log(
      `${dialect}: ${pulled.rows.customers} customers in ${pulled.seconds.customers.toFixed(1)} s, ` +
        `${pulled.rows.transactions} transactions in ${pulled.seconds.transactions.toFixed(1)} s = ${Math.round(rate)} rows/s; ` +
        `with ${bare.allocations.rows} allocations; peak memory ${pulled.peakMegabytes} MB; bare upserts of the same ${Math.round(bareRate)} rows/s; ratio ${(rate / bareRate).toFixed(2)}`,
    );
    if (dialect === 'mysql') for (const name of names) await onMysql(`DROP DATABASE ${name}`);
  }
} finally {
  sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
}
process.exit(0);
