import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, type GraphQLError, type GraphQLFormattedError, OperationTypeNode, parse } from 'graphql';
import type { Caller } from '../auth/caller.js';
import type { GatewayContext } from '../auth/request-context.js';
import type { Log } from '../common/log.js';
import type { KnownDocument, KnownDocuments } from './known-documents.js';
import type { OperationLimits } from './operation-limits.js';
import { badRequest } from './refusals.js';

/** A document that may be executed, and the turns that reading it took. */
export interface AdmittedDocument extends KnownDocument {
  turnsTaken: number;
}

/** The way in for documents, over every transport. */
export class DocumentGate {
  constructor(
    private readonly documents: KnownDocuments,
    private readonly limits: OperationLimits,
    private readonly log: Log,
  ) {}

  /** Throws a GraphQLError, or an array of them. */
  admit(text: string, caller: Caller, queryHash?: string): AdmittedDocument {
    const known = this.documents.known(text, queryHash);
    if (known) return { ...known, turnsTaken: 0 };
    this.limits.takeTurnToRead(caller);
    try {
      return { ...this.documents.read(text, queryHash), turnsTaken: 1 };
    } catch (error) {
      const [refusal] = error as GraphQLError[];
      if (refusal?.extensions.code === 'QUERY_TOO_COMPLEX')
        this.log.warn({ instance: caller.instance, reason: refusal.message }, 'graphql: a document was refused');
      throw error;
    }
  }
}

/** Stands for a document that was refused, so that Apollo does not read that itself; it is never executed. */
const REFUSED = parse('{ __typename }');

/**
 * The gate for HTTP. Apollo parses and validates only what no plugin has given it a document for; it has no hook in which a plugin
 * could answer with several errors, so the first is thrown and the others are put beside it.
 */
export function documentGate(
  gate: DocumentGate,
  limits: OperationLimits,
  format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => {
      let admitted: AdmittedDocument | null = null;
      let refusals: GraphQLError[] = [];
      return {
        didResolveSource: async (context) => {
          try {
            admitted = gate.admit(context.source, context.contextValue.caller, context.queryHash);
          } catch (error) {
            refusals = (Array.isArray(error) ? error : [error]) as GraphQLError[];
          }
          (context as { document?: DocumentNode }).document = admitted?.document ?? REFUSED;
        },
        didResolveOperation: async ({ request, document, operation, operationName, queryHash, contextValue }) => {
          if (!admitted) throw refusals[0] ?? badRequest('The document was not read.');
          const { turnsTaken } = admitted;
          const { caller } = contextValue;
          const variables = request.variables ?? {};
          limits.check({
            document,
            operation: operation ?? null,
            operationName,
            queryHash,
            variables,
            caller,
            turnsTaken,
          });
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
            throw badRequest('Subscriptions go over a WebSocket on this path, with the protocol graphql-transport-ws.');
        },
        willSendResponse: async ({ response: { body } }) => {
          if (body.kind !== 'single' || refusals.length < 2) return;
          const others = refusals.slice(1).map((refusal) => format(refusal.toJSON(), refusal));
          body.singleResult.errors = [...(body.singleResult.errors ?? []), ...others];
        },
      };
    },
  };
}
