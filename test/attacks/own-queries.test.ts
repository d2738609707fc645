// What the gateway's own readers ask is far from every limit of documents.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { type DocumentNode, getIntrospectionQuery, getOperationAST, GraphQLError, Kind, parse } from 'graphql';
import type { Caller } from '../../src/auth/caller.js';
import { systemClock } from '../../src/common/clock.js';
import { countDocument } from '../../src/server/document-counts.js';
import { DOCUMENT_LIMITS } from '../../src/server/document-limits.js';
import { shapeOf } from '../../src/server/document-shape.js';
import { KnownDocuments } from '../../src/server/known-documents.js';
import { MAX_COST } from '../../src/server/operation-cost.js';
import { OperationLimits } from '../../src/server/operation-limits.js';
import { RateLimits } from '../../src/server/rate-limits.js';
import { CONSOLE_QUERIES } from './console-queries.js';
import { schemaOfSnapshot } from './schema-of-snapshot.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const schema = schemaOfSnapshot();
const documents = new KnownDocuments(schema, false);
const caller = { subject: 'reader', instance: 'default', instanceId: 1, key: '1 reader' } as Caller;

let cost = 0;
const plenty = { perSecond: 1_000_000, burst: 1_000_000 };
const rateLimits = new RateLimits({ caller: plenty, instance: plenty, limitsOf: () => null, clock: systemClock });
const limits = new OperationLimits(schema, rateLimits, (reckoned) => (cost = reckoned.cost));

const fenced = [...readFileSync(`${root}/README.md`, 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)].map(
  ([, text]) => text ?? '',
);

/** Texts of our sources that are operations: of the banner, and of the stories in the tests. */
function operationsIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    [...readFileSync(`${root}/${path}`, 'utf8').matchAll(/(['`])((?:query|mutation|subscription|\{)[^'`$\\]*)\1/g)]
      .map(([, , text]) => text ?? '')
      .filter(isDocument),
  );
}

function isDocument(text: string): boolean {
  try {
    parse(text);
    documents.read(text);
    return true;
  } catch {
    return false;
  }
}

const stories = readdirSync(`${root}/test/flows`).map((file) => `test/flows/${file}`);
const told = operationsIn([
  ...stories,
  'test/receipts/receipts-view.db.test.ts',
  'test/documents/document-views.db.test.ts',
]);

/** How much of each limit a document takes, as a share of it. */
function sharesOf(text: string): Record<string, number> {
  const { document } = documents.read(text);
  const measures = {
    characters: text.length,
    tokens: tokensOf(document),
    ...countDocument(document),
    ...shapeOf(document),
  };
  const shares = Object.entries(measures).map(([name, found]) => [
    name,
    found / DOCUMENT_LIMITS[name as keyof typeof DOCUMENT_LIMITS],
  ]);
  return Object.fromEntries(shares);
}

function tokensOf(document: DocumentNode): number {
  let tokens = 0;
  for (let token = document.loc?.startToken ?? null; token; token = token.next) tokens += 1;
  return tokens;
}

function costOf(text: string): number {
  const document = documents.read(text).document;
  const operation = getOperationAST(document);
  // values that only have to be of the right type
  const variables = Object.fromEntries(
    (operation?.variableDefinitions ?? [])
      .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue)
      .map(({ variable }) => [variable.name.value, 'x']),
  );
  cost = 0;
  try {
    limits.check({ document, operation: operation ?? null, variables, caller });
  } catch (error) {
    // of inputs that a test makes up as it goes
    if (!(error instanceof GraphQLError) || error.extensions.code !== 'BAD_USER_INPUT') throw error;
  }
  return cost;
}

const console = Object.entries(CONSOLE_QUERIES);

test.each(console)('a console may ask for %s with half of every limit left', (_what, text) => {
  for (const [limit, share] of Object.entries(sharesOf(text)))
    expect([limit, share <= 0.5, share]).toEqual([limit, true, share]);
  expect(costOf(text)).toBeGreaterThan(0);
  expect(costOf(text) / MAX_COST).toBeLessThanOrEqual(0.5);
});

test('every query of the read-me and of the stories leaves as much room', () => {
  const banner = /const query = `([^`]*)`/.exec(readFileSync(`${root}/src/server/banner.ts`, 'utf8'))?.[1] ?? '';
  const all = [...fenced, banner.replace('${layerId}', 'C10001'), ...told];
  expect([fenced.length >= 3, told.length >= 40]).toEqual([true, true]);
  for (const text of all) {
    for (const [limit, share] of Object.entries(sharesOf(text)))
      expect([text, limit, share <= 0.5]).toEqual([text, limit, true]);
    // a story may read a whole ledger to compare it
    expect([text, costOf(text) / MAX_COST <= (told.includes(text) ? 1 : 0.5)]).toEqual([text, true]);
  }
});

test('tools may introspect, where introspection is on', () => {
  expect(() =>
    documents.read(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true })),
  ).not.toThrow();
});
