import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../auth/caller.js';
import type { Instances } from '../auth/instances.js';
import type { GatewayContext } from '../auth/request-context.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { EventFeed } from '../events/event-feed.js';
import { demoRefusal, registerDemoGuard } from './demo-guard.js';
import { errorFormatter } from './format-error.js';
import { type Health, registerHealth } from './health.js';
import { JitGateway } from './jit-gateway.js';
import type { Metrics } from './metrics.js';
import { MAX_TOKENS, OperationLimits, operationLimits } from './operation-limits.js';
import type { RateLimits } from './rate-limits.js';
import { registerBodies } from './request-body.js';
import { registerRequestFaults } from './request-faults.js';
import { SocketOperations } from './socket-operations.js';
import { registerSecurityHeaders } from './security-headers.js';
import { registerWebSockets } from './web-sockets.js';
import type { SocketLimits } from './web-socket.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; on /graphql only. */
    caller: Caller | null;
  }
}

export interface HttpServerOptions {
  schema: GraphQLSchema;
  /** What subscriptions follow. */
  feed: EventFeed;
  clock: Clock;
  tokens: TokenVerifier;
  instances: Instances;
  /** AUTH_MODE=demo: for this machine alone. */
  isDemo: boolean;
  health: Health;
  log: Log;
  random: Random;
  isProduction: boolean;
  corsOrigins: readonly string[];
  rateLimits: RateLimits;
  socketLimits?: Partial<SocketLimits>;
  metrics: Metrics;
  hasMetricsPort: boolean;
  /** Paths of the OAuth round trip. */
  signInRoutes(app: FastifyInstance): void;
}

const GRAPHQL_PATH = '/graphql';
/** How long a request may take to arrive, and then to be answered. */
const REQUEST_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 60_000;

/** Fastify with GraphQL on /graphql, health and metrics. Not yet listening. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { schema, tokens, feed, clock, log, random, isProduction, corsOrigins } = options;
  const app = Fastify({
    loggerInstance: log.child({}, { level: 'warn' }) as FastifyBaseLogger,
    requestTimeout: REQUEST_TIMEOUT_MS,
    handlerTimeout: ANSWER_TIMEOUT_MS,
    genReqId: () => random.bytes(8).toString('hex'),
    routerOptions: { maxParamLength: 256 },
  });
  const format = errorFormatter(log, random, isProduction, (code) => options.metrics.countError(code));
  registerSecurityHeaders(app);
  if (options.isDemo) registerDemoGuard(app);
  registerBodies(app);
  registerRequestFaults(app, format);
  if (corsOrigins.length > 0)
    await app.register(cors, { origin: [...corsOrigins], methods: ['GET', 'POST'], maxAge: 600 });
  // before the body is read: who has no token makes nobody parse megabytes
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === GRAPHQL_PATH && request.method !== 'OPTIONS')
      request.caller = await tokens.caller(request.headers.authorization);
  });

  const executor = new JitGateway(schema);
  const limits = new OperationLimits(schema, options.rateLimits);
  const apollo = new ApolloServer<GatewayContext>({
    gateway: executor,
    introspection: !isProduction,
    includeStacktraceInErrorResponses: false,
    // main.ts ends the process in order; Apollo would raise the signal once more in the middle of it
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: isProduction,
    formatError: format,
    // nobody asked for it, and every caller could fill its memory
    persistedQueries: false,
    logger: log as never,
    parseOptions: { maxTokens: MAX_TOKENS },
    plugins: [
      operationLimits(limits),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      fastifyApolloDrainPlugin(app),
    ],
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    path: GRAPHQL_PATH,
    method: ['GET', 'POST', 'OPTIONS'],
    context: async (request: FastifyRequest) => contextOf(request, log),
  });

  const operations = new SocketOperations({ schema, limits, executor, feed, format, log, random, isProduction });
  registerWebSockets(app, {
    path: GRAPHQL_PATH,
    operations,
    tokens,
    instances: options.instances,
    isRefused: ({ headers }) => options.isDemo && demoRefusal(headers) !== null,
    clock,
    log,
    corsOrigins,
    ...options.socketLimits,
  });

  registerHealth(app, options.health);
  options.metrics.observe(app);
  if (!options.hasMetricsPort) options.metrics.serve(app, false);
  options.signInRoutes(app);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ message: `There is nothing here. GraphQL is at ${GRAPHQL_PATH}.` }),
  );
  return app;
}

function contextOf({ caller, id }: FastifyRequest, log: Log): GatewayContext {
  if (!caller) throw new Error('A request has come to GraphQL without a caller.');
  return { caller, instanceId: caller.instanceId, requestId: id, log };
}
