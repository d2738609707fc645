import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { silentLog } from '../../src/common/log.js';
import { readConfig } from '../../src/config/config.js';
import { type Gateway, startGateway } from '../../src/server/gateway.js';
import { type BreakableProxy, startProxy } from '../support/breakable-proxy.js';
import { sent, untilStatus } from '../support/documents.js';
import { follow, socketClient } from '../support/socket.js';
import { startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

/** So long that who hears of something sooner has been woken. */
const POLL_MS = '20000';
const REDIS = { host: '127.0.0.1', port: 6379 };

/** Two writers of one SQLite file in one process would wait for each other: its driver is synchronous. */
const onServer = globalThis.TEST_DATABASE_URL === 'sqlite' ? test.skip : test;

let proxy: BreakableProxy;
let gateway: TestGateway;
let worker: Gateway;
let client: Client;
let hasRedis = false;
beforeAll(async () => {
  if (globalThis.TEST_DATABASE_URL === 'sqlite') return;
  hasRedis = await new Promise<boolean>((resolve) => {
    const socket = connect(REDIS.port, REDIS.host, () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
  proxy = await startProxy(REDIS.host, REDIS.port);
  const variables = { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, PUSH_POLL_MS: POLL_MS };
  gateway = await startTestGateway({ variables: { ...variables, ROLES: 'api,sync', EVENTS_POLL_MS: POLL_MS } });
  worker = await startGateway({
    config: readConfig({ ...gateway.variables, ROLES: 'push' }),
    log: silentLog,
  });
  client = await socketClient(gateway);
}, 60_000);
afterAll(async () => {
  if (globalThis.TEST_DATABASE_URL === 'sqlite') return;
  await client.dispose();
  await worker.close();
  await gateway.close();
  await proxy.cut();
});

const FOLLOW = 'subscription { pushChanged { cursor push { layerId status } } }';

onServer('another process is woken through Redis, and what it does is heard of here', async () => {
  if (!hasRedis) return console.warn('There is no Redis on 127.0.0.1:6379: left out.');
  const followed = follow(client, FOLLOW);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const since = Date.now();
  await sent(gateway, 'CUSTOMER', { layerId: 'W1', name: 'Woken Ltd' });
  await until(() => followed.answers.at(-1)?.push.status === 'SUCCEEDED', 'the news', 10_000);
  expect(Date.now() - since).toBeLessThan(8_000);
  followed.stop();
});

onServer('without Redis nothing fails and nothing is lost; once it is there again, it is used again', async () => {
  if (!hasRedis) return console.warn('There is no Redis on 127.0.0.1:6379: left out.');
  await proxy.cut();
  const followed = follow(client, FOLLOW);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const push = await sent(gateway, 'CUSTOMER', { layerId: 'W2', name: 'Unwoken Ltd' });
  await until(() => followed.answers.length === 1, 'what this process has written', 5_000);
  // the workers look every 20 seconds; Redis comes back before, and everybody looks then
  await proxy.mend();
  await until(() => followed.answers.at(-1)?.push.status === 'SUCCEEDED', 'the news', 15_000);
  await untilStatus(gateway, push, 'SUCCEEDED');
  followed.stop();
});

onServer('a Redis that takes everything and answers nothing keeps nobody waiting', async () => {
  if (!hasRedis) return console.warn('There is no Redis on 127.0.0.1:6379: left out.');
  proxy.freeze();
  const since = Date.now();
  for (const layerId of ['W3', 'W4', 'W5']) await sent(gateway, 'CUSTOMER', { layerId, name: `Frozen ${layerId}` });
  expect(Date.now() - since).toBeLessThan(2_000);
  await proxy.cut();
});
