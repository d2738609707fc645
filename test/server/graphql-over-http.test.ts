import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { serverAudits } from 'graphql-http';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startTestGateway({ isPulled: false });
  authorization = `Bearer ${await signToken()}`;
});
afterAll(() => gateway.close());

const audits = (headers: Record<string, string>) =>
  serverAudits({
    url: () => gateway.url,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as object), authorization, ...headers } }),
  });

describe('the audits of GraphQL over HTTP, with the header that makes browsers ask first', () => {
  test.each(
    audits({ 'apollo-require-preflight': 'true' }).map((audit) => [`${audit.id}: ${audit.name}`, audit] as const),
  )('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect([result.status, (result as { reason?: string }).reason]).toEqual(['ok', undefined]);
  });
});

test('without that header no audit ends as an error or a warning', async () => {
  const results = await Promise.all(audits({}).map(({ fn }) => fn()));
  expect(results.length).toBeGreaterThan(60);
  const faulty = results.filter(({ status }) => status === 'error' || status === 'warn');
  expect(faulty.map(({ id, name }) => `${id}: ${name}`)).toEqual([]);
});

const post = (query: string, headers: Record<string, string> = {}) =>
  fetch(gateway.url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

test.each([
  ['does not parse', '{ viewer {'],
  ['does not fit the schema', '{ nothing }'],
  ['lacks a variable', 'query ($id: ID!) { push(id: $id) { id } }'],
  ['costs too much', '{ sageAccounts(first: 500) { nodes { transactions(first: 500) { nodes { urn } } } } }'],
  ['names no operation of two', 'query A { viewer { subject } } query B { viewer { subject } }'],
])('a document that %s is 400 as graphql-response+json, 200 as json', async (_what, query) => {
  for (const [accept, status] of [
    [GRAPHQL_RESPONSE, 400],
    [JSON_TYPE, 200],
    ['*/*', 200],
    [`${JSON_TYPE};q=0.5, ${GRAPHQL_RESPONSE}`, 400],
  ] as const) {
    const answer = await post(query, { accept });
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([
      status,
      status === 400 ? GRAPHQL_RESPONSE : JSON_TYPE,
    ]);
    expect(((await answer.json()) as { data?: unknown }).data).toBeUndefined();
  }
});

test('what is wrong with the request itself is 4xx in both, and of the type that was asked for', async () => {
  for (const accept of [GRAPHQL_RESPONSE, JSON_TYPE]) {
    const faults = [
      [await post('{ viewer { subject } }', { accept, authorization: '' }), 401],
      [await post('{ viewer { subject } }', { accept, 'content-type': 'application/xml' }), 415],
      [await fetch(gateway.url, { method: 'PUT', headers: { authorization, accept } }), 405],
      [await fetch(gateway.url, { method: 'OPTIONS', headers: { accept, 'apollo-require-preflight': 'yes' } }), 405],
    ] as const;
    for (const [answer, status] of faults) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining(accept)]);
      expect(await answer.json()).toEqual({ errors: [expect.objectContaining({ message: expect.any(String) })] });
    }
    expect(faults[2][0].headers.get('allow')).toBe('GET, POST');
  }
});

test('who takes no answer of ours is told so before a mutation runs', async () => {
  const mutation = 'mutation { pushCustomer(input: { layerId: "C406", name: "A" }) { userErrors { code } } }';
  const answer = await post(mutation, { accept: 'text/html' });
  expect(answer.status).toBe(406);
  expect(((await answer.json()) as { errors: { message: string }[] }).errors[0]?.message).toContain('Accept');
  expect(await gateway.data('{ customer(layerId: "C406") { name } }')).toEqual({ customer: null });
  expect((await post(mutation, { accept: JSON_TYPE })).status).toBe(200);
  expect(await gateway.data('{ customer(layerId: "C406") { name } }')).toEqual({ customer: { name: 'A' } });
});

describe('the Host header', () => {
  const ask = (host: string) =>
    new Promise<{ status: number; code: string | undefined }>((resolve, reject) => {
      const headers = { authorization, 'content-type': 'application/json', host };
      request(gateway.url, { method: 'POST', headers }, async (answer) => {
        const { errors } = JSON.parse(await text(answer));
        resolve({ status: answer.statusCode ?? 0, code: errors?.[0].extensions.code });
      })
        .on('error', reject)
        .end(JSON.stringify({ query: '{ viewer { subject } }' }));
    });

  test.each(['localhost', 'localhost:4000', 'gateway.example', '127.0.0.1:80', '[::1]', '[::1]:4000', 'a_b.internal'])(
    '%s',
    async (host) => {
      expect(await ask(host)).toEqual({ status: 200, code: undefined });
    },
  );

  // an address is made of it, in more than one way
  test.each(['a b:c@localhost', 'user@localhost', 'a/b', 'a?b', 'a#b', 'a:b', '[::1', 'x<y', '%', 'a:123456'])(
    '%s is refused',
    async (host) => {
      expect(await ask(host)).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    },
  );
});
