// npm run bench:limits: what all the limits together cost the widget. Two gateways on one database, the usual one and one whose server
// has no limits (bare-server.ts), each in a process of its own, are asked in turns in one run; SQLite and MariaDB.
import 'reflect-metadata';
import { join } from 'node:path';
import { Pool } from 'undici';
import { onBothDatabases } from './both-databases.js';
import { answerOf, end, fillDatabase, forkGateway, quantile, WIDGET } from './child-gateway.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const STRETCH_MS = 2_000;
/** Requests under way at the same time. */
const ASKERS = 8;

interface Asked {
  pool: Pool;
  headers: Record<string, string>;
  customers: readonly string[];
}

async function widget({ pool, headers, customers }: Asked, number: number): Promise<void> {
  const variables = { layerId: customers[number % customers.length] };
  const body = JSON.stringify({ query: WIDGET, operationName: 'Widget', variables });
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || !text.includes('"balance"') || text.includes('"errors"'))
    throw new Error(`${answer.statusCode} ${text}`);
}

/** Answered a second. */
async function rate(asked: Asked): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  const asker = async () => {
    while (performance.now() - startedAt < STRETCH_MS) await widget(asked, count++);
  };
  await Promise.all(Array.from({ length: ASKERS }, asker));
  return count / ((performance.now() - startedAt) / 1_000);
}

async function measure(name: string, databaseUrl: string, directory: string): Promise<void> {
  const plenty = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' };
  const variables = { PORT: '0', DATABASE_URL: databaseUrl, DATA_DIRECTORY: join(directory, name), ...plenty };
  const token = await (await fillDatabase(variables))('widget');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const start = async (more: Record<string, string>) => {
    const child = forkGateway('limits-gateway.js', { ...variables, ...more });
    const { url, customers } = await answerOf<{ url: string; customers: string[] }>(child);
    return { child, headers, customers, pool: new Pool(new URL(url).origin, { connections: ASKERS }) };
  };
  const usual = await start({});
  const bare = await start({ BENCH_BARE: '1' });
  for (const each of [usual, bare]) await rate(each);

  const rates: { usual: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // whoever is second finds a warmer machine, so they take turns at that too
    const isUsualFirst = round % 2 === 0;
    const first = await rate(isUsualFirst ? usual : bare);
    const second = await rate(isUsualFirst ? bare : usual);
    rates.push(isUsualFirst ? { usual: first, bare: second } : { usual: second, bare: first });
  }
  const ratios = rates.map((each) => each.usual / each.bare);
  const middle = (values: number[]) => quantile(values, 0.5);
  console.log(`${name}: widgets a second, medians of ${ROUNDS} rounds: with limits ${middle(rates.map((each) => each.usual)).toFixed(0)}, without ${middle(rates.map((each) => each.bare)).toFixed(0)}
  ratio of a round: median ${middle(ratios).toFixed(3)}, from ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`);
  for (const { child, pool } of [usual, bare]) {
    await pool.close();
    await end(child);
  }
}

await onBothDatabases(measure);
process.exit(0);
