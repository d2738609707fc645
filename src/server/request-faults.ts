import type { FastifyError, FastifyInstance } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { AppError, badUserInput } from '../common/errors.js';
import { HttpRefusal } from './http-refusal.js';
import { answerType, JSON_TYPE } from './media-types.js';
import { MAX_BODY_BYTES, MAX_UPLOAD_BYTES } from './request-body.js';

const MEGABYTE = 1_024 * 1_024;
const MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: `The body is larger than ${MAX_BODY_BYTES / MEGABYTE} MB (${MAX_UPLOAD_BYTES / MEGABYTE} MB for importCustomerLinks).`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The content type is not understood. Send application/json.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty. Send {"query": "…"}.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON. Send {"query": "…"}.',
};

/** What goes wrong before GraphQL begins is answered as GraphQL answers: no token, no JSON, too much of it. The rest is masked. */
export function registerRequestFaults(
  app: FastifyInstance,
  format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): void {
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    const status = statusOf(error);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (error instanceof HttpRefusal) void reply.headers(error.headers);
    return reply
      .code(status)
      .type(answerType(request.headers.accept) ?? JSON_TYPE)
      .send({ errors: [format({ message: error.message }, shownFault(error, status))] });
  });
}

function statusOf(error: FastifyError | AppError): number {
  if (error instanceof HttpRefusal) return error.status;
  if (error instanceof AppError) return error.code === 'UNAUTHENTICATED' ? 401 : 400;
  return error.statusCode ?? 500;
}

function shownFault(error: FastifyError | AppError, status: number): Error {
  if (error instanceof AppError) return error;
  if (status < 400 || status >= 500) return error;
  return badUserInput(MESSAGES[error.code] ?? 'The request is malformed.');
}
