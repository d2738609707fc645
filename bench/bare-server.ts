// The gateway's HTTP server without any limit: Fastify, Apollo and the compiled executor as src/server/http-server.ts has them, and tokens.
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import fastifyApollo from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { GatewayContext } from '../src/auth/request-context.js';
import { errorFormatter } from '../src/server/format-error.js';
import type { HttpServerOptions } from '../src/server/http-server.js';
import { JitGateway } from '../src/server/jit-gateway.js';

export async function createBareServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { schema, tokens, log, random } = options;
  const app = Fastify();
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = await tokens.caller(request.headers.authorization);
  });
  const apollo = new ApolloServer<GatewayContext>({
    gateway: new JitGateway(schema),
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
