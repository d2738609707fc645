import type { FastifyInstance } from 'fastify';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-site',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'",
  'cache-control': 'no-store',
};

/** In production TLS ends before the gateway or nowhere: a browser that has come by HTTPS once shall not come otherwise. */
const PRODUCTION_HEADERS = { ...HEADERS, 'strict-transport-security': 'max-age=31536000' };

export function registerSecurityHeaders(app: FastifyInstance, isProduction: boolean): void {
  const headers = isProduction ? PRODUCTION_HEADERS : HEADERS;
  // with a callback: it runs for every answer, and a promise costs more than the hook does
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(headers);
    done(null, payload);
  });
}
