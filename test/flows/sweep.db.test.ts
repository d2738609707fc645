import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectFiguresOfSage, expectTransactionsOfSage, ledgerOf } from '../support/sage-ledger.js';
import { pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const COMPANY = 1;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const inSage = <Answer>(action: string, body: Record<string, unknown>) =>
  gateway.sandbox.control.desktop(COMPANY, action, body) as Answer;

const sweep = (...resources: string[]) => pull(gateway, { full: true, ...(resources.length > 0 ? { resources } : {}) });

async function idOf(customerId: number): Promise<string | null> {
  const { sageAccounts } = await gateway.data(
    'query ($search: String!) { sageAccounts(filter: { search: $search }) { nodes { id sageCustomerId sageCompany { sageCompanyId } } } }',
    { search: String(customerId) },
  );
  const found = sageAccounts.nodes.find(
    (node: { sageCustomerId: string; sageCompany: { sageCompanyId: number } }) =>
      node.sageCustomerId === String(customerId) && node.sageCompany.sageCompanyId === COMPANY,
  );
  return found?.id ?? null;
}

test('a full sweep of an unchanged ledger writes no account, no transaction, no allocation', async () => {
  const written: string[] = [];
  const stop = gateway.gateway.database.onStatement((sql) => {
    if (/^\s*(insert|update|delete|replace)\b/i.test(sql) && /sage_(account|transaction|allocation|contact)/i.test(sql))
      written.push(sql.slice(0, 100));
  });
  await sweep('CUSTOMERS', 'TRANSACTIONS');
  stop();
  expect(written).toEqual([]);
});

test('an account deleted in Sage leaves the lists and the customer that it was linked to', async () => {
  const { customerId } = inSage<{ customerId: number }>('createAccount', { reference: 'GONE01', name: 'Gone Ltd' });
  await pull(gateway, { resources: ['CUSTOMERS'] });
  const id = await idOf(customerId);
  expect(id).not.toBeNull();
  const LINK = `mutation ($id: ID!) { linkCustomer(layerId: "L-1", sageAccountId: $id) { customer { sageAccounts { id } } userErrors { code } } }`;
  const { linkCustomer } = await gateway.data(LINK, { id });
  expect(linkCustomer).toEqual({ customer: { sageAccounts: [{ id }] }, userErrors: [] });

  inSage('deleteAccount', { customerId });
  await pull(gateway, { resources: ['CUSTOMERS'] });
  expect(await idOf(customerId)).toBe(id); // a delta cannot show it
  await sweep('CUSTOMERS');
  expect(await idOf(customerId)).toBeNull();
  const { customer } = await gateway.data('{ customer(layerId: "L-1") { layerId sageAccounts { id } } }');
  expect(customer).toEqual({ layerId: 'L-1', sageAccounts: [] });
  await expectFiguresOfSage(gateway);

  const { refreshSageAccount } = await gateway.data(
    'mutation ($id: ID!) { refreshSageAccount(id: $id) { sageAccount { id } userErrors { code } } }',
    { id },
  );
  expect(refreshSageAccount.sageAccount).toBeNull();
});

test('a balance that was changed behind every back is found', async () => {
  const ledger = ledgerOf(gateway.sandbox);
  const [customerId] = ledger.column<number>(
    'select id from customers where company_id = ? and balance <> 0 and currency_id = 1 limit 1',
    [COMPANY],
  ) as [number];
  const change = (by: number) =>
    ledger.run('update customers set balance = balance + ? where company_id = ? and id = ?', by, COMPANY, customerId);
  const balance = async () => {
    const { node } = await gateway.data(
      'query ($id: ID!) { node(id: $id) { ... on SageAccount { balance { amount } } } }',
      {
        id: await idOf(customerId),
      },
    );
    return Number(node.balance.amount);
  };
  const before = await balance();
  change(1_234);
  await sweep('CUSTOMERS');
  expect(await balance()).toBeCloseTo(before + 12.34, 2);
  change(-1_234);
  await sweep('CUSTOMERS');
  await expectFiguresOfSage(gateway);
});

const ROWS = `query ($id: ID!) { node(id: $id) { ... on SageAccount { transactions(first: 500) { totalCount
  nodes { id urn archived gross { amount } allocated { amount } outstanding { amount } } } } } }`;
const BY_ID = 'query ($id: ID!) { node(id: $id) { ... on SageTransaction { urn archived } } }';

interface ShownRow {
  id: string;
  urn: string;
  archived: boolean;
}
async function rowsOf(customerId: number): Promise<ShownRow[]> {
  const { node } = await gateway.data(ROWS, { id: await idOf(customerId) });
  expect(node.transactions.totalCount).toBe(node.transactions.nodes.length);
  return node.transactions.nodes;
}

/** The account with the most settled rows from over three months ago. */
function settledAccount(): number {
  const [customerId] = ledgerOf(gateway.sandbox).column<number>(
    `select customer_id from transactions where company_id = ? and is_archived = 0 and gross = allocated and queried = ''
       and transaction_date < date('now', '-3 months') and full_settlement_date < date('now', '-3 months')
       group by customer_id order by count(*) desc limit 1`,
    [COMPANY],
  );
  return customerId as number;
}

test('rows that Account Maintenance archives stay listed, marked, with the same figures and ids', async () => {
  const customerId = settledAccount();
  const before = await rowsOf(customerId);
  const { archived } = inSage<{ archived: number }>('runAccountMaintenance', { olderThanMonths: 6 });
  expect(archived).toBeGreaterThan(0);
  await sweep();
  const after = await rowsOf(customerId);
  expect(after.map((row) => ({ ...row, archived: null }))).toEqual(before.map((row) => ({ ...row, archived: null })));
  expect(after.filter((row) => row.archived).length).toBeGreaterThan(before.filter((row) => row.archived).length);
  await expectFiguresOfSage(gateway);
  await expectTransactionsOfSage(gateway);
});

test('rows that Account Maintenance deletes are listed no longer, and count for nothing', async () => {
  const customerId = settledAccount();
  const before = await rowsOf(customerId);
  const { deleted } = inSage<{ deleted: number }>('runAccountMaintenance', { archive: false, olderThanMonths: 3 });
  expect(deleted).toBeGreaterThan(0);
  await sweep();
  const left = new Set((await rowsOf(customerId)).map(({ urn }) => urn));
  const gone = before.filter(({ urn }) => !left.has(urn));
  expect(gone.length).toBeGreaterThan(0);
  expect((await gateway.data(BY_ID, { id: gone[0]?.id })).node).toBeNull();
  await expectFiguresOfSage(gateway);
  await expectTransactionsOfSage(gateway);
});
