// The thirteen checks of graphql-cop (github.com/dolevf/graphql-cop), each as a test of what it looks for, and what stands in the
// way of overloading by name, over both transports. The gateway runs in production mode.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestGateway } from '../support/test-gateway.js';
import { attack, AttackSocket, codesOf, postQuery, startAttackedGateway } from './attacked-gateway.js';

let gateway: TestGateway;
let socket: AttackSocket;
beforeAll(async () => {
  gateway = await startAttackedGateway();
  socket = await AttackSocket.open(gateway);
});
afterAll(async () => {
  socket.close();
  await gateway.close();
});

const refusedByBoth = async (query: string, code: string) => {
  const answer = await postQuery(gateway.url, query);
  expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
  const { type, payload } = await socket.subscribe(query);
  expect([type, payload]).toEqual(['error', answer.body.errors]);
  return payload[0].message as string;
};
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `alias${index}: ${field}`).join('\n');

test('alias overloading: 101 aliases of one field are refused over both transports, 100 are not', async () => {
  for (const field of ['__typename', 'viewer { subject }', 'customer(layerId: "C1") { name }'])
    expect(await refusedByBoth(`query { ${aliases(101, field)} }`, 'QUERY_TOO_COMPLEX')).toContain('several requests');
  expect((await postQuery(gateway.url, `query { ${aliases(100, '__typename')} }`)).body.data.alias99).toBe('Query');
});

test('field duplication: 500 repetitions of a field are refused over both transports, also spread over fragments', async () => {
  await refusedByBoth(`query { ${'__typename \n'.repeat(500)} }`, 'QUERY_TOO_COMPLEX');
  await refusedByBoth(`query { viewer { ${'subject '.repeat(500)} } }`, 'QUERY_TOO_COMPLEX');
  await refusedByBoth(`query { ${'viewer { subject } '.repeat(450)} }`, 'QUERY_TOO_COMPLEX');
  const fragments = Array.from(
    { length: 20 },
    (_, index) => `fragment f${index} on Viewer { ${'subject '.repeat(25)} }`,
  );
  const spreads = fragments.map((_, index) => `...f${index}`).join(' ');
  await refusedByBoth(`query { viewer { ${spreads} } } ${fragments.join(' ')}`, 'QUERY_TOO_COMPLEX');
});

test('array-based batching: a batch of ten, or of one, is refused', async () => {
  for (const length of [10, 1]) {
    const batch = Array.from({ length }, () => ({ query: 'query { __typename }' }));
    const answer = await attack(gateway.url, {
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
  }
  const query = { query: '{ __typename }' };
  socket.raw.send({ id: 'batch', type: 'subscribe', payload: Array.from({ length: 10 }, () => query) });
  expect(await socket.raw.closeCode()).toBe(4400);
  socket = await AttackSocket.open(gateway);
});

test('directive overloading: a row of directives is one error, not one each', async () => {
  await refusedByBoth(`query { __typename ${'@aa'.repeat(10)} }`, 'QUERY_TOO_COMPLEX');
  await refusedByBoth(`query { __typename ${'@include(if: true)'.repeat(200)} }`, 'QUERY_TOO_COMPLEX');
  await refusedByBoth(
    `query { ${'__typename @skip(if: false) '.repeat(90)} ${'viewer { subject @skip(if: false) } '.repeat(20)} }`,
    'QUERY_TOO_COMPLEX',
  );
});

test('introspection-based circular query: refused', async () => {
  const circle = 'fields { type { fields { type { fields { type { fields { type { name } } } } } } } }';
  const answer = await postQuery(gateway.url, `query { __schema { types { ${circle} } } }`);
  expect([answer.status, new Set(codesOf(answer))]).toEqual([400, new Set(['GRAPHQL_VALIDATION_FAILED'])]);
});

test('introspection: off, by __schema and by __type, over both transports', async () => {
  for (const query of ['query { __schema { types { name fields { name } } } }', '{ __type(name: "Query") { name } }']) {
    const answer = await postQuery(gateway.url, query);
    expect([answer.status, new Set(codesOf(answer))]).toEqual([400, new Set(['GRAPHQL_VALIDATION_FAILED'])]);
    expect((await socket.subscribe(query)).type).toBe('error');
  }
});

test('field suggestions: none', async () => {
  const misspelt = [
    'query { __schema { directive } }',
    '{ custome(layerId: "1") { name } }',
    '{ viewer { subjec } }',
    '{ customer(layerID: "1") { name } }',
    '{ ...F } fragment F on Querry { viewer { subject } }',
    'query ($k: [SageTransactionKin!]) { viewer { subject } }',
    '{ sageTransactions(filter: { kinds: [INVOIC] }) { totalCount } }',
    '{ sageTransactions(filter: { kind: [INVOICE] }) { totalCount } }',
    '{ viewer @inclde(if: true) { subject } }',
  ];
  for (const query of misspelt) {
    const { status, text } = await postQuery(gateway.url, query);
    expect([query, status, text.includes('Did you mean')]).toEqual([query, 400, false]);
    expect(JSON.stringify(await socket.subscribe(query))).not.toContain('Did you mean');
  }
  const byVariable = 'query ($filter: SageTransactionFilter) { sageTransactions(filter: $filter) { totalCount } }';
  for (const filter of [{ kinds: ['INVOIC'] }, { kind: ['INVOICE'] }])
    expect((await postQuery(gateway.url, byVariable, { variables: { filter } })).text).not.toContain('Did you mean');
});

test('mutation over GET: refused, with the header of a pre-flight and without', async () => {
  const path = `/graphql?query=${encodeURIComponent('mutation {__typename}')}`;
  expect((await attack(gateway.url, { path, headers: { 'apollo-require-preflight': '1' } })).status).toBe(405);
  expect((await attack(gateway.url, { path })).status).toBeGreaterThanOrEqual(400);
});

test('query over GET (CSRF): only with a header that a page of another origin cannot send without a pre-flight', async () => {
  const path = `/graphql?query=${encodeURIComponent('{__typename}')}`;
  const answer = await attack(gateway.url, { path });
  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
});

test('other methods: none is an error of ours, and none is answered', async () => {
  for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
    const { status, body } = await attack(gateway.url, { method, path: '/graphql' });
    expect([method, status >= 400 && status < 500, body?.data]).toEqual([method, true, undefined]);
  }
});

test('url-encoded POST (CSRF): no form is understood', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
    const sent = { path: '/graphql', headers: { 'content-type': type }, body: 'query=query%20%7B__typename%7D' };
    const { status, body } = await attack(gateway.url, sent);
    expect([type, [400, 415].includes(status), body?.data]).toEqual([type, true, undefined]);
  }
  const byAddress = { path: '/graphql?query=%7B__typename%7D', method: 'POST' };
  expect((await attack(gateway.url, byAddress)).status).toBeGreaterThanOrEqual(400);
});

test('trace mode: no tracing, exception or stack trace in any answer', async () => {
  for (const query of [
    'query { __typename }',
    'query { nothing }',
    'query {',
    '{ sageAccounts(first: 0) { totalCount } }',
  ]) {
    const { body } = await postQuery(gateway.url, query, { extensions: { tracing: true } });
    expect(body.extensions).toBeUndefined();
    expect(JSON.stringify(body)).not.toMatch(/tracing|exception|stacktrace|node_modules|\bat .*:\d+:\d+/);
  }
});

test('GraphiQL and other IDEs: nothing of the kind is served to a browser', async () => {
  for (const path of ['/graphiql', '/playground', '/console', '/graphql', '/altair', '/voyager', '/']) {
    const { status, text } = await attack(gateway.url, { path, headers: { accept: 'text/html' } });
    expect([path, status >= 400]).toEqual([path, true]);
    expect(text).not.toMatch(/graphiql|playground|sandbox|<script/i);
  }
});

test('unhandled errors: a document that is none answers with an error of its own code', async () => {
  const answer = await postQuery(gateway.url, 'qwerty cop { abc }');
  expect([answer.status, codesOf(answer)]).toEqual([400, ['GRAPHQL_PARSE_FAILED']]);
  expect(Object.keys(answer.body.errors[0].extensions)).toEqual(['code']);
});

test('messages that only a server sends: 4400', async () => {
  for (const message of [
    { type: 'next', id: '1', payload: { data: {} } },
    { type: 'error', id: '1', payload: [{ message: 'x' }] },
    { type: 'connection_ack' },
  ]) {
    const attacker = await AttackSocket.open(gateway);
    attacker.raw.send(message);
    expect([message.type, await attacker.raw.closeCode()]).toEqual([message.type, 4400]);
  }
});

test('circular fragments: refused', async () => {
  const circles = [
    '{ viewer { ...A } } fragment A on Viewer { subject ...B } fragment B on Viewer { ...A }',
    '{ customer(layerId: "1") { ...A } } fragment A on Customer { sageAccount { customer { ...A } } }',
    '{ viewer { ...A } } fragment A on Viewer { ...A }',
  ];
  for (const query of circles) await refusedByBoth(query, 'GRAPHQL_VALIDATION_FAILED');
});
