import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../auth/request-context.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { AppError } from '../common/errors.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import { errorFormatter } from './format-error.js';
import { type Health, registerHealth } from './health.js';
import { JitGateway } from './jit-gateway.js';
import type { CallerRateLimit } from './caller-rate-limit.js';
import type { Metrics } from './metrics.js';
import { operationLimits } from './operation-limits.js';
import { registerSecurityHeaders } from './security-headers.js';

export interface HttpServerOptions {
  schema: GraphQLSchema;
  tokens: TokenVerifier;
  health: Health;
  log: Log;
  random: Random;
  isProduction: boolean;
  corsOrigins: readonly string[];
  rateLimit: CallerRateLimit;
  metrics: Metrics;
  hasMetricsPort: boolean;
  /** Paths of the OAuth round trip. */
  signInRoutes(app: FastifyInstance): void;
}

/** A customers upload may have 10 MB (importCustomerLinks), and JSON's escapes up to double it. */
const BODY_LIMIT_BYTES = 22 * 1_024 * 1_024;
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_TOKENS = 5_000;

/** Fastify with GraphQL on /graphql, health and metrics. Not yet listening. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { log, random, isProduction } = options;
  const app = Fastify({
    loggerInstance: log.child({}, { level: 'warn' }) as FastifyBaseLogger,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => random.bytes(8).toString('hex'),
    routerOptions: { maxParamLength: 256 },
  });
  registerSecurityHeaders(app);
  if (options.corsOrigins.length > 0)
    await app.register(cors, { origin: [...options.corsOrigins], methods: ['GET', 'POST'], maxAge: 600 });

  const apollo = new ApolloServer<GatewayContext>({
    gateway: new JitGateway(options.schema),
    introspection: !isProduction,
    includeStacktraceInErrorResponses: false,
    // main.ts ends the process in order; Apollo would raise the signal once more in the middle of it
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: isProduction,
    formatError: errorFormatter(log, random, isProduction),
    logger: log as never,
    // what a console writes has some hundred tokens
    parseOptions: { maxTokens: MAX_TOKENS },
    plugins: [
      operationLimits(options.schema, options.rateLimit),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      fastifyApolloDrainPlugin(app),
    ],
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    path: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    context: (request: FastifyRequest) => contextOf(request, options),
  });

  registerHealth(app, options.health);
  options.metrics.observe(app);
  if (!options.hasMetricsPort) options.metrics.serve(app, false);
  options.signInRoutes(app);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ message: 'There is nothing here. GraphQL is at /graphql.' }),
  );
  return app;
}

async function contextOf(request: FastifyRequest, { tokens, log }: HttpServerOptions): Promise<GatewayContext> {
  try {
    const caller = await tokens.caller(request.headers.authorization);
    return { caller, instanceId: caller.instanceId, requestId: request.id, log };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error;
    throw new GraphQLError(error.message, {
      extensions: { code: error.code, http: { status: 401 } },
      originalError: error,
    });
  }
}
