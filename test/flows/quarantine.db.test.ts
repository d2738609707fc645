import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Alteration, type AlteringProxy, startAlteringProxy } from '../support/altering-proxy.js';
import { expectFiguresOfSage, expectTransactionsOfSage, ledgerOf } from '../support/sage-ledger.js';
import { pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const COMPANY = 1;

let gateway: TestGateway;
let proxy: AlteringProxy;
beforeAll(async () => {
  gateway = await startTestGateway();
  proxy = await startAlteringProxy(gateway.sandbox.apiUrl);
  await gateway.restart({ SAGE_API_URL: proxy.apiUrl });
});
beforeEach(() => {
  proxy.alteration = null;
});
afterAll(async () => {
  await gateway.close();
  await proxy.close();
});

async function messages(): Promise<string[]> {
  const { syncStatus } = await gateway.data('{ syncStatus { resource state message sageCompany { sageCompanyId } } }');
  return syncStatus
    .filter(({ message }: { message: string | null }) => message !== null)
    .map(
      (status: { resource: string; state: string; message: string; sageCompany: { sageCompanyId: number } | null }) =>
        `${status.resource} ${status.sageCompany?.sageCompanyId}: ${status.message}`,
    );
}

const inSage = <Answer>(action: string, body: Record<string, unknown>) =>
  gateway.sandbox.control.desktop(COMPANY, action, body) as Answer;

/** Spoils one row of a list wherever it is sent. Ids are those of company 1, and other companies have none such. */
const spoiling =
  (list: string, id: number, values: Record<string, unknown>): Alteration =>
  (path, rows) => {
    if (!path.endsWith(list)) return;
    for (const row of rows) if (row['id'] === id) Object.assign(row, values);
  };

let accountNumber = 0;
function openAccount(): number {
  accountNumber += 1;
  const reference = `ASIDE${accountNumber}`;
  return inSage<{ customerId: number }>('createAccount', { reference, name: reference }).customerId;
}
const invoice = (customerId: number, net: number) =>
  inSage<{ id: number; urn: number }>('postInvoice', { customer_id: customerId, document_goods_value: net });

const ofReference = async (reference: string) => {
  const { sageAccounts } = await gateway.data(
    'query ($search: String!) { sageAccounts(filter: { search: $search }) { nodes { accountNumber name balance { amount } } } }',
    { search: reference },
  );
  return sageAccounts.nodes;
};
const isListed = async (urn: number) => {
  const { sageTransactions } = await gateway.data(
    'query ($search: String!) { sageTransactions(filter: { search: $search }) { nodes { urn sageAccount { sageCompany { sageCompanyId } } } } }',
    { search: String(urn) },
  );
  return sageTransactions.nodes.some(
    (node: { urn: string; sageAccount: { sageCompany: { sageCompanyId: number } } }) =>
      node.urn === String(urn) && node.sageAccount.sageCompany.sageCompanyId === COMPANY,
  );
};

test('a new account without a balance is kept aside, the rest is pulled, and it is taken once it is right', async () => {
  const bad = openAccount();
  openAccount();
  proxy.alteration = spoiling('/customers', bad, { balance: null });
  await pull(gateway, { resources: ['CUSTOMERS'] });
  expect(await messages()).toEqual(['CUSTOMERS 1: 1 row of Sage could not be read and is kept aside.']);
  expect(await ofReference('ASIDE1')).toEqual([]);
  expect(await ofReference('ASIDE2')).toHaveLength(1);

  proxy.alteration = null;
  await pull(gateway, { resources: ['CUSTOMERS'] });
  expect(await messages()).toEqual([]);
  expect(await ofReference('ASIDE1')).toHaveLength(1);
  await expectFiguresOfSage(gateway);
});

test('a known account whose row turns bad keeps what Sage said last, also over a sweep', async () => {
  const customerId = openAccount();
  const reference = `ASIDE${accountNumber}`;
  invoice(customerId, 5);
  await pull(gateway, { resources: ['CUSTOMERS', 'TRANSACTIONS'] });
  inSage('rename', { customerId, name: 'Renamed meanwhile' });
  proxy.alteration = spoiling('/customers', customerId, { balance: 1.234 });
  await pull(gateway, { resources: ['CUSTOMERS'], full: true });
  expect(await ofReference(reference)).toEqual([
    { accountNumber: reference, name: reference, balance: { amount: '5.00' } },
  ]);
  expect(await messages()).toEqual(['CUSTOMERS 1: 1 row of Sage could not be read and is kept aside.']);

  proxy.alteration = null;
  await pull(gateway, { resources: ['CUSTOMERS'], full: true });
  expect(await messages()).toEqual([]);
  expect(await ofReference(reference)).toMatchObject([{ name: 'Renamed meanwhile' }]);
});

const BAD_ROWS: [string, Record<string, unknown>][] = [
  ['of an unknown type', { trader_transaction_type: 'TradingAccountEntryTypeSomethingNew' }],
  ['with an amount of three decimals', { document_gross_value: 10.005 }],
  ['without an amount', { document_gross_value: null }],
];
test.each(BAD_ROWS)(
  'a posting %s is kept aside, the rest is pulled, and it is taken once it is right',
  async (_name, values) => {
    const customerId = openAccount();
    const bad = invoice(customerId, 10);
    const good = invoice(customerId, 20);
    proxy.alteration = spoiling('/sales_posted_transactions', bad.id, values);
    await pull(gateway, { resources: ['TRANSACTIONS'] });
    expect(await messages()).toEqual(['TRANSACTIONS 1: 1 row of Sage could not be read and is kept aside.']);
    expect([await isListed(bad.urn), await isListed(good.urn)]).toEqual([false, true]);

    proxy.alteration = null;
    await pull(gateway, { resources: ['TRANSACTIONS'] });
    expect(await messages()).toEqual([]);
    expect(await isListed(bad.urn)).toBe(true);
    await expectFiguresOfSage(gateway);
    await expectTransactionsOfSage(gateway);
  },
);

test('a known posting whose row turns bad stays listed as it was, also over a sweep, and a correction is taken', async () => {
  const customerId = openAccount();
  const posted = invoice(customerId, 10);
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  inSage('setQuery', { transactionId: posted.id, queried: 'Q' });
  for (const values of [{ document_gross_value: 10.005 }, { document_gross_value: null }]) {
    proxy.alteration = spoiling('/sales_posted_transactions', posted.id, values);
    await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
    expect(await messages()).toEqual(['TRANSACTIONS 1: 1 row of Sage could not be read and is kept aside.']);
    expect(await isListed(posted.urn)).toBe(true);
  }
  proxy.alteration = null;
  await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
  expect(await messages()).toEqual([]);
  await expectTransactionsOfSage(gateway);
  expect(
    ledgerOf(gateway.sandbox).column('select queried from transactions where company_id = ? and id = ?', [
      COMPANY,
      posted.id,
    ]),
  ).toEqual(['Q']);
});
