import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { isLoopback } from '../common/loopback.js';

/** Prometheus metrics of this process: its own state, and how long requests take. */
export class Metrics {
  readonly registry = new Registry();
  private readonly duration = new Histogram({
    name: 'gateway_http_request_duration_seconds',
    help: 'How long HTTP requests took, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });

  private readonly errors = new Counter({
    name: 'gateway_graphql_errors_total',
    help: 'Errors in GraphQL answers, by their code.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  private readonly cost = new Histogram({
    name: 'gateway_graphql_operation_cost',
    help: 'What GraphQL operations cost, in fields, by type: once while an operation is known, and each time that it is refused for it.',
    labelNames: ['type'],
    buckets: [10, 100, 1_000, 10_000, 25_000, 50_000, 100_000],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  countError(code: string): void {
    this.errors.inc({ code });
  }

  observeCost(type: string, cost: number): void {
    this.cost.observe({ type }, cost);
  }

  observe(app: FastifyInstance): void {
    app.addHook('onResponse', async (request, reply) => {
      const labels = { route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) };
      this.duration.observe(labels, reply.elapsedTime / 1_000);
    });
  }

  /** On a port of its own it answers everybody (METRICS_PORT); beside GraphQL only callers on this machine. */
  serve(app: FastifyInstance, isPortOfItsOwn: boolean): void {
    app.get('/metrics', async (request, reply) => {
      if (!isPortOfItsOwn && !isLocal(request)) return reply.code(404).send({ message: 'There is nothing here.' });
      return reply.type(this.registry.contentType).send(await this.registry.metrics());
    });
  }
}

/** A proxy on this machine calls from loopback too, for callers from anywhere: it gives itself away by what it adds. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers;
  return !isForwarded && isLoopback(socket.remoteAddress ?? '');
}
