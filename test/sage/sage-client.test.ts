import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { systemClock } from '../../src/common/clock.js';
import { SageError } from '../../src/sage/sage-error.js';
import { COMPANY, hastyClock, type TestClient, testClient } from './sage-test-client.js';
import { ScriptedServer, type Step } from './scripted-server.js';

let server: ScriptedServer;
let sage: TestClient;
let waits: number[];

beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  waits = [];
  sage = testClient(`${server.url}/v1`, hastyClock(waits));
});
afterEach(async () => {
  await sage.close();
  server.reset();
});

const get = () => sage.client.get('/customers', { company: COMPANY });
const post = (body: unknown = { a: 1 }) => sage.client.post('/sales_invoices', body, { company: COMPANY });

async function faultOf(work: Promise<unknown>): Promise<SageError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SageError);
  return error as SageError;
}

test('a request bears the headers of sage200.md §1.2, and no subscription key', async () => {
  server.play({ json: [] });
  await sage.client.get('/customers', { company: COMPANY, query: { $filter: "name eq 'O''Neil & Co'", $top: 5 } });
  const [request] = server.seen;
  expect(request).toMatchObject({
    method: 'GET',
    path: '/v1/customers',
    query: { $filter: "name eq 'O''Neil & Co'", $top: '5' },
    headers: {
      authorization: 'Bearer token-1',
      accept: 'application/json',
      'x-site': COMPANY.siteId,
      'x-company': '7',
    },
  });
  expect(Object.keys(request?.headers ?? {})).not.toContain('ocp-apim-subscription-key');
  expect(request?.headers['content-type']).toBeUndefined();
});

test('a list is a bare array or {"value": […]}, and nothing else', async () => {
  server.play({ json: [1] }, { json: { value: [2] } }, { json: { rows: [] } }, { text: '"text"' }, { text: 'null' });
  const list = () => sage.client.list('/customers', { company: COMPANY });
  expect(await list()).toEqual([1]);
  expect(await list()).toEqual([2]);
  for (const _ of [1, 2, 3]) {
    expect(await faultOf(list())).toMatchObject({ kind: 'bad_answer', retryable: false });
  }
});

test('any 2xx is success; 204 has no body; a byte order mark and gzip are read', async () => {
  server.play({ status: 201, json: { urn: 5 } }, { status: 204 }, { text: '\uFEFF{"urn":6}' });
  expect(await post()).toEqual({ urn: 5 });
  expect(await post()).toBeNull();
  expect(await post()).toEqual({ urn: 6 });
  const zipped = createServer((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('[{"id":1}]')),
  );
  await new Promise<void>((resolve) => zipped.listen(0, '127.0.0.1', resolve));
  const other = testClient(`http://127.0.0.1:${(zipped.address() as AddressInfo).port}`, systemClock);
  expect(await other.client.get('/x')).toEqual([{ id: 1 }]);
  await other.close();
  zipped.close();
});

describe('a GET is tried again as the table says', () => {
  const status = (code: number, headers: Record<string, string> = {}): Step => ({ status: code, headers });
  test.each<[string, Step, number, number[], Partial<SageError>]>([
    ['429', status(429), 4, [1000, 2000, 4000], { kind: 'rate_limited', httpStatus: 429, provablyNotApplied: true }],
    ['500', status(500), 3, [500, 1000], { kind: 'server_error', httpStatus: 500, provablyNotApplied: false }],
    ['502 with HTML', 'html-502', 3, [500, 1000], { kind: 'server_error', httpStatus: 502, provablyNotApplied: false }],
    ['503', status(503), 3, [1000, 2000], { kind: 'server_error', httpStatus: 503, provablyNotApplied: false }],
    ['503, Retry-After', status(503, { 'retry-after': '7' }), 3, [7000, 7000], { kind: 'server_error' }],
    ['504', status(504), 2, [1000], { kind: 'server_error', httpStatus: 504, provablyNotApplied: false }],
    ['522', status(522), 3, [500, 1000], { kind: 'server_error', httpStatus: 522, retryable: true }],
    ['reset', 'reset', 3, [400, 800], { kind: 'unreachable', provablyNotApplied: false, retryable: true }],
    ['truncated', 'truncate', 3, [400, 800], { kind: 'bad_answer', httpStatus: 200, provablyNotApplied: false }],
    ['cut JSON', 'cut-json', 3, [400, 800], { kind: 'bad_answer', provablyNotApplied: false, retryable: true }],
    ['empty 200', 'empty', 3, [400, 800], { kind: 'bad_answer', provablyNotApplied: false, retryable: true }],
    ['hang', 'hang', 1, [], { kind: 'timeout', retryable: true, provablyNotApplied: false }],
    ['hang in the body', 'hang-in-body', 1, [], { kind: 'timeout', retryable: true, provablyNotApplied: false }],
    ['400', { status: 400, json: { Message: 'bad' } }, 1, [], { kind: 'refused', provablyNotApplied: true }],
    ['400 without a reason', status(400), 1, [], { kind: 'refused', provablyNotApplied: false, sageMessage: null }],
    ['403', { status: 403, json: 'no' }, 1, [], { kind: 'forbidden', provablyNotApplied: true, sageMessage: 'no' }],
    ['404', { status: 404, json: { Message: 'gone' } }, 1, [], { kind: 'not_found', retryable: false }],
    ['408', status(408), 1, [], { kind: 'server_error', provablyNotApplied: false }],
    ['501', status(501), 1, [], { kind: 'server_error', retryable: false }],
    ['302', status(302, { location: 'https://login.example' }), 1, [], { kind: 'bad_answer', httpStatus: 302 }],
  ])('%s', async (_name, step, tries, expectedWaits, expected) => {
    server.answer(() => step);
    expect(await faultOf(get())).toMatchObject(expected);
    expect(server.seen).toHaveLength(tries);
    expect(waits).toEqual(expectedWaits);
  });

  test('and ends well when Sage does', async () => {
    server.play('reset', { status: 503 }, { json: [{ id: 1 }] });
    expect(await get()).toEqual([{ id: 1 }]);
    expect(server.seen).toHaveLength(3);
  });

  test('a port that nobody listens on is provably not applied', async () => {
    const nobody = testClient('http://127.0.0.1:1', hastyClock(waits));
    expect(await faultOf(nobody.client.get('/customers', { company: COMPANY }))).toMatchObject({
      kind: 'unreachable',
      provablyNotApplied: true,
    });
    expect(await faultOf(nobody.client.post('/sales_invoices', {}, { company: COMPANY }))).toMatchObject({
      kind: 'unreachable',
      provablyNotApplied: true,
      message: 'Sage could not be reached: ECONNREFUSED.',
    });
    expect(waits).toEqual([400, 800]);
    expect(nobody.contacts).toEqual([
      { reached: false, message: 'Sage could not be reached: ECONNREFUSED.' },
      { reached: false, message: 'Sage could not be reached: ECONNREFUSED.' },
    ]);
    await nobody.close();
  });

  test('a host that does not exist, and a port that speaks no TLS, are provably not applied', async () => {
    const noHost = testClient('http://no-such-host.invalid', hastyClock(), { requestTimeoutMs: 5_000 });
    expect(await faultOf(noHost.client.post('/x', {}, { company: COMPANY }))).toMatchObject({
      provablyNotApplied: true,
    });
    const noTls = testClient(server.url.replace('http:', 'https:'), hastyClock(), { requestTimeoutMs: 5_000 });
    expect(await faultOf(noTls.client.post('/x', {}, { company: COMPANY }))).toMatchObject({
      provablyNotApplied: true,
    });
    expect(server.seen).toHaveLength(0);
    await Promise.all([noHost.close(), noTls.close()]);
  });

  test('a connection that is never answered to is provably not applied either', async () => {
    // A listener with a full backlog would be needed for a silent connect; a TLS handshake that hangs is as good
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const client = testClient(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, hastyClock());
    expect(await faultOf(client.client.post('/x', {}, { company: COMPANY }))).toMatchObject({
      kind: 'timeout',
      provablyNotApplied: true,
    });
    await client.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

describe('a POST goes out once', () => {
  test.each<[string, Step, Partial<SageError>]>([
    ['reset', 'reset', { kind: 'unreachable', provablyNotApplied: false }],
    ['hang', 'hang', { kind: 'timeout', provablyNotApplied: false }],
    ['502', 'html-502', { kind: 'server_error', provablyNotApplied: false }],
    ['503', { status: 503 }, { kind: 'server_error', provablyNotApplied: false }],
    ['500', { status: 500, json: { Message: 'x' } }, { kind: 'server_error', provablyNotApplied: false }],
    ['truncated 2xx', 'truncate', { kind: 'bad_answer', provablyNotApplied: false }],
    ['empty 2xx', 'empty', { kind: 'bad_answer', provablyNotApplied: false }],
    [
      '429',
      { status: 429, headers: { 'retry-after': '3' } },
      { kind: 'rate_limited', provablyNotApplied: true, retryAfterMs: 3000 },
    ],
    [
      '400',
      { status: 400, json: { Message: 'Period closed' } },
      { kind: 'refused', provablyNotApplied: true, sageMessage: 'Period closed' },
    ],
    [
      '400 HTML',
      { status: 400, text: '<html><title>Bad Request</title></html>' },
      { kind: 'refused', provablyNotApplied: false },
    ],
  ])('%s', async (_name, step, expected) => {
    server.play(step, { json: { urn: 1 } });
    expect(await faultOf(post())).toMatchObject(expected);
    expect(server.seen).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test('but again after a 401, with the same body and a fresh token', async () => {
    server.play({ status: 401 }, { status: 200, json: { urn: 9 } });
    expect(await post({ customer_id: 1 })).toEqual({ urn: 9 });
    expect(server.seen.map(({ headers, body }) => [headers.authorization, body])).toEqual([
      ['Bearer token-1', '{"customer_id":1}'],
      ['Bearer token-2', '{"customer_id":1}'],
    ]);
  });

  test('a reset after the refresh ends it', async () => {
    server.play({ status: 401 }, 'reset', { json: { urn: 9 } });
    expect(await faultOf(post())).toMatchObject({ kind: 'unreachable', provablyNotApplied: false });
    expect(server.seen).toHaveLength(2);
  });
});

describe('401', () => {
  test('one refresh, one more try', async () => {
    server.play({ status: 401, json: { Message: 'Authorization has been denied for this request.' } }, { json: [] });
    expect(await get()).toEqual([]);
    expect(sage.tokens.refreshes).toBe(1);
  });

  test('a second one is the company’s fault: no loop, and no refresh at every poll', async () => {
    server.answer(({ headers }) => (headers['x-company'] === '7' ? { status: 401 } : { json: [] }));
    expect(await faultOf(get())).toMatchObject({ kind: 'unauthorized', provablyNotApplied: true, retryable: false });
    expect(server.seen).toHaveLength(2);
    expect(sage.tokens.refreshes).toBe(1);
    await faultOf(get());
    await faultOf(get());
    expect(sage.tokens.refreshes).toBe(1);
    expect(server.seen).toHaveLength(4);
    expect(await sage.client.get('/x', { company: { ...COMPANY, companyId: 8 } })).toEqual([]);
    expect(sage.contacts).toEqual([{ reached: true, message: null }]);
  });
});

test('a broken-off GET rejects with the reason, also while it waits for its next try', async () => {
  const reason = new Error('shut down');
  for (const step of ['hang', { status: 503 }] as const) {
    server.answer(() => step);
    const controller = new AbortController();
    const asked = sage.client.get('/customers', { company: COMPANY, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(asked).rejects.toBe(reason);
  }
  const before = server.seen.length;
  await expect(sage.client.get('/customers', { company: COMPANY, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
  expect(server.seen).toHaveLength(before);
});

test('a POST that has gone out is not broken off', async () => {
  server.answer(() => ({ json: { urn: 3 }, delayMs: 100 }));
  const controller = new AbortController();
  const asked = sage.client.post('/sales_invoices', {}, { company: COMPANY, signal: controller.signal });
  setTimeout(() => controller.abort(), 30);
  expect(await asked).toEqual({ urn: 3 });
});

test('a POST that is given up while it waits, or has no token, is provably not applied', async () => {
  const given = sage.client.post('/x', {}, { company: COMPANY, signal: AbortSignal.abort() });
  expect(await faultOf(given)).toMatchObject({ provablyNotApplied: true, retryable: true });
  for (const fault of [
    new Error('database away'),
    new SageError({ kind: 'sign_in_needed', message: 'x', provablyNotApplied: true }),
  ]) {
    const tokens = { accessToken: () => Promise.reject(fault), refresh: () => Promise.reject(fault) };
    const none = testClient(server.url, hastyClock(), { tokens });
    expect(await faultOf(none.client.post('/x', {}, { company: COMPANY }))).toMatchObject({
      provablyNotApplied: true,
      isSignInFault: true,
    });
    await none.close();
  }
  expect(server.seen).toHaveLength(0);
});

test('the support ids are kept; tokens and bodies reach neither log nor error', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const loud = testClient(server.url, hastyClock(), { log });
  server.answer(() => 'html-502');
  const error = await faultOf(loud.client.get('/customers', { company: COMPANY }));
  expect(error.requestIds).toEqual({ cfRay: 'ray-502', proxyTransactionId: 'tx-502' });
  expect(error.sageMessage).toBe('502 Bad Gateway');
  server.answer(() => ({ text: '{"secret":"canary-body' }));
  const broken = await faultOf(loud.client.post('/x', { note: 'canary-sent' }, { company: COMPANY }));
  const said =
    lines.join('') +
    JSON.stringify([error, broken]) +
    [error, broken].map((one) => `${one.stack} ${String(one.cause)}`).join();
  expect(said).toContain('ray-502');
  expect(said).not.toMatch(/token-\d|canary/);
  await loud.close();
});

test('one slow answer is no lost connection; two in a row, or a gateway’s 502, are', async () => {
  server.play(
    'hang',
    'hang',
    { status: 502 },
    { status: 502 },
    { status: 502 },
    { status: 500 },
    { status: 500 },
    { status: 500 },
  );
  await faultOf(get());
  expect(sage.contacts).toEqual([]);
  await faultOf(get());
  expect(sage.contacts.map(({ reached }) => reached)).toEqual([false]);
  await faultOf(get());
  expect(sage.contacts.map(({ reached }) => reached)).toEqual([false, false]);
  await faultOf(get());
  expect(sage.contacts.map(({ reached }) => reached)).toEqual([false, false, true]);
});
