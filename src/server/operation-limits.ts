import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { type ComplexityEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import type { Caller } from '../auth/caller.js';
import type { GatewayContext } from '../auth/request-context.js';
import type { RateLimits } from './rate-limits.js';

/** In fields: a page of 500 accounts with every figure costs about 25,000. */
export const MAX_COST = 100_000;
/** A field with `first` costs as many times what hangs below it. */
const pageEstimator: ComplexityEstimator = ({ args, childComplexity }) =>
  typeof args.first === 'number' ? 1 + Math.max(1, Math.min(args.first, 500)) * childComplexity : undefined;
const ESTIMATORS = [pageEstimator, simpleEstimator({ defaultComplexity: 1 })];
const MAX_REMEMBERED = 1_000;

/** Of a document: what a console writes has some hundred tokens. */
export const MAX_TOKENS = 5_000;

/** Of one operation, aliases counted one by one. */
export const MAX_ROOT_FIELDS = 1_000;

/** An operation that has been parsed and found valid, as one of the transports was given it. */
export interface GivenOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode | null;
  operationName: string | null;
  /** SHA-256 of the document's text. */
  queryHash: string;
  variables: Record<string, unknown>;
  caller: Caller;
}

/** Refuses, before anything runs, what would cost too much and what a caller asks for too often: the same over every transport. */
export class OperationLimits {
  private readonly costs = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rateLimits: RateLimits,
  ) {}

  /** Throws a GraphQLError. Answers the operation. */
  check({ document, operation, operationName, queryHash, variables, caller }: GivenOperation): OperationDefinitionNode {
    if (!operation) throw badRequest('The document has no operation of that name, or has several and none was named.');
    const rootFields = countRootFields(document, operation);
    if (rootFields > MAX_ROOT_FIELDS)
      throw tooComplex(`The operation has more than ${MAX_ROOT_FIELDS} root fields. Ask for them in several requests.`);
    takeTurns(this.rateLimits, caller, rootFields);
    refuseBadVariables(this.schema, operation, variables);
    const key = `${queryHash}:${operationName ?? ''}:${costKeyOf(variables)}`;
    let cost = this.costs.get(key);
    if (cost === undefined) {
      cost = costOf(this.schema, document, operationName, variables);
      if (this.costs.size >= MAX_REMEMBERED) this.costs.clear();
      this.costs.set(key, cost);
    }
    if (cost > MAX_COST)
      throw tooComplex(
        `The operation costs ${Number.isFinite(cost) ? cost : 'more than can be reckoned'}, and at most ${MAX_COST} is allowed. Ask for fewer rows ("first") or fewer fields.`,
      );
    return operation;
  }
}

/** The limits for HTTP, where Apollo has parsed and validated. */
export function operationLimits(limits: OperationLimits): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request, document, operation, operationName, queryHash, contextValue }) => {
        const { caller } = contextValue;
        const variables = request.variables ?? {};
        limits.check({
          document,
          operation: operation ?? null,
          operationName,
          queryHash: queryHash ?? '',
          variables,
          caller,
        });
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
          throw badRequest('Subscriptions go over a WebSocket on this path, with the protocol graphql-transport-ws.');
      },
    }),
  };
}

/** Infinity for a document of more fields, fragments unfolded, than are worth counting. */
function costOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null,
  variables: Record<string, unknown>,
): number {
  try {
    return getComplexity({
      schema,
      query,
      operationName: operationName ?? undefined,
      variables,
      estimators: ESTIMATORS,
    });
  } catch (error) {
    // the variables have been checked: all that is left for it to throw is its own limit of 10,000 nodes
    if (error instanceof GraphQLError) return Infinity;
    throw error;
  }
}

/** What of the variables bears on the cost: numbers ("first") and flags (@skip, @include), by name. */
function costKeyOf(variables: Record<string, unknown>): string {
  const bearing = Object.entries(variables).filter(
    ([, value]) => typeof value === 'number' || typeof value === 'boolean',
  );
  return JSON.stringify(bearing.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const tooComplex = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } } });

/** Before the cost, which is reckoned with their values. */
function refuseBadVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 5 });
  const [error] = errors ?? [];
  if (error) throw badRequest(error.message);
}

const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

function takeTurns(rateLimits: RateLimits, caller: Caller, rootFields: number): void {
  const waitMs = rateLimits.take(caller, rootFields);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1_000);
  throw new GraphQLError(`Too many requests. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
    extensions: { code: 'RATE_LIMITED', http: { status: 429, headers: new Map([['retry-after', String(seconds)]]) } },
  });
}

/**
 * Root fields are counted, not requests: a hundred aliases are a hundred turns. Each fragment is counted once, however often it is
 * spread: a few that spread the next one twice would otherwise be walked for hours.
 */
export function countRootFields(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet] as const] : [],
    ),
  );
  const counted = new Map<string, number>();
  const countFragment = (name: string): number => {
    const selectionSet = fragments.get(name);
    const fields = counted.get(name) ?? (selectionSet ? count(selectionSet) : 0);
    counted.set(name, fields);
    return fields;
  };
  const count = (selectionSet: SelectionSetNode): number =>
    selectionSet.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + count(selection.selectionSet);
      return sum + countFragment(selection.name.value);
    }, 0);
  return count(operation.selectionSet);
}
