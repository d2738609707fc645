import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError } from '../common/errors.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import { apolloWords } from './apollo-words.js';

/** Codes of what never reached a resolver: their messages speak of the request only. */
const CODES_OF_REQUESTS = new Set([
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** The contract has one word for these (contract/environment.md, "Errors"). */
const CODES_OF_APOLLO_ALONE = new Set(['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED']);

/** Messages quote what a caller has sent, which may be a megabyte. */
const MAX_MESSAGE = 1_000;

const DATABASE_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'PROTOCOL_CONNECTION_LOST',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EPIPE',
  'ER_CON_COUNT_ERROR',
  'SQLITE_BUSY',
  'SQLITE_CANTOPEN',
]);

/** The one place where whatever was thrown becomes what a caller sees: known codes as they are, the rest masked and logged with an id. */
export function errorFormatter(log: Log, random: Random, isProduction: boolean, count: (code: string) => void) {
  const format = (formatted: GraphQLFormattedError, error: unknown) => {
    const { locations, path } = formatted;
    const original = unwrapResolverError(error);
    if (original instanceof AppError)
      return { message: shortened(original.message), locations, path, extensions: { code: original.code } };
    const code = codeOf(formatted, original);
    if (code !== null) {
      const message = shortened(apolloWords(formatted));
      const shown = isProduction ? message.replace(/ Did you mean .*\?$/s, '') : message;
      return { message: shown, locations, path, extensions: { code } };
    }
    const errorId = random.bytes(8).toString('hex');
    log.error({ errorId, path, err: original }, 'graphql: an operation failed');
    return {
      message: maskedMessage(original, errorId),
      locations,
      path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
    };
  };
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const shown = format(formatted, error);
    count(shown.extensions.code);
    return shown;
  };
}

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}…`;
}

function codeOf(formatted: GraphQLFormattedError, original: unknown): string | null {
  const code = formatted.extensions?.code;
  if (typeof code === 'string' && CODES_OF_REQUESTS.has(code))
    return CODES_OF_APOLLO_ALONE.has(code) ? 'BAD_USER_INPUT' : code;
  // a variable that does not fit its type: graphql-jit reports it without a code, and there was no resolver to throw it
  const isFromGraphql = original instanceof GraphQLError && !formatted.path;
  return isFromGraphql && !original.originalError ? 'BAD_USER_INPUT' : null;
}

function maskedMessage(original: unknown, errorId: string): string {
  const code =
    (original as { code?: unknown; driverError?: { code?: unknown } } | null)?.code ??
    (original as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  if (typeof code === 'string' && DATABASE_ERRORS.has(code)) {
    // the connection may have gone while a change was being stored, so nothing is promised about it
    return `The gateway cannot reach its database. Try again shortly; after a mutation, look first whether it took effect (error ${errorId}).`;
  }
  return `Something went wrong on our side. Quote the error ${errorId} to whoever runs the gateway.`;
}
