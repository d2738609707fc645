import { describe, expect, test } from '@jest/globals';
import { lookAtFrame, SecretWatch, secretsOf } from '../support/secret-canaries.js';

const SECRET = 'a secret of the environment';
const JWT = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;

/** The watch that every test's gateway is under finds what it is for. */
describe('a secret is found', () => {
  test.each<[string, (watch: SecretWatch) => void]>([
    ['in the log', (watch) => watch.log.debug({ url: `https://x/?key=${SECRET}` }, 'asked')],
    ['in the log of an error', (watch) => watch.log.error({ err: new TypeError(`no ${SECRET}`) }, 'failed')],
    ['in a frame of a socket', () => lookAtFrame(JSON.stringify({ type: 'next', payload: { token: JWT } }))],
    ['in an answer', (watch) => watch.look('an error', `wrong token ${JWT}`)],
  ])('%s', (_where, leak) => {
    const watch = new SecretWatch(secretsOf({ SAGE_CLIENT_SECRET: SECRET, PORT: '0' }));
    leak(watch);
    expect(() => watch.end()).toThrow('A secret stands in');
  });
});

test('what is no secret is not taken for one', () => {
  const watch = new SecretWatch(secretsOf({ SAGE_REFRESH_TOKEN: '', PORT: '4000' }));
  watch.log.info({ port: 4_000 }, 'listening');
  lookAtFrame('{"type":"connection_ack"}');
  expect(() => watch.end()).not.toThrow();
});
