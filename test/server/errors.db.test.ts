import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { openOrExplain } from '../../src/server/open-migrated.js';
import { startProxy } from '../support/breakable-proxy.js';
import { createTestDatabase } from '../support/test-database.js';
import { eventually, signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
let token: string;
const logged: string[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ onLog: (line) => void logged.push(line) });
  token = await signToken();
});
afterAll(() => gateway.close());

const send = (init: RequestInit & { path?: string }) => {
  const { path = '', headers, ...rest } = init;
  return fetch(`${gateway.url}${path}`, { ...rest, headers: { authorization: `Bearer ${token}`, ...headers } });
};
const json = { 'content-type': 'application/json' };
const codeOf = async (answer: Response) =>
  ((await answer.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;

test('no token, or a bad one: UNAUTHENTICATED with 401', async () => {
  for (const bad of [null, 'nonsense']) {
    const { status, body } = await gateway.graphql('{ viewer { subject } }', {}, bad);
    expect([status, body.errors?.[0]?.extensions]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    expect(body.data ?? null).toBeNull();
  }
});

test.each([
  ['a document that does not parse', '{ viewer {', {}, 'GRAPHQL_PARSE_FAILED'],
  ['a field that does not exist', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a variable of the wrong type',
    'query ($first: Int) { sageAccounts(first: $first) { totalCount } }',
    { first: 'x' },
    'BAD_USER_INPUT',
  ],
  ['a page beyond all size', '{ sageAccounts(first: 100000) { totalCount } }', {}, 'BAD_USER_INPUT'],
  ['an empty page', '{ sageAccounts(first: 0) { totalCount } }', {}, 'BAD_USER_INPUT'],
  ['a cursor that is none', '{ sageTransactions(after: "%%%") { totalCount } }', {}, 'BAD_USER_INPUT'],
  [
    'a date that is none',
    '{ sageTransactions(filter: { from: "2026-02-30" }) { totalCount } }',
    {},
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a date variable that is none',
    'query ($from: Date) { sageTransactions(filter: { from: $from }) { totalCount } }',
    { from: '30.11.2026' },
    'BAD_USER_INPUT',
  ],
])('%s', async (_case, query, variables, code) => {
  const { status, body } = await gateway.graphql(query, variables);
  expect([status, body.errors?.[0]?.extensions.code]).toEqual([200, code]);
});

test('a cursor of one list is no cursor of another', async () => {
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1) { pageInfo { endCursor } } }');
  const { body } = await gateway.graphql('query ($after: String) { sageTransactions(after: $after) { totalCount } }', {
    after: sageAccounts.pageInfo.endCursor,
  });
  expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('GET answers queries, and never runs a mutation; a browser form gets nowhere', async () => {
  const query = `?query=${encodeURIComponent('{ viewer { subject } }')}`;
  expect((await send({ path: query, headers: { 'apollo-require-preflight': 'yes' } })).status).toBe(200);
  const mutation = `?query=${encodeURIComponent('mutation { startSync(resources: []) { started } }')}`;
  expect((await send({ path: mutation, headers: { 'apollo-require-preflight': 'yes' } })).status).toBe(405);
  expect((await send({ path: query })).status).toBe(400);
  const form = await send({
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"query":"{ viewer { subject } }"}',
  });
  expect(form.status).toBeGreaterThanOrEqual(400);
});

test('malformed requests are told so', async () => {
  expect((await send({ method: 'POST', headers: json, body: '{"query":' })).status).toBe(400);
  expect((await send({ method: 'POST', headers: json, body: '{}' })).status).toBe(400);
  expect((await send({ method: 'POST', headers: json, body: '[{"query":"{ viewer { subject } }"}]' })).status).toBe(
    400,
  );
  const formBody = await send({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query={viewer{subject}}',
  });
  expect([formBody.status, await codeOf(formBody)]).toEqual([415, 'BAD_USER_INPUT']);
  expect(await codeOf(await send({ method: 'POST', headers: json, body: '{"query":' }))).toBe('BAD_USER_INPUT');
  const unknownOperation = JSON.stringify({ query: 'query A { viewer { subject } }', operationName: 'B' });
  expect(await codeOf(await send({ method: 'POST', headers: json, body: unknownOperation }))).toBe('BAD_USER_INPUT');
  const nowhere = await fetch(new URL('/nowhere', gateway.url));
  expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
});

const VIEWER = '{ viewer { subject } }';
const TWO = 'query A { viewer { subject } } query B { viewer { subject } }';
const FLIGHT = { 'apollo-require-preflight': 'yes' };
const byPost = (body: string): RequestInit => ({ method: 'POST', headers: json, body });
const byGet = (query: string) => `?query=${encodeURIComponent(query)}`;
const NO_PREFLIGHT =
  'Send the query by POST as application/json, or by GET with the header "apollo-require-preflight: true".';

// most of them replace what Apollo says: should it say it in other words one day, ours would be missing here
test.each<[string, RequestInit & { path?: string }, string]>([
  ['no keys', byPost('{}'), 'The body has no "query". Send {"query": "…"} as application/json.'],
  ['no query', byPost('{"a":1}'), 'The request has no "query". Send {"query": "…"} by POST as application/json.'],
  ['no JSON', byPost('{"query":'), 'The body is not JSON. Send {"query": "…"}.'],
  ['nothing', byPost(''), 'The body is empty. Send {"query": "…"}.'],
  ['a list', byPost(`[{"query":"${VIEWER}"}]`), 'Send one operation at a time: an object, not a list.'],
  ['a GET without the header', { path: byGet(VIEWER) }, NO_PREFLIGHT],
  ['a POST without a body', { method: 'POST' }, NO_PREFLIGHT],
  ['a mutation by GET', { path: byGet('mutation { __typename }'), headers: FLIGHT }, 'Mutations go by POST.'],
  [
    'a subscription by GET',
    { path: byGet('subscription { pushChanged { cursor } }'), headers: FLIGHT },
    'Subscriptions go over a WebSocket on this path, with the protocol graphql-transport-ws.',
  ],
  [
    'another name',
    byPost(JSON.stringify({ query: 'query A { viewer { subject } }', operationName: 'B' })),
    'There is no operation of that name in the document.',
  ],
  [
    'no name, of two',
    byPost(JSON.stringify({ query: TWO })),
    'There are several operations. Say in operationName which one is meant.',
  ],
])('a request with %s is told what to send', async (_case, init, message) => {
  expect(((await (await send(init)).json()) as { errors: object[] }).errors).toMatchObject([
    { message, extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('a body of more than a megabyte is for the upload alone, and who has no token is not listened to', async () => {
  const body = (query: string) => JSON.stringify({ query, variables: { csv: 'x'.repeat(2_000_000) } });
  const large = await send({ method: 'POST', headers: json, body: body('{ viewer { subject } }') });
  expect([large.status, await codeOf(large)]).toEqual([413, 'BAD_USER_INPUT']);
  const upload = body('mutation ($csv: String!) { importCustomerLinks(csv: $csv) { linked } }');
  expect((await send({ method: 'POST', headers: json, body: upload })).status).toBe(200);
  const reader = { ...json, authorization: `Bearer ${await signToken({ scopes: ['accounts:read'] })}` };
  expect((await send({ method: 'POST', headers: reader, body: upload })).status).toBe(413);
  const stranger = await send({ method: 'POST', headers: { ...json, authorization: '' }, body: '{"query":' });
  expect([stranger.status, stranger.headers.get('www-authenticate'), await codeOf(stranger)]).toEqual([
    401,
    'Bearer',
    'UNAUTHENTICATED',
  ]);
});

test('our own mistake is masked, and stands in the log under the id that the caller sees', async () => {
  const { database } = gateway.gateway;
  const run = (sql: string) => database.transaction((transaction) => transaction.query(sql));
  await run('ALTER TABLE customer_contact RENAME TO hidden_contact');
  await run(
    "INSERT INTO customer (instance_id, layer_id, name, name_folded, sync_status, created_at, updated_at) VALUES (1, 'C1', 'A', 'a', 'SYNCED', 0, 0)",
  );
  const { status, body } = await gateway.graphql('{ customer(layerId: "C1") { name contacts { layerId } } }');
  await run('ALTER TABLE hidden_contact RENAME TO customer_contact');
  expect(status).toBe(200);
  const [error] = body.errors ?? [];
  expect(error?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(JSON.stringify(body)).not.toMatch(/customer_contact|SELECT|stack/i);
  const errorId = error?.extensions.errorId ?? 'none';
  expect(error?.message).toContain(errorId);
  expect(logged.find((line) => line.includes(errorId) && line.includes('"level":50'))).toContain('customer_contact');
});

test('health says what is wrong, and metrics are for this machine', async () => {
  const ready = await fetch(new URL('/health/ready', gateway.url));
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok' }]);
  expect((await fetch(new URL('/health/live', gateway.url))).status).toBe(200);
  expect(await (await fetch(new URL('/metrics', gateway.url))).text()).toContain(
    'gateway_http_request_duration_seconds',
  );
  expect(await (await fetch(new URL('/metrics', gateway.url))).text()).toMatch(
    /gateway_graphql_errors_total\{code="UNAUTHENTICATED"\} [1-9]/,
  );
  const forwarded = await fetch(new URL('/metrics', gateway.url), { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(forwarded.status).toBe(404);
});

test('in production nothing of the schema is told to strangers', async () => {
  await gateway.restart({ NODE_ENV: 'production', HOST: '127.0.0.1' });
  const introspection = await gateway.graphql('{ __schema { types { name } } }');
  expect(introspection.body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  const { body } = await gateway.graphql('{ viewr { subject } }');
  expect(JSON.stringify(body)).not.toContain('Did you mean');
});

test('without its database it answers that it has none, and stands', async () => {
  await gateway.gateway.database.close();
  const { status, body } = await gateway.graphql('{ customers { totalCount } }', {}, token);
  expect(status).toBeGreaterThanOrEqual(200);
  expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  const ready = await fetch(new URL('/health/ready', gateway.url));
  expect([ready.status, ((await ready.json()) as { reason: string }).reason]).toEqual([
    503,
    'The database cannot be reached; the log says why.',
  ]);
  expect((await fetch(new URL('/health/live', gateway.url))).status).toBe(200);
});

if (globalThis.TEST_DATABASE_URL !== 'sqlite') {
  test('a database that was not made yet is to be made first', async () => {
    const { url, drop } = await createTestDatabase();
    await drop();
    await expect(openOrExplain(url, systemClock)).rejects.toThrow(
      /Unknown database '.*'\. Create the database first\.$/,
    );
  });

  test('a database server that goes away is said to be away, and used again once it is back', async () => {
    const server = new URL(globalThis.TEST_DATABASE_URL);
    const proxy = await startProxy(server.hostname, Number(server.port || 3_306));
    const { url, drop } = await createTestDatabase();
    const proxied = new URL(url);
    proxied.hostname = '127.0.0.1';
    proxied.port = String(proxy.port);
    const away = await startTestGateway({ variables: { DATABASE_URL: proxied.href }, isPulled: false });
    const ask = () => away.graphql('{ customers { totalCount } }');
    const readiness = async () => (await fetch(new URL('/health/ready', away.url))).status;
    expect([(await ask()).body.data, await readiness()]).toEqual([{ customers: { totalCount: 0 } }, 200]);

    await proxy.cut();
    const { status, body } = await ask();
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([200, 'INTERNAL_SERVER_ERROR']);
    expect(body.errors?.[0]?.message).toContain('cannot reach its database');
    expect(await readiness()).toBe(503);

    await proxy.mend();
    await eventually(async () => expect((await ask()).body.data).toEqual({ customers: { totalCount: 0 } }));
    expect(await readiness()).toBe(200);

    proxy.freeze();
    const startedAt = Date.now();
    expect(await readiness()).toBe(503);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    await proxy.cut();
    await away.close();
    await drop();
  });
}
