import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Instances } from '../auth/instances.js';
import type { GatewayContext } from '../auth/request-context.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { EventFeed } from '../events/event-feed.js';
import { CompiledOperations } from './compiled-operations.js';
import { DocumentGate } from './document-gate.js';
import { DOCUMENT_LIMITS } from './document-limits.js';
import { demoRefusal, registerDemoGuard } from './demo-guard.js';
import { errorFormatter } from './format-error.js';
import { type GraphqlRoute, registerFrontDoor } from './front-door.js';
import { type Health, registerHealth } from './health.js';
import { HttpOperations } from './http-operations.js';
import { LOAD_LIMITS, type LoadLimits, LoadShedding } from './load-shedding.js';
import { KnownDocuments } from './known-documents.js';
import type { Metrics } from './metrics.js';
import { OperationLimits } from './operation-limits.js';
import type { RateLimits } from './rate-limits.js';
import { registerBodies } from './request-body.js';
import { registerRequestFaults } from './request-faults.js';
import { costWatch } from './cost-watch.js';
import { SocketOperations } from './socket-operations.js';
import { registerSecurityHeaders } from './security-headers.js';
import { registerWebSockets } from './web-sockets.js';
import type { SocketLimits } from './web-socket.js';

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
  /** Instead of the usual ones. */
  httpLimits?: Partial<HttpLimits>;
  socketLimits?: Partial<SocketLimits>;
  metrics: Metrics;
  hasMetricsPort: boolean;
  /** Paths of the OAuth round trip. */
  signInRoutes(app: FastifyInstance): void;
}

const GRAPHQL_PATH = '/graphql';

export interface HttpLimits extends LoadLimits {
  /** How long a request's headers may take to arrive, then all of it, and then its answer. */
  headersMs: number;
  requestMs: number;
  answerMs: number;
}

const HTTP_LIMITS: HttpLimits = { ...LOAD_LIMITS, headersMs: 15_000, requestMs: 60_000, answerMs: 60_000 };

/** Exact origins only (CORS_ORIGINS); no cookies are read, so none are let through. */
const CORS = {
  methods: ['GET', 'POST'],
  allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'],
  exposedHeaders: ['retry-after', 'www-authenticate'],
  maxAge: 600,
};

/** Fastify with GraphQL on /graphql, health and metrics. Not yet listening. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { schema, tokens, feed, clock, log, random, isProduction, corsOrigins } = options;
  const httpLimits = { ...HTTP_LIMITS, ...options.httpLimits };
  const app = Fastify({
    loggerInstance: log.child({}, { level: 'warn' }) as FastifyBaseLogger,
    http: { headersTimeout: httpLimits.headersMs },
    requestTimeout: httpLimits.requestMs,
    // the front door turns requests away while the process stops, in GraphQL's words
    return503OnClosing: false,
    genReqId: requestIds(random),
    routerOptions: { maxParamLength: 256 },
  });
  const format = errorFormatter(log, random, isProduction, (code) => options.metrics.countError(code));
  registerSecurityHeaders(app, isProduction);
  if (options.isDemo) registerDemoGuard(app);
  registerBodies(app);
  registerRequestFaults(app, format);
  if (corsOrigins.length > 0) await app.register(cors, { ...CORS, origin: [...corsOrigins] });

  const executor = new CompiledOperations(schema);
  const limits = new OperationLimits(schema, options.rateLimits, costWatch(log, options.metrics));
  const gate = new DocumentGate(new KnownDocuments(schema, isProduction), limits, log);
  const httpOperations = new HttpOperations({ schema, gate, limits, executor, format });
  const apollo = new ApolloServer<GatewayContext>({
    gateway: httpOperations,
    introspection: !isProduction,
    includeStacktraceInErrorResponses: false,
    // main.ts ends the process in order; Apollo would raise the signal once more in the middle of it
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: isProduction,
    formatError: format,
    // nobody asked for it, and every caller could fill its memory
    persistedQueries: false,
    logger: log as never,
    // documents are read by the gate, and kept there
    documentStore: null,
    parseOptions: { maxTokens: DOCUMENT_LIMITS.tokens },
    plugins: [
      httpOperations.plugin(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      fastifyApolloDrainPlugin(app),
    ],
  });
  await apollo.start();
  const load = new LoadShedding(httpLimits);
  registerFrontDoor(
    app,
    { tokens, load, answerMs: httpLimits.answerMs },
    {
      url: GRAPHQL_PATH,
      answer: fastifyApolloHandler(apollo, {
        context: async (request: FastifyRequest) => contextOf(request, log),
      }) as GraphqlRoute['answer'],
    },
  );

  const operations = new SocketOperations({ schema, gate, limits, executor, feed, format, log, random });
  registerWebSockets(app, {
    path: GRAPHQL_PATH,
    operations,
    tokens,
    instances: options.instances,
    isRefused: ({ headers }) => options.isDemo && demoRefusal(headers) !== null,
    clock,
    log,
    corsOrigins,
    limits: options.socketLimits,
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

/** Unique across processes by their beginning, and within one by the number: random bytes for each request would cost more than its limits. */
function requestIds(random: Random): () => string {
  const process = random.bytes(6).toString('hex');
  let number = 0;
  return () => `${process}-${(number += 1).toString(36)}`;
}

function contextOf({ caller, id }: FastifyRequest, log: Log): GatewayContext {
  if (!caller) throw new Error('A request has come to GraphQL without a caller.');
  return { caller, instanceId: caller.instanceId, requestId: id, log };
}
