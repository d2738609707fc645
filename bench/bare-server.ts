// The gateway's HTTP server without any limit: Fastify, Apollo, the compiled executor, headers and tokens as src/server/http-server.ts has them.
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import fastifyApollo from '@as-integrations/fastify';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../src/auth/request-context.js';
import { errorFormatter } from '../src/server/format-error.js';
import { registerSecurityHeaders } from '../src/server/security-headers.js';
import type { HttpServerOptions } from '../src/server/http-server.js';
import { CompiledOperations } from '../src/server/compiled-operations.js';

export async function createBareServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { schema, tokens, log, random } = options;
  const app = Fastify({ loggerInstance: log.child({}, { level: 'warn' }) as FastifyBaseLogger });
  registerSecurityHeaders(app, options.isProduction);
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = await tokens.caller(request.headers.authorization);
  });
  const apollo = new ApolloServer<GatewayContext>({
    gateway: gatewayOf(schema),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: errorFormatter(log, random, false, () => undefined),
    persistedQueries: false,
    logger: log as never,
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    context: async ({ caller, id }: FastifyRequest) => {
      if (!caller) throw new Error('There is no caller.');
      return { caller, instanceId: caller.instanceId, requestId: id, log };
    },
  });
  options.metrics.observe(app);
  return app;
}

/** Documents run compiled, and nothing else. */
function gatewayOf(schema: GraphQLSchema): GatewayInterface {
  const operations = new CompiledOperations(schema);
  return {
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: 'type Query { unused: Boolean }' });
      return () => undefined;
    },
    load: async () => ({
      executor: async ({ request, ...operation }) =>
        (await operations.run({ ...operation, variables: request.variables ?? {} })) as never,
    }),
    stop: async () => undefined,
  };
}
