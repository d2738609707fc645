import type { GraphQLFormattedError } from 'graphql';

/** How what Apollo says of a bad request begins, and what is said instead. Anything else that it says stands. */
const INSTEAD: readonly (readonly [string, string])[] = [
  [
    'POST body missing, invalid Content-Type, or JSON object has no keys.',
    'The body has no "query". Send {"query": "…"} as application/json.',
  ],
  [
    'GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension.',
    'The request has no "query". Send {"query": "…"} by POST as application/json.',
  ],
  ['Operation batching disabled.', 'Send one operation at a time: an object, not a list.'],
  ['GET requests only support query operations, not mutation operations', 'Mutations go by POST.'],
  [
    'GET requests only support query operations, not subscription operations',
    'Subscriptions go over a WebSocket on this path, with the protocol graphql-transport-ws.',
  ],
  [
    'This operation has been blocked as a potential Cross-Site Request Forgery (CSRF).',
    'Send the query by POST as application/json, or by GET with the header "apollo-require-preflight: true".',
  ],
];

/** The message of an error. Apollo alone has the code BAD_REQUEST, and what it says under it quotes nothing of a caller's. */
export function apolloWords({ message, extensions }: GraphQLFormattedError): string {
  if (extensions?.code !== 'BAD_REQUEST') return message;
  return INSTEAD.find(([beginning]) => message.startsWith(beginning))?.[1] ?? message;
}
