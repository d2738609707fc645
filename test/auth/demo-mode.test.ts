import dns from 'node:dns';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { signDemoToken } from '../../src/auth/demo-token.js';
import { socketUrl } from '../support/socket.js';
import { startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  gateway = await startTestGateway({ isPulled: false, variables: { AUTH_MODE: 'demo', AUTH_JWT_SECRET: '' } });
  token = await signDemoToken(gateway.gateway.demoSecret ?? new Uint8Array());
});
afterAll(() => gateway.close());

type Headers = Record<string, string>;

/** By hand: fetch lets nobody choose the header Host. */
function ask(path: string, headers: Headers): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(gateway.url);
    const sent = request({ host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${token}`, ...headers } });
    sent.on('error', reject).on('response', (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += String(data)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.end();
  });
}

const VIEWER = `/graphql?query=${encodeURIComponent('{ viewer { subject } }')}`;
const PREFLIGHT = { 'apollo-require-preflight': 'yes' };

const socketStatus = (headers: Headers) =>
  new Promise<number>((resolve, reject) => {
    const socket = new WebSocket(socketUrl(gateway), 'graphql-transport-ws', { headers });
    socket.once('open', () => (socket.terminate(), resolve(101)));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });

test.each<[string, Headers, RegExp]>([
  ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.9' }, /through a proxy \(x-forwarded-for\).*AUTH_MODE=jwt/],
  ['X-Forwarded-For of this machine', { 'x-forwarded-for': '127.0.0.1' }, /through a proxy/],
  ['Forwarded', { forwarded: 'for=203.0.113.9' }, /through a proxy \(forwarded\)/],
  ['X-Forwarded-Host', { 'x-forwarded-host': 'layer.example' }, /through a proxy/],
  ['X-Real-IP', { 'x-real-ip': '203.0.113.9' }, /through a proxy/],
  ['Via', { via: '1.1 proxy' }, /through a proxy/],
  ['another name in Host, as by DNS rebinding', { host: 'evil.example:4000' }, /Ask it as localhost/],
  ['a name in Host that begins like this machine', { host: 'localhost.evil.example' }, /Ask it as localhost/],
  ['a name in Host that ends like this machine', { host: 'evil-localhost' }, /Ask it as localhost/],
  ['an address of a network in Host', { host: '192.168.1.4:4000' }, /Ask it as localhost/],
  ['every address in Host', { host: '0.0.0.0:4000' }, /Ask it as localhost/],
])('demo mode refuses a request with %s, everywhere, and says why', async (_case, headers, message) => {
  for (const path of [VIEWER, '/graphql', '/health/live', '/metrics', '/sage/sign-in?ticket=x', '/nowhere']) {
    const { status, body } = await ask(path, { ...PREFLIGHT, ...headers });
    expect([path, status]).toEqual([path, 403]);
    const { errors } = JSON.parse(body);
    expect(errors).toEqual([{ message: expect.stringMatching(message), extensions: { code: 'FORBIDDEN' } }]);
  }
  expect(await socketStatus(headers)).toBe(403);
});

test.each(['localhost', 'localhost:4000', 'LOCALHOST:4000', '127.0.0.1:4000', '127.8.9.1', '[::1]:4000'])(
  'demo mode answers this machine as %s',
  async (host) => {
    expect((await ask(VIEWER, { ...PREFLIGHT, host })).body).toContain('"subject":"demo"');
    expect(await socketStatus({ host })).toBe(101);
  },
);

test('with tokens of The Layer a gateway stands behind proxies, under any name', async () => {
  await gateway.restart({ AUTH_MODE: 'jwt', AUTH_JWT_SECRET: 'a secret for tests, of more than thirty-two bytes' });
  const headers = { ...PREFLIGHT, host: 'layer.example', 'x-forwarded-for': '203.0.113.9' };
  expect((await ask('/health/live', headers)).status).toBe(200);
  expect(await socketStatus(headers)).toBe(101);
});

type Options = { all?: boolean };
type Done = (...answer: unknown[]) => void;

test.each<[string, Record<string, string>]>([
  ['GraphQL', {}],
  ['metrics alone', { ROLES: 'sync', METRICS_PORT: '0' }],
])('a name of this machine that leads elsewhere stops the start of %s', async (_what, variables) => {
  const { lookup } = dns;
  const elsewhere = { address: '0.0.0.0', family: 4 };
  // as a hosts file or a resolver may have it
  dns.lookup = ((_name: string, ...[options, done = options]: [Options & Done, Done]) =>
    options.all ? done(null, [elsewhere]) : done(null, elsewhere.address, elsewhere.family)) as never;
  try {
    const start = gateway.restart({ AUTH_MODE: 'demo', AUTH_JWT_SECRET: '', HOST: 'localhost', ...variables });
    await expect(start).rejects.toThrow(
      'AUTH_MODE=demo is for loopback addresses only, and localhost is 0.0.0.0 here.',
    );
  } finally {
    dns.lookup = lookup;
  }
});
