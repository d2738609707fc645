import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const PORTAL = 'https://portal.example';
let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    isPulled: false,
    variables: { CORS_ORIGINS: `${PORTAL}, https://second.example` },
  });
  authorization = `Bearer ${await signToken()}`;
});
afterAll(() => gateway.close());

const preflight = (origin: string, asked = 'authorization,content-type') =>
  fetch(gateway.url, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
  });
const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');
const post = (headers: Record<string, string>, url = gateway.url) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ viewer { subject } }"}',
  });

test('a page of a listed origin may ask, with the headers it needs and no cookies', async () => {
  const answer = await preflight(PORTAL);
  expect([answer.status, allowed(answer)]).toEqual([204, PORTAL]);
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST');
  expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  expect(answer.headers.get('vary')?.toLowerCase()).toContain('origin');
  expect(allowed(await preflight('https://second.example'))).toBe('https://second.example');
});

test.each([
  ['another host', 'https://evil.example'],
  ['the listed one as a beginning', `${PORTAL}.evil.example`],
  ['the listed one as an end', 'https://evilportal.example'],
  ['one below it', 'https://a.portal.example'],
  ['another scheme', 'http://portal.example'],
  ['another port', `${PORTAL}:8443`],
  ['capitals', 'https://PORTAL.example'],
  ['none (a sandboxed frame, a file)', 'null'],
])('an origin that is %s is not allowed', async (_what, origin) => {
  expect(allowed(await preflight(origin))).toBeNull();
  const answer = await post({ origin, authorization });
  expect(allowed(answer)).toBeNull();
});

test('a page of a listed origin can read refusals too, and when to try again', async () => {
  const answer = await post({ origin: PORTAL, authorization: '' });
  expect([answer.status, allowed(answer)]).toEqual([401, PORTAL]);
  expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
});

test('without listed origins nothing is said of any', async () => {
  await gateway.restart({ CORS_ORIGINS: '' });
  const answer = await post({ origin: PORTAL, authorization });
  expect([answer.status, allowed(answer)]).toEqual([200, null]);
  expect((await preflight(PORTAL)).status).toBe(405);
});

test.each(['/graphql', '/health/live', '/sage/sign-in?ticket=none', '/sage/callback?state=none', '/nowhere'])(
  '%s is nothing to sniff, to frame, to keep or to tell others of',
  async (path) => {
    const answer = await fetch(new URL(path, gateway.url));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('server')).toBeNull();
  },
);

test('in production browsers are told to come by HTTPS only, from then on', async () => {
  await gateway.restart({ NODE_ENV: 'production', HOST: '127.0.0.1' });
  const answer = await fetch(new URL('/health/live', gateway.url));
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
});

test.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['text/plain; a=application/json', 415],
])('what a form of any page could send (%s) is not taken', async (type, status) => {
  const answer = await post({ 'content-type': type, authorization });
  expect(answer.status).toBe(status);
});
