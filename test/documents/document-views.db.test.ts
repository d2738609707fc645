import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { registerDemoInvoices } from '../../src/documents/register-demo-invoices.js';
import { sageOpenApi } from '../support/openapi.js';
import { invoiceInput, line, mapEverything, paymentInput, sent } from '../support/documents.js';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

interface Posted {
  urn: string;
  kind: string;
  reference: string;
  transactionDate: string;
  gross: { amount: string; currency: string };
  net: { amount: string };
  tax: { amount: string };
}

let gateway: TestGateway;
let companyId: string;
/** C1 and C2 have an account in company 1 with invoices on it. */
const postedOf: Record<string, Posted[]> = {};
const namesOf: Record<string, string> = {};

beforeAll(async () => {
  // nothing is sent, and pulls come when they are asked for
  gateway = await startTestGateway({
    variables: {
      ROLES: 'api,sync',
      SYNC_TRANSACTIONS_SECONDS: '3600',
      SYNC_CUSTOMERS_SECONDS: '3600',
      SYNC_REFERENCE_SECONDS: '3600',
    },
  });
  await mapEverything(gateway);
  const { sageAccounts } = await gateway.data(`{ sageAccounts(first: 60) { nodes { id name isActive onHold
    balance { currency } sageCompany { id sageCompanyId }
    transactions(first: 100) { nodes { urn kind reference transactionDate gross { amount currency } net { amount } tax { amount } } } } } }`);
  const accounts = sageAccounts.nodes.filter(
    // oxlint-disable-next-line typescript/no-explicit-any
    ({ balance, sageCompany, isActive, onHold, transactions }: any) =>
      balance.currency === 'GBP' &&
      sageCompany.sageCompanyId === 1 &&
      isActive &&
      !onHold &&
      transactions.nodes.length < 100 &&
      transactions.nodes.filter(({ kind }: Posted) => kind === 'INVOICE').length > 3,
  );
  companyId = accounts[0].sageCompany.id;
  for (const [index, layerId] of ['C1', 'C2'].entries()) {
    const account = accounts[index];
    postedOf[layerId] = account.transactions.nodes;
    namesOf[layerId] = account.name;
    const { linkCustomer } = await gateway.data(
      'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }',
      { layerId, id: account.id },
    );
    expect(linkCustomer.userErrors).toEqual([]);
  }
});
afterAll(() => gateway.close());

const of = (invoiceLayerId: string, amount: string, lineLayerId?: string) => ({ invoiceLayerId, amount, lineLayerId });

test('an invoice shows what has been paid and credited, line by line, by whom', async () => {
  const { data } = gateway;
  await sent(
    gateway,
    'INVOICE',
    invoiceInput('V1', 'C1', {
      issuedOn: '2026-02-01',
      dueOn: '2026-03-01',
      lines: [line('L1'), line('L2', { nominalCode: '4010', net: '50.00', vat: '10.00' })],
    }),
  );
  const payment = await sent(
    gateway,
    'PAYMENT',
    paymentInput('V-P', 'C1', '100.00', {
      paidOn: '2026-02-02',
      invoices: [of('V1', '30.00', 'L2'), of('V1', '40.00')],
    }),
  );
  await sent(gateway, 'CREDIT_NOTE', {
    ...invoiceInput('V-CN', 'C1', { issuedOn: '2026-02-03', lines: [line('L1', { net: '75.00', vat: '15.00' })] }),
    invoices: [of('V1', '90.00')],
  });
  await sent(gateway, 'REFUND', {
    layerId: 'V-RF',
    customerLayerId: 'C1',
    paymentMethodLayerId: 'BACS',
    refundedOn: '2026-02-04',
    amount: '5.00',
    reference: 'BACK',
    paymentLayerId: 'V-P',
  });
  const shown = await data(`{
    invoice(layerId: "V1") { id layerId number issuedOn dueOn customer { layerId } subCompany { isDefault sageCompany { sageCompanyId } }
      net { amount } vat { amount } gross { amount currency } paid { amount } credited { amount } outstanding { amount }
      payments { layerId } creditNotes { layerId } lines { layerId description nominalCode vatCode net { amount } vat { amount } paid { amount } }
      sageTransaction { urn } push { status document { ... on Invoice { layerId } } } }
    payments { nodes { id layerId origin customer { layerId } paidOn amount { amount currency } reference push { id } } }
    creditNotes { nodes { id layerId number issuedOn net { amount } vat { amount } gross { amount } lines { layerId } push { status } } }
    refunds { nodes { id layerId refundedOn amount { amount } reference creditNote { layerId } payment { layerId } push { status } } }
    missing: invoice(layerId: "v1") { id } blank: invoice(layerId: "V1 ") { id } }`);
  expect(shown.invoice).toMatchObject({
    layerId: 'V1',
    number: 'N-V1',
    issuedOn: '2026-02-01',
    dueOn: '2026-03-01',
    customer: { layerId: 'C1' },
    subCompany: { isDefault: true, sageCompany: { sageCompanyId: 1 } },
    net: { amount: '150.00' },
    vat: { amount: '30.00' },
    gross: { amount: '180.00', currency: 'GBP' },
    paid: { amount: '70.00' },
    credited: { amount: '90.00' },
    outstanding: { amount: '20.00' },
    payments: [{ layerId: 'V-P' }],
    creditNotes: [{ layerId: 'V-CN' }],
    // 30.00 for the second by name; 130.00 to the first, which takes 120.00, and on to the second
    lines: [
      { layerId: 'L1', nominalCode: '4000', vatCode: 'S', net: { amount: '100.00' }, paid: { amount: '120.00' } },
      { layerId: 'L2', nominalCode: '4010', net: { amount: '50.00' }, paid: { amount: '40.00' } },
    ],
    sageTransaction: null,
    push: { status: 'QUEUED', document: { layerId: 'V1' } },
  });
  expect(shown.payments.nodes).toEqual([
    {
      id: expect.any(String),
      layerId: 'V-P',
      origin: 'LAYER',
      customer: { layerId: 'C1' },
      paidOn: '2026-02-02',
      amount: { amount: '100.00', currency: 'GBP' },
      reference: 'R-V-P',
      push: { id: payment.id },
    },
  ]);
  expect(shown.creditNotes.nodes).toMatchObject([
    { layerId: 'V-CN', net: { amount: '75.00' }, gross: { amount: '90.00' }, lines: [{ layerId: 'L1' }] },
  ]);
  expect(shown.refunds.nodes).toMatchObject([
    { layerId: 'V-RF', amount: { amount: '5.00' }, creditNote: null, payment: { layerId: 'V-P' } },
  ]);
  expect([shown.missing, shown.blank]).toEqual([null, null]);

  const ids = [shown.invoice, shown.payments.nodes[0], shown.creditNotes.nodes[0], shown.refunds.nodes[0]].map(
    ({ id }) => id,
  );
  const node = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  const types = [];
  for (const id of ids) types.push((await data(node, { id })).node.__typename);
  expect(types).toEqual(['Invoice', 'Payment', 'CreditNote', 'Refund']);
  const stranger = await signToken({ scopes: ['accounts:read'] });
  expect((await gateway.graphql(node, { id: ids[0] }, stranger)).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

const PREVIEW =
  'mutation ($input: InvoiceInput!) { previewInvoice(input: $input) { sageCompany { sageCompanyId } request body userErrors { code message field } } }';
const preview = async (input: object) => (await gateway.data(PREVIEW, { input })).previewInvoice;

test('a preview is the very body, looked through by Sage, and leaves nothing behind', async () => {
  const count = async () =>
    (await gateway.gateway.database.query('SELECT COUNT(*) AS count FROM document WHERE instance_id = 1'))[0];
  const before = [await count(), gateway.sandbox.control.status()];
  const input = invoiceInput('PRE', 'C1', {
    issuedOn: '2026-02-01',
    lines: [line('L1', { net: '100.50', vat: '20.10' }), line('L2', { vatCode: 'Z', net: '0.30', vat: '0.00' })],
  });
  const asked = await preview(input);
  expect(asked).toMatchObject({ sageCompany: { sageCompanyId: 1 }, request: 'POST /sales_invoices' });
  // the period may be closed for the sandbox: that is Sage's word, and comes with the body
  expect(asked.body).toContain('"document_goods_value":100.80,"document_tax_value":20.10');
  expect(asked.body).toContain('"value":100.50}');
  const body = JSON.parse(asked.body);
  expect(sageOpenApi()?.faultsOfRequest('POST', '/sales_invoices', body) ?? []).toEqual([]);
  const { customer } = await gateway.data('{ customer(layerId: "C1") { sageAccount { sageCustomerId } } }');
  expect(String(body.customer_id)).toBe(customer.sageAccount.sageCustomerId);
  const today = new Date().toISOString().slice(0, 10);
  expect(await preview({ ...input, issuedOn: today })).toMatchObject({ userErrors: [] });
  expect(await preview({ ...input, issuedOn: '1990-01-01' })).toMatchObject({
    body: expect.any(String),
    userErrors: [{ code: 'SAGE_REFUSED', message: expect.stringContaining('period') }],
  });

  expect(await preview({ ...input, customerLayerId: 'C404', number: '' })).toMatchObject({
    body: null,
    userErrors: [
      { code: 'REQUIRED', field: ['number'] },
      { code: 'CUSTOMER_UNKNOWN', field: ['customerLayerId'] },
      { code: 'ACCOUNT_MISSING' },
    ],
  });
  expect(await preview({ ...input, lines: [line('L1', { nominalCode: '4999' })] })).toMatchObject({
    sageCompany: { sageCompanyId: 1 },
    body: null,
    userErrors: [{ code: 'NOMINAL_CODE_NOT_MAPPED' }],
  });
  await sent(gateway, 'CUSTOMER', { layerId: 'COMING', name: 'Coming Ltd' });
  expect((await preview({ ...input, customerLayerId: 'COMING' })).userErrors).toMatchObject([
    { code: 'ACCOUNT_MISSING', field: ['customerLayerId'] },
  ]);
  expect([await count(), gateway.sandbox.control.status()]).toEqual(before);
});

test('a preview does without Sage while that is away', async () => {
  await gateway.stopSage();
  try {
    expect(await preview(invoiceInput('PRE', 'C1'))).toMatchObject({ body: expect.any(String), userErrors: [] });
  } finally {
    await gateway.startSage();
  }
});

const REGISTER = `mutation ($inputs: [RegisterInvoiceInput!]!) { registerInvoices(inputs: $inputs) {
  registered { layerId push { id } sageTransaction { urn } gross { amount } } rejected { row message } userErrors { code field } } }`;
const register = async (inputs: object[]) => (await gateway.data(REGISTER, { inputs })).registerInvoices;

/** A posted invoice as The Layer would register it: one line, its VAT code unknown to the gateway. */
const asInput = (layerId: string, customerLayerId: string, posted: Posted, more: object = {}) => ({
  invoice: invoiceInput(layerId, customerLayerId, {
    number: posted.reference,
    issuedOn: posted.transactionDate,
    lines: [line('L1', { vatCode: 'AS-POSTED', net: posted.net.amount, vat: posted.tax.amount })],
    ...more,
  }),
  sageCompanyId: companyId,
  urn: posted.urn,
});

test('invoices that stand in Sage are registered after account and amount were compared; each bad one is told', async () => {
  const invoices = postedOf.C1!.filter(({ kind }) => kind === 'INVOICE');
  const [a, b, c] = invoices as [Posted, Posted, Posted];
  const receipt = postedOf.C1!.find(({ kind }) => kind === 'RECEIPT') as Posted;
  const pushesBefore = await gateway.gateway.database.query('SELECT COUNT(*) AS count FROM push WHERE instance_id = 1');
  const answer = await register([
    asInput('G-A', 'C1', a),
    asInput('G-X', 'C1', b, { lines: [line('L1', { vatCode: 'AS-POSTED', net: '1.00', vat: '0.00' })] }),
    asInput('G-X', 'C2', b),
    { ...asInput('G-X', 'C1', b), urn: '99999999' },
    { ...asInput('G-X', 'C1', b), sageCompanyId: 'nowhere' },
    asInput('G-X', 'C1', { ...receipt, net: b.net, tax: b.tax }),
    asInput('G-X', 'C1', a),
    asInput('G-A', 'C1', b),
    asInput('G-X', 'C1', b, { number: 'N'.repeat(21), currency: 'EUR' }),
    asInput('V1', 'C1', b),
    asInput('G-B', 'C1', b),
  ]);
  expect(answer.userErrors).toEqual([]);
  expect(answer.registered).toEqual([
    { layerId: 'G-A', push: null, sageTransaction: { urn: a.urn }, gross: { amount: a.gross.amount } },
    { layerId: 'G-B', push: null, sageTransaction: { urn: b.urn }, gross: { amount: b.gross.amount } },
  ]);
  expect(
    answer.rejected.map(({ row, message }: { row: number; message: string }) => [
      row,
      [...message.matchAll(/([A-Z_]{5,}) \(/g)].map((match) => match[1]),
    ]),
  ).toEqual([
    [1, ['AMOUNT_DIFFERS']],
    [2, ['OTHER_ACCOUNT']],
    [3, ['TRANSACTION_UNKNOWN']],
    [4, ['COMPANY_UNKNOWN']],
    [5, ['NO_INVOICE', 'AMOUNT_DIFFERS']],
    [6, ['ALREADY_TIED']],
    [7, ['ALREADY_KNOWN']],
    [8, ['TOO_LONG', 'CURRENCY_MISMATCH']],
    [9, ['ALREADY_KNOWN']],
  ]);
  expect(await gateway.gateway.database.query('SELECT COUNT(*) AS count FROM push WHERE instance_id = 1')).toEqual(
    pushesBefore,
  );

  // the same again changes nothing, and it cannot be pushed as well
  expect((await register([asInput('G-A', 'C1', a)])).registered).toHaveLength(1);
  expect((await register([asInput('G-A', 'C1', a, { number: 'OTHER' })])).rejected).toHaveLength(1);
  const { pushInvoice } = await gateway.data(
    'mutation ($input: InvoiceInput!) { pushInvoice(input: $input) { push { id } userErrors { code field } } }',
    { input: asInput('G-A', 'C1', a).invoice },
  );
  expect(pushInvoice).toEqual({ push: null, userErrors: [{ code: 'ALREADY_REGISTERED', field: ['layerId'] }] });
  await sent(gateway, 'PAYMENT', paymentInput('G-P', 'C1', '0.01', { invoices: [of('G-A', '0.01')] }));

  // two calls at once tie one posting once
  const both = await Promise.all([register([asInput('G-C1', 'C1', c)]), register([asInput('G-C2', 'C1', c)])]);
  expect(both.map(({ registered }) => registered.length).sort()).toEqual([0, 1]);
  const many = Array.from({ length: 501 }, () => asInput('G-M', 'C1', c));
  expect((await register(many)).userErrors).toEqual([{ code: 'TOO_MANY', field: ['inputs'] }]);
});

test('the grids: newest first, page by page, by date, by customer, by push, by words', async () => {
  const { data } = gateway;
  const days = ['01', '02', '02', '03', '04', '05'];
  for (const [index, day] of days.entries()) {
    await sent(
      gateway,
      'INVOICE',
      invoiceInput(`PAGE-${index}`, 'C2', {
        number: `PG ${100 + index}`,
        issuedOn: `2026-04-${day}`,
        ...(index === 5 && { lines: [line('L1', { nominalCode: '4999' })] }),
      }),
    );
  }
  const list = async (filter: object, first = 50) => {
    const ids: string[] = [];
    let total = 0;
    for (let after: string | null = null, isMore = true; isMore;) {
      const { invoices } = await data(
        `query ($filter: DocumentFilter, $first: Int, $after: String) { invoices(filter: $filter, first: $first, after: $after) {
           totalCount nodes { layerId } pageInfo { hasNextPage endCursor } } }`,
        { filter, first, after },
      );
      ids.push(...invoices.nodes.map(({ layerId }: { layerId: string }) => layerId));
      ({ hasNextPage: isMore, endCursor: after } = invoices.pageInfo);
      total = invoices.totalCount;
    }
    expect(total).toBe(ids.length);
    return ids;
  };
  const newestFirst = ['PAGE-5', 'PAGE-4', 'PAGE-3', 'PAGE-2', 'PAGE-1', 'PAGE-0'];
  for (const size of [1, 2, 5, 500]) expect(await list({ customerLayerId: 'C2' }, size)).toEqual(newestFirst);
  expect(await list({ customerLayerId: 'C2', from: '2026-04-02', to: '2026-04-03' })).toEqual([
    'PAGE-3',
    'PAGE-2',
    'PAGE-1',
  ]);
  expect(await list({ pushStatus: ['HELD'] })).toEqual(['PAGE-5']);
  expect(await list({ pushStatus: [] })).toEqual([]);
  expect(await list({ pushStatus: ['QUEUED', 'SUCCEEDED'], customerLayerId: 'C2' }, 2)).toEqual(newestFirst.slice(1));
  expect(await list({ search: 'page-3' })).toEqual(['PAGE-3']);
  expect(await list({ search: 'PG 104' })).toEqual(['PAGE-4']);
  const [word] = namesOf.C2!.split(' ');
  expect(await list({ search: word, from: '2026-04-01', to: '2026-04-30' }, 2)).toEqual(newestFirst);
  expect(await list({ search: `pg ${word}` })).toEqual(newestFirst);
  expect(await list({ search: `${word} page-5`, pushStatus: ['HELD'] })).toEqual(['PAGE-5']);
  expect(await list({ search: 'nothing-like-it' })).toEqual([]);
  expect(await list({ customerLayerId: 'C404' })).toEqual([]);

  const { customer } = await data(
    '{ customer(layerId: "C2") { invoices(first: 2) { totalCount nodes { layerId } } payments { nodes { id } } creditNotes { totalCount } refunds { totalCount } } }',
  );
  expect(customer).toEqual({
    invoices: { totalCount: 6, nodes: [{ layerId: 'PAGE-5' }, { layerId: 'PAGE-4' }] },
    payments: { nodes: [] },
    creditNotes: { totalCount: 0 },
    refunds: { totalCount: 0 },
  });

  const all = `query ($first: Int!) { invoices(first: $first) { nodes { number customer { name } subCompany { name } paid { amount }
    outstanding { amount } payments { layerId push { status } } creditNotes { number } lines { paid { amount } }
    sageTransaction { urn } push { status } } } }`;
  const statementsOf = async (first: number) => {
    const statements: string[] = [];
    const stop = gateway.gateway.database.onStatement((sql) => statements.push(sql));
    await data(all, { first });
    stop();
    // the scheduler looks for due pulls in between
    return statements.filter((sql) => !/sync_|sage_connection|instance\b.*slug|FROM instance/i.test(sql));
  };
  const long = await statementsOf(10);
  expect(long.length).toBeLessThanOrEqual(12);
  expect(long.filter((sql) => sql.includes('COUNT(*)'))).toEqual([]);
  expect(long.filter((sql) => !/instance_id/.test(sql))).toEqual([]);
});

test('a posting is shown with its document once the cache has it', async () => {
  const posted = postedOf.C2!.find(({ kind }) => kind === 'INVOICE') as Posted;
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query("UPDATE push SET status = 'SUCCEEDED', urn = ? WHERE instance_id = 1 AND layer_id = 'PAGE-0'", [
      posted.urn,
    ]),
  );
  const { invoice } = await gateway.data('{ invoice(layerId: "PAGE-0") { sageTransaction { urn reference } } }');
  expect(invoice.sageTransaction).toEqual({ urn: posted.urn, reference: posted.reference });
  // a posting of the gateway's own is no invoice to register
  const rejected = (await register([asInput('G-PUSHED', 'C2', posted)])).rejected;
  expect(rejected).toMatchObject([{ row: 0, message: expect.stringContaining('ALREADY_TIED') }]);
});

test('another instance sees none of it', async () => {
  const { database } = gateway.gateway;
  await database.transaction((transaction) =>
    transaction.query("INSERT INTO instance (id, slug, created_at) VALUES (2, 'other', 0)"),
  );
  const { invoice } = await gateway.data('{ invoice(layerId: "V1") { id } }');
  const other = await signToken({ instance: 'other' });
  const { body } = await gateway.graphql(
    'query ($id: ID!) { node(id: $id) { id } invoice(layerId: "V1") { id } invoices { totalCount } payments(filter: { search: "v" }) { totalCount } }',
    { id: invoice.id },
    other,
  );
  expect(body.data).toEqual({ node: null, invoice: null, invoices: { totalCount: 0 }, payments: { totalCount: 0 } });
});

test('the demo registers every posted invoice of linked accounts, once', async () => {
  const { database } = gateway.gateway;
  expect(await registerDemoInvoices(database, 1, systemClock)).toBe(0);
  await database.transaction(async (transaction) => {
    for (const table of ['document', 'document_line', 'document_share'])
      await transaction.query(`DELETE FROM ${table} WHERE instance_id = 1`);
  });
  const registered = await registerDemoInvoices(database, 1, systemClock);
  const posted = [...postedOf.C1!, ...postedOf.C2!].filter(({ kind }) => kind === 'INVOICE');
  expect(registered).toBe(posted.length);
  const { invoices } = await gateway.data(
    '{ invoices(first: 500) { nodes { number gross { amount } net { amount } sageTransaction { urn gross { amount } reference } lines { net { amount } vat { amount } vatCode } } } }',
  );
  const minor = (text: string) => BigInt(text.replace('.', ''));
  for (const { number, gross, net, sageTransaction, lines } of invoices.nodes) {
    expect([number, gross]).toEqual([sageTransaction.reference, sageTransaction.gross]);
    const sum = (name: 'net' | 'vat') =>
      lines.reduce((total: bigint, one: Record<string, { amount: string }>) => total + minor(one[name]!.amount), 0n);
    expect(sum('net')).toBe(minor(net.amount));
    expect(sum('net') + sum('vat')).toBe(minor(gross.amount));
  }
  expect(invoices.nodes.map(({ sageTransaction }: { sageTransaction: Posted }) => sageTransaction.urn).sort()).toEqual(
    posted.map(({ urn }) => urn).sort(),
  );
  expect(await registerDemoInvoices(database, 1, systemClock)).toBe(0);
});
