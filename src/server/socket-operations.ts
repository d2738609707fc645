import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Caller } from '../auth/caller.js';
import type { GatewayContext } from '../auth/request-context.js';
import { systemClock } from '../common/clock.js';
import { inOrder } from '../common/in-order.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { EventFeed } from '../events/event-feed.js';
import type { StoredEvent } from '../events/event-log.sql.js';
import type { Subscriber, SubscriptionContext } from '../events/subscriber.js';
import type { CompiledOperations } from './compiled-operations.js';
import type { DocumentGate } from './document-gate.js';
import type { OperationLimits } from './operation-limits.js';
import { SharedExecutions, sharingKey } from './shared-executions.js';

/** Events of one subscriber that are worked out at the same time: one that catches up waits for the database less. */
const MOST_AHEAD = 16;

export interface SocketOperationsParts {
  schema: GraphQLSchema;
  gate: DocumentGate;
  limits: OperationLimits;
  executor: CompiledOperations;
  feed: EventFeed;
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  log: Log;
  random: Random;
}

/** What a client has sent in a subscribe message. */
export interface GivenPayload {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

/** An operation that may run. What graphql-ws wants to know of it is there, and what the gateway needs beside it. */
export interface PreparedOperation extends ExecutionArgs {
  document: DocumentNode;
  operationName: string | null;
  variableValues: Record<string, unknown>;
  queryHash: string;
  caller: Caller;
  subscriber: Subscriber;
}

/** Whose socket an operation came over. */
export interface SocketCaller {
  caller: Caller;
  /** Aborts when the operation or its socket ends. */
  signal: AbortSignal;
  onTooSlow(): void;
}

/** Operations over sockets: prepared by the rules of HTTP, run by the same executor, their errors formatted by the same formatter. */
export class SocketOperations {
  // real time: it is about how close together subscribers ask
  private readonly shared = new SharedExecutions(() => systemClock.now().getTime());

  constructor(private readonly parts: SocketOperationsParts) {}

  /** The operation, or the errors that refuse it. */
  prepare(payload: GivenPayload, { caller, signal, onTooSlow }: SocketCaller): PreparedOperation | GraphQLError[] {
    const { schema, gate, limits, feed } = this.parts;
    const operationName = payload.operationName ?? null;
    const variables = payload.variables ?? {};
    try {
      const { document, queryHash, turnsTaken } = gate.admit(payload.query, caller);
      const operation = getOperationAST(document, operationName) ?? null;
      limits.check({ document, operation, variables, caller, turnsTaken });
      const subscriber = { feed, signal, onTooSlow };
      return { schema, document, operationName, variableValues: variables, queryHash, caller, subscriber };
    } catch (error) {
      return (Array.isArray(error) ? error : [error]).map((fault) => this.shown(fault));
    }
  }

  /** A query or a mutation. */
  async execute(operation: PreparedOperation): Promise<ExecutionResult> {
    return this.formatted(await this.run(operation, undefined));
  }

  /** The answers of a subscription, one for each event; or the errors for which it cannot be opened. */
  async subscribe(operation: PreparedOperation): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    const { subscriber, caller, document, operationName, queryHash, variableValues: variables } = operation;
    const contextValue: SubscriptionContext = { ...this.context(caller), subscriber };
    const source = await createSourceEventStream({ ...operation, contextValue });
    if (!(Symbol.asyncIterator in source)) return this.formatted(source);
    const key = sharingKey({ caller, document, queryHash, operationName, variables });
    return this.answers(operation, key, source as AsyncIterable<StoredEvent>);
  }

  /** Errors as a caller may see them. */
  shown(error: unknown): GraphQLError {
    const given =
      error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
    const { message, path, extensions } = this.parts.format(given.toJSON(), error);
    return new GraphQLError(message, {
      nodes: given.nodes,
      source: given.source,
      positions: given.positions,
      path,
      extensions,
    });
  }

  private answers(
    operation: PreparedOperation,
    key: string,
    events: AsyncIterable<StoredEvent>,
  ): AsyncGenerator<ExecutionResult, void> {
    return inOrder(events, MOST_AHEAD, (event) =>
      this.shared.run(key, event.sequence, async () => this.formatted(await this.run(operation, event))),
    );
  }

  /** With a context of its own: its loaders read what stands now. */
  private run(operation: PreparedOperation, root: StoredEvent | undefined): Promise<ExecutionResult> {
    const { document, operationName, queryHash, variableValues: variables, caller } = operation;
    const context = this.context(caller);
    return this.parts.executor.run({ queryHash, document, operationName, variables, context, root });
  }

  private formatted(result: ExecutionResult): ExecutionResult {
    return result.errors ? { ...result, errors: result.errors.map((error) => this.shown(error)) } : result;
  }

  private context(caller: Caller): GatewayContext {
    const { log, random } = this.parts;
    return { caller, instanceId: caller.instanceId, requestId: random.bytes(8).toString('hex'), log };
  }
}
