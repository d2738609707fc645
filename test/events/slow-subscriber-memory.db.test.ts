// A gateway process whose subscribers never read: what they cost it in memory does not grow with what happens meanwhile.
// SLOW_EVENTS=20000 SLOW_SUBSCRIBERS=50 is the long form; the suite runs a short one.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordEvents } from '../../src/events/record-events.js';
import { sent } from '../support/documents.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { admittedSocket, follow, type RawSocket, socketClient } from '../support/socket.js';
import { startTestGateway, type TestGateway, until } from '../support/test-gateway.js';
import { LARGE_ANSWERS as FOLLOW } from '../support/large-answers.js';

const EVENTS = Number(process.env.SLOW_EVENTS ?? 2_400);
const SUBSCRIBERS = Number(process.env.SLOW_SUBSCRIBERS ?? 20);
const BATCH = 300;
/** Some 16 as it is, and 83 where what is not read is kept. */
const MAX_GROWTH_MB = 45;

const START = Buffer.from('[0]').toString('base64url');

let gateway: TestGateway;
let served: GatewayProcess;
let pushId: string;
const slow: RawSocket[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ isPulled: false, variables: { ROLES: 'api' } });
  await sent(gateway, 'CUSTOMER', { layerId: 'S1', name: 'Slow Ltd' });
  const [row] = await gateway.gateway.database.query<{ id: string }>('SELECT id FROM push WHERE instance_id = 1');
  pushId = String(row?.id);
  served = await GatewayProcess.prepare({ ...gateway.variables, SAGE_REFRESH_TOKEN: '', EVENTS_POLL_MS: '50' });
  served.start();
  await until(() => served.isReady(), 'the gateway process', 60_000);
}, 120_000);
afterAll(async () => {
  for (const { socket } of slow) socket.terminate();
  await served.kill();
  await gateway.close();
});

const write = (count: number) =>
  gateway.gateway.database.transaction(async (transaction) =>
    recordEvents(
      transaction,
      gateway.clock,
      1,
      Array.from({ length: count }, () => ({
        kind: 'PUSH_CHANGED' as const,
        subject: pushId,
        companyId: null,
        accountSageId: null,
      })),
    ),
  );

/** Heap that is used, and what lies beside it, in MB: the least of some looks, since garbage lies about in between. */
async function memory(looks = 1): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < looks; look += 1) {
    const text = await (await fetch(new URL('/metrics', served.url))).text();
    const of = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    least = Math.min(least, (of('nodejs_heap_size_used_bytes') + of('nodejs_external_memory_bytes')) / 1_048_576);
    if (look + 1 < looks) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(least).toBeGreaterThan(0);
  return least;
}

test(`${SUBSCRIBERS} subscribers that never read, ${EVENTS} events: memory stays flat, and who reads hears of all`, async () => {
  const client = await socketClient({ url: served.url });
  const quick = follow(client, FOLLOW);
  // half of them follow from now on, half catch up from the beginning
  for (let number = 0; number < SUBSCRIBERS; number += 1) {
    const socket = await admittedSocket({ url: served.url });
    const variables = number % 2 === 0 ? {} : { since: START };
    socket.send({ id: '1', type: 'subscribe', payload: { query: FOLLOW, variables } });
    slow.push(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await write(1);
  await until(() => quick.answers.length === 1, 'the first event', 20_000);
  for (const { socket } of slow) socket.pause();

  const before = await memory(10);
  let most = 0;
  for (let written = 1 + BATCH; written <= 1 + EVENTS; written += BATCH) {
    await write(BATCH);
    await until(() => quick.answers.length === written, 'the one that reads', 60_000);
    most = Math.max(most, await memory());
  }
  const after = await memory(20);
  console.info(
    `${gateway.gateway.database.dialect}: ${SUBSCRIBERS} subscribers that do not read, ${EVENTS} events: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after, at most ${most.toFixed(0)} MB with garbage`,
  );
  expect(after - before).toBeLessThan(MAX_GROWTH_MB);
  expect(new Set(quick.answers.map(({ cursor }) => cursor)).size).toBe(quick.answers.length);
  await client.dispose();
}, 900_000);
