import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Caller } from '../auth/caller.js';
import { fragmentsOf } from './document-shape.js';
import { costOf, MAX_COST } from './operation-cost.js';
import type { RateLimits } from './rate-limits.js';
import { badRequest, costsTooMuch, tooComplex } from './refusals.js';
import { declaredVariables, refuseLargeVariables } from './variable-limits.js';

const MAX_REMEMBERED = 1_000;

/** Of one operation, fragments multiplied out. */
const MAX_ROOT_FIELDS = 250;

/** An operation that has been parsed and found valid, as one of the transports was given it. */
export interface GivenOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode | null;
  operationName: string | null;
  /** SHA-256 of the document's text. */
  queryHash: string;
  variables: Record<string, unknown>;
  caller: Caller;
  /** Turns that reading the document has taken already. */
  turnsTaken?: number;
}

/** What an operation would cost, in fields, and whether that was too much. */
export interface ReckonedCost {
  operation: OperationDefinitionNode;
  cost: number;
  rootFields: number;
  isRefused: boolean;
}

/** Refuses, before anything runs, what would cost too much and what a caller asks for too often: the same over every transport. */
export class OperationLimits {
  private readonly costs = new Map<string, number>();
  private readonly rootFields = new WeakMap<OperationDefinitionNode, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rateLimits: RateLimits,
    private readonly onCost: (reckoned: ReckonedCost) => void = () => undefined,
  ) {}

  /** A document that was not seen before takes a turn before it is read, so that whoever sends only rubbish is stopped too. */
  takeTurnToRead(caller: Caller): void {
    takeTurns(this.rateLimits, caller, 1);
  }

  /** Throws a GraphQLError. Answers the operation. */
  check(given: GivenOperation): OperationDefinitionNode {
    const { document, operation, caller, turnsTaken = 0 } = given;
    if (!operation) throw badRequest('The document has no operation of that name, or has several and none was named.');
    const rootFields = this.rootFieldsOf(document, operation);
    if (rootFields > MAX_ROOT_FIELDS)
      throw tooComplex(`The operation has more than ${MAX_ROOT_FIELDS} root fields. Ask for them in several requests.`);
    if (rootFields > turnsTaken) takeTurns(this.rateLimits, caller, rootFields - turnsTaken);
    refuseLargeVariables(operation, given.variables);
    const variables = declaredVariables(operation, given.variables);
    refuseBadVariables(this.schema, operation, variables);
    const cost = this.costOf(operation, { ...given, variables });
    const isRefused = cost > MAX_COST;
    this.onCost({ operation, cost, rootFields, isRefused });
    if (isRefused) throw costsTooMuch(cost);
    return operation;
  }

  private rootFieldsOf(document: DocumentNode, operation: OperationDefinitionNode): number {
    const known = this.rootFields.get(operation);
    if (known !== undefined) return known;
    const counted = countRootFields(document, operation);
    this.rootFields.set(operation, counted);
    return counted;
  }

  private costOf(operation: OperationDefinitionNode, given: GivenOperation): number {
    const { document, operationName, queryHash, variables } = given;
    const key = `${queryHash}:${operationName ?? ''}:${costKeyOf(variables)}`;
    let cost = this.costs.get(key);
    if (cost === undefined) {
      cost = costOf({ schema: this.schema, fragments: fragmentsOf(document), operation, variables });
      if (this.costs.size >= MAX_REMEMBERED) this.costs.clear();
      this.costs.set(key, cost);
    }
    return cost;
  }
}

/** What of the variables bears on the cost: numbers ("first") and flags (@skip, @include), by name. */
function costKeyOf(variables: Record<string, unknown>): string {
  const bearing = Object.entries(variables).filter(
    ([, value]) => typeof value === 'number' || typeof value === 'boolean',
  );
  return JSON.stringify(bearing.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Before the cost, which is reckoned with their values. */
function refuseBadVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
    hideSuggestions: true,
  });
  const [error] = errors ?? [];
  if (error) throw badRequest(error.message);
}

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
