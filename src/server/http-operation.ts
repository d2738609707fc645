import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { type DocumentNode, type GraphQLError, type GraphQLFormattedError, OperationTypeNode, parse } from 'graphql';
import type { GatewayContext } from '../auth/request-context.js';
import type { AdmittedDocument, DocumentGate } from './document-gate.js';
import { answerType, JSON_TYPE } from './media-types.js';
import type { OperationLimits } from './operation-limits.js';
import { badRequest } from './refusals.js';

export interface HttpOperationParts {
  gate: DocumentGate;
  limits: OperationLimits;
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

type Listener = GraphQLRequestListener<GatewayContext>;
type Hook<Name extends keyof Listener> = Parameters<NonNullable<Listener[Name]>>[0];

/** Stands for a document that was refused, so that Apollo does not read that itself; it is never executed. */
const REFUSED = parse('{ __typename }');

/** The gate and the limits for operations that come over HTTP, and the status of what they refuse: one plugin, as Apollo waits for each. */
export function httpOperations(parts: HttpOperationParts): ApolloServerPlugin<GatewayContext> {
  return { requestDidStart: async () => new HttpOperation(parts) };
}

/**
 * One operation on its way through Apollo, which parses and validates only what no plugin has given it a document for. Apollo has no
 * hook in which a plugin could answer with several errors, so the first is thrown and the others are put beside it.
 */
class HttpOperation implements Listener {
  private admitted: AdmittedDocument | null = null;
  private refusals: GraphQLError[] = [];

  constructor(private readonly parts: HttpOperationParts) {}

  async didResolveSource(context: Hook<'didResolveSource'>): Promise<void> {
    try {
      this.admitted = this.parts.gate.admit(context.source, context.contextValue.caller, context.queryHash);
    } catch (error) {
      this.refusals = (Array.isArray(error) ? error : [error]) as GraphQLError[];
    }
    (context as { document?: DocumentNode }).document = this.admitted?.document ?? REFUSED;
  }

  async didResolveOperation({
    request,
    document,
    operation,
    contextValue,
  }: Hook<'didResolveOperation'>): Promise<void> {
    if (!this.admitted) throw this.refusals[0] ?? badRequest('The document was not read.');
    this.parts.limits.check({
      document,
      operation: operation ?? null,
      variables: request.variables ?? {},
      caller: contextValue.caller,
      turnsTaken: this.admitted.turnsTaken,
    });
    if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
      throw badRequest('Subscriptions go over a WebSocket on this path, with the protocol graphql-transport-ws.');
  }

  async willSendResponse({ request, response: { body, http } }: Hook<'willSendResponse'>): Promise<void> {
    if (body.kind !== 'single') return;
    const result = body.singleResult;
    if (this.refusals.length > 1) {
      const others = this.refusals.slice(1).map((refusal) => this.parts.format(refusal.toJSON(), refusal));
      result.errors = [...(result.errors ?? []), ...others];
    }
    // A document that is refused (it does not parse, does not fit the schema, costs too much) is 400 as
    // `application/graphql-response+json`, and 200 as `application/json`, where clients of old take any other status for an answer that
    // is not GraphQL's (GraphQL over HTTP, section 6.4). What is wrong with the request itself stays 4xx in both.
    const isRefused = http.status === 400 && Boolean(request.query) && result.data === undefined;
    if (isRefused && answerType(request.http?.headers.get('accept')) === JSON_TYPE) http.status = 200;
  }
}
