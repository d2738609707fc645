import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLog } from '../../src/common/log.js';
import { readConfig } from '../../src/config/config.js';
import { startGateway } from '../../src/server/gateway.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.js';
import { invoiceInput, mapEverything, newCustomer, send, sent, untilStatus } from '../support/documents.js';
import { databaseText } from '../support/secret-canaries.js';
import { eventually, signToken, startTestGateway, TEST_SECRET, type TestGateway } from '../support/test-gateway.js';
import { type QuotingSage, startQuotingSage } from './quoting-sage.js';

const PERSON = {
  name: 'Canaryname Ltd',
  email: 'canary.person@example.com',
  telephone: '+44 7700 900123',
  account: '20-00-00 55779911',
};
const PERSONAL = ['Canaryname', 'canaryname', 'canary.person', '7700 900123', '7700900123', '55779911'];
const KEY = randomBytes(32).toString('base64');

let gateway: TestGateway;
let sandbox: Sandbox;
let sage: QuotingSage;
const logged: string[] = [];
const printed: string[] = [];
/** Texts of everything that GraphQL answered as an error. */
const errors: string[] = [];
const bearers: string[] = [];
const { write } = process.stderr;

beforeAll(async () => {
  process.stderr.write = ((text: string) => printed.push(text) > 0) as never;
  sandbox = await startSandbox({ customers: 9, transactions: 60 });
  sage = await startQuotingSage(sandbox.url, Object.values(PERSON).join(' '));
  gateway = await startTestGateway({
    onLog: (line) => void logged.push(line),
    isPulled: false,
    variables: {
      SAGE_API_URL: sandbox.apiUrl.replace(sandbox.url, sage.url),
      SAGE_AUTH_URL: sandbox.authUrl.replace(sandbox.url, sage.url),
      SAGE_REFRESH_TOKEN: '',
      ENCRYPTION_KEY: KEY,
      LOG_LEVEL: 'trace',
    },
  });
});
afterAll(async () => {
  process.stderr.write = write;
  try {
    await gateway.close();
  } finally {
    await sage.close();
    await sandbox.close();
  }
});

const ask = async (query: string, variables: Record<string, unknown> = {}, token?: string) => {
  const bearer = token ?? (await signToken());
  bearers.push(bearer);
  const { body } = await gateway.graphql(query, variables, bearer);
  if (body.errors) errors.push(JSON.stringify(body.errors));
  return body;
};
const secrets = () => [...sage.tokens, ...bearers, 'sandbox-secret', KEY, TEST_SECRET];
const held = (text: string, canaries: readonly string[]) => canaries.filter((canary) => text.includes(canary));

test('a person signs in, by the link that an operator was given', async () => {
  const { data } = await ask('{ sageConnection { signInUrl } }');
  const link = new URL(data.sageConnection.signInUrl);
  const toSage = await fetch(new URL(link.pathname + link.search, gateway.url), { redirect: 'manual' });
  const cookie = toSage.headers.get('set-cookie')?.split(';')[0] ?? '';
  const authorize = new URL(toSage.headers.get('location') ?? '');
  authorize.searchParams.set('prompt', 'none');
  const back = new URL((await fetch(authorize, { redirect: 'manual' })).headers.get('location') ?? '');
  const callback = new URL(back.pathname + back.search, gateway.url);
  expect((await fetch(callback)).status).toBe(400);
  expect((await fetch(callback, { headers: { cookie } })).status).toBe(200);
  bearers.push(link.searchParams.get('ticket') ?? '', back.searchParams.get('state') ?? '', cookie.split('=')[1] ?? '');
  bearers.push(back.searchParams.get('code') ?? '');
  await eventually(async () => {
    const { syncStatus } = (await ask('{ syncStatus { lastSucceededAt } }')).data;
    expect(syncStatus.length).toBeGreaterThan(1);
    for (const { lastSucceededAt } of syncStatus) expect(lastSucceededAt).not.toBeNull();
  });
});

test('documents reach Sage, and do not: refused, failed, with everything quoted back', async () => {
  await mapEverything(gateway);
  const { name, email, telephone } = PERSON;
  await newCustomer(gateway, 'C1', { name, email, telephone, contacts: [{ layerId: 'P1', email, telephone }] });
  await untilStatus(gateway, await sent(gateway, 'INVOICE', invoiceInput('I1', 'C1')), 'SUCCEEDED');
  sage.fault = { path: /sales_invoices/, status: 400 };
  const refused = await untilStatus(gateway, await sent(gateway, 'INVOICE', invoiceInput('I2', 'C1')), 'FAILED');
  expect(refused.error?.message).toContain('Canaryname');
  sage.fault = { path: /sales_invoices/, status: 500 };
  await sent(gateway, 'INVOICE', invoiceInput('I3', 'C1'));
  await eventually(async () => expect(logged.join('')).toMatch(/"status":500/));
});

test('pulls and the sign-in fail, with everything quoted back', async () => {
  const failures = () => logged.filter((line) => line.includes('a pull failed')).length;
  for (const status of [400, 500]) {
    const before = failures();
    sage.fault = { path: /customers|sales_posted_transactions/, status };
    await eventually(async () => expect(failures()).toBeGreaterThan(before));
  }
  sandbox.control.revokeTokens('access');
  sage.fault = { path: /oauth/, status: 401 };
  await eventually(async () =>
    expect((await ask('{ sageConnection { state } }')).data.sageConnection.state).toBe('UNREACHABLE'),
  );
  sage.fault = null;
  await eventually(async () =>
    expect((await ask('{ sageConnection { state } }')).data.sageConnection.state).toBe('CONNECTED'),
  );
});

test('the database fails in the middle of statements that bear personal data', async () => {
  const run = (sql: string) => gateway.gateway.database.transaction((transaction) => transaction.query(sql));
  await run('ALTER TABLE customer_contact RENAME TO hidden_contact');
  const { name, email } = PERSON;
  const push = 'mutation ($input: CustomerInput!) { pushCustomer(input: $input) { push { id } } }';
  const input = { layerId: 'C2', name, contacts: [{ layerId: 'P1', email }] };
  expect((await ask(push, { input })).errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  await run('ALTER TABLE hidden_contact RENAME TO customer_contact');
  await run('ALTER TABLE customer_word RENAME TO hidden_word');
  expect((await ask(push, { input })).errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect((await ask('{ customers(filter: { search: "canaryname" }) { totalCount } }')).errors).toHaveLength(1);
  await run('ALTER TABLE hidden_word RENAME TO customer_word');
  expect(logged.filter((line) => line.includes('an operation failed')).length).toBeGreaterThanOrEqual(3);
  expect((await send(gateway, 'CUSTOMER', input)).userErrors).toEqual([]);
});

test('requests that are none, with secrets and personal data in them', async () => {
  const authorization = `Bearer ${await signToken()}`;
  const post = (headers: Record<string, string>, body: string) =>
    fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  for (const [headers, body] of [
    [{ authorization }, `{"query": ${PERSON.email}`],
    [{ authorization: `Bearer ${PERSON.email}` }, '{}'],
    [{ authorization: `${authorization}x` }, '{}'],
    [{ authorization, 'content-type': PERSON.email }, PERSON.email],
  ] as const)
    expect((await post(headers, body)).status).toBeGreaterThanOrEqual(400);
  await fetch(new URL(`/${PERSON.email}?token=${authorization}`, gateway.url));
  await fetch(new URL(`/sage/callback?state=${PERSON.email}&code=x`, gateway.url));
});

test.each([
  ['wrong', 'mysql://canaryuser:canary-password@127.0.0.1:3306/canary'],
  ['absent', 'mysql://canaryuser:canary-password@127.0.0.1:1/canary'],
])('a database that refuses the gateway (%s) is told without its password', async (_, DATABASE_URL) => {
  const log = createLog('trace', { write: (line: string) => void logged.push(line) });
  const started = startGateway({ config: readConfig({ ...gateway.variables, DATABASE_URL }), log });
  const error = await started.then(
    () => null,
    (fault: Error) => fault,
  );
  expect(error?.message).toContain('DATABASE_URL cannot be opened');
  expect(`${error?.stack} ${logged.join('')}`).not.toContain('canary-password');
});

test('nothing of it is in the log, the metrics, on the error stream, or in what GraphQL said of its mistakes', async () => {
  expect(sage.tokens.size).toBeGreaterThan(2);
  const log = logged.join('');
  expect(logged.length).toBeGreaterThan(50);
  expect(held(log, secrets())).toEqual([]);
  expect(held(log, PERSONAL)).toEqual([]);
  expect(held(printed.join(''), [...secrets(), ...PERSONAL])).toEqual([]);
  const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
  expect(held(metrics, [...secrets(), ...PERSONAL])).toEqual([]);
  expect(errors.length).toBeGreaterThanOrEqual(3);
  expect(held(errors.join(''), [...secrets(), ...PERSONAL])).toEqual([]);
});

test('a dump of the whole database holds no secret', async () => {
  const dump = await databaseText(gateway.gateway.database);
  expect(dump).toContain('Canaryname');
  expect(held(dump, secrets())).toEqual([]);
});
