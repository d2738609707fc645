import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectFiguresOfSage, expectTransactionsOfSage, ledgerOf } from '../support/sage-ledger.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const COMPANY = 1;
const TODAY = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const inSage = <Answer = Record<string, number>>(action: string, body: Record<string, unknown>) =>
  gateway.sandbox.control.desktop(COMPANY, action, body) as Answer;

const FIGURES = `id sageCustomerId accountNumber name isActive onHold statusReason isOverCreditLimit sageCompany { sageCompanyId }
  balance { amount currency } creditLimit { amount } availableCredit { amount } overdue { amount } unallocatedCredit { amount }`;

async function accountOf(customerId: number) {
  const { sageAccounts } = await gateway.data(
    `query ($search: String!) { sageAccounts(filter: { search: $search }) { nodes { ${FIGURES} } } }`,
    { search: String(customerId) },
  );
  const found = sageAccounts.nodes.filter(
    (node: { sageCustomerId: string; sageCompany: { sageCompanyId: number } }) =>
      node.sageCustomerId === String(customerId) && node.sageCompany.sageCompanyId === COMPANY,
  );
  expect(found.length).toBeLessThan(2);
  return found[0];
}

const TRANSACTION = `id kind urn reference queried archived gross { amount currency } allocated { amount } outstanding { amount }
  allocations { urn amount { amount } allocatedOn transaction { urn kind } }`;

async function ledgerOfAccount(accountId: string) {
  const { node } = await gateway.data(
    `query ($id: ID!) { node(id: $id) { ... on SageAccount { transactions(first: 500) { totalCount nodes { ${TRANSACTION} } } } } }`,
    { id: accountId },
  );
  return node.transactions;
}

interface Row {
  urn: string;
  gross: { amount: string };
  allocated: { amount: string };
  outstanding: { amount: string };
  allocations: { urn: string; amount: { amount: string }; transaction: { urn: string } | null }[];
}

async function rowOf(customerId: number, urn: number): Promise<Row & Record<string, unknown>> {
  const account = await accountOf(customerId);
  const { nodes } = await ledgerOfAccount(account.id);
  const found = nodes.filter((row: Row) => row.urn === String(urn));
  expect(found).toHaveLength(1);
  return found[0];
}

/** What a matched row shows: its amounts, and each match with the other side. */
const matchOf = ({ gross, allocated, outstanding, allocations }: Row) => ({
  amounts: [gross, allocated, outstanding].map(({ amount }) => amount),
  matches: allocations.map(({ urn, amount, transaction }) => [urn, amount.amount, transaction?.urn ?? null]),
});

/** Active accounts of the company that nothing holds, in its own currency. */
const plainAccounts = () =>
  ledgerOf(gateway.sandbox).column<number>(
    `select id from customers where company_id = ? and account_status_type = 0 and on_hold = 0
       and currency_id = 1 and account_type = 0 order by id`,
    [COMPANY],
  );
const plainAccount = (index: number): number => plainAccounts()[index] as number;

let accountNumber = 0;
function openAccount(): number {
  accountNumber += 1;
  const reference = `STORY${accountNumber}`;
  return inSage<{ customerId: number }>('createAccount', { reference, name: `Story ${accountNumber} Ltd` }).customerId;
}
const invoice = (customerId: number, net: number, tax: number, reference = 'INV') =>
  inSage<{ id: number; urn: number }>('postInvoice', {
    ...{ customer_id: customerId, document_goods_value: net, document_tax_value: tax, reference },
  });
const receipt = (customerId: number, value: number) =>
  inSage<{ id: number; urn: number }>('postReceipt', { customer_id: customerId, bank_id: 1201, cheque_value: value });
const allocate = (customerId: number, debitId: number, creditId: number, value: number) =>
  inSage('allocate', {
    customer_id: customerId,
    allocation_date: TODAY,
    allocation_lines: [
      { posted_tran_id: debitId, value_to_allocate: value },
      { posted_tran_id: creditId, value_to_allocate: -value },
    ],
  });

test('what people change on accounts shows by itself within an interval, and so does its taking back', async () => {
  const [held, limited, renamed, hidden] = plainAccounts() as [number, number, number, number];
  inSage('putOnHold', { customerId: held, reason: 'Cheque returned' });
  inSage('setCreditLimit', { customerId: limited, creditLimit: 0.01 });
  inSage('rename', { customerId: renamed, name: 'Brückner & Söhne Ltd' });
  inSage('hide', { customerId: hidden, reason: 'Gone away' });
  const opened = openAccount();
  await eventually(async () => {
    expect(await accountOf(held)).toMatchObject({ onHold: true, statusReason: 'Cheque returned', isActive: true });
    expect(await accountOf(limited)).toMatchObject({ creditLimit: { amount: '0.01' } });
    expect(await accountOf(renamed)).toMatchObject({ name: 'Brückner & Söhne Ltd' });
    expect(await accountOf(hidden)).toMatchObject({ isActive: false, statusReason: 'Gone away' });
    expect(await accountOf(opened)).toMatchObject({ balance: { amount: '0.00' }, creditLimit: null, isActive: true });
  }, 6_000);
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(filter: { search: "soh bruckner" }) { nodes { sageCustomerId } } }',
  );
  expect(sageAccounts.nodes).toEqual([{ sageCustomerId: String(renamed) }]);

  inSage('takeOffHold', { customerId: held });
  inSage('setCreditLimit', { customerId: limited, creditLimit: 0 });
  inSage('unhide', { customerId: hidden });
  await eventually(async () => {
    expect(await accountOf(held)).toMatchObject({ onHold: false, statusReason: null });
    expect(await accountOf(limited)).toMatchObject({ creditLimit: null, availableCredit: null });
    expect(await accountOf(hidden)).toMatchObject({ isActive: true, statusReason: null });
  }, 6_000);
  await expectFiguresOfSage(gateway);
});

test('a receipt moves the balance within an interval, though Sage does not touch the account', async () => {
  const customerId = plainAccount(4);
  const before = await accountOf(customerId);
  const { totalCount } = await ledgerOfAccount(before.id);
  const cash = receipt(customerId, 120.5);
  const moved = (text: string, by: number) => (Number(text) + by).toFixed(2);
  await eventually(async () => {
    expect(await accountOf(customerId)).toMatchObject({
      balance: { amount: moved(before.balance.amount, -120.5) },
      unallocatedCredit: { amount: moved(before.unallocatedCredit.amount, 120.5) },
    });
  }, 6_000);
  const ledger = await ledgerOfAccount(before.id);
  expect(ledger.totalCount).toBe(totalCount + 1);
  expect(await rowOf(customerId, cash.urn)).toMatchObject({
    kind: 'RECEIPT',
    gross: { amount: '-120.50' },
    outstanding: { amount: '-120.50' },
    archived: false,
    allocations: [],
  });
});

test('a row that is stamped ahead of its time hides nothing of what follows', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  for (const table of ['transactions', 'customers']) {
    ledgerOf(gateway.sandbox).run(
      `update ${table} set date_time_updated = ? where company_id = ? and id = (select min(id) from ${table} where company_id = ?)`,
      ...[tomorrow, COMPANY, COMPANY],
    );
  }
  await pull(gateway, { resources: ['CUSTOMERS', 'TRANSACTIONS'] });
  const customerId = openAccount();
  invoice(customerId, 1, 0);
  await pull(gateway, { resources: ['CUSTOMERS', 'TRANSACTIONS'] });
  expect(await accountOf(customerId)).toMatchObject({ balance: { amount: '1.00' } });
});

test('an invoice of an account that the cache has not seen yet brings the account along', async () => {
  await pull(gateway);
  const customerId = openAccount();
  // hidden from the customers' pull, as an account would be that is younger than the last: only the ledger tells of it
  ledgerOf(gateway.sandbox).run(
    "update customers set date_time_updated = '2020-01-01T00:00:00.000Z' where company_id = ? and id = ?",
    COMPANY,
    customerId,
  );
  invoice(customerId, 100, 20);
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const account = await accountOf(customerId);
  expect(account).toMatchObject({ balance: { amount: '120.00' }, unallocatedCredit: { amount: '0.00' } });
  expect((await ledgerOfAccount(account.id)).totalCount).toBe(1);
});

test('an allocation shows on both sides, whole or in part, and its undoing too', async () => {
  const customerId = openAccount();
  const first = invoice(customerId, 100, 20);
  const second = invoice(customerId, 50, 10);
  const cash = receipt(customerId, 150);
  allocate(customerId, first.id, cash.id, 120);
  allocate(customerId, second.id, cash.id, 12.34);
  await pull(gateway, { resources: ['TRANSACTIONS'] });

  const shown = async () => ({
    first: matchOf(await rowOf(customerId, first.urn)),
    second: matchOf(await rowOf(customerId, second.urn)),
    cash: matchOf(await rowOf(customerId, cash.urn)),
  });
  const urns = { first: String(first.urn), second: String(second.urn), cash: String(cash.urn) };
  expect(await shown()).toEqual({
    first: { amounts: ['120.00', '120.00', '0.00'], matches: [[urns.cash, '120.00', urns.cash]] },
    second: { amounts: ['60.00', '12.34', '47.66'], matches: [[urns.cash, '12.34', urns.cash]] },
    cash: {
      amounts: ['-150.00', '-132.34', '-17.66'],
      matches: expect.arrayContaining([
        [urns.first, '-120.00', urns.first],
        [urns.second, '-12.34', urns.second],
      ]),
    },
  });
  expect(await accountOf(customerId)).toMatchObject({
    balance: { amount: '30.00' },
    unallocatedCredit: { amount: '17.66' },
  });

  inSage('unallocate', { transactionId: first.id });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect(await shown()).toEqual({
    first: { amounts: ['120.00', '0.00', '120.00'], matches: [] },
    second: { amounts: ['60.00', '12.34', '47.66'], matches: [[urns.cash, '12.34', urns.cash]] },
    cash: { amounts: ['-150.00', '-12.34', '-137.66'], matches: [[urns.second, '-12.34', urns.second]] },
  });
  expect(await accountOf(customerId)).toMatchObject({
    balance: { amount: '30.00' },
    unallocatedCredit: { amount: '137.66' },
  });
});

test('a query flag shows and goes', async () => {
  const customerId = openAccount();
  const disputed = invoice(customerId, 10, 2);
  inSage('setQuery', { transactionId: disputed.id, queried: 'Q' });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect(await rowOf(customerId, disputed.urn)).toMatchObject({ queried: true });
  inSage('setQuery', { transactionId: disputed.id, queried: '' });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect(await rowOf(customerId, disputed.urn)).toMatchObject({ queried: false });
});

test('postings in several currencies keep their own, and the figures stay those of Sage', async () => {
  const foreign = ledgerOf(gateway.sandbox).rows<{ id: number; currencyId: number }>(
    `select id, currency_id as currencyId from customers
      where company_id = ? and currency_id <> 1 and account_status_type = 0 and on_hold = 0 and account_type = 0`,
    COMPANY,
  );
  expect(foreign.length).toBeGreaterThan(0);
  for (const { id } of foreign) invoice(id, 99.99, 0, 'FOREIGN');
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const { sageTransactions } = await gateway.data(
    '{ sageTransactions(filter: { search: "foreign" }) { nodes { gross { amount currency } sageAccount { balance { currency } } } } }',
  );
  expect(sageTransactions.nodes).toHaveLength(foreign.length);
  for (const { gross, sageAccount } of sageTransactions.nodes) {
    expect(gross).toEqual({ amount: '99.99', currency: sageAccount.balance.currency });
    expect(gross.currency).not.toBe('GBP');
  }
  await expectFiguresOfSage(gateway);
  await expectTransactionsOfSage(gateway);
});

const REFERENCE = `{ sageCompanies { sageCompanyId nominalAccounts { reference costCentre department isActive }
  bankAccounts { code isActive } taxCodes { code name ratePercent isActive } } }`;

async function referenceData() {
  const { sageCompanies } = await gateway.data(REFERENCE);
  const company = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === COMPANY);
  const isActive = (list: { isActive: boolean }[], key: string, value: unknown) =>
    list.filter((one) => (one as Record<string, unknown>)[key] === value).map((one) => one.isActive);
  return {
    nominal: (reference: string) => isActive(company.nominalAccounts, 'reference', reference),
    bank: (code: string) => isActive(company.bankAccounts, 'code', code),
    tax: (code: number) => company.taxCodes.find((one: { code: number }) => one.code === code),
  };
}

test('nominal accounts and banks that Sage hides or deletes stay listed, inactive; a tax code takes its new rate', async () => {
  const nominals = ledgerOf(gateway.sandbox).rows<{ id: number; reference: string }>(
    `select id, reference from nominal_codes where company_id = ? and status = 0 and reference <> '4000'
       group by reference having count(*) = 1 order by reference`,
    COMPANY,
  );
  const [deleted, hidden] = nominals as [(typeof nominals)[0], (typeof nominals)[0]];
  inSage('deleteNominalCode', { nominalCodeId: deleted.id });
  inSage('hideNominalCode', { nominalCodeId: hidden.id });
  inSage('hideBank', { bankId: 1202 });
  inSage('changeTaxCode', { taxCodeId: 23943, name: 'Half rate', rate: '17.50' });
  await eventually(async () => {
    const now = await referenceData();
    expect([now.nominal(deleted.reference), now.nominal(hidden.reference)]).toEqual([[false], [false]]);
    expect([now.bank('DEPOSIT'), now.bank('CURRENT')]).toEqual([[false], [true]]);
    expect(now.tax(5)).toEqual({ code: 5, name: 'Half rate', ratePercent: '17.50', isActive: true });
  }, 6_000);

  inSage('unhideNominalCode', { nominalCodeId: hidden.id });
  inSage('unhideBank', { bankId: 1202 });
  await pull(gateway, { resources: ['NOMINAL_ACCOUNTS', 'BANK_ACCOUNTS'] });
  const after = await referenceData();
  expect([after.nominal(deleted.reference), after.nominal(hidden.reference)]).toEqual([[false], [true]]);
  expect(after.bank('DEPOSIT')).toEqual([true]);
});
