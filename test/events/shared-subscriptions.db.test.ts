import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { type Scope, SCOPES } from '../../src/auth/caller.js';
import { systemClock } from '../../src/common/clock.js';
import { admittedSocket, type Followed, follow, socketClient } from '../support/socket.js';
import { storeReceipts } from '../support/store-receipts.js';
import { signToken, startTestGateway, type TestGateway, type TokenClaims, until } from '../support/test-gateway.js';

const RECEIVED = `subscription ($of: String, $since: String) { receiptReceived(customerLayerId: $of, since: $since) {
  cursor receipt { sageTransaction { urn } sageAccount { accountNumber customer { name } } } } }`;

let gateway: TestGateway;
let accountSageId: number;
let companyId: number;
let urn = 90_000_000;
const clients: Client[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ sandbox: { customers: 6, transactions: 60 } });
  const { database } = gateway.gateway;
  const [account] = await database.query<{ companyId: number; sageId: number | string }>(
    "SELECT company_id AS companyId, sage_id AS sageId FROM sage_account WHERE instance_id = 1 AND currency = 'GBP' ORDER BY sage_id LIMIT 1",
  );
  [companyId, accountSageId] = [Number(account?.companyId), Number(account?.sageId)];
  await gateway.restart({ ROLES: 'api' });
  await gateway.gateway.database.transaction(async (transaction) => {
    await transaction.query("INSERT INTO instance (id, slug, created_at) VALUES (2, 'other', 0)");
    // the other instance has an account, and a company that was imported before, of the same numbers
    for (const table of ['sage_company', 'sage_account', 'sync_state']) {
      const row = await transaction.query<Record<string, unknown>>(
        `SELECT * FROM ${table} WHERE instance_id = 1 AND ${table === 'sage_company' ? 'id' : 'company_id'} = ?
          ${table === 'sage_account' ? 'AND sage_id = ?' : ''}`,
        table === 'sage_account' ? [companyId, accountSageId] : [companyId],
      );
      for (const copy of row.map((each) => ({ ...each, instance_id: 2 })))
        await transaction.query(
          `INSERT INTO ${table} (${Object.keys(copy).join(',')}) VALUES (${Object.keys(copy)
            .map(() => '?')
            .join(',')})`,
          Object.values(copy),
        );
    }
  });
});
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await gateway.close();
});

async function subscriber(claims: TokenClaims, variables: Record<string, unknown> = {}): Promise<Followed> {
  const client = await socketClient(gateway, await signToken(claims));
  clients.push(client);
  return follow(client, RECEIVED, variables);
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 600));
const urnsOf = ({ answers }: Followed) => answers.map(({ receipt }) => Number(receipt.sageTransaction.urn));

async function arrive(instanceId = 1): Promise<number> {
  urn += 1;
  await storeReceipts(gateway.gateway.database, systemClock, { instanceId, companyId }, [{ urn, accountSageId }]);
  return urn;
}

/** How often receipts were read after one has come that all of these want. */
async function readsFor(followed: readonly Followed[]): Promise<number> {
  let reads = 0;
  await settled();
  const before = followed.map(({ answers }) => answers.length);
  const stop = gateway.gateway.database.onStatement((sql) => {
    if (/FROM receipt r\s/.test(sql)) reads += 1;
  });
  const expected = await arrive();
  await until(() => followed.every((each, index) => each.answers.length > (before[index] ?? 0)), 'the news');
  stop();
  for (const each of followed) expect(urnsOf(each).at(-1)).toBe(expected);
  return reads;
}

const NARROW: Scope[] = ['documents:read'];

test('an event is read once for all who are told the same, and again for other rights, arguments and documents', async () => {
  const one = await subscriber({ subject: 'p0' });
  expect(await readsFor([one])).toBe(1);
  const same = [one];
  for (let person = 1; person <= 7; person += 1) same.push(await subscriber({ subject: `p${person}` }));
  same.push(await subscriber({ scopes: SCOPES.toReversed() }), await subscriber({}, { since: one.answers[0]?.cursor }));
  expect(await readsFor(same)).toBe(1);
  const narrow = [await subscriber({ scopes: NARROW }), await subscriber({ scopes: NARROW, subject: 'q' })];
  expect(await readsFor([...same, ...narrow])).toBe(2);
  for (const each of [...same, ...narrow]) expect(each.errors).toEqual([]);
});

test("another instance's events never arrive, whatever numbers they have in common", async () => {
  // their numbers are ahead of ours, so that a reader who mixed the two up would take theirs for news
  for (let turn = 0; turn < 40; turn += 1) await arrive(2);
  const mine = await subscriber({});
  const theirs = await subscriber({ instance: 'other' });
  await settled();
  const expected: { mine: number[]; theirs: number[] } = { mine: [], theirs: [] };
  for (let turn = 0; turn < 10; turn += 1) {
    expected.mine.push(await arrive(1));
    expected.theirs.push(await arrive(2));
    // the same URN in both
    urn -= 1;
    expected.mine.push(await arrive(1));
  }
  await until(() => mine.answers.length >= 20 && theirs.answers.length >= 10, 'the news');
  await settled();
  expect(urnsOf(mine)).toEqual(expected.mine);
  expect(urnsOf(theirs)).toEqual(expected.theirs);
  expect([...mine.errors, ...theirs.errors]).toEqual([]);
  const again = await subscriber({ instance: 'other' }, { since: theirs.answers[4]?.cursor });
  await until(() => again.answers.length >= 5, 'what came since');
  await settled();
  expect(urnsOf(again)).toEqual(expected.theirs.slice(5));
});

test('a token that ends in the middle of a stream: nothing comes after it, and a new one goes on from there', async () => {
  const token = await signToken({ expiresIn: 2 });
  const endsAt = (Math.floor(Date.now() / 1_000) + 2) * 1_000;
  const socket = await admittedSocket(gateway, token);
  const arrivals: number[] = [];
  socket.socket.on('message', () => arrivals.push(Date.now()));
  socket.send({ id: '1', type: 'subscribe', payload: { query: RECEIVED } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const stored: number[] = [];
  while (Date.now() < endsAt + 1_500) {
    stored.push(await arrive());
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  expect(await socket.closeCode()).toBe(4403);
  expect(Math.max(...arrivals)).toBeLessThan(endsAt + 400);
  const seen = socket.messages.flatMap(({ type, payload }) =>
    type === 'next' ? [(payload as { data: { receiptReceived: Followed['answers'][0] } }).data.receiptReceived] : [],
  );
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.length).toBeLessThan(stored.length);
  const rest = await subscriber({}, { since: seen.at(-1)?.cursor });
  await until(() => seen.length + rest.answers.length >= stored.length, 'what was missed');
  expect([...seen.map(({ receipt }) => Number(receipt.sageTransaction.urn)), ...urnsOf(rest)]).toEqual(stored);
});
