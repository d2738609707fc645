import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { type Scope, SCOPES } from '../../src/auth/caller.js';
import { type SharedBy, SharedExecutions, sharingKey } from '../../src/server/shared-executions.js';

const QUERY =
  'subscription ($of: String, $since: String) { pushChanged(customerLayerId: $of, since: $since) { cursor } }';

interface Subscriber extends Partial<Omit<SharedBy, 'caller' | 'document'>> {
  query?: string;
  subject?: string;
  instanceId?: number;
  scopes?: readonly Scope[];
}

const keyOf = ({ query = QUERY, subject = 'a', instanceId = 1, scopes = SCOPES, ...rest }: Subscriber) =>
  sharingKey({
    caller: { subject, instance: 'default', instanceId, scopes: new Set(scopes), expiresAt: 0, key: subject },
    document: parse(query),
    queryHash: query,
    operationName: null,
    variables: { of: 'C1', since: 'x' },
    ...rest,
  });

describe('who is told the same', () => {
  test.each<[string, Subscriber]>([
    ['another person with the same rights', { subject: 'b' }],
    ['rights in another order', { scopes: SCOPES.toReversed() }],
    ['variables in another order', { variables: { since: 'x', of: 'C1' } }],
    ['who began elsewhere', { variables: { of: 'C1', since: 'y' } }],
    ['who began now', { variables: { of: 'C1' } }],
  ])('%s', (_who, subscriber) => {
    expect(keyOf(subscriber)).toBe(keyOf({}));
  });
});

describe('who is not', () => {
  test.each<[string, Subscriber]>([
    ['another instance', { instanceId: 2 }],
    ['fewer rights', { scopes: SCOPES.slice(1) }],
    ['no rights', { scopes: [] }],
    ['another document', { query: QUERY.replace('cursor', 'cursor push { id }') }],
    ['another operation of the document', { operationName: 'Other' }],
    ['another variable', { variables: { of: 'C2', since: 'x' } }],
    ['a variable left out', { variables: { since: 'x' } }],
  ])('%s', (_who, subscriber) => {
    expect(keyOf(subscriber)).not.toBe(keyOf({}));
  });

  test('who uses the place where it began for something else, too', () => {
    const query = 'subscription ($x: String) { pushChanged(customerLayerId: $x, since: $x) { cursor } }';
    expect(keyOf({ query, variables: { x: '1' } })).not.toBe(keyOf({ query, variables: { x: '2' } }));
  });
});

describe('how long an answer is kept', () => {
  let now = 0;
  let runs = 0;
  const execute = async () => ({ data: { run: (runs += 1) } });

  test('a second, for the same event and subscription', async () => {
    const shared = new SharedExecutions(() => now);
    const run = (subscription: string, sequence: number) => shared.run(subscription, sequence, execute);
    expect(await Promise.all([run('a', 1), run('a', 1)])).toEqual([{ data: { run: 1 } }, { data: { run: 1 } }]);
    expect(await run('a', 2)).toEqual({ data: { run: 2 } });
    expect(await run('b', 1)).toEqual({ data: { run: 3 } });
    now += 999;
    expect(await run('a', 1)).toEqual({ data: { run: 1 } });
    now += 1;
    expect(await run('a', 1)).toEqual({ data: { run: 4 } });
  });

  test('a few hundred of them at most', async () => {
    const shared = new SharedExecutions(() => now);
    for (let sequence = 1; sequence <= 5_000; sequence += 1) await shared.run('a', sequence, execute);
    expect(shared['kept'].size).toBeLessThanOrEqual(200);
    const before = runs;
    await shared.run('a', 5_000, execute);
    expect(runs).toBe(before);
    await shared.run('a', 1, execute);
    expect(runs).toBe(before + 1);
  });
});
