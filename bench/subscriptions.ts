// npm run bench:subscriptions: how long after its COMMIT a receipt has reached the last of 2,000 subscribers of one gateway who wants
// it, and what they cost; SQLite and MariaDB. The subscribers' sockets are in a process of their own, on the same machine.
import 'reflect-metadata';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { eventCursor } from '../src/events/event-cursor.js';
import { onBothDatabases } from './both-databases.js';
import { answerOf, ask as askAny, end, fillDatabase, forkGateway, pause, program, quantile } from './child-gateway.js';
import type { FromClients, Subscription, ToClients } from './subscriptions-clients.js';
import type { FromGateway, Memory, ToGateway } from './subscriptions-gateway.js';

const SUBSCRIPTIONS = Number(process.env.BENCH_SUBSCRIPTIONS ?? 2_000);
const RECEIPTS = Number(process.env.BENCH_RECEIPTS ?? 50);
/** Not counted: what is compiled and cached is there afterwards. */
const WARM_UP = 10;
const PAUSE_MS = 150;
/** What one subscriber has missed that comes again with `since`. */
const MISSED = 5_000;
/** The cursor before the first event. */
const START = eventCursor({ sequence: 0 });

const RECEIPT = `cursor receipt { id status kind reference receivedOn amount { amount currency } unmatched { amount }
  sageTransaction { urn outstanding { amount } } customer { layerId name } }`;
const QUERIES = {
  receipts: `subscription { receiptReceived { ${RECEIPT} } }`,
  receiptsOf: `subscription ($of: String) { receiptReceived(customerLayerId: $of) { ${RECEIPT} } }`,
  pushes: 'subscription { pushChanged { cursor push { id status } } }',
  accounts: 'subscription { sageAccountChanged { cursor changes sageAccount { id balance { amount } onHold } } }',
};

/** Half want every receipt, a quarter those of one customer, the rest what does not come here. */
function subscription(index: number, customers: readonly string[]): Subscription {
  const [kind, turn] = [index % 8, Math.floor(index / 8)];
  if (kind < 4) return { query: QUERIES.receipts, variables: {} };
  if (kind < 6) return { query: QUERIES.receiptsOf, variables: { of: customers[turn % customers.length] } };
  return { query: kind === 6 ? QUERIES.pushes : QUERIES.accounts, variables: {} };
}

const wants = ({ query, variables }: Subscription, customer: string) =>
  query === QUERIES.receipts || (query === QUERIES.receiptsOf && variables.of === customer);

async function measure(name: string, databaseUrl: string, directory: string): Promise<void> {
  const variables = { PORT: '0', DATABASE_URL: databaseUrl, DATA_DIRECTORY: join(directory, name) };
  const token = await (await fillDatabase(variables))('subscriber');
  const limits = { RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000', SOCKETS_PER_CALLER: '100000' };
  const profile = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-name=${name}.cpuprofile`] : [];
  const gateway = forkGateway('subscriptions-gateway.js', { ...variables, ...limits }, profile);
  const { url, customers } = (await answerOf(gateway)) as Extract<FromGateway, { url: string }>;
  const subscriptions = Array.from({ length: SUBSCRIPTIONS }, (_, index) => subscription(index, customers));

  const caughtUpMs = await catchUp(gateway, url, token);

  const clients = fork(program('subscriptions-clients.js'));
  const before = await ask<Memory>(gateway, { do: 'memory' });
  const openedAt = performance.now();
  await ask(clients, { do: 'open', url: url.replace('http', 'ws'), token, subscriptions });
  const openMs = performance.now() - openedAt;
  await pause(1_000);
  const open = await ask<Memory>(gateway, { do: 'memory' });

  const times: { middleMs: number; lastMs: number; wanted: number }[] = [];
  for (let number = 0; number < WARM_UP + RECEIPTS; number += 1) {
    if (number === WARM_UP) await ask(gateway, { do: 'delay' });
    const customer = customers[number % customers.length] ?? '';
    const wanted = subscriptions.filter((each) => wants(each, customer)).length;
    const arrived = ask<Extract<FromClients, { lastAt: string }>>(clients, { do: 'expect', count: wanted });
    const { committedAt } = await ask<{ committedAt: string }>(gateway, { do: 'store', number, count: 1 });
    const { middleAt, lastAt } = await arrived;
    const since = (at: string) => Number(BigInt(at) - BigInt(committedAt)) / 1e6;
    if (number >= WARM_UP) times.push({ middleMs: since(middleAt), lastMs: since(lastAt), wanted });
    await pause(PAUSE_MS);
  }
  const { worstDelayMs } = await ask<{ worstDelayMs: number }>(gateway, { do: 'delay' });
  const after = await ask<Memory>(gateway, { do: 'memory' });

  const told = (memory: Memory) =>
    `${memory.heapMb} MB of heap, ${memory.externalMb} external, ${memory.residentMb} resident`;
  const last = times.map(({ lastMs }) => lastMs);
  console.log(`${name}: ${SUBSCRIPTIONS} subscriptions opened in ${(openMs / 1_000).toFixed(1)} s; ${RECEIPTS} receipts, each wanted by ${Math.min(...times.map(({ wanted }) => wanted))} or more
  from COMMIT to the last subscriber: p50 ${ms(last, 0.5)}, p99 ${ms(last, 0.99)}, max ${ms(last, 1)}; to the middle one: p50 ${ms(
    times.map(({ middleMs }) => middleMs),
    0.5,
  )}
  the event loop's worst delay: ${worstDelayMs.toFixed(0)} ms
  one subscriber that comes again after ${MISSED} receipts: all of them in ${(caughtUpMs / 1_000).toFixed(1)} s
  memory: before ${told(before)}; with ${SUBSCRIPTIONS} ${told(open)}; after the receipts ${told(after)}`);
  await end(clients);
  await end(gateway);
}

/** How long one subscriber takes to hear of what it has missed. */
async function catchUp(gateway: ChildProcess, url: string, token: string): Promise<number> {
  for (let number = 0; number < MISSED; number += 500)
    await ask(gateway, { do: 'store', number: 1_000_000 + number, count: 500 });
  const query = QUERIES.receipts.replaceAll('receiptReceived', `receiptReceived(since: "${START}")`);
  const clients = fork(program('subscriptions-clients.js'));
  const startedAt = performance.now();
  await ask(clients, { do: 'open', url: url.replace('http', 'ws'), token, subscriptions: [{ query, variables: {} }] });
  await ask(clients, { do: 'expect', count: MISSED });
  const elapsedMs = performance.now() - startedAt;
  await end(clients);
  return elapsedMs;
}

const ask = <Answer>(child: ChildProcess, message: ToGateway | ToClients) => askAny<Answer>(child, message);

const ms = (times: readonly number[], share: number) => `${quantile(times, share).toFixed(0)} ms`;

await onBothDatabases(measure);
process.exit(0);
