import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema, type GraphQLObjectType, isObjectType } from 'graphql';
import type { Client } from 'graphql-ws';
import { decodeNodeId } from '../../src/common/node-id.js';
import { encodeCursor } from '../../src/common/paging.js';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';
import { type ArgumentKind, kindOf } from './argument-kinds.js';
import { BASE_ARGUMENTS, uploadOf } from './base-arguments.js';
import { type Ask, askOverSocket, callOf, withValue } from './calls.js';
import { fillInstance, type Named } from './fill-instance.js';
import { fillOtherInstance, forgedNodeId, OTHER_INSTANCE, otherInstanceDump, otherNodeId } from './other-instance.js';
import { absentOpaque, absentText, namesOfOther } from './other-names.js';
import { comparable, type GatewayAnswer, leakIn } from './same-answer.js';
import { trySubscription } from './subscriptions.js';
import { type FieldWithArguments, fieldsWithArguments, type Leaf, selectionOf } from './schema-walk.js';

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const FIELDS = fieldsWithArguments(schema);
const coordinateOf = ({ parent, field }: FieldWithArguments) => `${parent.name}.${field.name}`;
const under = (name: string) => FIELDS.filter(({ parent }) => parent.name === name);
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const READ = FIELDS.filter(({ parent }) => !['Mutation', 'Subscription'].includes(parent.name));
const NODE_TYPES = schema.getPossibleTypes(schema.getType('Node') as never);
const WITHOUT_ARGUMENTS = Object.values((schema.getType('Query') as GraphQLObjectType).getFields()).filter(
  ({ args }) => args.length === 0,
);
const TRANSPORTS = ['HTTP', 'WebSocket'] as const;

let gateway: TestGateway;
let ours: Named;
let theirs: Named;
let before: string[];
let client: Client;
let otherClient: Client;
const askBy = {} as Record<(typeof TRANSPORTS)[number], Ask>;
let askAsOther: Ask;

beforeAll(async () => {
  gateway = await startTestGateway({
    sandbox: { customers: 9, transactions: 60 },
    variables: { RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000' },
  });
  ours = await fillInstance(gateway);
  theirs = namesOfOther(ours);
  // without engines: whatever is changed from here on, a request has changed
  await gateway.restart({ ROLES: 'api' });
  await fillOtherInstance(gateway.gateway.database);
  before = await otherInstanceDump(gateway.gateway.database);
  const otherToken = await signToken({ instance: OTHER_INSTANCE });
  const overSocket = askOverSocket(gateway, await signToken());
  ({ client } = overSocket);
  otherClient = askOverSocket(gateway, otherToken).client;
  askBy.HTTP = async (query, variables) => (await gateway.graphql(query, variables)).body;
  askBy.WebSocket = overSocket.ask;
  askAsOther = async (query, variables) => (await gateway.graphql(query, variables, otherToken)).body;
}, 120_000);
afterAll(async () => {
  await client.dispose();
  await otherClient.dispose();
  await gateway.close();
});
/** Once for a group of tests: it reads every table. */
const otherIsUnchanged = async () => expect(await otherInstanceDump(gateway.gateway.database)).toEqual(before);

interface Tried {
  /** What the other instance calls something there. */
  values: string[];
  /** What nobody calls anything. */
  absent: string;
}

/** Null: the argument names nothing. */
async function triedFor(field: FieldWithArguments, kind: ArgumentKind): Promise<Tried | null> {
  switch (kind.kind) {
    case 'id': {
      const id = ours.ids[kind.type] as string;
      const own = otherNodeId(id, true);
      return { values: [own, otherNodeId(id, false), forgedNodeId(id)], absent: absentOpaque(own) };
    }
    case 'key':
    case 'new': {
      const own = theirs[kind.of as 'customer'];
      return { values: [own], absent: absentText(own) };
    }
    case 'search':
      return { values: [theirs.searches.customer], absent: absentText(theirs.searches.customer) };
    case 'suggestion':
      return { values: [theirs.suggestion], absent: absentOpaque(theirs.suggestion) };
    case 'csv':
      return { values: [uploadOf(theirs)], absent: absentText(uploadOf(theirs)) };
    case 'cursor': {
      const cursor = await cursorOfOther(field);
      return { values: [cursor], absent: absentOpaque(cursor) };
    }
    case 'since':
    case 'free':
      return null;
  }
}

/** One that stands at something that only the other instance has. */
async function cursorOfOther(field: FieldWithArguments): Promise<string> {
  if (field.parent.name === 'Mutation') return encodeCursor([990_077_027_007, '2020-01-01', theirs.urn]);
  const { filter: _, search: __, ...variables } = BASE_ARGUMENTS[coordinateOf(field)]?.(theirs) ?? {};
  const selection = '{ edges { cursor } }';
  const call = callOf(schema, field, { variables: { ...variables, first: 200 }, names: theirs, selection });
  const cursors = JSON.stringify(await askAsOther(call.query, call.variables)).matchAll(/"cursor":"([\w-]+)"/g);
  const own = [...cursors].map(([, cursor = '']) => cursor).find((cursor) => absentOpaque(cursor) !== cursor);
  if (own === undefined) throw new Error(`The other instance has nothing in ${coordinateOf(field)}.`);
  return own;
}

/** What was answered for names that nobody has, by place: what a name of one's own must not be answered. */
const absentAnswers = new Map<string, Map<string, string>>();

/** Gives each argument of a field in turn a name of the other instance. `news`: what names something that is to be made, or all else. */
async function tryArguments(ask: Ask, field: FieldWithArguments, news = false): Promise<void> {
  const base = BASE_ARGUMENTS[coordinateOf(field)];
  const answerTo = async (leaf: Leaf, value: string) => {
    const call = callOf(schema, field, { variables: withValue(base?.(ours) ?? {}, leaf.path, value), names: ours });
    const answer = await ask(call.query, call.variables);
    expect([leaf.coordinate, leakIn(answer, [value])]).toEqual([leaf.coordinate, null]);
    expectNoMistakeOfOurs(leaf.coordinate, answer);
    return comparable(answer, [value]);
  };
  const absentOf = absentAnswers.get(coordinateOf(field)) ?? new Map<string, string>();
  absentAnswers.set(coordinateOf(field), absentOf);
  for (const leaf of field.leaves) {
    const kind = kindOf(leaf) as ArgumentKind;
    const tried = (kind.kind === 'new') === news ? await triedFor(field, kind) : null;
    if (!tried) continue;
    const absent = await answerTo(leaf, tried.absent);
    for (const value of tried.values)
      expect([leaf.coordinate, await answerTo(leaf, value)]).toEqual([leaf.coordinate, absent]);
    if (!news && kind.kind !== 'cursor') absentOf.set(leaf.path.join('.'), absent);
  }
}

function expectNoMistakeOfOurs(coordinate: string, { errors = [] }: GatewayAnswer): void {
  const codes = errors.map(({ extensions }) => extensions?.code);
  expect([coordinate, codes.filter((code) => code !== 'BAD_USER_INPUT'), errors]).toEqual([coordinate, [], errors]);
}

/**
 * With names of one's own a field answers otherwise than with names that nobody has: what is compared above is not two refusals of
 * something else. Answers the places where it does not.
 */
async function placesWithoutEffect(ask: Ask, field: FieldWithArguments): Promise<string[]> {
  const call = callOf(schema, field, { variables: BASE_ARGUMENTS[coordinateOf(field)]?.(ours) ?? {}, names: ours });
  const answer = await ask(call.query, call.variables);
  expect(answer.errors ?? []).toEqual([]);
  expect(leakIn(answer, [])).toBeNull();
  const own = comparable(answer, []);
  return [...(absentAnswers.get(coordinateOf(field)) ?? [])]
    .filter(([, absent]) => absent === own)
    .map(([place]) => place);
}

test(`the matrix covers the schema: ${FIELDS.length} fields with arguments, ${FIELDS.flatMap(({ leaves }) => leaves).length} texts and ids in them, ${NODE_TYPES.length} node types`, () => {
  const unclassed = FIELDS.flatMap(({ leaves }) => leaves).filter((leaf) => kindOf(leaf) === null);
  expect(unclassed.map(({ coordinate }) => coordinate)).toEqual([]);
  expect(Object.keys(BASE_ARGUMENTS).sort()).toEqual(FIELDS.map(coordinateOf).sort());
  // every field with arguments is reached: from a root, by an id, or from a list of the query
  const reached = new Set([...ROOTS, 'ErrorGroup', ...NODE_TYPES.map(({ name }) => name)]);
  expect(FIELDS.filter(({ parent }) => !reached.has(parent.name)).map(coordinateOf)).toEqual([]);
  for (const name of ['Mutation', 'Subscription']) {
    const type = schema.getType(name);
    expect(isObjectType(type) && Object.keys(type.getFields()).length).toBe(under(name).length);
  }
  for (const { name } of NODE_TYPES) expect(decodeNodeId(1, ours.ids[name] ?? '')?.type).toBe(name);
});

describe.each(TRANSPORTS)('over %s', (transport) => {
  const ask: Ask = (query, variables) => askBy[transport](query, variables);

  test.each(READ.map((field) => [coordinateOf(field), field] as const))(
    "%s: another's name is no name",
    async (_, field) => {
      await tryArguments(ask, field);
      expect(await placesWithoutEffect(ask, field)).toEqual([]);
    },
  );

  test.each(NODE_TYPES.map((type) => [type.name, type] as const))(
    'node: a %s of another is nothing',
    async (name, type) => {
      const query = `query ($id: ID!) { node(id: $id) ${selectionOf(schema, schema.getType('Node') as never, 0)} }`;
      const inFull = `query ($id: ID!) { node(id: $id) { ... on ${name} ${selectionOf(schema, type, 1)} } }`;
      const id = ours.ids[name] as string;
      const own = otherNodeId(id, true);
      for (const value of [own, otherNodeId(id, false), forgedNodeId(id), absentOpaque(own)])
        for (const document of [query, inFull])
          expect(await ask(document, { id: value })).toEqual({ data: { node: null } });
      const answer = await ask(inFull, { id });
      expect(answer).toEqual({ data: { node: expect.objectContaining({ __typename: name }) } });
      expect(leakIn(answer, [])).toBeNull();
    },
  );

  test.each(WITHOUT_ARGUMENTS.map((field) => [field.name, field] as const))(
    '%s: nothing of another',
    async (name, field) => {
      const call = callOf(
        schema,
        { parent: schema.getQueryType() as GraphQLObjectType, field, leaves: [] },
        { variables: {}, names: ours },
      );
      const answer = await ask(call.query);
      expectNoMistakeOfOurs(name, answer);
      expect(leakIn(answer, [])).toBeNull();
    },
  );
});

test('the other instance has all of it: its own names are answered with its own texts', async () => {
  for (const { name } of NODE_TYPES) {
    const query = `query ($id: ID!) { node(id: $id) { ... on ${name} ${selectionOf(schema, schema.getType(name) as never, 0)} } }`;
    const answer = await askAsOther(query, { id: theirs.ids[name] });
    expect([name, answer.errors, leakIn(answer, [])]).toEqual([name, undefined, expect.any(String)]);
  }
  const keys = { c: theirs.customer, i: theirs.invoice };
  const answer = await askAsOther(
    'query ($c: String!, $i: String!) { customer(layerId: $c) { name } invoice(layerId: $i) { number } }',
    keys,
  );
  expect(answer).toEqual({ data: { customer: { name: 'βCustomer C1' }, invoice: { number: 'βN-I1' } } });
});

test.each(under('Subscription').map((field) => [coordinateOf(field), field] as const))(
  '%s: each instance is told of its own',
  async (_, field) => {
    await trySubscription(schema, field, {
      ours: { client, names: ours },
      theirs: { client: otherClient, names: theirs },
      database: gateway.gateway.database,
      tried: (of, leaf) => triedFor(of, kindOf(leaf) as ArgumentKind),
    });
    // what has happened to the other instance, the test has made happen
    before = await otherInstanceDump(gateway.gateway.database);
  },
);

test('nothing of the other instance was changed by reading', otherIsUnchanged);

const MUTATIONS = under('Mutation').map((field) => [coordinateOf(field), field] as const);

describe.each(TRANSPORTS)('over %s', (transport) => {
  test.each(MUTATIONS)("%s: another's name is no name", async (_, field) => {
    await tryArguments(askBy[transport], field);
  });
});

test("nothing of the other instance was changed by the default one's mutations under its names", otherIsUnchanged);

/** Codes are mapped when something is posted, and what is registered is posted already. */
const WITHOUT_EFFECT: Record<string, string[]> = {
  'Mutation.registerInvoices': ['lines.0.nominalCode', 'lines.0.vatCode', 'subCompanyLayerId'].map(
    (place) => `inputs.0.invoice.${place}`,
  ),
};
// a mapping lets go of what is held: what is held is tried before
const HELD_FIRST = MUTATIONS.toSorted(
  ([one], [other]) => Number(/retry|skip/.test(other)) - Number(/retry|skip/.test(one)),
);

test.each(HELD_FIRST)('%s: does with names of its own what it is for', async (name, field) => {
  expect(await placesWithoutEffect(askBy.HTTP, field)).toEqual(WITHOUT_EFFECT[name] ?? []);
});

test('nothing of the other instance was changed by mutations of what has the same names there', otherIsUnchanged);

// last: from here on the default instance has things of the same names
describe.each(TRANSPORTS)('over %s', (transport) => {
  const making = MUTATIONS.filter(([, { leaves }]) => leaves.some((leaf) => kindOf(leaf)?.kind === 'new'));
  test.each(making)("%s: makes under another's name what it would make under any", async (_, field) => {
    await tryArguments(askBy[transport], field, true);
  });
});

test('nothing of the other instance was changed by making things of the same names', otherIsUnchanged);
