import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { SCOPES } from '../../src/auth/caller.js';
import { type Clock, systemClock } from '../../src/common/clock.js';
import { readConfig } from '../../src/config/config.js';
import type { HttpLimits } from '../../src/server/http-server.js';
import type { SocketLimits } from '../../src/server/web-socket.js';
import { type Gateway, startGateway } from '../../src/server/gateway.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.js';
import { SecretWatch, secretsOf } from './secret-canaries.js';
import { createTestDatabase } from './test-database.js';

export const TEST_SECRET = 'a secret for tests, of more than thirty-two bytes';

export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  body: {
    // oxlint-disable-next-line typescript/no-explicit-any
    data?: any;
    errors?: { message: string; path?: (string | number)[]; extensions: { code: string; errorId?: string } }[];
  };
}

export interface TestGateway {
  gateway: Gateway;
  sandbox: Sandbox;
  clock: Clock;
  url: string;
  /** The environment of the gateway, for further processes on the same database. */
  variables: Record<string, string>;
  /** Sends an operation with a token that has every scope, or the one given (null: none). */
  graphql(query: string, variables?: Record<string, unknown>, token?: string | null): Promise<GraphqlAnswer>;
  /** The data of an operation that must succeed. */
  // oxlint-disable-next-line typescript/no-explicit-any
  data(query: string, variables?: Record<string, unknown>): Promise<any>;
  /** Stops the gateway and starts another on the same database; the sandbox goes on. */
  restart(variables?: Record<string, string>): Promise<void>;
  /** Sage's server goes away. */
  stopSage(): Promise<void>;
  /** It comes back at the same address; with the same ledger where the sandbox has a data file. */
  startSage(): Promise<void>;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  sandbox?: SandboxOptions;
  /** Variables beside or instead of the test's own. */
  variables?: Record<string, string>;
  clock?: Clock;
  /** Told each line of the log, at trace. */
  onLog?(line: string): void;
  httpLimits?: Partial<HttpLimits>;
  socketLimits?: Partial<SocketLimits>;
  /** Waits until every pull of every company has been complete once (default). */
  isPulled?: boolean;
}

export interface TokenClaims {
  scopes?: readonly string[];
  subject?: string;
  instance?: string;
  secret?: string;
  /** Seconds from now. */
  expiresIn?: number;
}

/** A token as The Layer would issue it; every scope unless told otherwise. */
export function signToken({
  scopes = SCOPES,
  subject = 'tester',
  instance = 'default',
  secret = TEST_SECRET,
  expiresIn = 3_600,
}: TokenClaims = {}) {
  return new SignJWT({ instance, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn)
    .sign(new TextEncoder().encode(secret));
}

/** A whole gateway over a throw-away database of the dialect under test, with a sandbox as its Sage 200. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const sandboxOptions = { customers: 60, transactions: 1_500, ...options.sandbox };
  const sandbox = await startSandbox(sandboxOptions);
  let isSageUp = true;
  const { url: databaseUrl, drop } = await createTestDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'gateway-test-data-'));
  const variables = {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    DATA_DIRECTORY: directory,
    SAGE_MODE: 'live',
    SAGE_API_URL: sandbox.apiUrl,
    SAGE_AUTH_URL: sandbox.authUrl,
    SAGE_CLIENT_ID: 'sandbox-client',
    SAGE_CLIENT_SECRET: 'sandbox-secret',
    SAGE_REFRESH_TOKEN: String((sandbox.control.signIn() as unknown as Record<string, unknown>).refresh_token),
    SAGE_MAX_REQUESTS_PER_SECOND: '500',
    SYNC_TRANSACTIONS_SECONDS: '1',
    SYNC_CUSTOMERS_SECONDS: '1',
    SYNC_REFERENCE_SECONDS: '5',
    AUTH_MODE: 'jwt',
    AUTH_JWT_SECRET: TEST_SECRET,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'silent',
    ...options.variables,
  };
  const clock = options.clock ?? systemClock;
  const watch = new SecretWatch(secretsOf(variables), options.onLog);
  const start = (more: Record<string, string> = {}) =>
    startGateway({
      config: readConfig({ ...variables, ...more }),
      clock,
      log: watch.log,
      httpLimits: options.httpLimits,
      socketLimits: options.socketLimits,
    });
  // good for tests that travel in time
  const token = await signToken({ expiresIn: 100 * 86_400 });

  const gateway = await start().catch(async (error: unknown) => {
    // what is left open would keep the tests from ending
    await sandbox.close();
    await drop();
    throw error;
  });
  const test: TestGateway = {
    gateway,
    sandbox,
    clock,
    variables,
    get url() {
      return test.gateway.url ?? '';
    },
    graphql: async (query, queryVariables, ownToken = token) => {
      const answer = await fetch(test.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(ownToken === null ? {} : { authorization: `Bearer ${ownToken}` }),
        },
        body: JSON.stringify({ query, variables: queryVariables }),
      });
      const body = (await answer.json()) as GraphqlAnswer['body'];
      if (body.errors) watch.look('an error', JSON.stringify(body.errors));
      return { status: answer.status, headers: answer.headers, body };
    },
    data: async (query, queryVariables) => {
      const { body } = await test.graphql(query, queryVariables);
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data;
    },
    restart: async (more) => {
      await test.gateway.close();
      test.gateway = await start(more);
    },
    stopSage: async () => {
      isSageUp = false;
      await test.sandbox.close();
    },
    startSage: async () => {
      test.sandbox = await startSandbox({ ...sandboxOptions, port: Number(new URL(sandbox.url).port) });
      isSageUp = true;
    },
    close: async () => {
      await watch.lookInto(test.gateway.database);
      await test.gateway.close();
      if (isSageUp) await test.sandbox.close();
      await drop();
      rmSync(directory, { recursive: true, force: true });
      watch.end();
    },
  };
  if (options.isPulled ?? true) await untilPulled(test);
  return test;
}

const STATUS = '{ syncStatus { resource sageCompany { id } state lastSucceededAt } }';

async function untilPulled(test: TestGateway): Promise<void> {
  await until(async () => {
    const { syncStatus } = await test.data(STATUS);
    return (
      syncStatus.length > 1 &&
      syncStatus.every(({ lastSucceededAt }: { lastSucceededAt: string | null }) => lastSucceededAt !== null)
    );
  }, 'the first pull of everything');
}

/** Pauses that grow, so that who waits long does not keep the machine from what is waited for. */
function* pauses(): Generator<number, never> {
  for (let pauseMs = 20; ; pauseMs = Math.min(200, pauseMs * 1.3)) yield pauseMs;
}

/** Asks again and again until the condition holds; throws with `what` after `timeoutMs`. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  what: string,
  timeoutMs = 20_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (const pauseMs of pauses()) {
    if (await condition()) return;
    if (Date.now() > end) break;
    await systemClock.sleep(pauseMs);
  }
  throw new Error(`Waited in vain for ${what}.`);
}

/** Asserts again and again until nothing is thrown; after `timeoutMs` throws what the last attempt did. */
export async function eventually(assert: () => Promise<unknown>, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (const pauseMs of pauses()) {
    try {
      await assert();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await systemClock.sleep(pauseMs);
  }
}

export interface PullOptions {
  /** Left out: all. */
  resources?: readonly string[];
  /** A sweep. */
  full?: boolean;
}

/** Asks for pulls and waits until each that was asked for has begun after that, and has ended well. */
export async function pull(test: TestGateway, { resources, full = false }: PullOptions = {}): Promise<void> {
  const startedAt = test.clock.now().getTime();
  const { startSync } = await test.data(
    'mutation ($resources: [SyncResource!], $full: Boolean) { startSync(resources: $resources, full: $full) { started } }',
    { resources, full },
  );
  const wanted = new Set<string>(startSync.started);
  await until(
    async () => {
      const states = await test.gateway.database.query<{ resource: string; sweptAt: unknown; completedAt: unknown }>(
        'SELECT resource, swept_at AS sweptAt, completed_start_at AS completedAt FROM sync_state',
      );
      return states
        .filter(({ resource }) => wanted.has(resource))
        .every(({ sweptAt, completedAt }) => Number(full ? sweptAt : completedAt) >= startedAt);
    },
    `the pull of ${[...wanted].join(', ')}`,
  );
}
