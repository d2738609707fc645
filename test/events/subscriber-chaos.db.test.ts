// Subscribers under a stream of receipts while sockets are cut, gateways are killed and Redis comes and goes: with `since`, each is
// told everything that it wants, once and in order. CHAOS_DISTURBANCES=1000 (npm run test:chaos) runs the long form; the suite runs a
// short one. The receipts are stored as a pull stores them, by three writers at once in this process, which serves nobody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeNodeId } from '../../src/common/node-id.js';
import { eventCursor } from '../../src/events/event-cursor.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { SteadySubscriber, type Told } from '../support/steady-subscriber.js';
import { type ArrivedReceipt, type LinkedAccount, linkedAccounts, storeReceipts } from '../support/store-receipts.js';
import { signToken, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

const DISTURBANCES = Number(process.env.CHAOS_DISTURBANCES ?? 40);
const GATEWAYS = 2;
const WRITERS = 3;
const CUSTOMERS = 4;
const FIRST_URN = 90_000_000;

let gateway: TestGateway;
let redis: RedisProcess | null = null;
const gateways: GatewayProcess[] = [];
const subscribers: SteadySubscriber[] = [];
const restarts: Promise<unknown>[] = [];
beforeAll(async () => {
  redis = await RedisProcess.start();
  if (!redis) console.warn('There is no redis-server to run: its outages are left out.');
  gateway = await startTestGateway({ sandbox: { customers: 12, transactions: 200 } });
  await linkSome();
  // from here on this process only writes
  await gateway.restart({ ROLES: 'push', ...(redis ? { REDIS_URL: redis.url } : {}) });
  for (let index = 0; index < GATEWAYS; index += 1) {
    const started = await GatewayProcess.prepare({
      ...gateway.variables,
      ...(redis ? { REDIS_URL: redis.url } : {}),
      ROLES: 'api',
      SAGE_REFRESH_TOKEN: '',
      RATE_LIMIT_PER_SECOND: '100000',
      RATE_LIMIT_BURST: '100000',
    });
    started.start();
    gateways.push(started);
  }
  for (const started of gateways) await until(() => started.isReady(), 'a gateway process', 30_000);
}, 90_000);
afterAll(async () => {
  for (const subscriber of subscribers) subscriber.end();
  // what is only to be started again would outlive the test
  await Promise.all(restarts);
  for (const started of gateways) await started.kill();
  await gateway.close();
  await redis?.kill();
});

async function linkSome(): Promise<void> {
  const { sageAccounts } = await gateway.data(
    `{ sageCompanies { id } sageAccounts(first: 100) { nodes { id balance { currency } sageCompany { sageCompanyId } } } }`,
  );
  const free = sageAccounts.nodes.filter(
    (account: { balance: { currency: string }; sageCompany: { sageCompanyId: number } }) =>
      account.balance.currency === 'GBP' && account.sageCompany.sageCompanyId === 1,
  );
  for (let index = 0; index < CUSTOMERS; index += 1) {
    const { linkCustomer } = await gateway.data(
      'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { message } } }',
      { layerId: `CH${index}`, id: free[index].id },
    );
    expect(linkCustomer.userErrors).toEqual([]);
  }
}

const chance = (share: number) => Math.random() < share;
const between = (least: number, most: number) => Math.round(least + Math.random() * (most - least));
const oneOf = <T>(choices: readonly T[]): T => choices[between(0, choices.length - 1)] as T;
const pause = (waitMs: number) => new Promise((resolve) => setTimeout(resolve, waitMs));

const RECEIPT = 'cursor receipt { amount { amount } sageTransaction { urn } }';
const RECEIVED = `subscription ($since: String, $of: String, $in: ID) {
  receiptReceived(since: $since, customerLayerId: $of, sageCompanyId: $in) { ${RECEIPT} } }`;
const CHANGED = `subscription ($since: String) { receiptChanged(since: $since) { ${RECEIPT} } }`;

interface Kind {
  query: string;
  variables?: Record<string, unknown>;
  /** The condition on events that it wants, as the table has them. */
  where: string;
}

function kinds(accounts: readonly LinkedAccount[]): Kind[] {
  const companyId = accounts[0]?.companyId ?? 0;
  const ofCustomer = ({ customerLayerId, accountSageId }: LinkedAccount): Kind => ({
    query: RECEIVED,
    variables: { of: customerLayerId },
    where: `kind = 'RECEIPT_RECEIVED' AND account_sage_id = ${accountSageId}`,
  });
  const all = { query: RECEIVED, where: "kind = 'RECEIPT_RECEIVED'" };
  return [
    ...[all, all, all],
    { ...all, variables: { in: encodeNodeId(1, 'SageCompany', companyId) } },
    ...accounts.slice(0, 2).map(ofCustomer),
    ...[CHANGED, CHANGED].map((query) => ({ query, where: "kind = 'RECEIPT_CHANGED'" })),
  ];
}

/** Stores receipts, some of them again with another amount, until told to end. */
async function write(accounts: readonly LinkedAccount[], stream: { urn: number; isEnded: boolean }): Promise<void> {
  const { database } = gateway.gateway;
  while (!stream.isEnded) {
    const receipts: ArrivedReceipt[] = Array.from({ length: between(1, 3) }, () => ({
      ...oneOf(accounts),
      urn: (stream.urn += 1),
    }));
    const target = { instanceId: 1, companyId: accounts[0]?.companyId ?? 0 };
    await storeReceipts(database, gateway.clock, target, receipts);
    if (chance(0.3)) await storeReceipts(database, gateway.clock, target, [{ ...receipts[0]!, amount: '-60.00' }]);
    await pause(between(0, 60));
  }
}

/** Of twenty disturbances; their order is left to chance. */
const MIXTURE = { close: 8, cut: 8, pause: 2, kill: 1, redis: 1 };
type Disturbance = keyof typeof MIXTURE;
const done: Record<Disturbance, number> = { close: 0, cut: 0, pause: 0, kill: 0, redis: 0 };

function* disturbances(): Generator<Disturbance> {
  const twenty = Object.entries(MIXTURE).flatMap(([name, count]) => Array(count).fill(name) as Disturbance[]);
  for (let left: Disturbance[] = [], number = 0; number < DISTURBANCES; number += 1) {
    if (left.length === 0) left = [...twenty];
    yield left.splice(between(0, left.length - 1), 1)[0] as Disturbance;
  }
}

/** One that has a socket; waits for it. */
async function connected(): Promise<SteadySubscriber> {
  await until(() => subscribers.some(({ isConnected }) => isConnected), 'a subscriber to connect', 60_000);
  return oneOf(subscribers.filter(({ isConnected }) => isConnected));
}

async function disturb(disturbance: Disturbance): Promise<void> {
  done[disturbance] += 1;
  if (disturbance === 'kill') return killGateway();
  if (disturbance === 'redis') return stopRedis();
  const subscriber = await connected();
  if (disturbance === 'close') subscriber.closePolitely();
  else if (disturbance === 'cut') subscriber.cut();
  else subscriber.stopReading(between(100, 1_500));
}

/** Kills a gateway that serves, and starts it again a moment later. */
async function killGateway(): Promise<void> {
  const victim = oneOf(gateways);
  await until(() => victim.isReady(), 'a gateway to kill', 60_000);
  await victim.kill();
  restarts.push(pause(between(0, 300)).then(() => victim.start()));
}

async function stopRedis(): Promise<void> {
  if (!redis) return;
  await until(() => redis?.isUp ?? false, 'a Redis to stop');
  await redis.kill();
  restarts.push(pause(between(50, 2_000)).then(() => redis?.start()));
}

async function wanted(where: string, after: number) {
  const rows = await gateway.gateway.database.query<{ sequence: number | string; subject: string }>(
    `SELECT sequence, subject FROM event WHERE instance_id = 1 AND sequence > ? AND ${where} ORDER BY sequence`,
    [after],
  );
  return rows.map(({ sequence, subject }) => ({ cursor: eventCursor({ sequence: Number(sequence) }), subject }));
}

/** Waits as long as something still comes: on a machine that has much to do, what was missed takes its time. */
async function untilTold(wantedCounts: readonly number[]): Promise<void> {
  const counts = () => subscribers.map(({ told }) => told.length);
  const isComplete = () => counts().every((count, index) => count >= (wantedCounts[index] ?? 0));
  for (let before = -1, now = 0; !isComplete() && now > before;) {
    before = counts().reduce((sum, count) => sum + count, 0);
    await until(isComplete, 'the last event to reach everybody', 30_000).catch(() => undefined);
    now = counts().reduce((sum, count) => sum + count, 0);
  }
  if (!isComplete())
    console.error(subscribers.map((each, index) => `${each.state}; wanted ${wantedCounts[index]}`).join('\n'));
}

/** Where two lists part, with what each has there; lists of thousands are no good as a message. */
function firstDifference(told: readonly Told[], expected: readonly Told[]) {
  for (let index = 0; index < Math.max(told.length, expected.length); index += 1) {
    const [one, other] = [told[index], expected[index]];
    if (one?.cursor !== other?.cursor || one?.subject !== other?.subject)
      return { index, told: one, expected: other, lengths: [told.length, expected.length] };
  }
  return null;
}

test(`${DISTURBANCES} disturbances: every subscriber is told what it wants, once each and in order`, async () => {
  const { database } = gateway.gateway;
  const accounts = await linkedAccounts(database, CUSTOMERS);
  expect(accounts).toHaveLength(CUSTOMERS);
  const [range] = await database.query<{ newest: number | string }>(
    'SELECT MAX(sequence) AS newest FROM event WHERE instance_id = 1',
  );
  const before = Number(range?.newest ?? 0);
  const token = await signToken();
  const wishes = kinds(accounts);
  for (const { query, variables } of wishes) {
    subscribers.push(
      new SteadySubscriber({
        ...{ query, variables, token, since: eventCursor({ sequence: before }) },
        url: () => oneOf(gateways).url.replace('http', 'ws'),
        waitMs: () => between(0, 150),
      }),
    );
  }
  await until(() => subscribers.every(({ isConnected }) => isConnected), 'the subscribers');

  const startedAt = Date.now();
  const stream = { urn: FIRST_URN, isEnded: false };
  const writers = Array.from({ length: WRITERS }, () => write(accounts, stream));
  for (const disturbance of disturbances()) {
    await disturb(disturbance);
    await pause(between(0, 250));
  }
  stream.isEnded = true;
  await Promise.all(writers);

  const expected = await Promise.all(wishes.map(({ where }) => wanted(where, before)));
  const elapsedMs = Date.now() - startedAt;
  await untilTold(expected.map(({ length }) => length));
  for (const [index, { told, faults }] of subscribers.entries()) {
    expect(faults).toEqual([]);
    expect(firstDifference(told, expected[index] ?? [])).toBeNull();
  }
  // the stream was long enough to be disturbed
  for (const each of expected) expect(each.length).toBeGreaterThan(DISTURBANCES / 4);
  const connections = subscribers.reduce((sum, each) => sum + each.connections, 0);
  console.info(
    `${database.dialect}: ${JSON.stringify(done)} in ${(elapsedMs / 1_000).toFixed(0)} s; ${expected[0]?.length} receipts, ${subscribers.reduce((sum, { told }) => sum + told.length, 0)} events told over ${connections} connections of ${subscribers.length} subscribers`,
  );
}, 1_800_000);
