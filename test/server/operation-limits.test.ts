import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callerKey } from '../../src/auth/caller.js';
import { RateLimits } from '../../src/server/rate-limits.js';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    variables: { RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '40' },
    isPulled: false,
  });
});
afterAll(() => gateway.close());

test('root fields are counted for each caller, whatever the number of requests', async () => {
  const caller = (subject: string) => signToken({ subject });
  const aliases = Array.from({ length: 30 }, (_, index) => `v${index}: viewer { subject }`).join(' ');
  const ask = async (subject: string) => gateway.graphql(`{ ${aliases} }`, {}, await caller(subject));
  expect((await ask('first')).status).toBe(200);
  const refused = await ask('first');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.body).toEqual({ errors: [expect.objectContaining({ extensions: { code: 'RATE_LIMITED' } })] });
  expect((await ask('second')).status).toBe(200);
});

test('documents that cannot be read take turns too, so that whoever sends nothing else is stopped', async () => {
  const token = await signToken({ subject: 'rubbish' });
  const ask = async (index: number) => (await gateway.graphql(`{ nothing${index} }`, {}, token)).status;
  const statuses = [];
  for (let index = 0; index < 60; index += 1) statuses.push(await ask(index));
  expect([statuses[0], statuses[39]]).toEqual([200, 200]);
  expect(statuses).toContain(429);
});

test('what would cost too much is refused before it runs, and says how to ask for less', async () => {
  const token = await signToken({ subject: 'expensive' });
  const nested = '{ sageAccounts(first: 500) { nodes { transactions(first: 500) { nodes { reference } } } } }';
  const { status, body } = await gateway.graphql(nested, {}, token);
  expect([status, body.errors?.[0]?.extensions.code]).toEqual([200, 'QUERY_TOO_COMPLEX']);
  expect(body.errors?.[0]?.message).toContain('Ask for fewer rows');
  const byVariable =
    'query ($first: Int!) { sageAccounts(first: $first) { nodes { transactions(first: $first) { nodes { urn reference } } } } }';
  expect((await gateway.graphql(byVariable, { first: 20 }, token)).status).toBe(200);
  expect((await gateway.graphql(byVariable, { first: 400 }, token)).body.errors?.[0]?.extensions.code).toBe(
    'QUERY_TOO_COMPLEX',
  );
});

test('the cost is reckoned anew for other variables: rows by name, and flags', async () => {
  const token = await signToken({ subject: 'variables' });
  const heavy = 'sageAccounts(first: $b) { nodes { transactions(first: 500) { nodes { urn reference } } } }';
  const byName = `query ($a: Int = 1, $b: Int = 1) { light: sageAccounts(first: $a) { totalCount } ${heavy} }`;
  expect((await gateway.graphql(byName, { a: 500 }, token)).status).toBe(200);
  expect((await gateway.graphql(byName, { b: 500 }, token)).body.errors?.[0]?.extensions.code).toBe(
    'QUERY_TOO_COMPLEX',
  );
  const byFlag = `query ($b: Int!, $without: Boolean!) { viewer { subject } ...heavy @skip(if: $without) } fragment heavy on Query { ${heavy} }`;
  expect((await gateway.graphql(byFlag, { b: 500, without: true }, token)).status).toBe(200);
  const refused = await gateway.graphql(byFlag, { b: 500, without: false }, token);
  expect(refused.body.errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
});

test('fragments that spread the next one twice are refused at once, wherever they stand', async () => {
  const token = await signToken({ subject: 'fragments' });
  const bomb = (type: string, end: string) =>
    Array.from(
      { length: 40 },
      (_, index) => `fragment f${index} on ${type} { ...f${index + 1} ...f${index + 1} }`,
    ).join(' ') + ` fragment f40 on ${type} { ${end} }`;
  for (const query of [
    `{ ...f0 } ${bomb('Query', 'viewer { subject }')}`,
    `{ viewer { ...f0 } } ${bomb('Viewer', 'subject')}`,
  ]) {
    const { status, body } = await gateway.graphql(query, {}, token);
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([200, 'QUERY_TOO_COMPLEX']);
  }
  // and whoever sent it may go on
  expect((await gateway.graphql('{ viewer { subject } }', {}, token)).status).toBe(200);
}, 10_000);

describe('a default that costs too much is reckoned', () => {
  const nested = (name: string) =>
    `query($${name}: Int = 500) { customers(first: $${name}) { nodes { invoices(first: $${name}) { nodes { layerId } } } } }`;
  const codes = async (query: string, variables: Record<string, unknown>) => {
    const { body } = await gateway.graphql(query, variables, await signToken({ subject: 'default' }));
    return [...new Set(body.errors?.map(({ extensions }) => extensions.code))];
  };

  test('also after the same operation came with null, and with little', async () => {
    expect(await codes(nested('n'), { n: 1 })).toEqual([]);
    // cheap, and refused by the fields themselves
    expect(await codes(nested('n'), { n: null })).toEqual(['BAD_USER_INPUT']);
    expect(await codes(nested('n'), {})).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await codes(nested('n'), {})).toEqual(['QUERY_TOO_COMPLEX']);
  });

  test.each(['toString', 'constructor', 'valueOf', 'hasOwnProperty', '__proto__'])(
    'whatever JavaScript has under its name: $%s',
    async (name) => {
      expect(await codes(nested(name), {})).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    },
  );
});

test('an operation that is not there takes a turn, known as its document may be', async () => {
  const token = await signToken({ subject: 'misnamed' });
  const body = JSON.stringify({ query: 'query Here { viewer { subject } }', operationName: 'There' });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const statuses = [];
  for (let index = 0; index < 60; index += 1)
    statuses.push((await fetch(gateway.url, { method: 'POST', headers, body })).status);
  expect([statuses[0], statuses[39]]).toEqual([200, 200]);
  expect(statuses).toContain(429);
});

const called = (instanceId: number, subject: string) => ({ instanceId, key: callerKey({ instanceId, subject }) });
const AMY = called(1, 'amy');
const much = { perSecond: 1_000, burst: 1_000 };
const noneOfTheirOwn = () => null;
let now = 0;
const clock = { now: () => new Date(now), sleep: async () => undefined };

test('a bucket fills up again with time, and more than it holds is let through when it is full', () => {
  const limits = new RateLimits({
    caller: { perSecond: 10, burst: 20 },
    instance: much,
    limitsOf: noneOfTheirOwn,
    clock,
  });
  expect([limits.take(AMY, 20), limits.take(AMY, 5)]).toEqual([0, 500]);
  now += 500;
  expect(limits.take(AMY, 5)).toBe(0);
  now += 60_000;
  expect(limits.take(AMY, 50)).toBe(0);
  expect(limits.take(AMY, 1)).toBe(3_100);
});

test('a refusal takes from neither bucket: not from the instance for its caller, nor from the caller for its instance', () => {
  const limits = new RateLimits({
    caller: { perSecond: 1, burst: 10 },
    instance: { perSecond: 1, burst: 15 },
    limitsOf: noneOfTheirOwn,
    clock,
  });
  const bob = called(1, 'bob');
  expect(limits.take(AMY, 10)).toBe(0);
  // amy has none left, the instance has five: her refusals leave them to bob
  for (let time = 0; time < 20; time += 1) expect(limits.take(AMY, 5)).toBe(5_000);
  expect(limits.take(bob, 6)).toBe(1_000);
  // and bob's refusal by the instance left him all ten of his own
  expect(limits.take(bob, 5)).toBe(0);
  now += 5_000;
  expect(limits.take(bob, 5)).toBe(0);
});

test('no subject can be written so that it is a caller of another instance', () => {
  const limits = new RateLimits({
    caller: { perSecond: 1, burst: 1 },
    instance: much,
    limitsOf: noneOfTheirOwn,
    clock,
  });
  const callers = [called(1, '1 amy'), called(11, 'amy'), called(1, ' 1 amy'), called(1, 'amy')];
  for (const caller of callers) expect(limits.take(caller, 1)).toBe(0);
  for (const caller of callers) expect(limits.take(caller, 1)).toBe(1_000);
});

test('limits of an instance count from the moment they are set, for it alone', () => {
  const own = new Map<number, { ratePerSecond: number | null; rateBurst: number | null }>();
  const limits = new RateLimits({
    caller: much,
    instance: { perSecond: 10, burst: 100 },
    limitsOf: (instanceId) => own.get(instanceId) ?? null,
    clock,
  });
  const other = called(2, 'amy');
  expect([limits.take(AMY, 10), limits.take(other, 10)]).toEqual([0, 0]);
  own.set(1, { ratePerSecond: null, rateBurst: 3 });
  expect([limits.take(AMY, 3), limits.take(AMY, 1), limits.take(other, 90)]).toEqual([0, 100, 0]);
  own.set(1, { ratePerSecond: 50, rateBurst: 200 });
  expect(limits.take(AMY, 1)).toBe(20);
});
