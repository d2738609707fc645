import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  COMPANY,
  invoiceInput,
  ledgerRows,
  line,
  mapEverything,
  paymentInput,
  sent,
  today,
  untilStatus,
} from '../support/documents.js';
import { expectFiguresOfSage } from '../support/sage-ledger.js';
import { eventually, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

test('a customer, invoices, a part payment, a credit note and a refund stand in the ledger as they were sent, and are read back', async () => {
  const customer = 'STORY';
  // all at once, as The Layer sends them: nothing has reached Sage yet
  const pushes = [
    await sent(gateway, 'CUSTOMER', {
      layerId: customer,
      name: 'Storyline Telecom Ltd',
      email: 'accounts@storyline.example',
      telephone: '020 7946 0123',
      vatNumber: 'GB123456789',
      address: { line1: '1 High Street', city: 'Leeds', postcode: 'LS1 1AA', countryCode: 'GB' },
      contacts: [{ layerId: 'K1', firstName: 'Ada', lastName: 'Byron', email: 'ada@storyline.example' }],
    }),
    await sent(
      gateway,
      'INVOICE',
      invoiceInput('A', customer, {
        number: 'INV-A',
        issuedOn: '2026-11-01',
        dueOn: '2026-12-01',
        lines: [
          line('L1', { description: 'Broadband November', net: '100.00', vat: '20.00' }),
          line('L2', { description: 'Calls October', nominalCode: '4010', net: '50.10', vat: '10.02' }),
          line('L3', { description: 'Energy', vatCode: 'R', net: '10.00', vat: '0.50' }),
          line('L4', { description: 'Discount', net: '-5.00', vat: '-1.00' }),
        ],
      }),
    ),
    await sent(gateway, 'INVOICE', invoiceInput('B', customer, { number: 'INV-B' })),
    await sent(
      gateway,
      'INVOICE',
      invoiceInput('C', customer, { number: 'INV-C', lines: [line('L1', { net: '40.00', vat: '8.00' })] }),
    ),
    await sent(
      gateway,
      'PAYMENT',
      paymentInput('P', customer, '250.00', {
        reference: 'BACS 250',
        invoices: [
          { invoiceLayerId: 'A', amount: '184.62' },
          { invoiceLayerId: 'B', amount: '60.00' },
        ],
      }),
    ),
    await sent(gateway, 'CREDIT_NOTE', {
      layerId: 'CN',
      number: 'CRN-1',
      customerLayerId: customer,
      issuedOn: today(),
      lines: [line('L1', { net: '50.00', vat: '10.00' })],
      invoices: [{ invoiceLayerId: 'C', amount: '48.00' }],
    }),
    await sent(gateway, 'REFUND', {
      layerId: 'RF',
      customerLayerId: customer,
      paymentMethodLayerId: 'BACS',
      refundedOn: today(),
      amount: '12.00',
      reference: 'REFUND 12',
      creditNoteLayerId: 'CN',
    }),
  ];
  const done = await Promise.all(pushes.map((push) => untilStatus(gateway, push, 'SUCCEEDED')));
  const byLayerId = Object.fromEntries(done.map((push) => [push.layerId, push]));

  const { customer: shown } = await gateway.data(
    `{ customer(layerId: "STORY") { syncStatus contacts { inSage } sageAccount { sageCustomerId accountNumber balance { amount } } } }`,
  );
  expect(shown.syncStatus).toBe('SYNCED');
  expect(shown.contacts).toEqual([{ inSage: true }]);
  const customerId = Number(shown.sageAccount.sageCustomerId);

  const rows = ledgerRows(gateway, customerId);
  const row = (layerId: string) => {
    const found = rows.filter(({ secondReference }) => secondReference === byLayerId[layerId]?.sageReference);
    expect([layerId, found.length]).toEqual([layerId, 1]);
    return found[0] as (typeof rows)[0];
  };
  expect(rows).toHaveLength(6);
  const urn = (layerId: string) => row(layerId).urn;
  const [a, b, c, p, cn, rf] = ['A', 'B', 'C', 'P', 'CN', 'RF'].map(row);

  expect(a).toMatchObject({
    type: 'TradingAccountEntryTypeInvoice',
    reference: 'INV-A',
    transactionDate: '2026-11-01',
    dueDate: '2026-12-01',
    goods: '155.10',
    tax: '29.52',
    gross: '184.62',
  });
  expect(a?.nominalLines.map(({ code, narrative, value }) => [code, narrative, value])).toEqual([
    // a line below nothing is set off against the others of its nominal account: Sage's API takes positive values
    ['4000', 'Broadband November; Energy; Discount', '105.00'],
    ['4010', 'Calls October', '50.10'],
  ]);
  expect(a?.taxLines.map(({ goods, tax }) => [goods, tax]).sort()).toEqual([
    ['10.00', '0.50'],
    ['145.10', '29.02'],
  ]);
  expect(b).toMatchObject({ reference: 'INV-B', gross: '120.00' });
  expect(c).toMatchObject({ reference: 'INV-C', gross: '48.00' });
  expect(p).toMatchObject({
    type: 'TradingAccountEntryTypePurchasePaymentSalesReceipt',
    reference: 'BACS 250',
    gross: '-250.00',
    allocated: '-244.62',
  });
  expect(p?.bank).toMatchObject({ chequeValue: '250.00' });
  expect(cn).toMatchObject({ type: 'TradingAccountEntryTypeCreditNote', reference: 'CRN-1', gross: '-60.00' });
  expect(rf).toMatchObject({
    type: 'TradingAccountEntryTypePurchaseReceiptSalesPayment',
    reference: 'REFUND 12',
    gross: '12.00',
    allocated: '12.00',
  });
  const matches = (layerId: string) =>
    row(layerId)
      .allocations.map(({ urn: other, value }) => [Number(other), value])
      .sort();
  expect(matches('P')).toEqual(
    [
      [Number(urn('A')), '-184.62'],
      [Number(urn('B')), '-60.00'],
    ].sort(),
  );
  expect(matches('CN')).toEqual(
    [
      [Number(urn('C')), '-48.00'],
      [Number(urn('RF')), '-12.00'],
    ].sort(),
  );
  // 184.62 + 120 + 48 − 250 − 60 + 12
  const figures = gateway.sandbox.control.figures(COMPANY).find((one) => one.customerId === customerId);
  expect(figures?.balance).toBe('54.62');

  // all of it read back through the gateway
  await eventually(async () => {
    const read = await gateway.data(`{
      customer(layerId: "STORY") { sageAccount { balance { amount } projectedBalance { amount } unallocatedCredit { amount } } }
      a: invoice(layerId: "A") { net { amount } vat { amount } gross { amount } paid { amount } credited { amount } outstanding { amount }
        lines { layerId paid { amount } } payments { layerId } sageTransaction { urn outstanding { amount } push { layerId } } push { status } }
      b: invoice(layerId: "B") { paid { amount } outstanding { amount } sageTransaction { outstanding { amount } } }
      c: invoice(layerId: "C") { credited { amount } outstanding { amount } creditNotes { layerId } }
      refunds { nodes { layerId creditNote { layerId } sageTransaction { gross { amount } allocations { amount { amount } } } } }
    }`);
    expect(read).toEqual({
      customer: {
        sageAccount: {
          balance: { amount: '54.62' },
          projectedBalance: { amount: '54.62' },
          unallocatedCredit: { amount: '5.38' },
        },
      },
      a: {
        net: { amount: '155.10' },
        vat: { amount: '29.52' },
        gross: { amount: '184.62' },
        paid: { amount: '184.62' },
        credited: { amount: '0.00' },
        outstanding: { amount: '0.00' },
        lines: [
          { layerId: 'L1', paid: { amount: '120.00' } },
          { layerId: 'L2', paid: { amount: '60.12' } },
          { layerId: 'L3', paid: { amount: '4.50' } },
          { layerId: 'L4', paid: { amount: '0.00' } },
        ],
        payments: [{ layerId: 'P' }],
        sageTransaction: { urn: String(urn('A')), outstanding: { amount: '0.00' }, push: { layerId: 'A' } },
        push: { status: 'SUCCEEDED' },
      },
      b: {
        paid: { amount: '60.00' },
        outstanding: { amount: '60.00' },
        sageTransaction: { outstanding: { amount: '60.00' } },
      },
      c: { credited: { amount: '48.00' }, outstanding: { amount: '0.00' }, creditNotes: [{ layerId: 'CN' }] },
      refunds: {
        nodes: [
          {
            layerId: 'RF',
            creditNote: { layerId: 'CN' },
            sageTransaction: { gross: { amount: '12.00' }, allocations: [{ amount: { amount: '12.00' } }] },
          },
        ],
      },
    });
  });
  await expectFiguresOfSage(gateway);
});

test('an invoice of a sub-company goes to its Sage company, and the account that is missing there is made first', async () => {
  const { sageCompanies } = await gateway.data(
    `{ sageCompanies { id sageCompanyId name currency taxCodes { id ratePercent }
       nominalAccounts(search: "4000") { id reference costCentre department } } }`,
  );
  const other = sageCompanies.find(
    ({ sageCompanyId, currency }: { sageCompanyId: number; currency: string }) =>
      sageCompanyId !== COMPANY && currency === 'GBP',
  );
  const map = (mutation: string, type: string, input: object) =>
    gateway.data(`mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { message } } }`, { input });
  await map('mapSubCompany', 'MapSubCompanyInput', { layerId: 'SUB', name: 'Second brand', sageCompanyId: other.id });
  const customer = 'TWOPLACES';
  await untilStatus(
    gateway,
    await sent(gateway, 'CUSTOMER', { layerId: customer, name: 'Two Places Ltd' }),
    'SUCCEEDED',
  );

  const invoice = invoiceInput('SUB-I', customer, { subCompanyLayerId: 'SUB' });
  const held = await sent(gateway, 'INVOICE', invoice);
  expect([held.status, held.error?.code]).toEqual(['HELD', 'NOMINAL_CODE_NOT_MAPPED']);
  const nominal = other.nominalAccounts.find(
    (one: Record<string, string>) => one.costCentre === '' && one.department === '',
  );
  await map('mapNominalCode', 'MapNominalCodeInput', { code: '4000', sageNominalAccountId: nominal.id });
  const standard = other.taxCodes.find((one: { ratePercent: string }) => Number(one.ratePercent) === 20);
  await map('mapVatCode', 'MapVatCodeInput', { code: 'S', sageTaxCodeId: standard.id });

  await untilStatus(gateway, held, 'SUCCEEDED');
  const { customer: shown } = await gateway.data(
    `{ customer(layerId: "TWOPLACES") { sageAccounts { sageCompany { sageCompanyId } } } invoice(layerId: "SUB-I") { subCompany { layerId } } }`,
  );
  expect(
    shown.sageAccounts.map((account: { sageCompany: { sageCompanyId: number } }) => account.sageCompany.sageCompanyId),
  ).toEqual([COMPANY, other.sageCompanyId]);
  const postings = (company: number) =>
    gateway.sandbox.control
      .postings(company, {})
      .filter(({ secondReference }) => secondReference === held.sageReference);
  expect(postings(other.sageCompanyId)).toHaveLength(1);
  expect(postings(COMPANY)).toEqual([]);
});
