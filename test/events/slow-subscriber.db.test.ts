import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { recordEvents } from '../../src/events/record-events.js';
import { sent } from '../support/documents.js';
import { admittedSocket, follow, type RawSocket, socketClient } from '../support/socket.js';
import { startTestGateway, type TestGateway, until } from '../support/test-gateway.js';
import { LARGE_ANSWERS as FOLLOW } from '../support/large-answers.js';

let gateway: TestGateway;
let pushId: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    socketLimits: { maxStallMs: 1_500, closeMs: 1_000 },
    variables: { ROLES: 'api,sync' },
  });
  await sent(gateway, 'CUSTOMER', { layerId: 'S1', name: 'Slow Ltd' });
  const [row] = await gateway.gateway.database.query<{ id: string }>('SELECT id FROM push WHERE instance_id = 1');
  pushId = String(row?.id);
});
afterAll(() => gateway.close());

const write = (count: number) =>
  gateway.gateway.database.transaction(async (transaction) =>
    recordEvents(
      transaction,
      systemClock,
      1,
      Array.from({ length: count }, () => ({
        kind: 'PUSH_CHANGED' as const,
        subject: pushId,
        companyId: null,
        accountSageId: null,
      })),
    ),
  );

const cursorsOf = ({ messages }: RawSocket) =>
  messages.flatMap(({ type, payload }) =>
    type === 'next' ? [(payload as { data: { pushChanged: { cursor: string } } }).data.pushChanged.cursor] : [],
  );

test('who does not read is let go, others are not kept waiting, and nothing is missed on return', async () => {
  const slow = await admittedSocket(gateway);
  slow.send({ id: '1', type: 'subscribe', payload: { query: FOLLOW } });
  const client = await socketClient(gateway);
  const quick = follow(client, FOLLOW);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await write(1);
  await until(() => quick.answers.length === 1 && cursorsOf(slow).length === 1, 'the first event');

  slow.socket.pause();
  const wall = Date.now();
  for (let written = 301; written <= 2_101; written += 300) {
    await write(300);
    await until(() => quick.answers.length === written, 'the quick one', 20_000);
  }
  // cut while it still does not read: what its kernel had taken it may read, and no more comes
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 4_000 - (Date.now() - wall))));
  slow.socket.resume();
  expect([1013, 1006]).toContain(await slow.closeCode());
  const seen = cursorsOf(slow);
  expect(seen.length).toBeLessThan(2_101);

  const again = follow(client, FOLLOW, { since: seen.at(-1) });
  await until(() => seen.length + again.answers.length >= 2_101, 'what was missed', 40_000);
  expect([...seen, ...again.answers.map(({ cursor }) => cursor)]).toEqual(quick.answers.map(({ cursor }) => cursor));
  await client.dispose();
});
