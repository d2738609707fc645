// npm run bench:limits: what all the limits together cost the widget. Two gateways on one database, the usual one and one whose server
// has no limits (bare-server.ts), each in a process of its own, are asked in turns in one run; SQLite and MariaDB.
import 'reflect-metadata';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Pool } from 'undici';
import { onBothDatabases } from './both-databases.js';
import { answerOf, ask, end, fillDatabase, forkGateway, quantile, WIDGET } from './child-gateway.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const STRETCH_MS = 2_000;
/** Requests under way at the same time. */
const ASKERS = 8;

interface Asked {
  child: ChildProcess;
  pool: Pool;
  headers: Record<string, string>;
  customers: readonly string[];
}

interface Rate {
  /** Answered a second. */
  perSecond: number;
  /** Processor time of one answer: the machine's other work makes no difference to it. */
  cpuMs: number;
}

async function widget({ pool, headers, customers }: Asked, number: number): Promise<void> {
  const variables = { layerId: customers[number % customers.length] };
  const body = JSON.stringify({ query: WIDGET, operationName: 'Widget', variables });
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || !text.includes('"balance"') || text.includes('"errors"'))
    throw new Error(`${answer.statusCode} ${text}`);
}

async function rate(asked: Asked): Promise<Rate> {
  const before = await ask<{ cpuMs: number }>(asked.child, {});
  const startedAt = performance.now();
  let count = 0;
  const asker = async () => {
    while (performance.now() - startedAt < STRETCH_MS) await widget(asked, count++);
  };
  await Promise.all(Array.from({ length: ASKERS }, asker));
  const perSecond = count / ((performance.now() - startedAt) / 1_000);
  const after = await ask<{ cpuMs: number }>(asked.child, {});
  return { perSecond, cpuMs: (after.cpuMs - before.cpuMs) / count };
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

  const rates: { usual: Rate; bare: Rate }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // whoever is second finds a warmer machine, so they take turns at that too
    const isUsualFirst = round % 2 === 0;
    const first = await rate(isUsualFirst ? usual : bare);
    const second = await rate(isUsualFirst ? bare : usual);
    rates.push(isUsualFirst ? { usual: first, bare: second } : { usual: second, bare: first });
  }
  const middle = (of: (each: { usual: Rate; bare: Rate }) => number) => quantile(rates.map(of), 0.5);
  console.log(`${name}: medians of ${ROUNDS} rounds
  widgets a second: with limits ${middle(({ usual: { perSecond } }) => perSecond).toFixed(0)}, without ${middle(({ bare: { perSecond } }) => perSecond).toFixed(0)}; ratio of a round ${middle((each) => each.usual.perSecond / each.bare.perSecond).toFixed(3)}
  processor time of one: with limits ${middle(({ usual: { cpuMs } }) => cpuMs).toFixed(3)} ms, without ${middle(({ bare: { cpuMs } }) => cpuMs).toFixed(3)} ms; ratio of a round ${middle((each) => each.usual.cpuMs / each.bare.cpuMs).toFixed(3)}`);
  for (const { child, pool } of [usual, bare]) {
    await pool.close();
    await end(child);
  }
}

await onBothDatabases(measure);
process.exit(0);
