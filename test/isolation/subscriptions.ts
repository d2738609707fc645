import { expect } from '@jest/globals';
import { getNamedType, type GraphQLSchema } from 'graphql';
import type { Client } from 'graphql-ws';
import { systemClock } from '../../src/common/clock.js';
import { decodeNodeId } from '../../src/common/node-id.js';
import { encodeCursor } from '../../src/common/paging.js';
import type { Database } from '../../src/database/database.js';
import { type NewEvent, recordEvents } from '../../src/events/record-events.js';
import { type Followed, follow } from '../support/socket.js';
import { eventually } from '../support/test-gateway.js';
import { kindOf } from './argument-kinds.js';
import { BASE_ARGUMENTS, type Variables } from './base-arguments.js';
import { withValue } from './calls.js';
import type { Named } from './fill-instance.js';
import { OTHER_INSTANCE_ID } from './other-instance.js';
import { comparable, leakIn } from './same-answer.js';
import { type FieldWithArguments, selectionOf } from './schema-walk.js';

export interface TwoSubscribers {
  ours: { client: Client; names: Named };
  theirs: { client: Client; names: Named };
  database: Database;
  /** What the other instance calls something at this place, and what nobody calls anything. */
  tried(
    field: FieldWithArguments,
    place: FieldWithArguments['leaves'][number],
  ): Promise<{ values: string[]; absent: string } | null>;
}

const documentOf = (schema: GraphQLSchema, { field }: FieldWithArguments) => {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `subscription (${declared}) { ${field.name}(${given}) ${selectionOf(schema, getNamedType(field.type), 1)} }`;
};

/**
 * Both instances follow the same with the same words, while the same happens in both under the same names and numbers: each is told of
 * its own alone. Who follows what only the other has is told nothing, as for what nobody has.
 */
export async function trySubscription(
  schema: GraphQLSchema,
  field: FieldWithArguments,
  { ours, theirs, database, tried }: TwoSubscribers,
): Promise<void> {
  const document = documentOf(schema, field);
  const open = ({ client }: { client: Client }, variables: Variables) => follow(client, document, variables);
  const since = encodeCursor([await newestEvent(database)]);
  const alike: Variables[] = [{}, { customerLayerId: ours.names.customer }, { since }];
  const our = [...alike, BASE_ARGUMENTS[`Subscription.${field.field.name}`]?.(ours.names) ?? {}].map((variables) =>
    open(ours, variables),
  );
  const their = alike.map((variables) => open(theirs, variables));
  const strangers: { place: string; given: string; absent: string; ofValue: Followed; ofAbsent: Followed }[] = [];
  for (const leaf of field.leaves) {
    const both = kindOf(leaf)?.kind === 'since' ? null : await tried(field, leaf);
    for (const given of both?.values ?? []) {
      const absent = both?.absent ?? '';
      const of = (value: string) => open(ours, withValue({}, leaf.path, value));
      strangers.push({ place: leaf.coordinate, given, absent, ofValue: of(given), ofAbsent: of(absent) });
    }
  }
  expect(strangers.length).toBeGreaterThan(0);
  await systemClock.sleep(300);
  await happensInBoth(database, ours.names, theirs.names);

  await eventually(async () => {
    for (const { answers } of our) expect(answers).toHaveLength(1);
    for (const { answers, errors } of their) expect([answers.length > 0, errors]).toEqual([true, []]);
  });
  for (const { answers, errors } of our) {
    expect(errors).toEqual([]);
    expect(leakIn({ data: answers }, [])).toBeNull();
  }
  for (const { answers } of their) for (const answer of answers) expect(leakIn({ data: answer }, [])).not.toBeNull();
  // the same numbers in both logs: what is shared between subscribers is not told apart by them
  expect(our[0]?.answers[0].cursor).toBe(their[0]?.answers[0].cursor);
  for (const { place, given, absent, ofValue, ofAbsent } of strangers) {
    expect([place, ofValue.answers, ofAbsent.answers]).toEqual([place, [], []]);
    expect([place, comparable(ofValue, [given])]).toEqual([place, comparable(ofAbsent, [absent])]);
  }
  for (const { stop } of [...our, ...their, ...strangers.flatMap(({ ofValue, ofAbsent }) => [ofValue, ofAbsent])])
    stop();
}

async function newestEvent(database: Database): Promise<number> {
  const rows = await database.query<{ last: number | string }>(
    'SELECT last_sequence AS last FROM event_sequence WHERE instance_id IN (1, 2)',
  );
  const [first, second] = rows.map(({ last }) => Number(last));
  if (first === undefined || first !== second) throw new Error('The logs of the two instances have parted.');
  return first;
}

/** Something of each kind, under the same numbers; in the other instance to what it alone has, too. */
async function happensInBoth(database: Database, ours: Named, theirs: Named): Promise<void> {
  await database.transaction(async (transaction) => {
    recordEvents(transaction, systemClock, 1, eventsOf(1, ours));
    const shared = eventsOf(1, ours);
    recordEvents(transaction, systemClock, OTHER_INSTANCE_ID, [...shared, ...eventsOf(OTHER_INSTANCE_ID, theirs)]);
  });
  // so that both logs stand at the same number again
  await database.transaction((transaction) =>
    transaction.query('UPDATE event_sequence SET last_sequence = last_sequence + 4 WHERE instance_id = 1'),
  );
}

function eventsOf(instanceId: number, { ids, customer }: Named): NewEvent[] {
  const keyOf = (type: string) => decodeNodeId(instanceId, ids[type] ?? '')?.key ?? [];
  const [push] = keyOf('Push');
  const [company, urn] = keyOf('Receipt');
  const [, account] = keyOf('SageAccount');
  const about = { companyId: Number(company), accountSageId: Number(account) };
  return [
    { kind: 'PUSH_CHANGED', subject: push ?? '', ...about, accountSageId: null, customerLayerId: customer },
    { kind: 'RECEIPT_CHANGED', subject: urn ?? '', ...about },
    { kind: 'RECEIPT_RECEIVED', subject: urn ?? '', ...about },
    { kind: 'ACCOUNT_CHANGED', subject: account ?? '', ...about, details: 'BALANCE' },
  ];
}
