import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GatewayGraphQLRequestContext, GatewayInterface } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
} from 'graphql';
import type { GatewayContext } from '../auth/request-context.js';
import type { CompiledOperations } from './compiled-operations.js';
import type { DocumentGate } from './document-gate.js';
import { answerType, JSON_TYPE } from './media-types.js';
import type { OperationLimits } from './operation-limits.js';
import { badRequest } from './refusals.js';

export interface HttpOperationsParts {
  gate: DocumentGate;
  limits: OperationLimits;
  executor: CompiledOperations;
  schema: GraphQLSchema;
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/** Apollo Server 5 has no option for an executor; a gateway is the way in, and it wants a text here that nothing reads. */
const NO_SUPERGRAPH = 'type Query { unused: Boolean }';

/** Stands for a document that was refused, so that Apollo does not read that itself; it is never executed. */
const REFUSED = parse('{ __typename }');

/**
 * Operations over HTTP, at the two ends where Apollo lets them be got hold of: the gate before it would read a document, the limits
 * before one is executed. What goes well has no listener: Apollo would wait for it at each of its steps, and for nothing.
 */
export class HttpOperations implements GatewayInterface {
  /** Turns that reading a request's document has taken already. */
  private readonly turnsTaken = new WeakMap<object, number>();

  constructor(private readonly parts: HttpOperationsParts) {}

  /** Apollo parses and validates only what no plugin has given it a document for. */
  plugin(): ApolloServerPlugin<GatewayContext> {
    return {
      requestDidStart: async (context) => {
        const { request, contextValue } = context;
        if (!request.query) return;
        const held = context as { document?: DocumentNode };
        try {
          const { document, turnsTaken } = this.parts.gate.admit(request.query, contextValue.caller);
          held.document = document;
          if (turnsTaken) this.turnsTaken.set(contextValue, turnsTaken);
        } catch (error) {
          held.document = REFUSED;
          const accept = request.http?.headers.get('accept');
          return this.refusing([error].flat().map((refusal) => withStatus(refusal, accept)));
        }
      },
    };
  }

  onSchemaLoadOrUpdate(callback: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]): () => void {
    callback({ apiSchema: this.parts.schema, coreSupergraphSdl: NO_SUPERGRAPH });
    return () => undefined;
  }

  async load(): ReturnType<GatewayInterface['load']> {
    return { executor: async (context) => (await this.execute(context)) as never };
  }

  async stop(): Promise<void> {}

  private execute(context: GatewayGraphQLRequestContext): Promise<ExecutionResult> {
    const { request, document, operationName, queryHash } = context;
    const variables = request.variables ?? {};
    try {
      this.check(context, variables);
    } catch (error) {
      throw withStatus(error, request.http?.headers.get('accept'));
    }
    return this.parts.executor.run({ queryHash, document, operationName, variables, context: context.context });
  }

  private check(
    { document, operation, context }: GatewayGraphQLRequestContext,
    variables: Record<string, unknown>,
  ): void {
    const { caller } = context as GatewayContext;
    const turnsTaken = this.turnsTaken.get(context) ?? 0;
    this.parts.limits.check({ document, operation: operation ?? null, variables, caller, turnsTaken });
    if (operation.operation === OperationTypeNode.SUBSCRIPTION)
      throw badRequest('Subscriptions go over a WebSocket on this path, with the protocol graphql-transport-ws.');
  }

  /** Apollo has no hook in which a plugin could answer with several errors: the first is thrown, and the others are put beside it. */
  private refusing([first, ...others]: unknown[]): GraphQLRequestListener<GatewayContext> {
    return {
      didResolveOperation: async () => {
        throw first;
      },
      willSendResponse: async ({ response: { body } }) => {
        if (body.kind !== 'single') return;
        const shown = others.map((other) => this.parts.format((other as GraphQLError).toJSON(), other));
        body.singleResult.errors = [...(body.singleResult.errors ?? []), ...shown];
      },
    };
  }
}

/**
 * A document that is refused (it does not parse, does not fit the schema, costs too much) is 400 as
 * `application/graphql-response+json`, and 200 as `application/json`, where clients of old take any other status for an answer that is
 * not GraphQL's (GraphQL over HTTP, section 6.4). What is wrong with the request itself stays 4xx in both.
 */
function withStatus(refusal: unknown, accept: string | null | undefined): unknown {
  if (!(refusal instanceof GraphQLError)) return refusal;
  const { message, nodes, source, positions, path, extensions } = refusal;
  if ((extensions.http as { status?: number } | undefined)?.status !== 400) return refusal;
  if (answerType(accept ?? undefined) !== JSON_TYPE) return refusal;
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    path,
    extensions: { ...extensions, http: { status: 200 } },
  });
}
