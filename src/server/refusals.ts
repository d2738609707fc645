import { GraphQLError } from 'graphql';
import { MAX_COST } from './operation-cost.js';

/** Refusals of an operation before it runs. Their messages say what to do. */
const refusal = (code: string) => (message: string) =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

export const unreadable = refusal('GRAPHQL_PARSE_FAILED');
export const invalid = refusal('GRAPHQL_VALIDATION_FAILED');
export const tooComplex = refusal('QUERY_TOO_COMPLEX');
export const badRequest = refusal('BAD_USER_INPUT');

export const costsTooMuch = (cost: number) =>
  tooComplex(
    `The operation costs ${cost}, and at most ${MAX_COST} is allowed. Ask for fewer rows ("first") or fewer fields.`,
  );
