import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { isLoopback } from '../config/config.js';

/** Prometheus metrics of this process: its own state, and how long requests take. Answered to loopback callers only. */
export function registerMetrics(app: FastifyInstance): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'gateway_http_request_duration_seconds',
    help: 'How long HTTP requests took, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    duration.observe(
      { route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    );
  });
  app.get('/metrics', async (request, reply) => {
    const caller = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
    if (!isLoopback(caller)) return reply.code(404).send({ message: 'There is nothing here.' });
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
