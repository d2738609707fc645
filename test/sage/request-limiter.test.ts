import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { RequestLimiter } from '../../src/sage/request-limiter.js';
import { COMPANY, hastyClock, testClient } from './sage-test-client.js';
import { ScriptedServer } from './scripted-server.js';

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

test('on real sockets: never more at once, nor more a second, than allowed; in the order asked', async () => {
  server.answer(() => ({ json: [], delayMs: 150 }));
  const limits = { maxConcurrency: 3, maxRequestsPerSecond: 20, requestTimeoutMs: 5_000 };
  const sage = testClient(server.url, systemClock, limits);
  const paths = Array.from({ length: 30 }, (_, index) => `/r${index}`);
  const startedAt = performance.now();
  await Promise.all(paths.map((path) => sage.client.get(path, { company: COMPANY })));
  const seconds = (performance.now() - startedAt) / 1_000;
  await sage.close();

  expect(server.maxRunning).toBe(3);
  expect(server.seen.map(({ path }) => path)).toEqual(paths);
  for (const { at } of server.seen) {
    const inOneSecond = server.seen.filter((other) => other.at >= at && other.at < at + 1_000).length;
    expect(inOneSecond).toBeLessThanOrEqual(21);
  }
  expect(seconds).toBeGreaterThan(1.4);
});

test('the rate alone holds over seconds', async () => {
  server.answer(() => ({ json: [] }));
  const sage = testClient(server.url, systemClock, { maxConcurrency: 50, maxRequestsPerSecond: 25 });
  await Promise.all(Array.from({ length: 50 }, () => sage.client.get('/x', { company: COMPANY })));
  await sage.close();
  const span = (server.seen.at(-1)?.at ?? 0) - (server.seen[0]?.at ?? 0);
  expect(span).toBeGreaterThan(1_850);
  expect(span).toBeLessThan(2_600);
});

test('a 429 with Retry-After stops everything for that long, at most two minutes', async () => {
  for (const [header, expectedMs] of [
    ['30', 30_000],
    ['100000', 120_000],
  ] as const) {
    const waits: number[] = [];
    const clock = hastyClock(waits);
    const sage = testClient(server.url, clock);
    server.play({ status: 429, headers: { 'retry-after': header } }, { json: [] }, { json: [] });
    const startedAt = clock.now().getTime();
    await Promise.all([sage.client.get('/a', { company: COMPANY }), sage.client.get('/b', { company: COMPANY })]);
    expect(clock.now().getTime() - startedAt).toBeGreaterThanOrEqual(expectedMs);
    expect(Math.max(...waits)).toBeLessThanOrEqual(expectedMs);
    await sage.close();
  }
  expect(server.seen).toHaveLength(6);
});

test('whoever is broken off leaves the queue, and the others keep their order', async () => {
  const limiter = new RequestLimiter({ clock: systemClock, maxConcurrency: 1, maxRequestsPerSecond: 1_000 });
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(name);
    await systemClock.sleep(20);
  };
  const controller = new AbortController();
  const first = limiter.run(work('first'));
  const second = limiter.run(work('second'), controller.signal);
  const third = limiter.run(work('third'));
  controller.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  await Promise.all([first, third]);
  expect(order).toEqual(['first', 'third']);
});

test('a turn whose work fails is given back', async () => {
  const limiter = new RequestLimiter({ clock: systemClock, maxConcurrency: 1, maxRequestsPerSecond: 1_000 });
  await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limiter.run(() => Promise.resolve('next'))).toBe('next');
});

test('a clock that is set back does not stop it', async () => {
  let now = 1_000_000;
  const clock = { now: () => new Date(now), sleep: (ms: number) => Promise.resolve(void (now += ms)) };
  const limiter = new RequestLimiter({ clock, maxConcurrency: 1, maxRequestsPerSecond: 10 });
  await limiter.run(() => Promise.resolve());
  now -= 900_000;
  await limiter.run(() => Promise.resolve());
  await limiter.run(() => Promise.resolve());
});
