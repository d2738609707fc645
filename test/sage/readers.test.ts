import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readBanks } from '../../src/sage/banks.js';
import { listContacts } from '../../src/sage/customer-contacts.js';
import { listCurrencies } from '../../src/sage/currencies.js';
import { readCustomers } from '../../src/sage/customers.js';
import { readSalesLedgerSettings } from '../../src/sage/ledger-settings.js';
import { newestUpdate } from '../../src/sage/newest-update.js';
import { readNominalCodes } from '../../src/sage/nominal-codes.js';
import { readReportCategories } from '../../src/sage/report-categories.js';
import { listSites } from '../../src/sage/sites.js';
import { readTaxCodes } from '../../src/sage/tax-codes.js';
import { readHistoricalTransactions, readPostedTransactions } from '../../src/sage/transactions.js';
import { WIRE_CUSTOMER, WIRE_TRANSACTION } from './ledger-rows.js';
import { COMPANY, hastyClock, type TestClient, testClient } from './sage-test-client.js';
import { ScriptedServer } from './scripted-server.js';

let server: ScriptedServer;
let sage: TestClient;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  sage = testClient(server.url, hastyClock());
});
afterEach(async () => {
  await sage.close();
  server.reset();
});

const transaction = (changes: Record<string, unknown>) => ({ ...(JSON.parse(WIRE_TRANSACTION) as object), ...changes });
const posted = async (...rows: unknown[]) => {
  server.play({ json: rows });
  return readPostedTransactions(sage.client, COMPANY, { top: 100 });
};

describe('transactions', () => {
  test('as the wire has them', async () => {
    server.play({ text: `[${WIRE_TRANSACTION}]` });
    const page = await readPostedTransactions(sage.client, COMPANY, {
      top: 100,
      afterId: 5,
      customerId: 1032,
      updatedSince: '2018-01-01T00:00:00.5Z',
    });
    expect(page).toEqual({
      rows: [
        {
          id: 7472726,
          customerId: 1032,
          kind: 'RECEIPT',
          urn: '515377',
          reference: ' 0002359',
          secondReference: '',
          queried: '',
          transactionDate: '2009-10-30',
          postedDate: '2009-10-30',
          dueDate: '2009-10-30',
          gross: '-303.6',
          net: '-303.6',
          tax: '0',
          allocated: '-303.6',
          outstanding: '0',
          baseGross: '-303.6',
          baseOutstanding: '0',
          exchangeRate: '1',
          updatedAt: '2018-03-14T18:25:04.350Z',
          archived: false,
          allocations: [
            { urn: '515376', kind: 'INVOICE', reference: 'INV1', amount: '303.6', allocatedOn: '2009-10-30' },
          ],
        },
      ],
      rejected: [],
      lastId: 7472726,
      count: 1,
      complete: true,
    });
    expect(server.seen[0]?.query).toEqual({
      $filter: 'id gt 5 and date_time_updated ge 2018-01-01T00:00:00.500Z and customer_id eq 1032',
      $orderby: 'id asc',
      $top: '100',
      $expand: 'allocation_session_items',
    });
  });

  test.each([
    ['TradingAccountEntryTypeInvoice', 'INVOICE'],
    ['TradingAccountEntryTypeCreditNote', 'CREDIT_NOTE'],
    ['TradingAccountEntryTypePurchasePaymentSalesReceipt', 'RECEIPT'],
    ['TradingAccountEntryTypePurchaseReceiptSalesPayment', 'REFUND'],
    ['TradingAccountEntryTypeOpeningBalanceInvoice', 'OPENING_INVOICE'],
    ['TradingAccountEntryTypeOpeningBalanceCreditNote', 'OPENING_CREDIT_NOTE'],
  ])('%s is %s', async (type, kind) => {
    expect((await posted(transaction({ trader_transaction_type: type }))).rows[0]?.kind).toBe(kind);
  });

  test('deleted and unused records are passed over, but the next page begins after them', async () => {
    const page = await posted(
      transaction({ id: 1, trader_transaction_type: 'TradingAccountEntryTypeDeletedRecord' }),
      transaction({ id: 2, trader_transaction_type: 'TradingAccountEntryTypeNOTUSED' }),
    );
    expect(page).toEqual({ rows: [], rejected: [], lastId: 2, count: 2, complete: true });
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'an unknown type',
      { trader_transaction_type: 'TradingAccountEntryTypeNew' },
      'trader_transaction_type TradingAccountEntryTypeNew is not known',
    ],
    ['no type', { trader_transaction_type: undefined }, 'trader_transaction_type is missing'],
    ['no gross', { document_gross_value: null }, 'document_gross_value is missing'],
    ['a gross in words', { document_gross_value: 'canary words' }, 'document_gross_value is no decimal (string)'],
    ['no urn', { urn: undefined }, 'urn is missing'],
    ['no date', { transaction_date: undefined }, 'transaction_date is missing'],
    ['an impossible date', { transaction_date: '2009-02-30T00:00:00Z' }, 'transaction_date is no date (string)'],
    ['a date that is none', { due_date: '30/10/2009' }, 'due_date is no date (string)'],
    [
      'an impossible instant',
      { date_time_updated: '2009-02-01T25:00:00Z' },
      'date_time_updated is no instant (string)',
    ],
    ['no customer', { customer_id: undefined }, 'customer_id is missing'],
    [
      'neither allocated nor outstanding',
      { document_allocated_value: undefined, document_outstanding_value: undefined },
      'document_allocated_value is missing',
    ],
    ['allocations that are no list', { allocation_session_items: {} }, 'allocation_session_items is no list (object)'],
    ['an allocation without urn', { allocation_session_items: [{ allocation_value: 1 }] }, 'urn is missing'],
  ])('%s goes into the quarantine, and the others go on', async (_name, changes, reason) => {
    const page = await posted(transaction({ id: 1 }), transaction({ id: 2, ...changes }), transaction({ id: 3 }));
    expect(page.rows.map(({ id }) => id)).toEqual([1, 3]);
    expect(page.rejected).toMatchObject([{ key: '2', reason }]);
    expect(page.lastId).toBe(3);
  });

  test('rejected rows move the page on when their id can be read, and have no key when it cannot', async () => {
    const page = await posted(
      transaction({ id: 4 }),
      transaction({ id: 9, urn: null }),
      transaction({ id: 'x' }),
      'text',
      null,
    );
    expect(page.lastId).toBe(9);
    expect(page.rejected.map(({ key, reason }) => [key, reason])).toEqual([
      ['9', 'urn is missing'],
      [null, 'id is no whole number (string)'],
      [null, 'is no object'],
      [null, 'is no object'],
    ]);
    const unsafe = await readPage(`[{"id":9007199254740993}]`);
    expect(unsafe.rejected[0]?.key).toBeNull();
  });

  const readPage = (text: string) => {
    server.play({ text });
    return readPostedTransactions(sage.client, COMPANY, { top: 100 });
  };

  test('absent fields: outstanding and net are computed exactly, the rest is null', async () => {
    const { rows } = await posted({
      id: '12',
      customer_id: 1,
      trader_transaction_type: 'TradingAccountEntryTypeInvoice',
      urn: '00042',
      transaction_date: '2026-01-31',
      document_gross_value: 0.3,
      document_tax_value: 0.05,
      document_allocated_value: 0.1,
    });
    expect(rows[0]).toMatchObject({
      id: 12,
      urn: '42',
      reference: '',
      net: '0.25',
      outstanding: '0.2',
      postedDate: null,
      dueDate: null,
      baseGross: null,
      baseOutstanding: null,
      exchangeRate: null,
      updatedAt: null,
      allocations: [],
    });
  });

  test('a query letter is trimmed; a missing allocation_value falls back to value; 17 digits stay exact', async () => {
    const row = WIRE_TRANSACTION.replace('"queried":" "', '"queried":" W"')
      .replace(',"allocation_value":303.60', '')
      .replace('"document_gross_value":-303.60', '"document_gross_value":-123456789012345.67');
    const { rows } = await readPage(`[${row}]`);
    expect(rows[0]).toMatchObject({ queried: 'W', gross: '-123456789012345.67' });
    expect(rows[0]?.allocations[0]?.amount).toBe('303.6');
  });

  test('historical ones are archived and have no allocations', async () => {
    server.play({ text: `[${WIRE_TRANSACTION}]` });
    const { rows } = await readHistoricalTransactions(sage.client, COMPANY, { top: 100 });
    expect(rows[0]).toMatchObject({ archived: true, allocations: [] });
    expect(server.seen[0]?.path).toBe('/sales_historical_transactions');
    expect(server.seen[0]?.query['$expand']).toBeUndefined();
  });
});

describe('customers', () => {
  test('as the wire has them', async () => {
    server.play({ json: { value: [WIRE_CUSTOMER] } });
    const { rows, rejected } = await readCustomers(sage.client, COMPANY, { top: 100 });
    expect(rejected).toEqual([]);
    expect(rows).toEqual([
      {
        id: 200300400,
        reference: ' CUST1',
        name: 'Test Ltd ',
        shortName: 'TEST',
        balance: '-200',
        creditLimit: '1234.5',
        onHold: true,
        statusReason: 'late',
        isActive: false,
        currencyId: 5,
        telephone: '+44 0191 498 0000',
        fax: null,
        website: 'https://x.example',
        vatNumber: 'GB1',
        address: {
          line1: '1 High St',
          line2: null,
          line3: null,
          line4: null,
          city: 'York',
          county: '',
          postcode: 'YO1 1AA',
        },
        contacts: [
          {
            id: 11,
            firstName: 'Ann',
            lastName: 'Lee',
            name: 'Ann Lee',
            email: 'a@x.example',
            telephone: null,
            isDefault: true,
          },
          {
            id: 12,
            firstName: null,
            lastName: null,
            name: 'Accounts',
            email: 'yes@x.example',
            telephone: null,
            isDefault: false,
          },
        ],
        updatedAt: '2018-03-14T18:25:04.000Z',
      },
    ]);
    expect(server.seen[0]?.query).toMatchObject({ $expand: 'contacts,main_address', $orderby: 'id asc', $top: '100' });
  });

  test.each(['reference', 'name', 'balance', 'currency_id'])('without %s they are rejected', async (field) => {
    server.play({
      json: [
        { ...WIRE_CUSTOMER, [field]: undefined },
        { ...WIRE_CUSTOMER, id: 200300401 },
      ],
    });
    const { rows, rejected } = await readCustomers(sage.client, COMPANY, { top: 100 });
    expect(rows).toHaveLength(1);
    expect(rejected).toMatchObject([{ key: '200300400', reason: `${field} is missing` }]);
  });

  test('with the least of fields they are taken', async () => {
    server.play({ json: [{ id: 1, reference: 'A', name: 'A', balance: 0, currency_id: 1 }] });
    const { rows } = await readCustomers(sage.client, COMPANY, { top: 100 });
    expect(rows[0]).toMatchObject({ creditLimit: '0', onHold: false, isActive: true, address: null, contacts: [] });
  });
});

test('sites; a row that cannot be read makes the answer bad', async () => {
  const site = {
    company_id: 1,
    company_name: 'A',
    site_id: 'guid',
    site_name: 'S',
    site_short_name: 's',
    tenant_id: 4,
  };
  server.play({ json: [site] }, { json: [] }, { json: [{ ...site, company_id: undefined }] });
  expect(await listSites(sage.client)).toEqual([{ siteId: 'guid', companyId: 1, companyName: 'A', siteName: 'S' }]);
  expect(server.seen[0]?.headers['x-site']).toBeUndefined();
  expect(sage.contacts).toEqual([{ reached: true, message: null }]);
  expect(await listSites(sage.client)).toEqual([]);
  expect(sage.contacts).toHaveLength(1);
  await expect(listSites(sage.client)).rejects.toMatchObject({ kind: 'bad_answer' });
});

test('currencies: code by expansion, by id, by name, by symbol, or not known', async () => {
  server.answer(({ path }) =>
    path === '/currency_iso_codes'
      ? { json: [{ id: 77, code: 'SEK', name: 'Krona' }] }
      : {
          json: [
            { id: 1, name: 'Pounds', symbol: '£', is_base_currency: true, currency_iso_code: { id: 5, code: 'GBP' } },
            { id: 2, name: 'Kronor', symbol: 'kr', currency_iso_code_id: 77, currency_iso_code: {} },
            { id: 3, name: 'USD', symbol: '$' },
            { id: 4, name: 'Euros', symbol: '€' },
            { id: 5, name: 'Beads', symbol: 'B' },
          ],
        },
  );
  const currencies = await listCurrencies(sage.client, COMPANY);
  expect(currencies.map(({ id, isoCode, isBase }) => [id, isoCode, isBase])).toEqual([
    [1, 'GBP', true],
    [2, 'SEK', false],
    [3, 'USD', false],
    [4, 'EUR', false],
    [5, null, false],
  ]);
  expect(currencies[0]).toEqual({ id: 1, isoCode: 'GBP', name: 'Pounds', symbol: '£', isBase: true });
  expect(server.seen.map(({ query }) => query['$filter'])).toEqual([undefined, '(id eq 77)']);
});

test('ledger settings: an object, a list of one, or only when expanded', async () => {
  const periods = [{ days_period_starts_after: 60 }, { days_period_starts_after: 0 }, { days_period_starts_after: 30 }];
  const read = () => readSalesLedgerSettings(sage.client, COMPANY);
  const expected = { ageingPeriodStarts: [0, 30, 60] };
  server.play({ json: { id: 1, ageing_periods: periods } });
  expect(await read()).toEqual(expected);
  server.play({ json: [{ id: 1, ageing_periods: periods }] });
  expect(await read()).toEqual(expected);
  server.play({ json: { value: [{ id: 1 }] } }, { json: [{ id: 1, ageing_periods: periods }] });
  expect(await read()).toEqual(expected);
  expect(server.seen.at(-1)?.query['$expand']).toBe('ageing_periods');
  server.play({ json: [{ id: 1 }] }, { status: 400, json: { Message: 'unknown expansion' } });
  expect(await read()).toEqual({ ageingPeriodStarts: [] });
  server.play({ status: 404, json: { Message: 'no such resource' } });
  expect(await read()).toEqual({ ageingPeriodStarts: [] });
  server.play({ json: [] });
  await expect(read()).rejects.toMatchObject({ kind: 'bad_answer' });
  server.play({ json: [{ id: 1, ageing_periods: [{}] }] });
  await expect(read()).rejects.toMatchObject({ kind: 'bad_answer' });
});

test('contacts: e-mails and telephones with their records, or only the default that their own row names', async () => {
  const read = async (row: object) => {
    server.play({ json: [{ id: 4, customer_id: 9, first_name: 'Ann', ...row }] });
    const [contact] = await listContacts(sage.client, COMPANY, 9);
    return { emails: contact?.emails, telephones: contact?.telephones };
  };
  const defaults = { default_email: 'ann@a.example', default_telephone: ' 0113 496 0000' };
  expect(
    await read({
      ...defaults,
      emails: [{ id: 5, email: 'ann@b.example', is_default: true }],
      telephones: [{ id: 6, area_code: '0113', subscriber_number: '496 0001' }],
    }),
  ).toEqual({
    emails: [{ id: 5, value: 'ann@b.example', isDefault: true }],
    telephones: [{ id: 6, value: '0113 496 0001', isDefault: false }],
  });
  expect(await read(defaults)).toEqual({
    emails: [{ id: null, value: 'ann@a.example', isDefault: true }],
    telephones: [{ id: null, value: '0113 496 0000', isDefault: true }],
  });
  expect(await read({ default_email: '' })).toEqual({ emails: [], telephones: [] });
});

test('the newest update', async () => {
  server.play({ json: [{ id: 4, date_time_updated: '2018-03-14T18:25:04.35Z' }] }, { json: [] }, { json: ['?'] });
  expect(await newestUpdate(sage.client, COMPANY, 'customers')).toBe('2018-03-14T18:25:04.350Z');
  expect(server.seen[0]).toMatchObject({
    path: '/customers',
    query: { $orderby: 'date_time_updated desc', $top: '1', $select: 'id,date_time_updated' },
  });
  expect(await newestUpdate(sage.client, COMPANY, 'sales_posted_transactions')).toBeNull();
  await expect(newestUpdate(sage.client, COMPANY, 'customers')).rejects.toMatchObject({ kind: 'bad_answer' });
});

test('banks, nominal codes, report categories and tax codes', async () => {
  const read = async <T>(
    reader: (client: typeof sage.client, company: typeof COMPANY, request: { top: number }) => Promise<{ rows: T[] }>,
    ...rows: unknown[]
  ) => {
    server.play({ json: rows });
    return (await reader(sage.client, COMPANY, { top: 100 })).rows;
  };
  expect(
    await read(
      readBanks,
      {
        id: 1,
        code: 'B1',
        description: '',
        bank_name: 'Bank',
        account_currency_id: 2,
        account_status_type: 'AccountStatusActive',
      },
      { id: 2, code: 'B2', description: 'Main', account_status_type: 'AccountStatusHidden' },
    ),
  ).toEqual([
    { id: 1, code: 'B1', name: 'Bank', currencyId: 2, isActive: true },
    { id: 2, code: 'B2', name: 'Main', currencyId: null, isActive: false },
  ]);
  expect(
    await read(
      readNominalCodes,
      {
        id: 1,
        reference: '4000',
        cost_centre_code: 'A',
        name: 'Sales',
        nominal_account_type: 'NominalAccountTypePosting',
        report_category_id: 3,
      },
      { id: 2, reference: '5000', nominal_account_type: 'NominalAccountTypeGroup' },
    ),
  ).toEqual([
    {
      id: 1,
      reference: '4000',
      costCentre: 'A',
      department: '',
      name: 'Sales',
      isPosting: true,
      isActive: true,
      reportCategoryId: 3,
    },
    {
      id: 2,
      reference: '5000',
      costCentre: '',
      department: '',
      name: '',
      isPosting: false,
      isActive: true,
      reportCategoryId: null,
    },
  ]);
  expect(await read(readReportCategories, { id: 1, code: 'SA', description: 'Sales' })).toEqual([
    { id: 1, code: 'SA', name: 'Sales' },
  ]);
  expect(await read(readTaxCodes, { id: 9, code: 1, name: 'Standard', tax_rate: 20.0 })).toEqual([
    { id: 9, code: 1, name: 'Standard', ratePercent: '20' },
  ]);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/banks',
    '/nominal_codes',
    '/nominal_report_categories',
    '/tax_codes',
  ]);
});
