import Fastify, { type FastifyInstance } from 'fastify';
import type { Dispatcher } from 'undici';
import { DEFAULT_INSTANCE_ID, Instances } from '../auth/instances.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { type Clock, systemClock } from '../common/clock.js';
import { createLog, type Log } from '../common/log.js';
import { type Random, systemRandom } from '../common/random.js';
import type { Config } from '../config/config.js';
import { localSecret } from '../config/local-secrets.js';
import type { ConnectionService } from '../connection/connection.service.js';
import { createConnections } from '../connection/connections.js';
import { signInToSandbox } from '../connection/demo-sign-in.js';
import { callbackPage, signInPage } from '../connection/sign-in-pages.js';
import type { Database } from '../database/database.js';
import { createSageDispatcher } from '../sage/sage-dispatcher.js';
import { EventPruning } from '../events/event-pruning.js';
import { EventFeed } from '../events/event-feed.js';
import { WakeUps } from '../events/wake-ups.js';
import { SyncEngine } from '../sync/sync-engine.js';
import { refuseDemoOffLoopback } from './demo-guard.js';
import { createFeatures } from './features.js';
import { Health } from './health.js';
import { createHttpServer, type HttpLimits } from './http-server.js';
import { Metrics } from './metrics.js';
import { openMigrated } from './open-migrated.js';
import { createPushEngine } from './push-engine.js';
import { RateLimits } from './rate-limits.js';
import { publicUrlOf, sageAddresses } from './sage-addresses.js';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.js';
import { buildGatewaySchema } from './schema.js';
import type { SocketLimits } from './web-socket.js';
import { StartError } from './start-error.js';

export interface GatewayOptions {
  config: Config;
  clock?: Clock;
  random?: Random;
  log?: Log;
  dispatcher?: Dispatcher;
  /** Instead of the usual one, to measure what its limits cost. */
  createServer?: typeof createHttpServer;
  /** Instead of the usual ones. */
  httpLimits?: Partial<HttpLimits>;
  socketLimits?: Partial<SocketLimits>;
}

export interface Gateway {
  /** Where GraphQL is served; null for a process without the role api. */
  url: string | null;
  database: Database;
  sandboxUrl: string | null;
  /** What demo tokens are signed with; null unless AUTH_MODE is demo. */
  demoSecret: Uint8Array | null;
  /** Finishes what is under way, then lets go of everything. */
  close(): Promise<void>;
}

/** Starts the gateway: database, connection to Sage, roles. What goes wrong takes back what was started, and is thrown. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await start(options, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: GatewayOptions, undo: (() => Promise<unknown>)[]): Promise<Omit<Gateway, 'close'>> {
  const { config, clock = systemClock, random = systemRandom } = options;
  const log = options.log ?? createLog(config.LOG_LEVEL);
  const dispatcher = options.dispatcher ?? createSageDispatcher();
  undo.push(() => dispatcher.close());

  const database = await openMigrated(config, clock);
  undo.push(() => database.close());

  const sandbox = await startSandboxWhenWanted(config, clock, log);
  if (sandbox) undo.push(() => sandbox.stop());

  const publicUrl = publicUrlOf(config);
  let wakeSync = () => undefined as void;
  let wakePush = () => undefined as void;
  let wakeFeed = { one: (_instanceId: number) => undefined as void, all: () => undefined as void };
  const wakeUps = new WakeUps({ database, redisUrl: config.REDIS_URL ?? null, random, log });
  wakeUps.listen({
    onTopic: (topic, instanceId, isOwn) => {
      if (topic === 'events') wakeFeed.one(instanceId);
      // what this process stores it wakes its own engines for, where it matters
      else if (!isOwn) (topic === 'pushes' ? wakePush : wakeSync)();
    },
    onReconnect: () => {
      wakeFeed.all();
      wakePush();
      wakeSync();
    },
  });
  undo.push(() => wakeUps.stop());
  const { service: connections, clients } = createConnections({
    ...sageAddresses(config, sandbox?.url ?? null),
    database,
    dispatcher,
    clock,
    random,
    log,
    publicUrl,
    redirectUrl: config.SAGE_REDIRECT_URL ?? `${publicUrl}/sage/callback`,
    requestTimeoutMs: config.SAGE_REQUEST_TIMEOUT_MS,
    maxConcurrency: config.SAGE_MAX_CONCURRENCY,
    maxRequestsPerSecond: config.SAGE_MAX_REQUESTS_PER_SECOND,
    encryptionKey: config.ENCRYPTION_KEY ?? localSecret(config.DATA_DIRECTORY, 'encryption.key').toString('base64'),
    encryptionKeyPrevious: config.ENCRYPTION_KEY_PREVIOUS,
    onStateChange: () => {
      wakeSync();
      wakePush();
    },
  });
  const instances = new Instances(database, clock, log);
  await instances.start();
  undo.push(() => instances.stop());
  await connections.sealAnew(await instances.ids());
  await connectDefaultInstance(config, connections, dispatcher, sandbox);

  const intervals = {
    transactionsSeconds: config.SYNC_TRANSACTIONS_SECONDS,
    customersSeconds: config.SYNC_CUSTOMERS_SECONDS,
    referenceSeconds: config.SYNC_REFERENCE_SECONDS,
    sweepSeconds: config.SYNC_SWEEP_SECONDS,
  };
  // a posting may be under way on Sage's side that long, and show that late (contract/environment.md)
  const overlapSeconds = config.SAGE_MAX_RUN_SECONDS + config.PUSH_MARGIN_SECONDS;
  const features = createFeatures({
    database,
    clock,
    sage: clients,
    connections,
    intervals,
    overlapSeconds,
    timeZone: config.TIME_ZONE,
    wakeSync: () => wakeSync(),
    wakePush: () => wakePush(),
    log,
  });

  if (config.ROLES.includes('sync')) {
    const engine = new SyncEngine({
      database,
      pulls: features.pulls,
      intervals,
      overlapSeconds,
      clock,
      random,
      log,
      connectedInstances: () => connectedInstances(instances, connections),
      disabledInstances: () => instances.disabledIds(),
      activeCompanies: (instanceId) => features.companies.activeIds(instanceId),
    });
    wakeSync = () => engine.wake();
    const pruning = new EventPruning({ database, clock, log, retentionDays: config.EVENT_RETENTION_DAYS, instances });
    pruning.start();
    undo.push(() => pruning.stop());
    engine.start();
    undo.push(() => engine.stop());
  }

  if (config.ROLES.includes('push')) {
    const engine = createPushEngine({ config, database, clock, random, log, features, instances, connections });
    wakePush = () => engine.wake();
    engine.start();
    undo.push(() => features.touched.stop());
    undo.push(() => engine.stop());
  }

  const metrics = new Metrics();
  if (config.METRICS_PORT !== undefined) {
    const metricsApp = Fastify();
    metrics.serve(metricsApp, true);
    undo.push(() => metricsApp.close());
    await listen(metricsApp, config, config.METRICS_PORT, 'METRICS_PORT');
  }

  const demoSecret = config.AUTH_MODE === 'demo' ? localSecret(config.DATA_DIRECTORY, 'demo-token.key') : null;
  if (!config.ROLES.includes('api')) return { url: null, database, sandboxUrl: sandbox?.url ?? null, demoSecret };

  const rules = {
    secret: demoSecret ?? (config.AUTH_JWT_SECRET ? new TextEncoder().encode(config.AUTH_JWT_SECRET) : undefined),
    jwksUrl: config.AUTH_JWKS_URL,
    issuer: config.AUTH_ISSUER,
    audience: config.AUTH_AUDIENCE,
  };
  const feed = new EventFeed({ database, clock, log, pollMs: config.EVENTS_POLL_MS });
  undo.push(async () => feed.stop());
  wakeFeed = { one: (instanceId) => feed.wake(instanceId), all: () => feed.wakeAll() };
  const health = new Health(database, clock, log);
  const app = await (options.createServer ?? createHttpServer)({
    schema: buildGatewaySchema(features.resolvers),
    tokens: new TokenVerifier(rules, { instances, now: () => clock.now(), log }),
    instances,
    isDemo: config.AUTH_MODE === 'demo',
    feed,
    clock,
    httpLimits: options.httpLimits,
    socketLimits: { maxOfOneCaller: config.SOCKETS_PER_CALLER, ...options.socketLimits },
    health,
    log,
    random,
    isProduction: config.production,
    corsOrigins: config.CORS_ORIGINS,
    metrics,
    hasMetricsPort: config.METRICS_PORT !== undefined,
    rateLimits: rateLimitsOf(config, instances, clock),
    signInRoutes: (fastify) => registerSignIn(fastify, connections),
  });
  undo.push(() => app.close());
  undo.push(async () => health.drain());
  const url = graphqlUrl(config.HOST, await listen(app, config, config.PORT, 'PORT'));
  return { url, database, sandboxUrl: sandbox?.url ?? null, demoSecret };
}

/** A separate worker is given the address of a sandbox that runs already. */
async function startSandboxWhenWanted(config: Config, clock: Clock, log: Log): Promise<SandboxProcess | null> {
  if (config.SAGE_MODE !== 'sandbox' || config.SAGE_API_URL) return null;
  return startSandboxProcess({ config, clock, log }).catch((error) => {
    throw new StartError((error as Error).message);
  });
}

async function connectDefaultInstance(
  config: Config,
  connections: ConnectionService,
  dispatcher: Dispatcher,
  sandbox: SandboxProcess | null,
): Promise<void> {
  if (config.SAGE_REFRESH_TOKEN)
    await connections.connectWithRefreshToken(DEFAULT_INSTANCE_ID, config.SAGE_REFRESH_TOKEN);
  else if (sandbox) await signInToSandbox(connections, DEFAULT_INSTANCE_ID, dispatcher);
}

/** An unreachable Sage is asked again and again: that is how its return is noticed. */
async function connectedInstances(instances: Instances, connections: ConnectionService): Promise<number[]> {
  const ids = await instances.enabledIds();
  const states = await Promise.all(ids.map(async (id) => ({ id, ...(await connections.status(id)) })));
  return states.filter(({ state }) => state === 'CONNECTED' || state === 'UNREACHABLE').map(({ id }) => id);
}

function rateLimitsOf(config: Config, instances: Instances, clock: Clock): RateLimits {
  return new RateLimits({
    caller: { perSecond: config.RATE_LIMIT_PER_SECOND, burst: config.RATE_LIMIT_BURST },
    instance: { perSecond: config.RATE_LIMIT_INSTANCE_PER_SECOND, burst: config.RATE_LIMIT_INSTANCE_BURST },
    limitsOf: (instanceId) => instances.limitsOf(instanceId),
    clock,
  });
}

function registerSignIn(app: FastifyInstance, connections: ConnectionService): void {
  for (const [path, page] of [
    ['/sage/sign-in', signInPage],
    ['/sage/callback', callbackPage],
  ] as const) {
    // no HEAD: whoever looks ahead at a link must not use the ticket up
    app.get(path, { exposeHeadRoute: false }, async ({ query, headers }, reply) => {
      const answer = await page(connections, { query: query as Record<string, unknown>, cookies: headers.cookie });
      return reply.code(answer.status).headers(answer.headers).send(answer.html);
    });
  }
}

/** The port that is listened on. Throws StartError, naming the variable to change. */
async function listen(app: FastifyInstance, config: Config, port: number, variable: string): Promise<number> {
  const host = config.HOST;
  try {
    await app.listen({ port, host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${port} of ${host} is in use. Set ${variable} to another one.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`HOST ${host} is no address of this machine.`);
    if (code === 'EACCES')
      throw new StartError(`Port ${port} may not be opened by this user. Set ${variable} to one above 1023.`);
    throw error;
  }
  if (config.AUTH_MODE === 'demo') refuseDemoOffLoopback(app.addresses(), host);
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function graphqlUrl(host: string, port: number): string {
  return `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}/graphql`;
}
