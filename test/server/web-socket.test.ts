import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { admittedSocket, follow, rawSocket, socketClient, type RawSocket } from '../support/socket.js';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const VIEWER = '{ viewer { subject instance scopes } }';
const PUSH_CHANGED = 'subscription { pushChanged { cursor } }';

let gateway: TestGateway;
const opened: RawSocket[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ isPulled: false, variables: { CORS_ORIGINS: 'https://portal.example' } });
});
afterAll(async () => {
  for (const { socket } of opened) socket.terminate();
  await gateway.close();
});

const keep = (socket: RawSocket) => {
  opened.push(socket);
  return socket;
};
const raw = async (options?: Parameters<typeof rawSocket>[1]) => keep(await rawSocket(gateway, options));
const admitted = async (token?: string) => keep(await admittedSocket(gateway, token));
const init = (authorization: unknown) => ({ type: 'connection_init', payload: { authorization } });
const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

/** The errors of an operation that is refused or fails. */
async function errorsOf(socket: RawSocket, id: string, query: string, variables?: object) {
  socket.send({ id, type: 'subscribe', payload: { query, variables } });
  for (let waited = 0; waited < 5_000; waited += 20) {
    const message = socket.messages.find((each) => each.id === id && each.type !== 'complete');
    if (message?.type === 'error') return message.payload as never;
    if (message) return (message.payload as { errors?: never }).errors;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('There was no answer.');
}

test.each([
  ['no token', undefined],
  ['no bearer', 'abc'],
  ['a token that is no token', 'Bearer abc'],
])('%s: 4403', async (_what, authorization) => {
  const socket = await raw();
  socket.send(init(authorization));
  expect(await socket.closeCode()).toBe(4403);
});

test('a token of another secret, of an instance that is not there, or past its end: 4403', async () => {
  for (const claims of [{ secret: 'x'.repeat(40) }, { instance: 'nowhere' }, { expiresIn: -60 }, { expiresIn: -2 }]) {
    const socket = await raw();
    socket.send(init(`Bearer ${await signToken(claims)}`));
    expect(await socket.closeCode()).toBe(4403);
  }
});

test('the socket ends with its token, to the second', async () => {
  const socket = await admitted(await signToken({ expiresIn: 2 }));
  const end = (Math.floor(Date.now() / 1_000) + 2) * 1_000;
  socket.send(subscribe('1', PUSH_CHANGED));
  expect(await socket.closeCode()).toBe(4403);
  expect(Math.abs(Date.now() - end)).toBeLessThan(1_100);
});

test('the close codes of the protocol', async () => {
  const silent = await raw();
  const since = Date.now();

  const garbled = await admitted();
  garbled.send('{"type":');
  expect(await garbled.closeCode()).toBe(4400);

  const early = await raw();
  early.send(subscribe('1', VIEWER));
  expect(await early.closeCode()).toBe(4401);

  const twice = await admitted();
  twice.send(init(`Bearer ${await signToken()}`));
  expect(await twice.closeCode()).toBe(4429);

  const same = await admitted();
  same.send(subscribe('1', PUSH_CHANGED));
  same.send(subscribe('1', PUSH_CHANGED));
  expect(await same.closeCode()).toBe(4409);

  expect(await silent.closeCode()).toBe(4408);
  expect(Date.now() - since).toBeGreaterThan(2_800);
});

test('another subprotocol is not spoken: 4406', async () => {
  const without = await raw({ protocol: '' });
  expect(await without.closeCode()).toBe(4406);
  // the server picks none of those offered, and this client gives up by itself
  await expect(raw({ protocol: 'graphql-ws' })).rejects.toThrow(/subprotocol/i);
});

test('a message of more than 1 MiB ends the socket', async () => {
  const socket = await admitted();
  socket.send({ id: '1', type: 'subscribe', payload: { query: `${VIEWER} #${'x'.repeat(1024 * 1024)}` } });
  expect(await socket.closeCode()).toBe(1009);
});

test('pages of other origins are refused at the door', async () => {
  await expect(raw({ origin: 'https://evil.example' })).rejects.toThrow('HTTP 403');
  await expect(raw({ origin: 'null' })).rejects.toThrow('HTTP 403');
  await raw({ origin: 'https://portal.example' });
  await raw({ origin: new URL(gateway.url).origin });
});

test('another path is no socket', async () => {
  const status = await new Promise((resolve, reject) => {
    const { port } = new URL(gateway.url);
    request({
      port,
      path: '/elsewhere',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    })
      .on('response', (response) => resolve(response.statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(404);
});

test('a connection that was refused is closed, also when the client keeps its side open', async () => {
  const socket = connect({ port: Number(new URL(gateway.url).port), host: 'localhost', allowHalfOpen: true });
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
  socket.write('GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await once(socket.resume(), 'end');
  const writing = setInterval(() => socket.write('still here'), 20);
  expect((await failed).code).toMatch(/ECONNRESET|EPIPE/);
  clearInterval(writing);
}, 5_000);

test('queries and mutations go over the socket too, with the same answers and errors', async () => {
  const client = await socketClient(gateway);
  const viewer = follow(client, VIEWER);
  const sync = follow(client, 'mutation { startSync { userErrors { code } } }');
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await until(() => viewer.end !== undefined && sync.end !== undefined);
  expect(viewer.answers).toMatchObject([{ subject: 'tester', instance: 'default' }]);
  expect(sync.answers).toEqual([{ userErrors: [] }]);
  await client.dispose();
});

test.each([
  ['a document that does not parse', '{ viewer {', 'GRAPHQL_PARSE_FAILED'],
  ['a document of too many tokens', `{ ${'viewer { subject } '.repeat(2_000)} }`, 'GRAPHQL_PARSE_FAILED'],
  ['a field that is not there', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['an operation that is too costly', costly(), 'QUERY_TOO_COMPLEX'],
  ['a variable that does not fit', 'query ($id: ID!) { push(id: $id) { id } }', 'BAD_USER_INPUT'],
  ['two operations and no name', 'query A { viewer { subject } } query B { viewer { subject } }', 'BAD_USER_INPUT'],
])('%s is refused as over HTTP', async (_what, query, code) => {
  const errors = await errorsOf(await admitted(), '1', query);
  expect(errors).toMatchObject([{ extensions: { code } }]);
  const { body } = await gateway.graphql(query);
  expect(body.errors).toEqual(errors);
});

function costly(): string {
  return `{ customers(first: 500) { nodes { ${Array.from({ length: 300 }, (_, index) => `a${index}: name`).join(' ')} } } }`;
}

test('a subscription is not for HTTP', async () => {
  const { body } = await gateway.graphql(PUSH_CHANGED);
  expect(body.errors?.[0]).toMatchObject({
    message: expect.stringContaining('WebSocket'),
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test('scopes hold at subscribing', async () => {
  const socket = await admitted(await signToken({ scopes: ['accounts:read'] }));
  expect(await errorsOf(socket, '1', PUSH_CHANGED)).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const other = await admitted(await signToken({ scopes: ['documents:read'] }));
  expect(await errorsOf(other, '1', 'subscription { sageAccountChanged { cursor } }')).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
});

test('a hundred operations on one socket, and not one more', async () => {
  const socket = await admitted();
  for (let index = 0; index < 100; index += 1) socket.send(subscribe(`s${index}`, PUSH_CHANGED));
  const [error] = (await errorsOf(socket, 'more', PUSH_CHANGED)) as unknown as { message: string }[];
  expect(error?.message).toContain('at most 100');
  socket.send({ id: 's0', type: 'complete' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  socket.send({ id: 'again', type: 'subscribe', payload: { query: VIEWER } });
  const answer = await socket.untilMessage('next');
  expect(answer.id).toBe('again');
});

test('errors of the database are masked, with an id', async () => {
  const { database } = gateway.gateway;
  const socket = await admitted();
  const query = database.query;
  database.query = async () => {
    throw new Error('a secret of the database');
  };
  try {
    const errors = await errorsOf(socket, '1', '{ sageCompanies { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) } }]);
    expect(JSON.stringify(errors)).not.toContain('secret of');
    const atSubscribing = await errorsOf(socket, '2', PUSH_CHANGED);
    expect(atSubscribing).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  } finally {
    database.query = query;
  }
});

test('in production there is no introspection and no suggestion', async () => {
  await gateway.restart({ NODE_ENV: 'production', HOST: '127.0.0.1' });
  const socket = await admitted();
  for (const [id, query] of [
    ['1', '{ __schema { types { name } } }'],
    ['2', '{ viewr { subject } }'],
  ] as const) {
    const errors = await errorsOf(socket, id, query);
    const codes = (errors as unknown as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
    expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  }
});

test('a gateway that goes down closes its sockets with 1001, and does not hang', async () => {
  const socket = await admitted();
  socket.send(subscribe('1', PUSH_CHANGED));
  const since = Date.now();
  await gateway.restart();
  expect(await socket.closeCode()).toBe(1001);
  expect(Date.now() - since).toBeLessThan(5_000);
});
