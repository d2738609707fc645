import type { FastifyInstance } from 'fastify';

export const MAX_BODY_BYTES = 1_024 * 1_024;
/** A customers upload may have 10 MB (importCustomerLinks), and JSON's escapes up to double it. */
export const MAX_UPLOAD_BYTES = 22 * 1_024 * 1_024;

/** Reads JSON of up to a megabyte, and of more for the one mutation that carries a file, from callers who may send it. */
export function registerBodies(app: FastifyInstance): void {
  // what a form of any page can send without asking (CSRF) is not read at all
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_UPLOAD_BYTES },
    (request, text, done) => {
      if (Buffer.byteLength(text) <= MAX_BODY_BYTES) return void parseJson(request, text, done);
      // reading it takes the process some time: only for those who could use it
      if (!request.caller?.scopes.has('mappings:write')) return done(tooLarge());
      void parseJson(request, text, (error, body: unknown) => {
        if (error) done(error);
        else if (!isUpload(body)) done(tooLarge());
        else done(null, body);
      });
    },
  );
}

function isUpload(body: unknown): boolean {
  const query = (body as { query?: unknown } | null)?.query;
  return typeof query === 'string' && query.includes('importCustomerLinks');
}

function tooLarge(): Error {
  return Object.assign(new Error('The body is too large.'), { statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE' });
}
