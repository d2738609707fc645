// What an event means to subscribers of different rights, with a schema whose fields below the root ask for scopes.
import { expect, test } from '@jest/globals';
import {
  type ExecutionResult,
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { requireScope } from '../../src/auth/auth-checker.js';
import type { Caller, Scope } from '../../src/auth/caller.js';
import { systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import { systemRandom } from '../../src/common/random.js';
import type { EventFeed } from '../../src/events/event-feed.js';
import type { StoredEvent } from '../../src/events/event-log.sql.js';
import { RateLimits } from '../../src/server/rate-limits.js';
import { errorFormatter } from '../../src/server/format-error.js';
import { DocumentGate } from '../../src/server/document-gate.js';
import { CompiledOperations } from '../../src/server/compiled-operations.js';
import { KnownDocuments } from '../../src/server/known-documents.js';
import { OperationLimits } from '../../src/server/operation-limits.js';
import { SocketOperations } from '../../src/server/socket-operations.js';

const EVENTS = [1, 2, 3].map((sequence) => ({ sequence, subject: `S${sequence}` }) as StoredEvent);
const QUERY = 'subscription { happened { sequence secret } }';

let runs = 0;
const field = (
  type: GraphQLFieldConfig<StoredEvent, { caller: Caller }>['type'],
  resolve: GraphQLFieldConfig<StoredEvent, { caller: Caller }>['resolve'],
) => ({ type, resolve });
const Happened = new GraphQLObjectType<StoredEvent, { caller: Caller }>({
  name: 'Happened',
  fields: {
    sequence: field(new GraphQLNonNull(GraphQLInt), ({ sequence }) => sequence),
    secret: field(GraphQLString, async ({ subject }, _arguments, { caller }) => {
      runs += 1;
      requireScope(caller, 'operate');
      return `${subject} of ${caller.instance}`;
    }),
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { unused: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      happened: {
        type: Happened,
        subscribe: async function* () {
          yield* EVENTS;
        },
        resolve: (event) => event,
      },
    },
  }),
});

const MUCH = { perSecond: 1_000, burst: 1_000 };
const limits = new OperationLimits(
  schema,
  new RateLimits({ caller: MUCH, instance: MUCH, limitsOf: () => null, clock: systemClock }),
);
const format = errorFormatter(silentLog, systemRandom, true, () => undefined);
const operations = new SocketOperations({
  ...{ schema, limits, format, log: silentLog, random: systemRandom },
  gate: new DocumentGate(new KnownDocuments(schema, true), limits, silentLog),
  executor: new CompiledOperations(schema),
  feed: {} as EventFeed,
});

async function told(instanceId: number, scopes: readonly Scope[]): Promise<ExecutionResult[]> {
  const caller: Caller = {
    ...{ subject: 'a', instanceId, instance: `instance ${instanceId}` },
    ...{ scopes: new Set(scopes), expiresAt: Infinity, key: String(instanceId) },
  };
  const socket = { caller, signal: new AbortController().signal, onTooSlow: () => undefined };
  const prepared = operations.prepare({ query: QUERY }, socket);
  if (Array.isArray(prepared)) throw prepared[0];
  const answers: ExecutionResult[] = [];
  for await (const answer of (await operations.subscribe(prepared)) as AsyncIterable<ExecutionResult>)
    answers.push(answer);
  return answers;
}

const all = EVENTS.map(({ sequence, subject }) => ({
  data: { happened: { sequence, secret: `${subject} of instance 1` } },
}));
const without = EVENTS.map(({ sequence }) => ({
  data: { happened: { sequence, secret: null } },
  errors: [expect.objectContaining({ path: ['happened', 'secret'], extensions: { code: 'FORBIDDEN' } })],
}));

test.each<[string, Scope[][]]>([
  ['who may see it comes first', [['operate'], ['reconcile']]],
  ['who may not see it comes first', [['reconcile'], ['operate']]],
])(
  'a field that the caller may not see is an error, and nobody gets the answer of other rights: %s',
  async (_, orders) => {
    for (const scopes of orders) {
      expect(await told(1, scopes)).toEqual(scopes[0] === 'operate' ? all : without);
    }
  },
);

test('subscribers of the same rights share what an event means; those of another instance do not', async () => {
  const before = runs;
  const same: Scope[] = ['operate', 'accounts:read'];
  for (const answers of await Promise.all([told(1, same), told(1, same.toReversed()), told(1, same)]))
    expect(answers).toEqual(all);
  expect(runs - before).toBe(EVENTS.length);
  const [answer] = await told(2, same);
  expect(answer?.data).toEqual({ happened: { sequence: 1, secret: 'S1 of instance 2' } });
});
