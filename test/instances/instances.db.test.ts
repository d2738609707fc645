import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '../../src/common/log.js';
import { readConfig } from '../../src/config/config.js';
import { type Gateway, startGateway } from '../../src/server/gateway.js';
import { COMPANY, invoiceInput, mapEverything, newCustomer, sent, untilStatus } from '../support/documents.js';
import { asInstance, order } from '../support/instances.js';
import { expectTransactionsOfSage } from '../support/sage-ledger.js';
import { admittedSocket, follow, rawSocket, socketClient } from '../support/socket.js';
import { eventually, pull, signToken, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

let gateway: TestGateway;
/** Another process of the gateway on the same database. */
let second: Gateway;
beforeAll(async () => {
  gateway = await startTestGateway({ variables: { RATE_LIMIT_PER_SECOND: '500', RATE_LIMIT_BURST: '1000' } });
  await mapEverything(gateway);
  second = await startGateway({ config: readConfig({ ...gateway.variables, ROLES: 'api' }), log: silentLog });
});
afterAll(async () => {
  await second.close();
  await gateway.close();
});

const VIEWER = '{ viewer { instance } }';
const statusAt = async (url: string, instance: string) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await signToken({ instance })}` };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: VIEWER }) })).status;
};
const GONE = 'This instance does not exist or is disabled. Ask your administrator.';
const statuses = async (instance: string) => [
  await statusAt(gateway.url, instance),
  await statusAt(second.url ?? '', instance),
];

test('an instance is made, shown, limited; what cannot be done is said', async () => {
  expect(await statuses('acme')).toEqual([401, 401]);
  expect(await order(gateway, 'create', 'acme', '--rate-burst', '40')).toContain('The instance acme was made (id 2,');
  expect(await statuses('acme')).toEqual([200, 200]);
  await expect(order(gateway, 'create', 'acme')).rejects.toThrow(
    'The instance acme exists already. `set acme` changes its limits.',
  );
  await expect(order(gateway, 'create', 'default')).rejects.toThrow('exists already');
  for (const verb of ['disable', 'enable', 'sign-in'])
    await expect(order(gateway, verb, 'nowhere')).rejects.toThrow('There is no instance nowhere.');
  expect(await order(gateway, 'set', 'acme', '--rate-per-second', '20')).toContain(
    '20 root fields a second, 40 at once',
  );
  expect(await order(gateway, 'set', 'acme', '--rate-burst', 'default')).toContain(
    '20 root fields a second, 10000 (def',
  );
  const today = new Date().toISOString().slice(0, 10);
  const lines = (await order(gateway, 'list')).split('\n');
  expect(lines.map((line) => line.replaceAll(/\d\d:\d\d/g, 'hh:mm').split(/ {2,}/))).toEqual([
    ['slug', 'id', 'created (UTC)', 'state', 'Sage', 'limits'],
    ['default', '1', '-', 'enabled', 'CONNECTED', '5000 (default) root fields a second, 10000 (default) at once'],
    ['acme', '2', `${today} hh:mm`, 'enabled', 'NOT_CONNECTED', '20 root fields a second, 10000 (default) at once'],
    [''],
  ]);
  expect(new Set(lines.slice(0, 3).map((line) => line.search(/CONNECTED|NOT_CONNECTED|Sage/))).size).toBe(1);
});

test('many made at once, two of each name: each stands once, with an id of its own', async () => {
  const names = ['one', 'two', 'three', 'one', 'two', 'three'];
  const answers = await Promise.allSettled(names.map((name) => order(gateway, 'create', name)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  for (const answer of answers)
    if (answer.status === 'rejected') expect(String(answer.reason)).toContain('exists already');
  const rows = await gateway.gateway.database.query<{ id: number }>('SELECT id FROM instance');
  expect(new Set(rows.map(({ id }) => id)).size).toBe(5);
});

test('a disabled instance: within five seconds every process refuses its tokens and closes its sockets', async () => {
  const token = await signToken({ instance: 'acme' });
  const sockets = await Promise.all(
    [gateway, gateway, { url: second.url ?? '' }].map((served) => admittedSocket(served, token)),
  );
  const others = await admittedSocket(gateway);
  const client = await socketClient(gateway, token);
  const followed = follow(client, 'subscription { pushChanged { cursor } }');

  expect(await order(gateway, 'disable', 'acme')).toContain('The instance acme is disabled');
  const since = Date.now();
  expect(await Promise.all(sockets.map((socket) => socket.closeCode()))).toEqual([4403, 4403, 4403]);
  await eventually(async () => expect(await statuses('acme')).toEqual([401, 401]));
  await until(() => followed.end !== undefined, 'the subscription to end');
  expect(Date.now() - since).toBeLessThan(5_000);

  // the answer is the one for an instance that does not exist
  const answerFor = async (instance: string) => (await gateway.graphql(VIEWER, {}, await signToken({ instance }))).body;
  expect(await answerFor('acme')).toEqual(await answerFor('nowhere'));
  expect((await answerFor('acme')).errors?.[0]?.message).toBe(GONE);
  const late = await rawSocket(gateway);
  late.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  expect(await late.closeReason()).toEqual([4403, GONE]);
  expect(await order(gateway, 'disable', 'acme')).toBe('The instance acme is disabled already.\n');
  await expect(order(gateway, 'sign-in', 'acme')).rejects.toThrow('is disabled. `enable acme` first.');
  expect(await order(gateway, 'list')).toMatch(/^acme .* disabled /m);

  // nobody else noticed
  expect(await statuses('default')).toEqual([200, 200]);
  expect(others.socket.readyState).toBe(others.socket.OPEN);
  others.socket.terminate();

  expect(await order(gateway, 'enable', 'acme')).toContain('is enabled');
  await eventually(async () => expect(await statuses('acme')).toEqual([200, 200]));
  await client.dispose();
}, 60_000);

test('pulls and pushes of a disabled instance stop after the step under way, and go on when it is enabled; nothing twice, nothing lost', async () => {
  const { control } = gateway.sandbox;
  await newCustomer(gateway, 'PAUSED');
  control.addFault({ kind: 'slow', method: 'POST', path: '^/sales_invoices$', count: 0, delayMs: 700 });
  control.addFault({ kind: 'slow', method: 'GET', path: '^/sales_posted_transactions$', count: 0, delayMs: 1_500 });
  const pushes = [];
  for (let index = 0; index < 8; index += 1)
    pushes.push(await sent(gateway, 'INVOICE', invoiceInput(`P${index}`, 'PAUSED')));
  const startedAt = Date.now();
  await gateway.data('mutation { startSync(full: true) { started } }');
  const posted = () => control.requests().filter(({ method, path }) => method === 'POST' && path === '/sales_invoices');
  await until(() => posted().length > 0, 'the first posting');

  const unfinished = () =>
    gateway.gateway.database.query(
      "SELECT 1 FROM sync_state WHERE instance_id = 1 AND resource = 'TRANSACTIONS' AND run_started_at >= ? AND swept_at < ?",
      [startedAt, startedAt],
    );
  await until(async () => (await unfinished()).length > 0, 'a pull of the ledger');
  await order(gateway, 'disable', 'default');
  await eventually(async () => expect(await statuses('default')).toEqual([401, 401]));
  const stateOf = () =>
    gateway.gateway.database.query<{ status: string; count: number | string }>(
      "SELECT status, COUNT(*) AS count FROM push WHERE instance_id = 1 AND kind = 'INVOICE' GROUP BY status",
    );
  // what was on its way is settled, and Sage is asked for nothing more
  await until(async () => !(await stateOf()).some(({ status }) => status === 'SENDING'), 'nothing to be on its way');
  let last = -1;
  await until(async () => {
    const number = control.requests().at(-1)?.number ?? 0;
    const isQuiet = number === last;
    last = number;
    if (!isQuiet) await new Promise((resolve) => setTimeout(resolve, 2_000));
    return isQuiet;
  }, 'no more requests to Sage');
  expect((await unfinished()).length).toBeGreaterThan(0);
  const counts = Object.fromEntries((await stateOf()).map(({ status, count }) => [status, Number(count)]));
  expect(Object.keys(counts).sort()).toEqual(['QUEUED', 'SUCCEEDED']);
  expect(counts.SUCCEEDED).toBe(posted().length);

  control.clearFaults();
  await order(gateway, 'enable', 'default');
  await eventually(async () => expect(await statuses('default')).toEqual([200, 200]));
  for (const push of pushes) await untilStatus(gateway, push, 'SUCCEEDED');
  expect(posted()).toHaveLength(8);
  const references = gateway.sandbox.control
    .postings(COMPANY, {})
    .map((row) => (row as never as { secondReference: string }).secondReference);
  for (const { sageReference } of pushes)
    expect(references.filter((reference) => reference === sageReference)).toHaveLength(1);
  await pull(gateway, { full: true });
  await expectTransactionsOfSage(gateway);
}, 90_000);

const mutations = (count: number) =>
  `mutation { ${Array.from({ length: count }, (_, index) => `m${index}: retryPush(id: "x") { userErrors { code } }`).join(' ')} }`;

test('fifty mutations in one request are fifty turns, the callers of an instance share its limit, and no other feels it', async () => {
  await order(gateway, 'set', 'acme', '--rate-per-second', '1', '--rate-burst', '60');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const ask = async (subject: string, count: number) =>
    gateway.graphql(mutations(count), {}, await signToken({ instance: 'acme', subject }));
  expect((await ask('amy', 50)).status).toBe(200);
  const refused = await ask('bob', 20);
  expect([refused.status, refused.body.errors?.[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(5);
  // over a socket the same turns count
  const client = await socketClient(gateway, await signToken({ instance: 'acme', subject: 'carol' }));
  const overSocket = follow(client, mutations(20));
  await until(() => overSocket.end !== undefined, 'the refusal');
  expect(overSocket.errors[0]?.extensions.code).toBe('RATE_LIMITED');
  // no refusal has taken a turn
  expect((await ask('dave', 5)).status).toBe(200);
  const other = await asInstance(gateway, 'default');
  expect((await other.graphql(mutations(200))).status).toBe(200);
  await client.dispose();
});
