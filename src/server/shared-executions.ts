import { type DocumentNode, type ExecutionResult, Kind, visit } from 'graphql';
import type { Caller } from '../auth/caller.js';

/** Results of so many events are kept, for as long as subscribers of the same event are likely to ask. */
const MAX_KEPT = 200;
const KEPT_MS = 1_000;

interface Kept {
  at: number;
  result: Promise<ExecutionResult>;
}

/** Runs what one event means to one kind of subscription once, for all subscribers who would be told the same. */
export class SharedExecutions {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => number) {}

  /** `subscription`: see sharingKey. */
  run(subscription: string, sequence: number, execute: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    const key = `${sequence} ${subscription}`;
    const known = this.kept.get(key);
    const now = this.now();
    if (known && now - known.at < KEPT_MS) return known.result;
    const result = execute();
    this.kept.delete(key);
    this.kept.set(key, { at: now, result });
    for (const [oldest, { at }] of this.kept) {
      if (this.kept.size <= MAX_KEPT && now - at < KEPT_MS) break;
      this.kept.delete(oldest);
    }
    return result;
  }
}

export interface SharedBy {
  caller: Caller;
  document: DocumentNode;
  queryHash: string;
  operationName: string | null;
  variables: Record<string, unknown>;
}

/** Same instance, rights, document, operation and variables: the same answer. Where a subscriber began is no part of it. */
export function sharingKey({ caller, document, queryHash, operationName, variables }: SharedBy): string {
  const places = placesOnly(document);
  const bearing = Object.entries(variables)
    .filter(([name]) => !places.has(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const scopes = [...caller.scopes].sort().join(' ');
  return JSON.stringify([caller.instanceId, scopes, queryHash, operationName, bearing]);
}

/** Variables that are used as `since: $name`, and nowhere else. */
function placesOnly(document: DocumentNode): Set<string> {
  const asSince = new Map<string, number>();
  const uses = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  visit(document, {
    VariableDefinition: () => false,
    Argument: ({ name, value }) => {
      if (name.value === 'since' && value.kind === Kind.VARIABLE) count(asSince, value.name.value);
    },
    Variable: ({ name }) => void count(uses, name.value),
  });
  return new Set([...asSince].filter(([name, times]) => uses.get(name) === times).map(([name]) => name));
}
