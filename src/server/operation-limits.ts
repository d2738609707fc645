import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Caller } from '../auth/caller.js';
import { costOf, MAX_COST } from './operation-cost.js';
import type { RateLimits } from './rate-limits.js';
import { type ReadOperation, readOperation } from './read-operation.js';
import { badRequest, costsTooMuch, tooComplex } from './refusals.js';
import { refuseLargeVariables } from './variable-limits.js';

/** Of one operation, fragments multiplied out. */
const MAX_ROOT_FIELDS = 250;

/** Costs of one operation, by what of its variables bears on them. */
const MAX_COSTS_KEPT = 20;

/** An operation that has been parsed and found valid, as one of the transports was given it. */
export interface GivenOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode | null;
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

interface Known extends ReadOperation {
  costs: Map<string, number>;
}

/** Refuses, before anything runs, what would cost too much and what a caller asks for too often: the same over every transport. */
export class OperationLimits {
  /** What is read of an operation is kept as long as its document is (KnownDocuments). */
  private readonly known = new WeakMap<OperationDefinitionNode, Known>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rateLimits: RateLimits,
    /** Told what is reckoned: once for an operation and what of its variables bears on it, and each time that it is refused for it. */
    private readonly onCost: (reckoned: ReckonedCost) => void = () => undefined,
  ) {}

  /** A document that was not seen before takes a turn before it is read, so that whoever sends only rubbish is stopped too. */
  takeTurnToRead(caller: Caller): void {
    takeTurns(this.rateLimits, caller, 1);
  }

  /** Throws a GraphQLError. Answers the operation. */
  check({ document, operation, variables, caller, turnsTaken = 0 }: GivenOperation): OperationDefinitionNode {
    const known = operation && this.read(document, operation);
    const rootFields = known?.rootFields ?? 1;
    if (rootFields > MAX_ROOT_FIELDS)
      throw tooComplex(`The operation has more than ${MAX_ROOT_FIELDS} root fields. Ask for them in several requests.`);
    if (rootFields > turnsTaken) takeTurns(this.rateLimits, caller, rootFields - turnsTaken);
    if (!known) throw noOperation(document);
    refuseLargeVariables(variables, known.uploadVariable);
    if (!areTexts(known.textVariables, variables)) refuseBadVariables(this.schema, operation, variables);
    const cost = this.costOf(operation, known, variables);
    if (cost > MAX_COST) throw costsTooMuch(cost);
    return operation;
  }

  private read(document: DocumentNode, operation: OperationDefinitionNode): Known {
    let known = this.known.get(operation);
    if (!known) {
      known = { ...readOperation(document, operation), costs: new Map() };
      this.known.set(operation, known);
    }
    return known;
  }

  private costOf(operation: OperationDefinitionNode, known: Known, variables: Record<string, unknown>): number {
    const { fragments, bearingVariables, costs } = known;
    const key = bearingVariables.length === 0 ? '' : keyOf(bearingVariables, variables);
    const reckoned = costs.get(key);
    if (reckoned !== undefined && reckoned <= MAX_COST) return reckoned;
    const cost = reckoned ?? costOf({ schema: this.schema, fragments, operation, variables });
    if (costs.size >= MAX_COSTS_KEPT) costs.clear();
    costs.set(key, cost);
    this.onCost({ operation, cost, rootFields: known.rootFields, isRefused: cost > MAX_COST });
    return cost;
  }
}

function noOperation({ definitions }: DocumentNode): GraphQLError {
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  return badRequest(
    operations > 1
      ? 'There are several operations. Say in operationName which one is meant.'
      : 'There is no operation of that name in the document.',
  );
}

/** What is not given takes its default, and null does not. */
function keyOf(names: readonly string[], variables: Record<string, unknown>): string {
  return JSON.stringify(names.map((name) => (variables[name] === undefined ? [] : [variables[name]])));
}

/** The usual case, and a tenth of the price of comparing them with their types. */
function areTexts(names: readonly string[] | null, variables: Record<string, unknown>): boolean {
  return names !== null && names.every((name) => typeof variables[name] === 'string');
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
