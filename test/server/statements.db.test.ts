import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { registerDemoInvoices } from '../../src/documents/register-demo-invoices.js';
import { paymentInput, sent, untilStatus } from '../support/documents.js';
import { reconcile } from '../support/receipts.js';
import { eventually, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

let gateway: TestGateway;
const seen = new Set<string>();
beforeAll(async () => {
  // pulls rarely, so that what is counted is the operation's own
  gateway = await startTestGateway({
    // one ledger whatever the day: which of its receipts can be matched hangs on their dates
    sandbox: { anchorDate: '2026-11-25' },
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
    // which instances there are is looked at every two seconds, whatever is asked
    const stop = gateway.gateway.database.onStatement((sql) => {
      if (!sql.endsWith('FROM instance ORDER BY id')) statements.push(sql);
    });
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

const RECEIPTS = `query ($first: Int!, $company: ID) { receipts(first: $first, filter: { sageCompanyId: $company }) { totalCount nodes {
  id status reference secondReference toDoInSage conflict receivedOn amount { amount } unmatched { amount } sageCompany { name }
  sageTransaction { urn queried outstanding { amount } } sageAccount { accountNumber name } customer { layerId name }
  sageAllocations { urn amount { amount } transaction { urn reference } } possibleDoubles { id amount { amount } push { status } }
  matches { id amount { amount } receipt { id } invoice { number outstanding { amount } sageTransaction { urn } } push { status }
    payment { id amount { amount } customer { name } match { id } } } } } }`;

interface ListedReceipt {
  id: string;
  status: string;
  receivedOn: string;
  amount: { amount: string };
  customer: { layerId: string };
  sageTransaction: { outstanding: { amount: string } };
  matches: { push: object | null }[];
  possibleDoubles: object[];
  sageAllocations: object[];
}

/** Among each 30 of the newest receipts of a company some that were taken over, one that was matched by hand, and one that is a possible double. */
async function useReceipts(company: string): Promise<ListedReceipt[]> {
  await registerDemoInvoices(gateway.gateway.database, 1, systemClock);
  await gateway.data(
    'mutation ($id: ID!) { takeOverSageAllocations(sageCompanyId: $id) { matchedCount userErrors { code } } }',
    { id: company },
  );
  const listed = async (): Promise<ListedReceipt[]> =>
    (await gateway.data(RECEIPTS, { first: 60, company })).receipts.nodes;
  for (const page of [0, 30]) {
    const rows = (await listed()).slice(page, page + 30);
    const matched = await matchOne(rows.filter(({ status }) => status === 'UNMATCHED'));
    const twice = rows.find(({ id }) => id !== matched);
    const { layerId } = twice?.customer ?? { layerId: '' };
    // no bank stands behind its method: it stays where it is
    const payment = paymentInput(`DOUBLE-${page}`, layerId, twice?.amount.amount ?? '', { paidOn: twice?.receivedOn });
    await sent(gateway, 'PAYMENT', payment);
  }
  return listed();
}

/** Matches a penny of the first of these whose customer has an open invoice; answers its id. */
async function matchOne(receipts: readonly ListedReceipt[]): Promise<string> {
  for (const { id, customer, sageTransaction } of receipts) {
    if (Number(sageTransaction.outstanding.amount) === 0) continue;
    const { invoices } = await gateway.data(
      `query ($layerId: String!) { invoices(first: 100, filter: { customerLayerId: $layerId }) { nodes { layerId sageTransaction { outstanding { amount } } } } }`,
      { layerId: customer.layerId },
    );
    const open = invoices.nodes.find(
      (one: { sageTransaction: { outstanding: { amount: string } } | null }) =>
        Number(one.sageTransaction?.outstanding.amount) > 1,
    );
    if (!open) continue;
    const { matches } = await reconcile(gateway, id, [{ invoiceLayerId: open.layerId, amount: '0.01' }]);
    if (!matches[0]?.push) continue;
    await untilStatus(gateway, matches[0].push, 'SUCCEEDED');
    return id;
  }
  throw new Error('None of them can be matched.');
}

test('a page of receipts costs the same number of statements however long it is, with all that hangs on them', async () => {
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId } }');
  const company = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === 1).id;
  const rows = await useReceipts(company);
  for (const page of [rows.slice(0, 30), rows.slice(30, 60)]) {
    expect(page).toHaveLength(30);
    expect(page.some(({ matches }) => matches.some(({ push }) => push === null))).toBe(true);
    expect(page.some(({ matches }) => matches.some(({ push }) => push !== null))).toBe(true);
    expect(page.some(({ possibleDoubles }) => possibleDoubles.length > 0)).toBe(true);
    expect(page.some(({ sageAllocations }) => sageAllocations.length > 0)).toBe(true);
  }
  for (const [variables, times] of [
    [{ company }, 1],
    [{}, 6],
  ] as const) {
    // again while pushes and pulls have statements of their own in between; with one for each row it would never be equal
    await eventually(async () => {
      const short = await statementsOf(RECEIPTS, { ...variables, first: 30 * times });
      const long = await statementsOf(RECEIPTS, { ...variables, first: 60 * times });
      expect(short.length).toBeLessThanOrEqual(40);
      expect(long).toHaveLength(short.length);
    }, 30_000);
  }
});

test('the suggestions of fifty receipts are read in as many statements as those of ten', async () => {
  const query = `query ($first: Int!) { receipts(first: $first, filter: { status: [UNMATCHED] }) { nodes {
    suggestions(first: 3) { token score allocations { amount { amount } invoice { number } } } } } }`;
  await eventually(async () => {
    const short = await statementsOf(query, { first: 10 });
    const long = await statementsOf(query, { first: 50 });
    expect(short.length).toBeLessThanOrEqual(25);
    // some are one for each Sage company on the page, and there are three
    expect(long.length - short.length).toBeLessThanOrEqual(6);
  }, 30_000);
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
  const touching = [...seen].filter((sql) =>
    /\b(FROM|INTO|UPDATE|JOIN)\s+(sage_|sync_|customer|sign_in|receipt|document|push|audit_|event)/i.test(sql),
  );
  expect(touching.length).toBeGreaterThan(20);
  for (const table of ['receipt', 'receipt_match', 'event', 'event_sequence', 'document_share', 'push', 'audit_entry'])
    expect([table, touching.some((sql) => new RegExp(`(FROM|INTO|UPDATE|JOIN) ${table}\\b`).test(sql))]).toEqual([
      table,
      true,
    ]);
  expect(touching.filter((sql) => !/instance_id\s*(=|IN|,)|\(instance_id/i.test(sql))).toEqual([]);
});
