import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

let gateway: TestGateway;
const seen = new Set<string>();
beforeAll(async () => {
  // pulls rarely, so that what is counted is the operation's own
  gateway = await startTestGateway({
    variables: { SYNC_TRANSACTIONS_SECONDS: '3600', SYNC_CUSTOMERS_SECONDS: '3600', SYNC_REFERENCE_SECONDS: '3600' },
  });
  gateway.gateway.database.onStatement((sql) => seen.add(sql));
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 60) { nodes { id } } }');
  for (const [index, { id }] of sageAccounts.nodes.entries()) {
    await gateway.data(
      'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }',
      {
        layerId: `C${index + 1}`,
        id,
      },
    );
  }
});
afterAll(() => gateway.close());

/** Statements of one operation: the fewest of some tries, as the scheduler looks for due pulls in between. */
async function statementsOf(query: string, variables: Record<string, unknown> = {}): Promise<string[]> {
  const tries: string[][] = [];
  for (let number = 0; number < 5; number += 1) {
    const statements: string[] = [];
    const stop = gateway.gateway.database.onStatement((sql) => statements.push(sql));
    await gateway.data(query, variables);
    stop();
    tries.push(statements);
  }
  return tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

const FIGURES = `accountNumber balance { amount } creditLimit { amount } availableCredit { amount } overdue { amount }
  unallocatedCredit { amount } agedDebt { amount { amount } } projectedBalance { amount } onHold freshness { stale } sageCompany { name }`;

test('the widget costs six statements, and a seventh with the projected balance', async () => {
  const widget = `{ customer(layerId: "C1") { name sageAccount { ${FIGURES} } } }`;
  // customer; its accounts; the companies; what is outstanding; the pulls; the connection; and what is on its way to Sage
  expect(await statementsOf(widget)).toHaveLength(7);
  expect(await statementsOf(widget.replace('projectedBalance { amount }', ''))).toHaveLength(6);
});

test.each<[string, string, number]>([
  [
    'accounts',
    `query ($first: Int!) { sageAccounts(first: $first) { totalCount nodes { ${FIGURES} customer { name contacts { layerId } } } } }`,
    1,
  ],
  [
    'customers',
    `query ($first: Int!) { customers(first: $first) { totalCount nodes { name contacts { layerId } sageAccounts { ${FIGURES} } } } }`,
    1,
  ],
  [
    'the ledger',
    'query ($first: Int!) { sageTransactions(first: $first, filter: { kinds: [RECEIPT] }) { totalCount nodes { urn sageAccount { name customer { name } } allocations { amount { amount } transaction { reference sageAccount { name } } } } } }',
    6,
  ],
])('a page of %s costs the same number of statements however long it is', async (_list, query, times) => {
  const short = await statementsOf(query, { first: 30 * times });
  const long = await statementsOf(query, { first: 60 * times });
  // some are one for each Sage company on the page, and there are three
  expect(short.length).toBeLessThanOrEqual(15);
  expect(long).toHaveLength(short.length);
});

test('rows are counted only when totalCount is selected', async () => {
  const counts = (statements: string[]) => statements.filter((sql) => sql.includes('COUNT(*)')).length;
  expect(counts(await statementsOf('{ sageTransactions(first: 5) { nodes { urn } } }'))).toBe(0);
  expect(counts(await statementsOf('{ sageTransactions(first: 5) { totalCount } }'))).toBe(1);
});

test('every statement that touches a table of an instance names the instance', async () => {
  await gateway.data(
    '{ sageCompanies { id bankAccounts { id } nominalAccounts { id } reportCategories { id } taxCodes { id } } sageConnection { state signInUrl } syncStatus { state } }',
  );
  await gateway.data(
    '{ sageAccounts(filter: { search: "a", onHold: false, linked: true }) { totalCount } sageTransactions(filter: { search: "inv 1", kinds: [INVOICE], outstandingOnly: true }) { totalCount nodes { urn } } customers(filter: { search: "a" }) { totalCount } }',
  );
  await gateway.data('mutation { startSync(full: true) { started } }');
  await until(() => [...seen].some((sql) => sql.includes('UPDATE sync_state SET state = ?, pass_name')), 'a sweep');
  await until(
    async () =>
      (await gateway.data('{ syncStatus { state } }')).syncStatus.every(
        ({ state }: { state: string }) => state === 'IDLE',
      ),
    'its end',
  );
  const touching = [...seen].filter((sql) => /\b(FROM|INTO|UPDATE|JOIN)\s+(sage_|sync_|customer|sign_in)/i.test(sql));
  expect(touching.length).toBeGreaterThan(20);
  expect(touching.filter((sql) => !/instance_id\s*(=|IN|,)|\(instance_id/i.test(sql))).toEqual([]);
});
