import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { signToken, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    isPulled: false,
    httpLimits: { maxRequests: 12, maxOfOneCaller: 8, answerMs: 5_000 },
  });
});
afterAll(() => gateway.close());

interface Held {
  /** Resolves when so many requests wait for the database. */
  waiting(count: number): Promise<void>;
  letGo(): void;
}

/** The database does not answer `SLOW`, or what else is said, until it is let go: requests stay under way. */
function holdDatabase(held = /FROM audit_entry/, counted = held): Held {
  const { database } = gateway.gateway;
  const { query } = database;
  let count = 0;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  database.query = async (...parameters: Parameters<typeof query>) => {
    if (held.test(parameters[0])) {
      if (counted.test(parameters[0])) count += 1;
      await opened;
    }
    return query.apply(database, parameters) as never;
  };
  return {
    waiting: (wanted) => until(() => count === wanted, `${wanted} requests to wait`),
    letGo: () => {
      database.query = query;
      open();
    },
  };
}

const SLOW = '{ auditTrail(first: 1) { nodes { action } } }';
const codeOf = (answer: { body: { errors?: { extensions: { code: string } }[] } }) =>
  answer.body.errors?.[0]?.extensions.code;
const health = async (path: string) => (await fetch(new URL(path, gateway.url))).status;

test('beyond what can be under way at once, a request is turned away at once, and served again afterwards', async () => {
  const tokens = await Promise.all(['ann', 'bob'].map((subject) => signToken({ subject })));
  // known callers: no look into the database at the door
  for (const token of tokens) expect((await gateway.graphql('{ viewer { subject } }', {}, token)).status).toBe(200);
  const held = holdDatabase();
  const slow = [...Array.from({ length: 8 }, () => tokens[0]), ...Array.from({ length: 4 }, () => tokens[1])].map(
    (token) => gateway.graphql(SLOW, {}, token),
  );
  await held.waiting(12);

  const startedAt = performance.now();
  const refused = await gateway.graphql('{ viewer { subject } }', {}, tokens[1]);
  expect(performance.now() - startedAt).toBeLessThan(500);
  expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'RATE_LIMITED', '1']);
  expect(refused.body.errors?.[0]?.message).toContain('busy');
  expect(await health('/health/live')).toBe(200);

  held.letGo();
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
  expect((await gateway.graphql('{ viewer { subject } }', {}, tokens[1])).status).toBe(200);
});

test('one caller cannot fill the house: the others are served', async () => {
  const greedy = await signToken({ subject: 'greedy' });
  expect((await gateway.graphql('{ viewer { subject } }', {}, greedy)).status).toBe(200);
  const held = holdDatabase();
  const slow = Array.from({ length: 8 }, () => gateway.graphql(SLOW, {}, greedy));
  await held.waiting(8);
  const refused = await gateway.graphql('{ viewer { subject } }', {}, greedy);
  expect([refused.status, codeOf(refused)]).toEqual([429, 'RATE_LIMITED']);
  expect((await gateway.graphql('{ viewer { subject } }')).status).toBe(200);
  held.letGo();
  await Promise.all(slow);
  expect((await gateway.graphql('{ viewer { subject } }', {}, greedy)).status).toBe(200);
});

/** Asks so often, and hangs up each time once the database is waited for. */
async function hangUp(times: number, token: string, held: Held): Promise<void> {
  for (let index = 0; index < times; index += 1) {
    const hangingUp = request(gateway.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    hangingUp.on('error', () => undefined);
    hangingUp.end(JSON.stringify({ query: SLOW }));
    await held.waiting(index + 1);
    hangingUp.destroy();
  }
}

const isServed = async (token?: string) => (await gateway.graphql('{ viewer { subject } }', {}, token)).status === 200;

test('who hangs up gets no room for more before the work has ended, and then gets it back', async () => {
  const held = holdDatabase();
  const token = await signToken({ subject: 'impatient' });
  await hangUp(8, token, held);
  // the connections are gone, the eight are still at work
  const refused = await gateway.graphql('{ viewer { subject } }', {}, token);
  expect([refused.status, codeOf(refused)]).toEqual([429, 'RATE_LIMITED']);
  expect(await isServed()).toBe(true);
  held.letGo();
  await until(() => isServed(token), 'room', 1_000);
});

test('who hangs up before it is known who they are leaves no place taken', async () => {
  // the instance is new: their token's is looked up
  const held = holdDatabase(/FROM instance/, /WHERE slug/);
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query("INSERT INTO instance (id, slug, created_at) VALUES (2, 'new', 0)"),
  );
  const token = await signToken({ instance: 'new' });
  await hangUp(12, token, held);
  await until(() => isServed(), 'the connections to close', 1_000);
  held.letGo();
  await until(() => isServed(token), 'the look to end', 1_000);
  const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.graphql(SLOW, {}, token)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
});

test('answers that wait behind another on a connection that breaks leave no place taken', async () => {
  const held = holdDatabase();
  const token = await signToken({ subject: 'pipelining' });
  const body = JSON.stringify({ query: SLOW });
  const head = (method: string) => `${method} /graphql HTTP/1.1\r\nHost: localhost\r\n`;
  const slow = `${head('POST')}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  for (let time = 0; time < 3; time += 1) {
    const socket = connect(Number(new URL(gateway.url).port), 'localhost');
    socket.on('error', () => undefined);
    socket.write(slow + `${head('GET')}\r\n`.repeat(11));
    await held.waiting(time + 1);
    // twelve are under way, eleven of them behind the first
    if (time === 0) await until(async () => !(await isServed()), 'the house to be full', 1_000);
    socket.resetAndDestroy();
    await until(() => isServed(), 'the connection to be gone', 1_000);
  }
  held.letGo();
  await until(() => isServed(token), 'the work to end', 1_000);
});

test('an answer that takes too long is given up, and the caller told what to do', async () => {
  const held = holdDatabase();
  const startedAt = Date.now();
  const answer = await gateway.graphql(SLOW);
  held.letGo();
  expect([answer.status, codeOf(answer)]).toEqual([503, 'INTERNAL_SERVER_ERROR']);
  expect(answer.body.errors?.[0]?.message).toContain('took too long');
  expect(Date.now() - startedAt).toBeLessThan(9_000);
});

test('a gateway that stops finishes what is under way, and turns away what comes meanwhile', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const token = await signToken();
  const ask = () =>
    new Promise<{ status: number; connection: string; body: string }>((resolve, reject) => {
      const asking = request(
        gateway.url,
        { method: 'POST', agent, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
        (answer) => {
          let body = '';
          answer.on('data', (data: Buffer) => (body += data.toString()));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection ?? '', body }),
          );
        },
      );
      asking.on('error', reject);
      asking.end(JSON.stringify({ query: SLOW }));
    });
  await ask();
  const held = holdDatabase();
  const underWay = gateway.graphql(SLOW);
  const onKeptConnection = ask();
  await held.waiting(2);
  const closed = gateway.gateway.close();
  // waits on the same connection behind the one under way
  const meanwhile = ask().catch((error: unknown) => error);
  setTimeout(held.letGo, 300);
  expect([(await underWay).status, (await onKeptConnection).status]).toEqual([200, 200]);
  expect((await onKeptConnection).connection).toBe('close');
  // the connection was closed behind the answer, and there is nobody to connect to any more
  expect(await meanwhile).toMatchObject({ code: expect.stringMatching(/ECONNREFUSED|ECONNRESET/) });
  await closed;
  agent.destroy();
  await gateway.restart();
});
