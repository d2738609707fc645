import { GraphQLError } from 'graphql';

/** Refusals of an operation before it runs. Their messages say what to do. */
const refusal = (code: string) => (message: string) =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

export const unreadable = refusal('GRAPHQL_PARSE_FAILED');
export const invalid = refusal('GRAPHQL_VALIDATION_FAILED');
export const tooComplex = refusal('QUERY_TOO_COMPLEX');
export const badRequest = refusal('BAD_USER_INPUT');
