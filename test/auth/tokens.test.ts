import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { TokenVerifier } from '../../src/auth/token-verifier.js';
import type { Instances } from '../../src/auth/instances.js';

const SECRET = new TextEncoder().encode('a secret of more than thirty-two bytes');
const instances = { idOf: async (slug: string) => (slug === 'acme' ? 7 : null) } as unknown as Instances;
const now = () => new Date();
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

interface Claims {
  sub?: string;
  instance?: unknown;
  scope?: unknown;
  exp?: number;
  nbf?: number;
  iss?: string;
  aud?: string;
}
const GOOD: Claims = { sub: 'amy', instance: 'acme', scope: 'accounts:read operate unheard:of', exp: inSeconds(60) };
const sign = (claims: Claims, alg = 'HS256', secret = SECRET) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(secret);
const verifier = (rules = {}) => new TokenVerifier({ secret: SECRET, ...rules }, instances, now);
const refusal = async (authorization: string | undefined, by = verifier()) => {
  const error = await by.caller(authorization).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
  const { message } = error as Error;
  expect(message).not.toMatch(/secret|signature|key/i);
  return message;
};

test('a good token is a caller of its instance, with the scopes that are known', async () => {
  expect(await verifier().caller(`Bearer ${await sign(GOOD)}`)).toEqual({
    subject: 'amy',
    instance: 'acme',
    instanceId: 7,
    expiresAt: (GOOD.exp ?? 0) * 1_000,
    scopes: new Set(['accounts:read', 'operate']),
  });
  expect((await verifier().caller(`bearer ${await sign({ ...GOOD, scope: undefined })}`)).scopes.size).toBe(0);
});

test.each([
  ['none', undefined],
  ['an empty one', ''],
  ['another scheme', 'Basic YTpi'],
  ['no token behind the scheme', 'Bearer '],
  ['no blank behind the scheme', 'Bearerabc'],
  ['two tokens', 'Bearer a b'],
  ['what is no token', 'Bearer abc'],
  ['three empty parts', 'Bearer ..'],
  ['a token beyond all size', `Bearer ${'a'.repeat(9_000)}`],
])('%s is refused, and the answer says what to send', async (_case, authorization) => {
  expect(await refusal(authorization)).not.toBe('');
});

test.each<[string, Claims]>([
  ['that has expired', { ...GOOD, exp: inSeconds(-10) }],
  ['without an end', { ...GOOD, exp: undefined }],
  ['without a subject', { ...GOOD, sub: undefined }],
  ['with an empty subject', { ...GOOD, sub: '' }],
  ['without an instance', { ...GOOD, instance: undefined }],
  ['whose instance is no text', { ...GOOD, instance: 7 }],
  ['of an instance that does not exist', { ...GOOD, instance: 'umbrella' }],
  ['that is not good yet', { ...GOOD, nbf: inSeconds(60) }],
])('a token %s is refused', async (_case, claims) => {
  await refusal(`Bearer ${await sign(claims)}`);
});

test('a token is good for five seconds after its end, for clocks that differ', async () => {
  expect((await verifier().caller(`Bearer ${await sign({ ...GOOD, exp: inSeconds(-3) })}`)).subject).toBe('amy');
});

test('a token that was good is refused once it has run out, and is checked again after a while', async () => {
  let at = new Date();
  const one = new TokenVerifier({ secret: SECRET }, instances, () => at);
  const authorization = `Bearer ${await sign({ ...GOOD, exp: inSeconds(20) })}`;
  expect((await one.caller(authorization)).subject).toBe('amy');
  at = new Date(Date.now() + 24_000);
  expect((await one.caller(authorization)).subject).toBe('amy');
  at = new Date(Date.now() + 26_000);
  expect(await refusal(authorization, one)).toContain('expired');
});

test('a token signed otherwise is refused: another secret, another algorithm, none at all', async () => {
  await refusal(
    `Bearer ${await sign(GOOD, 'HS256', new TextEncoder().encode('another secret of thirty-two bytes!!'))}`,
  );
  await refusal(`Bearer ${await sign(GOOD, 'HS384')}`);
  await refusal(`Bearer ${await sign(GOOD, 'HS512')}`);
  await refusal(`Bearer ${new UnsecuredJWT({ ...GOOD }).encode()}`);
  const { privateKey } = await generateKeyPair('RS256');
  await refusal(`Bearer ${await new SignJWT({ ...GOOD }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)}`);
  const tampered = (await sign(GOOD)).split('.');
  const payload = Buffer.from(JSON.stringify({ ...GOOD, instance: 'acme', scope: 'reconcile' })).toString('base64url');
  await refusal(`Bearer ${tampered[0]}.${payload}.${tampered[2]}`);
});

test('issuer and audience are checked when they are set', async () => {
  const strict = verifier({ issuer: 'https://layer', audience: 'gateway' });
  const good = { ...GOOD, iss: 'https://layer', aud: 'gateway' };
  expect((await strict.caller(`Bearer ${await sign(good)}`)).subject).toBe('amy');
  await refusal(`Bearer ${await sign({ ...good, iss: 'https://elsewhere' })}`, strict);
  await refusal(`Bearer ${await sign({ ...good, aud: 'another' })}`, strict);
  await refusal(`Bearer ${await sign(GOOD)}`, strict);
});

describe('with keys from a JWKS address', () => {
  let server: Server;
  let url: string;
  let rsa: Awaited<ReturnType<typeof generateKeyPair>>;
  let ec: Awaited<ReturnType<typeof generateKeyPair>>;
  beforeAll(async () => {
    rsa = await generateKeyPair('RS256', { extractable: true });
    ec = await generateKeyPair('ES256', { extractable: true });
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    ];
    server = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks`;
  });
  afterAll(() => {
    server.close();
  });

  const jwks = (jwksUrl = url) => new TokenVerifier({ jwksUrl }, instances, now);
  const signWith = (key: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'], alg: string, kid: string) =>
    new SignJWT({ ...GOOD }).setProtectedHeader({ alg, kid }).sign(key);

  test('RS256 and ES256 are taken', async () => {
    expect((await jwks().caller(`Bearer ${await signWith(rsa.privateKey, 'RS256', 'rsa')}`)).instanceId).toBe(7);
    expect((await jwks().caller(`Bearer ${await signWith(ec.privateKey, 'ES256', 'ec')}`)).instanceId).toBe(7);
  });

  test('a key that is not there, another algorithm, and the public key used as a secret are refused', async () => {
    await refusal(`Bearer ${await signWith(rsa.privateKey, 'RS256', 'unheard-of')}`, jwks());
    const other = await generateKeyPair('RS512');
    await refusal(`Bearer ${await signWith(other.privateKey, 'RS512', 'rsa')}`, jwks());
    const publicKeyText = new TextEncoder().encode(await exportSPKI(rsa.publicKey));
    await refusal(`Bearer ${await sign(GOOD, 'HS256', publicKeyText)}`, jwks());
    await refusal(`Bearer ${await sign(GOOD)}`, jwks());
  });

  test('an address that does not answer refuses, and does not throw', async () => {
    await refusal(`Bearer ${await signWith(rsa.privateKey, 'RS256', 'rsa')}`, jwks('http://127.0.0.1:9/jwks'));
  });
});
