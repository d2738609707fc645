// npm run bench:limits: what all the limits together cost the widget. Two gateways on one database, the usual one and one whose server
// has no limits (bare-server.ts), each in a process of its own, are asked in turns in one run; SQLite and MariaDB. No two processes of
// the same program are equally fast (by some two per cent: what is compiled when), so several pairs are started, one after the other.
import 'reflect-metadata';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'undici';
import { signDemoToken } from '../src/auth/demo-token.js';
import { onBothDatabases } from './both-databases.js';
import { answerOf, ask, end, fillDatabase, forkGateway, quantile, WIDGET } from './child-gateway.js';

const PAIRS = Number(process.env.BENCH_PAIRS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 20);
const WARM_UP_MS = 3_000;
const STRETCH_MS = 500;
/** Requests under way at the same time. */
const ASKERS = 8;
/** "bare" or "usual": both gateways of a pair are such a one. How far from 1 the ratio of two that are alike is. */
const ALIKE = process.env.BENCH_ALIKE;

interface Asked {
  /** No database server is at work beside it. */
  isAlone: boolean;
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

async function rate(asked: Asked, stretchMs: number): Promise<Rate> {
  const before = await ask<{ cpuMs: number }>(asked.child, {});
  const startedAt = performance.now();
  let count = 0;
  const isOver = () => performance.now() - startedAt >= stretchMs;
  const asker = async () => {
    while (!isOver()) await widget(asked, count++);
  };
  // Whoever answers a sleeping process pays for waking it, and the more the longer it has slept: the slower of two gateways would be
  // charged for its slowness twice. So this process stays awake, where no database server needs the processor.
  const stayAwake = () => void (isOver() || setImmediate(stayAwake));
  if (asked.isAlone) stayAwake();
  await Promise.all(Array.from({ length: ASKERS }, asker));
  const perSecond = count / ((performance.now() - startedAt) / 1_000);
  const after = await ask<{ cpuMs: number }>(asked.child, {});
  return { perSecond, cpuMs: (after.cpuMs - before.cpuMs) / count };
}

interface Round {
  usual: Rate;
  bare: Rate;
}

/** One pair, asked in turns. */
async function roundsOf(usual: Asked, bare: Asked): Promise<Round[]> {
  for (const each of [usual, bare]) await rate(each, WARM_UP_MS);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // whoever is second finds a warmer machine, so they take turns at that too
    const isUsualFirst = round % 2 === 0;
    const first = await rate(isUsualFirst ? usual : bare, STRETCH_MS);
    const second = await rate(isUsualFirst ? bare : usual, STRETCH_MS);
    rounds.push(isUsualFirst ? { usual: first, bare: second } : { usual: second, bare: first });
  }
  return rounds;
}

async function measure(name: string, databaseUrl: string, directory: string): Promise<void> {
  const plenty = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' };
  const variables = { PORT: '0', DATABASE_URL: databaseUrl, DATA_DIRECTORY: join(directory, name), ...plenty };
  await fillDatabase(variables);
  // as it stands on the internet: the demo mode looks at more of each request
  const secret = randomBytes(32).toString('hex');
  const serving = { ...variables, AUTH_MODE: 'jwt', AUTH_JWT_SECRET: secret };
  const token = await signDemoToken(new TextEncoder().encode(secret), 'widget');
  const isAlone = databaseUrl.startsWith('sqlite:');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const start = async (more: Record<string, string>) => {
    const child = forkGateway('limits-gateway.js', { ...serving, ...more });
    const { url, customers } = await answerOf<{ url: string; customers: string[] }>(child);
    return { isAlone, child, headers, customers, pool: new Pool(new URL(url).origin, { connections: ASKERS }) };
  };

  const rounds: Round[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const usual = await start(ALIKE === 'bare' ? { BENCH_BARE: '1' } : {});
    const bare = await start(ALIKE === 'usual' ? {} : { BENCH_BARE: '1' });
    const made = await roundsOf(usual, bare);
    console.log(`${name}, pair ${pair + 1}: ${ratiosOf(made)}`);
    rounds.push(...made);
    for (const { child, pool } of [usual, bare]) {
      await pool.close();
      await end(child);
    }
  }
  const middle = (of: (each: Round) => number) => quantile(rounds.map(of), 0.5);
  console.log(`${name}: medians of ${rounds.length} rounds, ${PAIRS} pairs of processes
  widgets a second: with limits ${middle(({ usual }) => usual.perSecond).toFixed(0)}, without ${middle(({ bare }) => bare.perSecond).toFixed(0)}
  processor time of one: with limits ${middle(({ usual }) => usual.cpuMs).toFixed(3)} ms, without ${middle(({ bare }) => bare.cpuMs).toFixed(3)} ms
  ${ratiosOf(rounds)}`);
}

/** Of the two of each round. */
function ratiosOf(rounds: Round[]): string {
  const perSecond = rounds.map(({ usual, bare }) => usual.perSecond / bare.perSecond);
  const cpu = rounds.map(({ usual, bare }) => usual.cpuMs / bare.cpuMs);
  return `ratio of widgets a second ${quantile(perSecond, 0.5).toFixed(3)}, of processor time ${quantile(cpu, 0.5).toFixed(3)}`;
}

await onBothDatabases(measure);
process.exit(0);
