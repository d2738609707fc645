import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exportSPKI, importJWK } from 'jose';
import { TokenVerifier } from '../../src/auth/token-verifier.js';
import { silentLog } from '../../src/common/log.js';
import { type Claims, handMade } from './bad-tokens.js';
import { FAULTS, type IssuerKey, issuerKey, type KeyServer, startKeyServer } from './key-server.js';

let server: KeyServer;
let rsa: IssuerKey;
let ec: IssuerKey;
let other: IssuerKey;
let aheadMs: number;
let tokens: TokenVerifier;

beforeAll(async () => {
  rsa = await issuerKey('rsa', 'RS256');
  ec = await issuerKey('ec');
  other = await issuerKey('other');
});
beforeEach(async () => {
  server = await startKeyServer();
  server.serve([rsa.jwk, ec.jwk]);
  aheadMs = 0;
  tokens = start();
});
afterEach(() => server.close());

const start = () =>
  new TokenVerifier(
    { jwksUrl: server.url },
    { instances: { idOf: async () => 7 }, now: () => new Date(Date.now() + aheadMs), log: silentLog },
  );
const isTaken = async (token: string): Promise<boolean> => {
  try {
    return (await tokens.caller(`Bearer ${token}`)).instanceId === 7;
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((error as Error).message).not.toMatch(/key|signature|jwk|http|127\.0/i);
    return false;
  }
};
const HOUR = 3_600_000;
/** Good for as long as the tests travel. Each another token, so that none is remembered. */
let made = 0;
const lasting: () => Claims = () => ({ exp: Math.floor(Date.now() / 1_000) + 86_400, jti: `t${(made += 1)}` });
const takes = async (key: IssuerKey) => isTaken(await key.sign(lasting()));

test('RS256 and ES256 are taken by one read of the keys, also when a thousand come first at once', async () => {
  const both = await Promise.all([rsa.sign(), ec.sign()]);
  const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => isTaken(both[index % 2] ?? '')));
  expect(answers.every(Boolean)).toBe(true);
  expect(server.asked()).toBe(1);
});

describe('a token is refused', () => {
  test.each<[string, () => Promise<string>]>([
    ['of a key that is not there', () => other.sign()],
    ['of another key under the name of one', () => other.sign({}, { kid: 'ec' })],
    ['under the name of a key of another kind', () => ec.sign({}, { kid: 'rsa' })],
    ['of a key whose name is no text', () => ec.sign({}, { kid: 7 })],
    [
      'of HS256 with the public key as the secret',
      async () => secretOf(await exportSPKI((await importJWK(rsa.jwk)) as never)),
    ],
    ['of HS256 with the key as JSON for the secret', async () => secretOf(JSON.stringify(rsa.jwk))],
    ['of RS512 with a key for RS256', async () => (await issuerKey('rsa', 'RS512')).sign()],
    ['of PS256', async () => (await issuerKey('rsa', 'PS256')).sign()],
    ['of ES384', async () => (await issuerKey('ec', 'ES384')).sign()],
    ['of EdDSA', async () => (await issuerKey('ec', 'EdDSA')).sign()],
    ['that brings its key along', () => other.sign({}, { kid: undefined, jwk: other.jwk })],
    ['with a critical extension', () => ec.sign({}, { crit: ['b64'], b64: true })],
    ['that has expired', () => ec.sign({ exp: Math.floor(Date.now() / 1_000) - 10 })],
  ])('%s', async (_case, make) => {
    expect(await isTaken(await make())).toBe(false);
  });

  const secretOf = (secret: string) => handMade({ alg: 'HS256', kid: 'rsa' }, lasting(), 'sha256', secret);

  test.each<[string, string, (key: IssuerKey) => Promise<object>]>([
    ['for encryption', 'ES256', async ({ jwk }) => ({ ...jwk, use: 'enc' })],
    ['for signing only, not verifying', 'ES256', async ({ jwk }) => ({ ...jwk, key_ops: ['sign'] })],
    ['of another algorithm', 'ES256', async ({ jwk }) => ({ ...jwk, alg: 'ES384' })],
    ['of another algorithm', 'RS256', async ({ jwk }) => ({ ...jwk, alg: 'PS256' })],
    ['that is a secret', 'ES256', async () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'weak' })],
    ['that is no point of its curve', 'ES256', async ({ jwk }) => ({ ...jwk, y: jwk.x })],
  ])('of a key in the set %s (%s)', async (_case, alg, alter) => {
    const key = await issuerKey('weak', alg);
    server.serve([key.jwk]);
    expect(await takes(key)).toBe(true);
    server.serve([(await alter(key)) as never]);
    tokens = start();
    expect(await takes(key)).toBe(false);
  });

  test('of an RSA key with fewer than 2,048 bits', async () => {
    const { jwk, token } = await weakRsa();
    server.serve([jwk]);
    expect(await isTaken(token)).toBe(false);
  });

  test('whose header points to its key, and nobody goes there', async () => {
    const attacker = await startKeyServer();
    attacker.serve([other.jwk]);
    for (const header of [{ jku: attacker.url }, { x5u: attacker.url }, { jku: attacker.url, kid: undefined }])
      expect(await isTaken(await other.sign({}, header))).toBe(false);
    expect(attacker.asked()).toBe(0);
    attacker.close();
  });
});

/** jose makes no such keys: by hand. */
async function weakRsa() {
  const { createSign, generateKeyPairSync } = await import('node:crypto');
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const [header, claims] = handMade(
    { alg: 'RS256', kid: 'weak' },
    { sub: 'amy', instance: 'acme', ...lasting() },
  ).split('.');
  const signature = createSign('sha256').update(`${header}.${claims}`).sign(privateKey).toString('base64url');
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256', use: 'sig' };
  return { jwk, token: `${header}.${claims}.${signature}` };
}

test('a new key is taken after one read; one that was taken out is refused once the set was read again', async () => {
  expect(await takes(ec)).toBe(true);
  aheadMs = 25_000;
  const kept = await ec.sign(lasting());
  expect(await isTaken(kept)).toBe(true);
  server.serve([other.jwk]);
  // half a minute after the first read the next may come
  aheadMs = 31_000;
  expect([await takes(other), server.asked()]).toEqual([true, 2]);
  // that read has told of the key that is gone, also for a token that had been found good
  expect([await isTaken(kept), await takes(ec)]).toEqual([false, false]);
});

test('without a new key, one that was taken out is refused within six minutes', async () => {
  const kept = await ec.sign(lasting());
  expect(await isTaken(kept)).toBe(true);
  server.serve([rsa.jwk]);
  aheadMs = 299_000;
  expect([await isTaken(kept), server.asked()]).toEqual([true, 1]);
  aheadMs = 301_000;
  // remembered as good by now, for half a minute at most
  aheadMs += 30_000;
  expect([await isTaken(kept), server.asked()]).toEqual([false, 2]);
});

test.each(FAULTS)(
  'at an address that answers with %s keys that were read stay good for hours, and no longer',
  async (_fault, how) => {
    expect(await takes(ec)).toBe(true);
    server.answer(how);
    aheadMs = 10 * 60_000;
    expect([await takes(ec), await takes(other)]).toEqual([true, false]);
    aheadMs = 4 * HOUR;
    expect(await takes(ec)).toBe(true);
    aheadMs = 4 * HOUR + 6 * 60_000;
    expect(await takes(ec)).toBe(false);
    server.serve([ec.jwk]);
    aheadMs += 31_000;
    expect(await takes(ec)).toBe(true);
  },
);

test.each(FAULTS)(
  'a start at an address that answers with %s refuses, asks no more than once in half a minute, and recovers by itself',
  async (_fault, how) => {
    server.answer(how);
    const flood = async () => Promise.all(Array.from({ length: 50 }, () => takes(ec)));
    for (let minute = 0; minute < 3; minute += 1) {
      aheadMs = minute * 60_000;
      expect((await flood()).some(Boolean)).toBe(false);
      expect((await flood()).some(Boolean)).toBe(false);
    }
    expect(server.asked()).toBe(3);
    server.serve([ec.jwk]);
    expect(await takes(ec)).toBe(false);
    aheadMs += 31_000;
    expect([await takes(ec), server.asked()]).toEqual([true, 4]);
  },
);

test('unknown keys by the thousand, at once and for two minutes: one read in thirty seconds, and good tokens go on', async () => {
  expect(await takes(ec)).toBe(true);
  const unknown = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => other.sign({}, { kid: `unknown-${index}` })),
  );
  aheadMs = 31_000;
  const answers = await Promise.all(unknown.map(isTaken));
  expect([answers.some(Boolean), server.asked()]).toEqual([false, 2]);
  for (let second = 0; second < 120; second += 1) {
    aheadMs = 31_000 + second * 1_000;
    await Promise.all(unknown.slice(second, second + 10).map(isTaken));
    if (second % 10 === 0) expect(await takes(ec)).toBe(true);
  }
  expect(server.asked()).toBe(5);
});

test('an address that does not answer is given up after five seconds, and holds up only whom there is no key for', async () => {
  expect(await takes(ec)).toBe(true);
  server.answer(() => undefined);
  aheadMs = 10 * 60_000;
  const unknown = Array.from({ length: 200 }, () => takes(other));
  const startedAt = Date.now();
  // the first to notice that the set is old waits for it
  expect(await takes(ec)).toBe(true);
  expect((await Promise.all(unknown)).some(Boolean)).toBe(false);
  expect(Date.now() - startedAt).toBeLessThan(9_000);
  expect(server.asked()).toBe(2);
  aheadMs += 31_000;
  const again = Date.now();
  expect(await takes(ec)).toBe(true);
  expect([server.asked() <= 3, Date.now() - again < 1_000]).toEqual([true, true]);
}, 30_000);

test('while no keys could be read yet, no token is called bad', async () => {
  server.close();
  await expect(tokens.caller(`Bearer ${await ec.sign(lasting())}`)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: 'No token can be checked at the moment. Try again shortly.',
  });
});

test('a clock that is set back stops nothing for good', async () => {
  expect(await takes(ec)).toBe(true);
  aheadMs = -2 * HOUR;
  server.serve([other.jwk]);
  expect(await takes(other)).toBe(true);
});
