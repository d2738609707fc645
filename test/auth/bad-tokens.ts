import { createHmac } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { TEST_SECRET } from '../support/test-gateway.js';

export const ISSUER = 'https://layer.example';
export const AUDIENCE = 'gateway';

/** Of any shape at all: these tokens come from people who do not keep to types. */
export type Claims = Record<string, unknown>;

export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
/** Claims that are let in. */
export const goodClaims = (): Claims => ({
  sub: 'amy',
  instance: 'default',
  scope: 'accounts:read',
  iss: ISSUER,
  aud: AUDIENCE,
  exp: inSeconds(600),
});

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token with these parts exactly as they are given, signed by a secret: what no library would make. */
export function handMade(header: unknown, claims: unknown, hash = 'sha256', secret = TEST_SECRET): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

const sign = (claims: Claims, header: object = {}) => handMade({ alg: 'HS256', ...header }, claims);
const withClaims = (claims: Claims) => () => sign({ ...goodClaims(), ...claims });
const without = (claim: string) => () => {
  const { [claim]: _left, ...claims } = goodClaims();
  return sign(claims);
};
const withHeader = (header: object) => () => sign(goodClaims(), header);
/** The claims as text, for numbers that JavaScript would not write. */
const withExp = (text: string) => () =>
  handMade({ alg: 'HS256' }, JSON.stringify({ ...goodClaims(), exp: 'EXP' }).replace('"EXP"', text));
/** The parts of a good token, one of them changed. */
const altered = (alter: (parts: string[]) => string[]) => () => alter(sign(goodClaims()).split('.')).join('.');

/** Tokens that are refused where HS256 is configured, with issuer and audience. Behind "Bearer " unless they bring a scheme. */
export const BAD_TOKENS: [string, () => string | Promise<string>][] = [
  // what is no token at all
  ['an empty header', () => 'raw:'],
  ['another scheme', () => 'raw:Basic YW15OnNlY3JldA=='],
  ['no token behind the scheme', () => 'raw:Bearer '],
  ['no blank behind the scheme', () => `raw:Bearer${sign(goodClaims())}`],
  ['two tokens', () => `${sign(goodClaims())} ${sign(goodClaims())}`],
  ['a word', () => 'abc'],
  ['three empty parts', () => '..'],
  ['two parts', altered((parts) => parts.slice(0, 2))],
  ['four parts', altered((parts) => [...parts, 'x'])],
  ['five parts, as an encrypted token has', altered((parts) => [...parts, 'x', 'y'])],
  ['a token beyond all size', () => sign({ ...goodClaims(), padding: 'x'.repeat(9_000) })],
  ['a header that is no JSON', () => handMade('{"alg":', goodClaims())],
  ['a header that is a list', () => handMade(['HS256'], goodClaims())],
  ['claims that are no JSON', () => handMade({ alg: 'HS256' }, '{"sub":')],
  ['claims that are a list', () => handMade({ alg: 'HS256' }, [goodClaims()])],
  ['claims that are a text', () => handMade({ alg: 'HS256' }, '"amy"')],
  // signatures and algorithms
  ['no signature', altered(([header = '', claims = '']) => [header, claims, ''])],
  ['a signature cut short', altered(([header = '', claims = '', mac = '']) => [header, claims, mac.slice(0, -4)])],
  [
    'a signature with more behind it',
    altered(([header = '', claims = '', mac = '']) => [header, claims, `${mac}AAAA`]),
  ],
  [
    'claims changed after signing',
    altered(([header = '', , mac = '']) => [header, encoded({ ...goodClaims(), sub: 'eve' }), mac]),
  ],
  [
    'a header changed after signing',
    altered(([, claims = '', mac = '']) => [encoded({ alg: 'HS256', kid: 'x' }), claims, mac]),
  ],
  ['the algorithm none', () => new UnsecuredJWT(goodClaims()).encode()],
  ['the algorithm None, with a signature', () => handMade({ alg: 'None' }, goodClaims())],
  ['no algorithm', () => handMade({ typ: 'JWT' }, goodClaims())],
  ['an algorithm that is no text', () => handMade({ alg: ['HS256'] }, goodClaims())],
  ['an algorithm in small letters', () => handMade({ alg: 'hs256' }, goodClaims())],
  ['HS384', () => handMade({ alg: 'HS384' }, goodClaims(), 'sha384')],
  ['HS512', () => handMade({ alg: 'HS512' }, goodClaims(), 'sha512')],
  ['RS256 signed with the secret', () => handMade({ alg: 'RS256' }, goodClaims())],
  ['another secret', () => new SignJWT(goodClaims()).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))],
  // headers that have the rest read in another way
  ['a critical extension', withHeader({ crit: ['x'], x: 1 })],
  ['an empty list of critical extensions', withHeader({ crit: [] })],
  ['claims that are not encoded', withHeader({ b64: false, crit: ['b64'] })],
  ['claims that are said not to be encoded', withHeader({ b64: false })],
  ['claims that are said to be compressed', withHeader({ zip: 'DEF' })],
  ['a token for logging out', withHeader({ typ: 'logout+jwt' })],
  ['a type that is no text', withHeader({ typ: 7 })],
  // claims
  ['no end', without('exp')],
  ['an end that is a text', withClaims({ exp: String(inSeconds(600)) })],
  ['an end that is null', withClaims({ exp: null })],
  ['an end beyond all numbers', withExp('1e400')],
  ['an end beyond all dates', withExp('1e300')],
  ['an end in the past', withClaims({ exp: inSeconds(-10) })],
  ['an end before all time', withExp('-1e400')],
  ['a beginning in the future', withClaims({ nbf: inSeconds(60) })],
  ['a beginning that is a text', withClaims({ nbf: '0' })],
  ['a time of issue that is a text', withClaims({ iat: 'yesterday' })],
  ['no subject', without('sub')],
  ['an empty subject', withClaims({ sub: '' })],
  ['a subject that is a number', withClaims({ sub: 7 })],
  ['a subject beyond all length', withClaims({ sub: 'a'.repeat(256) })],
  ['no instance', without('instance')],
  ['an empty instance', withClaims({ instance: '' })],
  ['an instance that is a number', withClaims({ instance: 1 })],
  ['an instance that is a list', withClaims({ instance: ['default'] })],
  ['an instance that does not exist', withClaims({ instance: 'umbrella' })],
  ['an instance with a blank behind it', withClaims({ instance: 'default ' })],
  ['an instance in capitals', withClaims({ instance: 'DEFAULT' })],
  ['an instance that is SQL', withClaims({ instance: "x' OR '1'='1" })],
  ['no issuer', without('iss')],
  ['another issuer', withClaims({ iss: 'https://elsewhere.example' })],
  ['an issuer with more behind it', withClaims({ iss: `${ISSUER}.evil.example` })],
  ['no audience', without('aud')],
  ['another audience', withClaims({ aud: 'another' })],
  ['a list of other audiences', withClaims({ aud: ['gateway2', 'another'] })],
];

export const goodToken = (claims: Claims = {}) => sign({ ...goodClaims(), ...claims });

/** What the header Authorization says. */
export const authorizationOf = (token: string) => (token.startsWith('raw:') ? token.slice(4) : `Bearer ${token}`);
