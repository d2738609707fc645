import { getNamedType, type GraphQLSchema } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { socketUrl } from '../support/socket.js';
import type { TestGateway } from '../support/test-gateway.js';
import type { Variables } from './base-arguments.js';
import type { Named } from './fill-instance.js';
import type { GatewayAnswer } from './same-answer.js';
import { type FieldWithArguments, selectionOf } from './schema-walk.js';

export type Ask = (query: string, variables?: Variables) => Promise<GatewayAnswer>;

/** One socket for all that is asked, as a client of The Layer keeps it. */
export function askOverSocket(gateway: Pick<TestGateway, 'url'>, token: string): { ask: Ask; client: Client } {
  const client = createClient({
    url: socketUrl(gateway),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    lazyCloseTimeout: 60_000,
    retryAttempts: 0,
  });
  const ask: Ask = (query, variables) =>
    new Promise((resolve, reject) => {
      client.subscribe(
        { query, variables },
        {
          next: (answer) => resolve(answer as GatewayAnswer),
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error as Error)),
          complete: () => undefined,
        },
      );
    });
  return { ask, client };
}

export interface Call {
  query: string;
  variables: Variables;
}

/** Where a type without an id of its own hangs. */
const PLACES: Record<string, (asked: string) => string> = {
  ErrorGroup: (asked) => `errorQueue { ${asked} }`,
};

/** The operation that asks for a field with these arguments; for all that it has, or what is selected of it. */
export function callOf(
  schema: GraphQLSchema,
  { parent, field }: FieldWithArguments,
  { variables, names, selection }: { variables: Variables; names: Named; selection?: string },
): Call {
  const isMutation = parent.name === 'Mutation';
  const used = field.args.filter(({ name }) => name in variables);
  const declared = used.map(({ name, type }) => `$${name}: ${type}`);
  const given = used.map(({ name }) => `${name}: $${name}`).join(', ');
  const all = selectionOf(schema, getNamedType(field.type), 1, { withoutRows: isMutation });
  const asked = `${field.name}${given && `(${given})`} ${selection ?? all}`;
  const place = ['Query', 'Mutation'].includes(parent.name) ? (text: string) => text : PLACES[parent.name];
  if (place) return { query: operation(isMutation ? 'mutation' : 'query', declared, place(asked)), variables };
  const node = parent.name === 'Receipt' ? names.receipts.suggested : names.ids[parent.name];
  const onNode = `node(id: $node) { ... on ${parent.name} { ${asked} } }`;
  return { query: operation('query', [...declared, '$node: ID!'], onNode), variables: { ...variables, node } };
}

const operation = (type: string, declared: readonly string[], selected: string) =>
  `${type} ${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${selected} }`;

/** The same variables with this value at this place; what is missing on the way there is made. */
export function withValue(variables: Variables, path: readonly (string | number)[], value: string): Variables {
  const copy = structuredClone(variables);
  let at = copy as Record<string | number, unknown>;
  path.forEach((part, index) => {
    if (index === path.length - 1) at[part] = value;
    else at = (at[part] ??= typeof path[index + 1] === 'number' ? [] : {}) as Record<string | number, unknown>;
  });
  return copy;
}
