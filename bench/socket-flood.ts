// npm run bench:flood: what a flood of 2,000 sockets from one caller does to another caller's widget; SQLite and MariaDB. Quiet and
// flooded stretches take turns in one run; the flood is a process of its own, on the same machine.
import 'reflect-metadata';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { Pool } from 'undici';
import { onBothDatabases } from './both-databases.js';
import { answerOf, ask, end, fillDatabase, forkGateway, pause, program, quantile, WIDGET } from './child-gateway.js';
import type { FromFlood, ToFlood } from './socket-flood-clients.js';
import type { FromGateway } from './subscriptions-gateway.js';

const SOCKETS = Number(process.env.BENCH_SOCKETS ?? 2_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const STRETCH_MS = 5_000;
/** One question every so often, whether the last was answered or not. */
const EVERY_MS = 20;
const WARM_UP = 100;

interface Asking {
  pool: Pool;
  headers: Record<string, string>;
  customers: readonly string[];
}

async function widget({ pool, headers, customers }: Asking, number: number): Promise<number> {
  const startedAt = performance.now();
  const variables = { layerId: customers[number % customers.length] };
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers,
    body: JSON.stringify({ query: WIDGET, variables }),
  });
  const text = await body.text();
  if (statusCode !== 200 || text.includes('"errors"')) throw new Error(`${statusCode} ${text}`);
  return performance.now() - startedAt;
}

async function stretch(asking: Asking): Promise<number[]> {
  const answers: Promise<number>[] = [];
  for (const endAt = performance.now() + STRETCH_MS; performance.now() < endAt;) {
    answers.push(widget(asking, answers.length));
    await pause(EVERY_MS);
  }
  return Promise.all(answers);
}

async function measure(name: string, databaseUrl: string, directory: string): Promise<void> {
  const variables = { PORT: '0', DATABASE_URL: databaseUrl, DATA_DIRECTORY: join(directory, name) };
  const tokenOf = await fillDatabase(variables);
  const [honest, flooding] = [await tokenOf('honest'), await tokenOf('flooding')];
  const gateway = forkGateway('subscriptions-gateway.js', variables);
  const { url, customers } = (await answerOf(gateway)) as Extract<FromGateway, { url: string }>;
  const pool = new Pool(new URL(url).origin, { connections: 8 });
  const asking = {
    pool,
    customers,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${honest}` },
  };
  for (let number = 0; number < WARM_UP; number += 1) await widget(asking, number);

  const quiet: number[] = [];
  const flooded: number[] = [];
  const ratios: number[] = [];
  let counts: FromFlood = { opened: 0, admitted: 0, turnedAway: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await stretch(asking);
    const flood: ChildProcess = fork(program('socket-flood-clients.js'));
    flood.send({ url: url.replace('http', 'ws'), token: flooding, sockets: SOCKETS } satisfies ToFlood);
    const during = await stretch(asking);
    counts = await ask<FromFlood>(flood, { stop: true });
    await end(flood);
    quiet.push(...before);
    flooded.push(...during);
    ratios.push(quantile(during, 0.5) / quantile(before, 0.5));
    await pause(1_000);
  }
  const told = (times: readonly number[]) =>
    `p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`;
  console.log(`${name}: ${SOCKETS} sockets of one caller at once (in the last round ${counts.opened} opened, ${counts.admitted} admitted, ${counts.turnedAway} turned away)
  another caller's widget, quiet:   ${told(quiet)}
  another caller's widget, flooded: ${told(flooded)}
  median of the rounds' ratios of p50: ${quantile(ratios, 0.5).toFixed(2)}`);
  await pool.close();
  await end(gateway);
}

await onBothDatabases(measure);
process.exit(0);
