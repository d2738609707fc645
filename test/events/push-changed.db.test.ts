import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { sent, untilStatus } from '../support/documents.js';
import { type Followed, follow, socketClient } from '../support/socket.js';
import { eventually, signToken, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

const PUSH_CHANGED = `subscription ($pushId: ID, $customerLayerId: String, $since: String) {
  pushChanged(pushId: $pushId, customerLayerId: $customerLayerId, since: $since) { cursor push { id layerId status } } }`;

let gateway: TestGateway;
const clients: Client[] = [];
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterEach(() => Promise.all(clients.splice(0).map((client) => client.dispose())));
afterAll(() => gateway.close());

async function open(variables: Record<string, unknown> = {}, token?: string): Promise<Followed> {
  const client = await socketClient(gateway, token);
  clients.push(client);
  return follow(client, PUSH_CHANGED, variables);
}
const subscribed = async (count: number) => {
  // a subscription has no acknowledgement: its first statement is what can be waited for
  await new Promise((resolve) => setTimeout(resolve, 200 + count));
};
const pushCustomer = (layerId: string) => sent(gateway, 'CUSTOMER', { layerId, name: `Customer ${layerId}` });
const idsOf = ({ answers }: Followed) => answers.map(({ push }) => push.id);

test('a push is told of from its queue to Sage, to those who follow it, and to nobody else', async () => {
  const all = await open();
  const ofOne = await open({ customerLayerId: 'E1' });
  await subscribed(2);
  const one = await pushCustomer('E1');
  const other = await pushCustomer('E2');
  const ofPush = await open({ pushId: other.id });
  await untilStatus(gateway, one, 'SUCCEEDED');
  await untilStatus(gateway, other, 'SUCCEEDED');
  await eventually(async () => {
    expect(ofOne.answers.at(-1)).toMatchObject({ push: { id: one.id, status: 'SUCCEEDED' } });
    expect(new Set(idsOf(ofOne))).toEqual(new Set([one.id]));
    expect(new Set(idsOf(all))).toEqual(new Set([one.id, other.id]));
    expect(new Set(idsOf(ofPush)).size).toBeLessThanOrEqual(1);
  });
  const [row] = await gateway.gateway.database.query<{ count: number }>(
    `SELECT COUNT(*) AS count FROM event e JOIN push p ON p.instance_id = e.instance_id AND p.id = e.subject
      WHERE e.instance_id = 1 AND p.layer_id = 'E1'`,
  );
  expect(ofOne.answers).toHaveLength(Number(row?.count));
  expect(ofOne.answers.length).toBeGreaterThanOrEqual(3);
});

test('with since, what was missed comes first, in its order and once', async () => {
  const before = await open();
  await subscribed(1);
  await untilStatus(gateway, await pushCustomer('E3'), 'SUCCEEDED');
  await until(() => before.answers.at(-1)?.push.status === 'SUCCEEDED', 'the events');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const cursors = before.answers.map(({ cursor }) => cursor);
  const after = await open({ since: cursors[0] });
  await eventually(async () => expect(after.answers.map(({ cursor }) => cursor)).toEqual(cursors.slice(1)));
  const last = await pushCustomer('E4');
  await untilStatus(gateway, last, 'SUCCEEDED');
  await eventually(async () => {
    expect(after.answers.at(-1)).toMatchObject({ push: { id: last.id, status: 'SUCCEEDED' } });
    expect(after.answers.map(({ cursor }) => cursor)).toEqual(before.answers.map(({ cursor }) => cursor).slice(1));
  });
});

test.each([
  ['no cursor at all', 'abc', /no cursor/],
  ['beyond the newest', Buffer.from('[99999999]').toString('base64url'), /beyond the newest/],
])('a since that is %s is refused', async (_what, since, message) => {
  const { errors } = await ended(await open({ since }));
  expect(errors).toEqual([
    expect.objectContaining({ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }),
  ]);
});

test('a since that is older than what is kept is refused', async () => {
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query('UPDATE event_sequence SET pruned_sequence = 2 WHERE instance_id = 1'),
  );
  const { errors } = await ended(await open({ since: Buffer.from('[1]').toString('base64url') }));
  expect(errors[0]).toMatchObject({ message: expect.stringMatching(/older/), extensions: { code: 'BAD_USER_INPUT' } });
});

test('the scope is needed', async () => {
  const { errors } = await ended(await open({}, await signToken({ scopes: ['accounts:read'] })));
  expect(errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

async function ended(followed: Followed): Promise<Followed> {
  await until(() => followed.end !== undefined, 'the subscription to end');
  return followed;
}
