import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { readFileSync } from 'node:fs';
import { mapEverything } from '../support/documents.js';
import { customerWithInvoices, receiptAtSage, reconcile } from '../support/receipts.js';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
const statements: string[] = [];
beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.gateway.database.onStatement((sql) => statements.push(sql));
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

interface Entry {
  id: string;
  at: string;
  who: string;
  action: string;
  subjectId: string;
  reason: string | null;
  summary: string;
}

async function trailOf(subjectId: string, first = 50): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
    const { auditTrail } = await gateway.data(
      `query ($subjectId: ID, $first: Int, $after: String) { auditTrail(subjectId: $subjectId, first: $first, after: $after) {
         totalCount pageInfo { hasNextPage endCursor } nodes { id at who action subjectId reason summary } } }`,
      { subjectId, first, after },
    );
    entries.push(...auditTrail.nodes);
    ({ hasNextPage, endCursor: after } = auditTrail.pageInfo);
    if (!hasNextPage) expect(auditTrail.totalCount).toBe(entries.length);
  }
  return entries;
}

/** An operation of one person; all of them have every scope. */
async function as(subject: string, query: string, variables: Record<string, unknown>) {
  const { body } = await gateway.graphql(query, variables, await signToken({ subject }));
  expect(body.errors).toBeUndefined();
  const [payload] = Object.values(body.data as Record<string, { userErrors: unknown[]; matches?: { id: string }[] }>);
  expect(payload?.userErrors).toEqual([]);
  return payload;
}

test('the trail of a receipt says who did what, when and why, newest first', async () => {
  const startedAt = Date.now();
  const { sageId } = await customerWithInvoices(gateway, 'AU1', [['AU1-A']]);
  const { id } = await receiptAtSage(gateway, sageId, 50, 'AU1');
  expect(await trailOf(id)).toEqual([]);
  const matched = await as(
    'amy',
    `mutation ($id: ID!) { reconcileReceipt(input: { receiptId: $id, allocateInSage: false,
       invoices: [{ invoiceLayerId: "AU1-A", amount: "50.00" }] }) { matches { id } userErrors { code } } }`,
    { id },
  );
  await as(
    'ben',
    'mutation ($id: ID!) { undoMatch(matchId: $id, reason: " Wrong invoice. ") { userErrors { code } } }',
    {
      id: matched?.matches?.[0]?.id,
    },
  );
  await as('cat', 'mutation ($id: ID!) { ignoreReceipt(id: $id, reason: "A loan.") { userErrors { code } } }', { id });
  // the same again changes nothing, and is not told twice
  await as('dan', 'mutation ($id: ID!) { ignoreReceipt(id: $id, reason: "Again.") { userErrors { code } } }', { id });
  await as('eve', 'mutation ($id: ID!) { restoreReceipt(id: $id) { userErrors { code } } }', { id });
  // what is refused changes nothing either
  expect((await reconcile(gateway, id, [{ invoiceLayerId: 'AU1-A', amount: '50.01' }])).userErrors).toHaveLength(1);

  const trail = await trailOf(id);
  expect(trail.map(({ who, action, reason }) => [who, action, reason])).toEqual([
    ['eve', 'RECEIPT_RESTORED', null],
    ['cat', 'RECEIPT_IGNORED', 'A loan.'],
    ['ben', 'MATCH_UNDONE', 'Wrong invoice.'],
    ['amy', 'RECEIPT_MATCHED', null],
  ]);
  const times = trail.map(({ at }) => Date.parse(at));
  expect(times).toEqual(times.toSorted((one, other) => other - one));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(startedAt);
  expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
  for (const { subjectId, summary } of trail) {
    expect(subjectId).toBe(id);
    expect(summary).toMatch(/receipt with URN \d+/);
  }
  expect(trail[3]?.summary).toContain('50.00 GBP');
  expect(trail[3]?.summary).toContain('AU1-A');
  expect(await trailOf(id, 1)).toEqual(trail);
  const { invoice } = await gateway.data('{ invoice(layerId: "AU1-A") { id } }');
  expect((await trailOf(invoice.id)).map(({ who, action }) => [who, action])).toEqual([
    ['ben', 'MATCH_UNDONE'],
    ['amy', 'RECEIPT_MATCHED'],
  ]);
});

test('what a rule has done names the rule', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'AU2', [['AU2-A']]);
  const { id, sageTransaction } = await receiptAtSage(gateway, sageId, 120, 'AU2');
  const rows = gateway.sandbox.control.postings(1, { customerId: sageId });
  const idOf = (urn: string) => rows.find((row) => String(row.urn) === urn)?.id;
  const invoice = rows.find(({ gross }) => gross === '120.00');
  gateway.sandbox.control.desktop(1, 'allocate', {
    customer_id: sageId,
    allocation_lines: [
      { posted_tran_id: invoice?.id, value_to_allocate: 120 },
      { posted_tran_id: idOf(sageTransaction.urn), value_to_allocate: -120 },
    ],
  });
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId } }');
  const company = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === 1).id;
  for (let tries = 0; tries < 50 && (await trailOf(id)).length === 0; tries += 1) {
    await as('fay', 'mutation ($id: ID!) { takeOverSageAllocations(sageCompanyId: $id) { userErrors { code } } }', {
      id: company,
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await trailOf(id)).toMatchObject([
    { who: 'fay', action: 'RECEIPT_MATCHED', summary: expect.stringContaining('by the rule ALLOCATED_IN_SAGE') },
  ]);
});

test('nothing can change or remove an entry', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
  const mutations = (schema.getMutationType() as GraphQLObjectType).getFields();
  const takesEntries = Object.keys(mutations).filter((name) => /audit|trail|entry/i.test(name));
  expect(takesEntries).toEqual([]);
  const touching = [...new Set(statements)].filter((sql) => sql.includes('audit_entry'));
  expect(touching.some((sql) => sql.startsWith('INSERT INTO audit_entry'))).toBe(true);
  expect(touching.filter((sql) => /^\s*(UPDATE|DELETE|REPLACE)/i.test(sql))).toEqual([]);
  // an entry that is there already is kept as it is
  expect(touching.filter((sql) => /SET (at|who|action|subject_id|reason|summary)\b/.test(sql))).toEqual([]);
});
