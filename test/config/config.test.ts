import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config/config-error.js';
import { readConfig } from '../../src/config/config.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const SECRET = 'x'.repeat(32);
const PRODUCTION = { NODE_ENV: 'production', ENCRYPTION_KEY: KEY };

test('nothing configured: everything has its default', () => {
  expect(readConfig({})).toMatchObject({
    PORT: 4000,
    HOST: '127.0.0.1',
    ROLES: ['api', 'sync', 'push'],
    DATABASE_URL: 'sqlite:./data/gateway.sqlite',
    SAGE_MODE: 'sandbox',
    SAGE_MAX_REQUESTS_PER_SECOND: 8,
    SYNC_TRANSACTIONS_SECONDS: 30,
    TIME_ZONE: 'Europe/London',
    AUTH_MODE: 'demo',
    CORS_ORIGINS: [],
  });
});

test('production listens everywhere and takes tokens; a client id makes Sage live', () => {
  const config = readConfig({
    NODE_ENV: 'production',
    ENCRYPTION_KEY: KEY,
    AUTH_JWT_SECRET: SECRET,
    SAGE_CLIENT_ID: 'id',
    SAGE_CLIENT_SECRET: 's',
  });
  expect(config).toMatchObject({ HOST: '0.0.0.0', AUTH_MODE: 'jwt', SAGE_MODE: 'live' });
});

test('every fault is listed at once, by the name of its variable', () => {
  const bad = {
    PORT: '70000',
    ROLES: 'api,cook',
    DATABASE_URL: 'postgres://x',
    SAGE_API_URL: 'ftp://sage',
    TIME_ZONE: 'Europe/Atlantis',
    ENCRYPTION_KEY: 'short',
    AUTH_JWT_SECRET: 'short',
    LOG_LEVEL: 'loud',
    SYNC_SWEEP_SECONDS: '-1',
  };
  expect(() => readConfig(bad)).toThrow(ConfigError);
  try {
    readConfig(bad);
  } catch (error) {
    const { faults, message } = error as ConfigError;
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(Object.keys(bad).sort());
    expect(message).toContain('9 faults');
  }
});

test.each([
  [{ HOST: '0.0.0.0' }, 'AUTH_MODE: demo is refused on 0.0.0.0'],
  [{ HOST: '192.168.1.4', AUTH_MODE: 'demo' }, 'loopback addresses only'],
  [{ NODE_ENV: 'production', AUTH_JWT_SECRET: SECRET }, 'ENCRYPTION_KEY: is required'],
  [{ NODE_ENV: 'production', ENCRYPTION_KEY: KEY }, 'AUTH_JWKS_URL: this or AUTH_JWT_SECRET is required'],
  [{ AUTH_MODE: 'jwt', AUTH_JWT_SECRET: SECRET, AUTH_JWKS_URL: 'https://a.b/jwks' }, 'not both'],
  [{ ...PRODUCTION, AUTH_MODE: 'demo' }, 'AUTH_MODE: demo is refused on 0.0.0.0'],
  [{ ...PRODUCTION, AUTH_MODE: 'demo', HOST: '127.0.0.1' }, 'AUTH_MODE: demo is refused with NODE_ENV=production'],
  [{ HOST: '0.0.0.0', ROLES: 'sync', METRICS_PORT: '9000' }, 'AUTH_MODE: demo is refused on 0.0.0.0'],
  [{ HOST: '127.evil.example' }, 'AUTH_MODE: demo is refused'],
  [{ ...PRODUCTION, AUTH_JWKS_URL: 'http://id.example/jwks' }, 'AUTH_JWKS_URL: must be https'],
  [{ ...PRODUCTION, AUTH_JWKS_URL: 'http://127.evil.example/jwks' }, 'AUTH_JWKS_URL: must be https'],
  [{ AUTH_JWKS_URL: 'https://user:word@id.example/jwks' }, 'AUTH_JWKS_URL: must not hold a user or a password'],
  [{ AUTH_JWKS_URL: 'file:///etc/keys' }, 'AUTH_JWKS_URL'],
  [{ SAGE_MODE: 'live' }, 'SAGE_CLIENT_ID: is required'],
  [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS: must list exact origins such as https://portal.example; * is not one'],
])('%j is refused: %s', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});

test.each([
  ['PORT', ['many', '70000', '-1', '1.5', '-1.5', '1e400'], 'must be a whole number from 0 to 65535'],
  ['SAGE_MAX_CONCURRENCY', ['0', '1.5', 'x', '1e300'], 'must be a whole number, 1 or more'],
  ['EVENT_RETENTION_DAYS', ['0', '3651'], 'must be a whole number from 1 to 3650'],
  ['PUSH_LEASE_SECONDS', ['0', '61', 'x'], 'must be a number above 0 and at most 60'],
  ['RATE_LIMIT_PER_SECOND', ['0', 'x'], 'must be a number above 0'],
  ['ROLES', ['cook', 'api,cook,clean', ','], 'must be any of api, sync, push, separated by commas'],
  ['MIGRATE', ['never'], 'must be one of auto, manual'],
  ['SAGE_API_URL', ['ftp://sage', 'sage'], 'must be an address that begins with http:// or https://'],
])('%s says what it must be, once', (name, values, words) => {
  for (const value of values)
    expect(() => readConfig({ [name]: value })).toThrow(new ConfigError([`${name}: ${words}`]));
});

test.each([
  ...['https://*.portal.example', 'https://portal.example/', 'https://PORTAL.example', 'https://portal.example:443'],
  ...['portal.example', 'null'],
])('%s is no origin that a browser would send', (origin) => {
  expect(() => readConfig({ CORS_ORIGINS: `https://portal.example,${origin}` })).toThrow(`; ${origin} is not one`);
});

test('origins are taken as they stand', () => {
  expect(readConfig({ CORS_ORIGINS: 'https://portal.example, http://localhost:5173,capacitor://localhost' })).toEqual(
    expect.objectContaining({
      CORS_ORIGINS: ['https://portal.example', 'http://localhost:5173', 'capacitor://localhost'],
    }),
  );
});

test.each(['https://id.example/jwks', 'http://localhost:9/jwks', 'http://127.0.0.1:9/jwks', 'http://[::1]:9/jwks'])(
  'in production keys may be read at %s',
  (address) => {
    expect(readConfig({ ...PRODUCTION, AUTH_JWKS_URL: address }).AUTH_JWKS_URL).toBe(address);
  },
);

test('an instance may ask for as much as ten callers, unless told otherwise', () => {
  expect(readConfig({ RATE_LIMIT_PER_SECOND: '7', RATE_LIMIT_BURST: '9' })).toMatchObject({
    RATE_LIMIT_INSTANCE_PER_SECOND: 70,
    RATE_LIMIT_INSTANCE_BURST: 90,
  });
  const told = { RATE_LIMIT_INSTANCE_PER_SECOND: '3', RATE_LIMIT_INSTANCE_BURST: '4' };
  expect(readConfig(told)).toMatchObject({ RATE_LIMIT_INSTANCE_PER_SECOND: 3, RATE_LIMIT_INSTANCE_BURST: 4 });
});

test('an empty variable counts as left out', () => {
  expect(readConfig({ PORT: '', SAGE_CLIENT_ID: ' ', METRICS_PORT: '' })).toMatchObject({
    PORT: 4000,
    SAGE_MODE: 'sandbox',
  });
});

test('.env.example names every variable, no other, and gives each its default', () => {
  const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').split('\n');
  const example = Object.fromEntries(
    lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
  const defaults = readConfig({});
  const names = Object.keys(defaults).filter((name) => name === name.toUpperCase());
  // zod leaves out what was not given and has no default: reading the example itself shows whether a name is known
  expect(names.filter((name) => !(name in example))).toEqual([]);
  expect(readConfig(example)).toEqual(defaults);
  const unknown = Object.keys(example).filter((name) => !CONFIG_SOURCE.includes(`  ${name}:`));
  expect(unknown).toEqual([]);
  const missing = [...CONFIG_SOURCE.matchAll(/^ {2}([A-Z_]+):/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !(name in example));
  expect(missing).toEqual([]);
});

const CONFIG_SOURCE = readFileSync(new URL('../../src/config/config.ts', import.meta.url), 'utf8');
