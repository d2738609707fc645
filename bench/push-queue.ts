// npm run bench:queue: how many lanes a second four processes claim from 100,000 waiting ones, on MySQL or MariaDB.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { migrations } from '../migrations/index.js';
import { openDatabase } from '../src/database/open-database.js';
import { claimLanes, touchLanes } from '../src/pushes/lane.sql.js';

const SERVER = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
const LANES = 100_000;
const PROCESSES = 4;
const INSTANCE = 1;
const SECONDS = 6;

interface Claims {
  claimed: number;
  ms: number;
}

/** One process: claims until nothing is left or the time is over, and says how many. */
async function work(url: string, batch: number): Promise<void> {
  const database = await openDatabase({ url, entities: [], migrations, poolSize: 2 });
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  const startedAt = performance.now();
  let claimed = 0;
  for (let some = 1; some > 0 && performance.now() - startedAt < SECONDS * 1_000; claimed += some) {
    const now = Date.now();
    const owner = `bench-${process.pid}-${claimed}`;
    const lanes = await database.transaction((transaction) =>
      claimLanes(transaction, INSTANCE, batch, { owner, now, leaseUntil: now + 600_000 }),
    );
    some = lanes.length;
  }
  process.send?.({ claimed, ms: performance.now() - startedAt } satisfies Claims);
  await database.close();
}

async function measure(url: string, batch: number): Promise<string> {
  const database = await openDatabase({ url, entities: [], migrations });
  await database.dataSource.runMigrations();
  await database.transaction(async (transaction) => {
    await transaction.query('DELETE FROM push_lane WHERE instance_id = ?', [INSTANCE]);
    const names = Array.from({ length: LANES }, (_, index) => `c:${String(index).padStart(6, '0')}`);
    await touchLanes(transaction, INSTANCE, names, Date.now() - 1_000);
  });
  await database.close();
  const children = Array.from({ length: PROCESSES }, () => fork(fileURLToPath(import.meta.url), [url, String(batch)]));
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))));
  const ended = children.map(
    (child) => new Promise<Claims>((resolve) => child.once('message', (claims) => resolve(claims as Claims))),
  );
  for (const child of children) child.send('go');
  const claims = await Promise.all(ended);
  const total = claims.reduce((sum, { claimed }) => sum + claimed, 0);
  const ms = Math.max(...claims.map((one) => one.ms));
  return `batches of ${batch}: ${total.toLocaleString('en')} claims in ${(ms / 1_000).toFixed(1)} s, ${Math.round((total / ms) * 1_000).toLocaleString('en')} a second`;
}

const [url, batch] = process.argv.slice(2);
if (url) {
  await work(url, Number(batch));
} else {
  const name = `gateway_bench_${randomBytes(4).toString('hex')}`;
  const admin = await createConnection(SERVER);
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    console.log(`${PROCESSES} processes, ${LANES.toLocaleString('en')} waiting lanes`);
    for (const size of [1, 8, 50]) console.log(await measure(`${SERVER}/${name}`, size));
  } finally {
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  }
}
