// The scenarios of the Damn Vulnerable GraphQL Application (github.com/dolevf/Damn-Vulnerable-GraphQL-Application), tried here:
//
// | scenario there                          | here
// | batch query, field duplication, aliases, circular fragment | graphql-cop.test.ts
// | introspection, GraphiQL, suggestions, fingerprints          | graphql-cop.test.ts
// | deep recursion, resource-intensive query                    | below, and hostile-documents.test.ts
// | server-side request forgery, OS commands, SQL injection,
// | HTML injection, stored scripts, file write, path traversal  | below: every text argument of the schema with each payload
// | log spoofing, stack traces, forged tokens, deny-list and
// | interface bypass                                            | below
// | weak password of a query ("systemDiagnostics")              | nothing here takes a password
// | upload to a path, import from a URL                         | nothing here takes a path or an address; the upload is text
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signToken, type TestGateway, TEST_SECRET } from '../support/test-gateway.js';
import { rawSocket } from '../support/socket.js';
import {
  attack,
  codesOf,
  GRAPHQL_RESPONSE,
  INNER_WORKINGS,
  postQuery,
  startAttackedGateway,
} from './attacked-gateway.js';
import { everyOperation } from './every-operation.js';
import { schemaOfSnapshot } from './schema-of-snapshot.js';

const ESCAPE = '\u001b';

const directory = mkdtempSync(join(tmpdir(), 'gateway-attack-'));
const written = join(directory, 'written');
const schema = schemaOfSnapshot();
const logged: string[] = [];
let visits = 0;
const elsewhere = createServer((_request, response) => {
  visits += 1;
  response.end();
});

let gateway: TestGateway;
beforeAll(async () => {
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const onLog = (line: string) => void logged.push(line);
  gateway = await startAttackedGateway({ isPulled: true, onLog, sandbox: { customers: 20, transactions: 100 } });
});
afterAll(async () => {
  await gateway.close();
  elsewhere.close();
  rmSync(directory, { recursive: true, force: true });
});

const address = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
const PAYLOADS: Readonly<Record<string, () => string>> = {
  'SQL that is always true': () => `' OR '1'='1' -- `,
  'SQL that takes a table away': () => `'; DROP TABLE sage_account; -- `,
  'SQL in other quotes': () => '" UNION SELECT 1; -- `',
  'wildcards and escapes of SQL': () => '%_\\%',
  'a command of the shell': () => `; touch ${written} #`,
  'a command within a command': () => `$(touch ${written})\`touch ${written}\``,
  'a path upwards': () => '../../../../../../etc/passwd',
  'a path with a null': () => '..\u0000/etc/passwd',
  'an address to call': address,
  'a script': () => '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a line of the log': () => `x\n{"level":60,"msg":"spoofed"}\r\n${ESCAPE}[2J${ESCAPE}[31m`,
  'a template': () => '{{7*7}}${7*7}<%= 7*7 %>',
  'the prototype of objects': () => '__proto__',
};

const rowsOf = async (table: string) =>
  Number((await gateway.gateway.database.query<{ rows: number }>(`SELECT COUNT(*) AS 'rows' FROM ${table}`))[0]?.rows);

test.each(Object.entries(PAYLOADS))('in every text argument: %s is text, and nothing else', async (_what, payload) => {
  const before = await rowsOf('sage_account');
  for (const { field, query, variables } of everyOperation(schema, payload())) {
    const { status, text, body } = await postQuery(gateway.url, query, { variables });
    expect([field, status < 500, INNER_WORKINGS.test(text)]).toEqual([field, true, false]);
    const codes = (body.errors ?? []).map(({ extensions }: { extensions: { code: string } }) => extensions.code);
    expect([field, codes.filter((code: string) => code !== 'BAD_USER_INPUT')]).toEqual([field, []]);
    // of a search that finds all, or of an id that is anything, there would be rows
    expect([field, body.data?.[field]?.nodes ?? []]).toEqual([field, []]);
  }
  expect([before > 0, await rowsOf('sage_account'), existsSync(written), visits]).toEqual([true, before, false, 0]);
});

test('arguments below the root take text as text as well', async () => {
  const query = `query ($text: String!) {
    sageAccounts(first: 3) { nodes { transactions(filter: { search: $text }) { totalCount } } }
    sageCompanies { nominalAccounts(search: $text) { id } }
  }`;
  for (const text of [`' OR '1'='1`, '%', '_', '\\']) {
    const { body } = await postQuery(gateway.url, query, { variables: { text } });
    expect(body.errors).toBeUndefined();
    if (text.includes('OR')) {
      expect(body.data.sageAccounts.nodes).toEqual([0, 0, 0].map((totalCount) => ({ transactions: { totalCount } })));
    }
  }
});

test('deep recursion and a resource-intensive query: refused with what to do', async () => {
  const deep = `{ customer(layerId: "1") { ${'sageAccount { customer { '.repeat(30)} name ${'} } '.repeat(30)} } }`;
  const intensive = '{ customers(first: 500) { nodes { invoices(first: 500) { nodes { id } } } } }';
  for (const query of [deep, intensive]) {
    const answer = await postQuery(gateway.url, query);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['QUERY_TOO_COMPLEX']]);
    expect(answer.body.errors[0].message).toMatch(/Ask (for|in) fewer/);
  }
});

test('what an operation costs stands in the log and among the metrics, and what was refused as a warning', async () => {
  await postQuery(gateway.url, 'query Cheap { viewer { subject } }');
  const byVariable = 'query Dear($n: Int!) { customers(first: $n) { nodes { invoices(first: $n) { nodes { id } } } } }';
  await postQuery(gateway.url, byVariable, { variables: { n: 500 } });
  const entries = logged.map((line) => JSON.parse(line)).filter(({ msg }) => /operation costs/.test(msg));
  const of = (name: string) => entries.find(({ operation }) => operation === name);
  expect(of('Cheap')).toMatchObject({ level: 20, type: 'query', cost: 2, rootFields: 1 });
  expect(of('Dear')).toMatchObject({ level: 40, most: 100_000 });
  const { text } = await attack(gateway.url, { path: '/metrics' });
  expect(text).toMatch(/gateway_graphql_operation_cost_bucket\{le="10",type="query"\} [1-9]/);
});

test('log spoofing: whatever a caller sends, each line of the log is one entry of ours', async () => {
  const spoof = `x\n{"level":60,"msg":"spoofed"}${ESCAPE}[2J`;
  const token = await signToken({ subject: spoof, scopes: ['accounts:read'] });
  await gateway.graphql(
    '{ sageAccounts(first: 500) { nodes { transactions(first: 500) { nodes { urn } } } } }',
    {},
    token,
  );
  await postQuery(gateway.url, 'query Named { viewer { subject } }', { operationName: spoof });
  await attack(gateway.url, { path: `/${encodeURIComponent(spoof)}` });
  expect(logged.length).toBeGreaterThan(100);
  for (const line of logged.join('').trimEnd().split('\n')) {
    expect(line).not.toContain(ESCAPE);
    expect(JSON.parse(line).msg).not.toBe('spoofed');
  }
});

test('stored scripts and HTML: text comes back as data, and no answer is taken for a page', async () => {
  const script = '<script>alert(1)</script>';
  const link =
    'mutation ($id: ID!) { linkCustomer(layerId: "<b>1</b>", sageAccountId: $id) { customer { layerId } userErrors { code } } }';
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1, filter: { linked: false }) { nodes { id } } }');
  const stored = await postQuery(gateway.url, link, { variables: { id: sageAccounts.nodes[0].id } });
  expect(stored.body.data.linkCustomer.customer).toEqual({ layerId: '<b>1</b>' });
  for (const { headers } of [stored, await postQuery(gateway.url, `{ ${script} }`)]) {
    expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
  for (const path of ['/sage/callback?state=', '/sage/callback?state=a&error=', '/sage/sign-in?ticket=', '/']) {
    const { status, text } = await attack(gateway.url, { path: path + encodeURIComponent(script) });
    expect([path, status >= 400, text.includes('<script')]).toEqual([path, true, false]);
  }
});

test('stack traces: none, whatever asks for one', async () => {
  for (const path of ['/graphql?debug=1', '/graphql?query=%7B', '/graphql/%ff', '/%', '/sage/callback?state=%00']) {
    const { status, text } = await attack(gateway.url, {
      path,
      headers: { 'x-debug': '1', 'apollo-require-preflight': '1', accept: GRAPHQL_RESPONSE },
    });
    expect([path, status >= 400 && status < 500, INNER_WORKINGS.test(text)]).toEqual([path, true, false]);
  }
});

test('arbitrary files: no path of the server is a path of the disk', async () => {
  for (const path of [
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/static/../package.json',
    '/.env',
    '/data/encryption.key',
    '/graphql/../.env',
    '/.git/config',
  ]) {
    const { status, text } = await attack(gateway.url, { path });
    expect([path, status, /root:|AUTH_|repositoryformat/.test(text)]).toEqual([path, 404, false]);
  }
});

test('forged tokens: without a signature, with a changed claim, or signed by the public knowledge of nobody', async () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'admin', instance: 'default', scope: 'operate', exp: 4_000_000_000 };
  const [head = '', , signature = ''] = (await signToken({ scopes: ['accounts:read'] })).split('.');
  const hmac = (header: unknown, secret: string) => {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const forged = [
    `${part({ alg: 'none' })}.${part(claims)}.`,
    `${part({ alg: 'None', typ: 'JWT' })}.${part(claims)}.${signature}`,
    `${head}.${part(claims)}.${signature}`,
    hmac({ alg: 'HS256' }, ''),
    hmac({ alg: 'HS256' }, 'secret'),
    hmac({ alg: 'HS512' }, TEST_SECRET),
    hmac({ alg: 'HS256', kid: '../../../../dev/null' }, ''),
    hmac({ alg: 'HS256', jku: address() }, 'secret'),
  ];
  for (const token of forged) {
    const { status, body } = await gateway.graphql('{ viewer { subject } }', {}, token);
    expect([token, status, body.errors?.[0]?.extensions.code]).toEqual([token, 401, 'UNAUTHENTICATED']);
    const socket = await rawSocket(gateway);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await socket.closeCode()).toBe(4403);
  }
  expect(visits).toBe(0);
});

test('authorisation: no name, alias, fragment or cookie lets a caller past its scopes', async () => {
  const token = await signToken({ scopes: ['accounts:read'] });
  const push = 'retryPushes(errorCode: "X") { retried }';
  const ways = [
    `mutation viewer { ${push} }`,
    `mutation { viewer: ${push} }`,
    `mutation IntrospectionQuery { ...F } fragment F on Mutation { ${push} }`,
    `mutation { __typename ... on Mutation { ... { ${push} } } }`,
    '{ viewer: pushes { totalCount } }',
    'query viewer { ... @include(if: true) { auditTrail { totalCount } } }',
  ];
  for (const query of ways) {
    const { body } = await gateway.graphql(query, {}, token);
    expect([query, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([query, ['FORBIDDEN']]);
  }
  const cookie = { cookie: 'env=graphiql:enable', accept: 'text/html', 'x-dvga-mode': 'beginner' };
  const { status, text } = await attack(gateway.url, { path: '/graphql', headers: cookie });
  expect([status >= 400, /<html/i.test(text)]).toEqual([true, false]);
});

test('variables: too deep, too many, too long are refused before anything is compared with its type', async () => {
  const search =
    'query ($filter: CustomerFilter, $search: String, $status: [ReceiptStatus!]) { customers(filter: $filter) { totalCount } sageAccounts(filter: { search: $search }) { totalCount } receipts(filter: { status: $status }) { totalCount } }';
  const nested = JSON.parse('{"a":'.repeat(500) + '1' + '}'.repeat(500));
  const hostile = [
    { filter: nested },
    { unknown: nested },
    { search: 'x'.repeat(10_001) },
    { status: Array.from({ length: 2_001 }, () => 'MATCHED') },
    { filter: { search: Array.from({ length: 300 }, () => Array.from({ length: 900 }, () => 1)) } },
    { search: ' Did you mean ?'.repeat(60_000) },
  ];
  for (const variables of hostile) {
    const { status, text, body } = await postQuery(gateway.url, search, { variables });
    expect([status, body.errors.map(({ extensions }: { extensions: object }) => extensions)]).toEqual([
      400,
      [{ code: 'BAD_USER_INPUT' }],
    ]);
    expect([text.length < 2_000, text]).toEqual([true, expect.stringContaining('Send less')]);
  }
  const body = `{"query":"${search}","variables":{"filter":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`;
  const headers = { 'content-type': 'application/json', accept: GRAPHQL_RESPONSE };
  const answer = await attack(gateway.url, { path: '/graphql', headers, body });
  expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
  // a text that no pattern of ours takes more than a moment for
  const startedAt = performance.now();
  for (const text of [
    '.'.repeat(9_999) + 'a',
    ' '.repeat(9_999) + 'a',
    '0'.repeat(9_999) + 'a',
    'Did you mean ?'.repeat(700),
  ])
    await postQuery(gateway.url, search, { variables: { search: text, filter: { search: text, onHold: text } } });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
