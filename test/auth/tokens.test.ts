import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TokenVerifier } from '../../src/auth/token-verifier.js';
import { silentLog } from '../../src/common/log.js';
import { rawSocket } from '../support/socket.js';
import { startTestGateway, TEST_SECRET, type TestGateway } from '../support/test-gateway.js';
import {
  AUDIENCE,
  authorizationOf,
  BAD_TOKENS,
  type Claims,
  goodToken,
  handMade,
  inSeconds,
  ISSUER,
} from './bad-tokens.js';
import { type IssuerKey, issuerKey, type KeyServer, startKeyServer } from './key-server.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ isPulled: false, variables: { AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE } });
});
afterAll(() => gateway.close());

const VIEWER = JSON.stringify({ query: '{ viewer { subject instance scopes } }' });
const post = (authorization: string) =>
  fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body: VIEWER });
const viewerOf = async (token: string) =>
  ((await (await post(`Bearer ${token}`)).json()) as { data: { viewer: object } }).data.viewer;

/** Told to an attacker, these would say what to try next. */
const TELLING = /secret|signature|HS256|algorithm|alg\b|hmac|jose|crit|b64|default|layer\.example|\bat .*\.js/i;

async function expectRefused(authorization: string): Promise<void> {
  const answer = await post(authorization);
  const body = await answer.text();
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  const { errors } = JSON.parse(body) as { errors: { message: string }[] };
  expect(errors).toEqual([{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(errors[0]?.message).not.toBe('');
  expect(body).not.toMatch(TELLING);

  const socket = await rawSocket(gateway);
  socket.send({ type: 'connection_init', payload: { authorization } });
  expect(await socket.closeCode()).toBe(4403);
  expect(socket.messages).toEqual([]);
}

test.each(BAD_TOKENS)('%s: refused over HTTP and over a socket, and the answer tells nothing', async (_case, make) => {
  await expectRefused(authorizationOf(await make()));
});

const TO_ISSUER = 'Ask whoever issues your tokens to put it right.';

test.each<[string, string]>([
  [goodToken({ instance: 'umbrella' }), 'This instance does not exist or is disabled. Ask your administrator.'],
  ['abc', 'The token is not valid here: it is damaged, or was not issued for this gateway. Get a new one.'],
  [goodToken({ exp: undefined }), `The token's claim "exp" is missing or wrong. ${TO_ISSUER}`],
  [goodToken({ iss: 'https://elsewhere.example' }), `The token's claim "iss" is missing or wrong. ${TO_ISSUER}`],
  [goodToken({ sub: '' }), `The token names no subject (sub). ${TO_ISSUER}`],
  [goodToken({ sub: 'a'.repeat(256) }), `The token's subject (sub) is too long. ${TO_ISSUER}`],
  [goodToken({ instance: '' }), `The token names no instance. ${TO_ISSUER}`],
  [goodToken({ padding: 'x'.repeat(9_000) }), `The token is too long. ${TO_ISSUER}`],
])('a refusal says what to do, over HTTP and whole in the reason of a closed socket (%#)', async (token, message) => {
  const authorization = `Bearer ${token}`;
  expect(await (await post(authorization)).json()).toMatchObject({ errors: [{ message }] });
  const socket = await rawSocket(gateway);
  socket.send({ type: 'connection_init', payload: { authorization } });
  expect(await socket.closeReason()).toEqual([4403, message]);
});

test('more than forty ways of being bad were tried', () => {
  expect(new Set(BAD_TOKENS.map(([name]) => name)).size).toBeGreaterThan(40);
});

test.each<[string, Claims, string[]]>([
  ['its scopes', {}, ['accounts:read']],
  [
    'the scopes that are known, each once',
    { scope: 'operate unheard:of accounts:read operate' },
    ['accounts:read', 'operate'],
  ],
  ['no scope for none', { scope: undefined }, []],
  ['no scope for a list, which is not what the contract says', { scope: ['operate'] }, []],
  ['its audience among others', { aud: ['another', AUDIENCE] }, ['accounts:read']],
])('a good token is a caller of its instance, with %s', async (_case, claims, scopes) => {
  expect(await viewerOf(goodToken(claims))).toEqual({ subject: 'amy', instance: 'default', scopes });
});

test('the scheme is written in any case, and the type of a token may be told', async () => {
  expect((await post(`bearer ${goodToken()}`)).status).toBe(200);
  expect((await post(`BEARER  ${goodToken()}`)).status).toBe(200);
});

test('a socket takes no token that has just ended, which a request still may bring for five seconds', async () => {
  const ended = goodToken({ exp: inSeconds(-2) });
  expect((await post(`Bearer ${ended}`)).status).toBe(200);
  const socket = await rawSocket(gateway);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${ended}` } });
  expect(await socket.closeCode()).toBe(4403);
});

test('a token that was good is refused once it has run out, and is checked again after half a minute', async () => {
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const verifier = new TokenVerifier(
    { secret: new TextEncoder().encode(TEST_SECRET) },
    { instances: { idOf: async () => 7 }, now, log: silentLog },
  );
  const authorization = `Bearer ${goodToken({ exp: inSeconds(20) })}`;
  expect((await verifier.caller(authorization)).instanceId).toBe(7);
  aheadMs = 22_000;
  expect((await verifier.caller(authorization)).instanceId).toBe(7);
  aheadMs = 26_000;
  await expect(verifier.caller(authorization)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  aheadMs = -600_000;
  const notYet = `Bearer ${goodToken({ nbf: inSeconds(0) })}`;
  await expect(verifier.caller(notYet)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  aheadMs = -4_000;
  expect((await verifier.caller(notYet)).subject).toBe('amy');
});

test('an instance is looked at each time, also for a token that was good a moment ago', async () => {
  let id: number | null = 7;
  const verifier = new TokenVerifier(
    { secret: new TextEncoder().encode(TEST_SECRET) },
    { instances: { idOf: async () => id }, now: () => new Date(), log: silentLog },
  );
  const authorization = `Bearer ${goodToken()}`;
  expect((await verifier.caller(authorization)).instanceId).toBe(7);
  id = null;
  await expect(verifier.caller(authorization)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

describe('with keys from an address', () => {
  let server: KeyServer;
  let rsa: IssuerKey;
  let ec: IssuerKey;
  beforeAll(async () => {
    server = await startKeyServer();
    rsa = await issuerKey('rsa', 'RS256');
    ec = await issuerKey('ec');
    server.serve([rsa.jwk, ec.jwk]);
    await gateway.restart({ AUTH_JWT_SECRET: '', AUTH_JWKS_URL: server.url });
  });
  afterAll(() => server.close());

  test('RS256 and ES256 are taken, and the address is asked once', async () => {
    for (const key of [rsa, ec]) expect(await viewerOf(await key.sign())).toMatchObject({ subject: 'amy' });
    expect(server.asked()).toBe(1);
  });

  test.each<[string, () => Promise<string>]>([
    ['a key that is not there', async () => (await issuerKey('unheard-of')).sign()],
    ['another key under the name of one', async () => (await issuerKey('ec')).sign()],
    [
      'the public key as a secret',
      async () => handMade({ alg: 'HS256', kid: 'rsa' }, {}, 'sha256', JSON.stringify(rsa.jwk)),
    ],
    ['a key that the token brings along', async () => (await issuerKey('x')).sign({}, { kid: undefined, jwk: ec.jwk })],
    ['another issuer', () => ec.sign({ iss: 'https://elsewhere.example' })],
    ['another audience', () => ec.sign({ aud: 'another' })],
    ['an end in the past', () => ec.sign({ exp: inSeconds(-10) })],
    ['an instance that does not exist', () => rsa.sign({ instance: 'umbrella' })],
    ['the secret of HS256, which is not configured', async () => goodToken()],
  ])('a token with %s is refused over HTTP and over a socket', async (_case, make) => {
    await expectRefused(`Bearer ${await make()}`);
  });

  test('while the address is away tokens of its keys are taken', async () => {
    server.close();
    expect(await viewerOf(await ec.sign({ sub: 'bob' }))).toMatchObject({ subject: 'bob' });
  });
});
