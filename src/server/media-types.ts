import Negotiator from 'negotiator';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const GRAPHQL_RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';

/**
 * What an answer is sent as, by the request's Accept header: the one that it prefers, JSON when it has no preference, null when it
 * takes neither. As Apollo Server chooses, so that faults that never reach it are sent as its own answers are.
 */
export function answerType(accept: string | undefined): string | null {
  if (accept === undefined || accept === '') return JSON_TYPE;
  return new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_RESPONSE_TYPE]) ?? null;
}
