import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { invoiceInput, line, mapEverything, paymentInput, send, sent, today } from '../support/documents.js';
import { startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
/** Accounts of company 1 that are linked to C1, C2 (pounds) and CE (euros). */
beforeAll(async () => {
  // nothing is sent: what is looked at is what was taken
  gateway = await startTestGateway({ variables: { ROLES: 'api,sync' } });
  await mapEverything(gateway);
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(first: 500) { nodes { id balance { currency } sageCompany { sageCompanyId } } } }',
  );
  const accountsIn = (currency: string) =>
    sageAccounts.nodes.filter(
      (account: { balance: { currency: string }; sageCompany: { sageCompanyId: number } }) =>
        account.balance.currency === currency && account.sageCompany.sageCompanyId === 1,
    );
  const pounds = accountsIn('GBP');
  for (const [layerId, account] of [
    ['C1', pounds[0]],
    ['C2', pounds[1]],
    ['CE', accountsIn('EUR')[0]],
  ]) {
    const { linkCustomer } = await gateway.data(
      'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }',
      { layerId, id: account.id },
    );
    expect([layerId, linkCustomer.userErrors]).toEqual([layerId, []]);
  }
});
afterAll(() => gateway.close());

const creditNoteInput = (layerId: string, customerLayerId: string, more: object = {}) => ({
  ...invoiceInput(layerId, customerLayerId),
  ...more,
});
const refundInput = (layerId: string, customerLayerId: string, amount: string, more: object = {}) => ({
  layerId,
  customerLayerId,
  paymentMethodLayerId: 'BACS',
  refundedOn: today(),
  amount,
  ...more,
});
const of = (invoiceLayerId: string, amount: string, lineLayerId?: string) => ({ invoiceLayerId, amount, lineLayerId });

/** What a document is refused with: codes with the paths that they name. */
async function faults(kind: Parameters<typeof send>[1], input: object): Promise<string[]> {
  const { push, userErrors } = await send(gateway, kind, input);
  expect([push, userErrors.length > 0]).toEqual([null, true]);
  for (const { message, remedy } of userErrors) expect([message, remedy]).not.toContain('');
  return userErrors.map(({ code, field }) => `${code} ${(field ?? []).join('.')}`).sort();
}

const counts = async () => {
  const counted: Record<string, number> = {};
  for (const table of ['document', 'document_line', 'document_share', 'push', 'push_need']) {
    const [row] = await gateway.gateway.database.query<{ count: number }>(
      `SELECT COUNT(*) AS count FROM ${table} WHERE instance_id = 1`,
    );
    counted[table] = Number(row?.count);
  }
  return counted;
};

const yearsAhead = (years: number) => `${Number(today().slice(0, 4)) + years}${today().slice(4)}`;

test.each<[string, object, string[]]>([
  ['a negative amount', { lines: [line('L1', { net: '-1.00', vat: '-0.20' })] }, ['AMOUNT_NOT_POSITIVE lines.0.net']],
  ['three decimals', { lines: [line('L1', { net: '100.005' })] }, ['TOO_MANY_DECIMALS lines.0.net']],
  ['VAT that does not add up', { lines: [line('L1', { vat: '19.50' })] }, ['VAT_DOES_NOT_ADD_UP lines.0.vat']],
  ['an unknown customer', { customerLayerId: 'C404' }, ['CUSTOMER_UNKNOWN customerLayerId']],
  ['a number of 21 characters', { number: 'N'.repeat(21) }, ['TOO_LONG number']],
  ['an empty number', { number: ' ' }, ['REQUIRED number']],
  ['a foreign currency', { currency: 'EUR' }, ['CURRENCY_MISMATCH currency']],
  ['an emoji', { lines: [line('L1', { description: 'Broadband 🚀' })] }, ['UNSUPPORTED_CHARACTER lines.0.description']],
  ['a control character', { number: 'N\u0007' }, ['UNSUPPORTED_CHARACTER number']],
  ['no lines', { lines: [] }, ['REQUIRED lines']],
  ['too many lines', { lines: Array.from({ length: 1_001 }, (_, i) => line(`L${i}`)) }, ['TOO_MANY lines']],
  ['an empty description', { lines: [line('L1', { description: '' })] }, ['REQUIRED lines.0.description']],
  ['one id for two lines', { lines: [line('L1'), line('L1')] }, ['DUPLICATE_LINE lines.1.layerId']],
  ['a date long gone', { issuedOn: '1979-12-31' }, ['DATE_OUT_OF_RANGE issuedOn']],
  ['a date far ahead', { issuedOn: yearsAhead(3) }, ['DATE_OUT_OF_RANGE issuedOn']],
  ['due before it is issued', { dueOn: '2000-01-01' }, ['DUE_BEFORE_ISSUED dueOn']],
  ['an id with a blank at its end', { layerId: 'BAD ' }, ['INVALID_LAYER_ID layerId']],
  ['an id too long', { layerId: 'B'.repeat(65) }, ['INVALID_LAYER_ID layerId']],
  [
    'everything at once',
    {
      number: 'N'.repeat(21),
      customerLayerId: 'C404',
      lines: [line('L1', { net: '1.001' }), line('L2', { vat: '1.00', description: '🚀' })],
    },
    [
      'CUSTOMER_UNKNOWN customerLayerId',
      'TOO_LONG number',
      'TOO_MANY_DECIMALS lines.0.net',
      'UNSUPPORTED_CHARACTER lines.1.description',
      'VAT_DOES_NOT_ADD_UP lines.1.vat',
    ],
  ],
])('an invoice with %s is refused, and changes nothing', async (_what, more, expected) => {
  const before = await counts();
  expect(await faults('INVOICE', invoiceInput('BAD', 'C1', more))).toEqual(expected);
  expect(await counts()).toEqual(before);
});

test('bad payments, credit notes and refunds are refused, each fault at its field', async () => {
  await sent(gateway, 'INVOICE', invoiceInput('BASE', 'C1'));
  await sent(gateway, 'INVOICE', invoiceInput('BASE-2', 'C2'));
  await sent(gateway, 'INVOICE', invoiceInput('BASE-E', 'CE'));
  await sent(gateway, 'PAYMENT', paymentInput('P-BASE', 'C1', '50.00', { invoices: [of('BASE', '20.00')] }));
  await sent(gateway, 'CREDIT_NOTE', creditNoteInput('CN-BASE', 'C1', { invoices: [of('BASE', '30.00')] }));
  const before = await counts();
  const payment = (amount: string, more: object = {}) => faults('PAYMENT', paymentInput('BAD', 'C1', amount, more));
  expect(await payment('0.00')).toEqual(['AMOUNT_NOT_POSITIVE amount']);
  expect(await payment('-5.00')).toEqual(['AMOUNT_NOT_POSITIVE amount']);
  expect(await payment('1.001')).toEqual(['TOO_MANY_DECIMALS amount']);
  expect(await payment('1.00', { reference: 'R'.repeat(21) })).toEqual(['TOO_LONG reference']);
  expect(await payment('1.00', { paymentMethodLayerId: '' })).toEqual(['INVALID_LAYER_ID paymentMethodLayerId']);
  expect(await payment('1.00', { invoices: [of('NO', '1.00')] })).toEqual([
    'INVOICE_UNKNOWN invoices.0.invoiceLayerId',
  ]);
  expect(await payment('1.00', { invoices: [of('BASE-2', '1.00')] })).toEqual([
    'OTHER_CUSTOMER invoices.0.invoiceLayerId',
  ]);
  expect(await payment('1.00', { invoices: [of('BASE-E', '1.00')] })).toEqual([
    'CURRENCY_MISMATCH invoices.0.invoiceLayerId',
    'OTHER_CUSTOMER invoices.0.invoiceLayerId',
  ]);
  expect(await payment('9.00', { invoices: [of('BASE', '0.00')] })).toEqual(['AMOUNT_NOT_POSITIVE invoices.0.amount']);
  expect(await payment('9.00', { invoices: [of('BASE', '9.01')] })).toEqual(['SHARES_EXCEED_AMOUNT invoices']);
  expect(await payment('9.00', { invoices: [of('BASE', '9.00', 'L9')] })).toEqual([
    'LINE_UNKNOWN invoices.0.lineLayerId',
  ]);
  // 120.00 less 20.00 paid and 30.00 credited, taken in two
  expect(await payment('99.00', { invoices: [of('BASE', '50.00'), of('BASE', '20.01')] })).toEqual([
    'AMOUNT_EXCEEDED invoices.1.amount',
  ]);

  expect(await faults('CREDIT_NOTE', creditNoteInput('BAD', 'C1', { invoices: [of('BASE', '70.01')] }))).toEqual([
    'AMOUNT_EXCEEDED invoices.0.amount',
  ]);
  expect(await faults('CREDIT_NOTE', creditNoteInput('BAD', 'C1', { number: '', lines: [] }))).toEqual([
    'REQUIRED lines',
    'REQUIRED number',
  ]);

  const refund = (amount: string, more: object) => faults('REFUND', refundInput('BAD', 'C1', amount, more));
  expect(await refund('1.00', { creditNoteLayerId: 'NO' })).toEqual(['CREDIT_NOTE_UNKNOWN creditNoteLayerId']);
  expect(await refund('1.00', { paymentLayerId: 'NO' })).toEqual(['PAYMENT_UNKNOWN paymentLayerId']);
  expect(await refund('1.00', { paymentLayerId: 'P-BASE', creditNoteLayerId: 'CN-BASE' })).toEqual([
    'ONE_RETURN_ONLY paymentLayerId',
  ]);
  expect(await refund('30.01', { paymentLayerId: 'P-BASE' })).toEqual(['AMOUNT_EXCEEDED amount']);
  expect(await refund('90.01', { creditNoteLayerId: 'CN-BASE' })).toEqual(['AMOUNT_EXCEEDED amount']);
  expect(await faults('REFUND', refundInput('BAD', 'C2', '1.00', { paymentLayerId: 'P-BASE' }))).toEqual([
    'OTHER_CUSTOMER paymentLayerId',
  ]);
  expect(await counts()).toEqual(before);

  await sent(gateway, 'REFUND', refundInput('RF-BASE', 'C1', '20.00', { paymentLayerId: 'P-BASE' }));
  expect(await refund('10.01', { paymentLayerId: 'P-BASE' })).toEqual(['AMOUNT_EXCEEDED amount']);
});

test('a refusal names the amounts, and documents by the number that a clerk knows', async () => {
  await sent(gateway, 'INVOICE', invoiceInput('SAID', 'C1', { number: 'INV101864' }));
  await sent(gateway, 'PAYMENT', paymentInput('P-SAID', 'C1', '70.00', { invoices: [of('SAID', '70.00', 'L1')] }));
  const said = async (kind: Parameters<typeof send>[1], input: object) =>
    (await send(gateway, kind, input)).userErrors.map(({ message, remedy }) => [message, remedy]);
  const invoice = (more: object) => said('INVOICE', invoiceInput('BAD', 'C1', more));
  const payment = (amount: string, shares: object[], customer = 'C1', more: object = {}) =>
    said('PAYMENT', paymentInput('BAD', customer, amount, { invoices: shares, ...more }));

  const nothing = line('L1', { net: '0.00', vat: '0.00' });
  expect(await invoice({ lines: [nothing] })).toEqual([
    ['An invoice of 0.00 is not sent to Sage.', 'Correct the amounts, or leave it out.'],
  ]);
  expect(await said('CREDIT_NOTE', creditNoteInput('BAD', 'C1', { lines: [nothing] }))).toEqual([
    ['A credit note of 0.00 is not sent to Sage.', 'Correct the amounts, or leave it out.'],
  ]);
  expect(await payment('0.00', [])).toEqual([
    ['A payment of 0.00 is not sent to Sage.', 'Correct the amount, or leave it out.'],
  ]);
  expect(await payment('-1.00', [])).toEqual([
    [
      'The total must be above zero.',
      'Money back to the customer is a credit note or a refund, with a positive amount.',
    ],
  ]);
  expect(await payment('9.00', [of('SAID', '0.00')])).toEqual([
    ['What is paid or credited of an invoice must be above zero.', 'Correct the amount, or leave the invoice out.'],
  ]);
  expect(await payment('99999999999999.00', [])).toEqual([
    ['99999999999999.00 is more than the gateway can hold.', 'Correct the amount: the most is 90071992547409.91 GBP.'],
  ]);
  const many = ['L1', 'L2'].map((id) => line(id, { net: '90071992547409.91', vat: '0.00', vatCode: 'Z' }));
  expect(await invoice({ lines: many })).toEqual([
    ['The total is more than the gateway can hold.', 'Correct the amount: the most is 90071992547409.91 GBP.'],
  ]);
  expect(await payment('10.00', [of('SAID', '50.00')])).toEqual([
    ['The invoices add up to 50.00 GBP, and the payment is 10.00 GBP.', 'Lower the amounts under invoices.'],
  ]);
  // a sum of amounts of which one cannot be read is none
  expect(await payment('10.00', [of('SAID', '50.00'), of('SAID', '1.001')])).toEqual([
    ['1.001 has more decimals than GBP has (2).', 'Round the amount before it is sent.'],
  ]);

  expect(await payment('60.00', [of('SAID', '50.00'), of('SAID', '10.00')])).toEqual([
    ['The invoice INV101864 has 0.00 GBP left, and 10.00 GBP was to be used.', 'Leave the invoice out.'],
  ]);
  expect(await payment('99.00', [of('SAID', '99.00')])).toEqual([
    ['The invoice INV101864 has 50.00 GBP left, and 99.00 GBP was to be used.', 'Use 50.00 GBP at most.'],
  ]);
  expect(await said('REFUND', refundInput('BAD', 'C1', '1.00', { paymentLayerId: 'P-SAID' }))).toEqual([
    ['The payment P-SAID has 0.00 GBP left, and 1.00 GBP was to be used.', 'Leave the payment out.'],
  ]);
  expect(await payment('1.00', [of('SAID', '1.00')], 'C2')).toEqual([
    ["The invoice INV101864 is another customer's.", 'Name documents of the same customer.'],
  ]);
  expect(await payment('1.00', [of('SAID', '1.00', 'L9')])).toEqual([
    ['The invoice INV101864 has no line L9.', 'Name a line of the invoice, or leave it out.'],
  ]);
  expect(await payment('1.00', [of('NO', '1.00')])).toEqual([
    [
      'There is no invoice NO.',
      'Send the invoice first, or register it if it stands in Sage already (registerInvoices).',
    ],
  ]);
  expect((await invoice({ number: 'N'.repeat(21) }))[0]?.[0]).toBe('The number is longer than 20 characters.');
  expect((await payment('1.00', [], 'C1', { reference: 'R'.repeat(21) }))[0]?.[0]).toBe(
    'The reference is longer than 20 characters.',
  );
});

test.each([
  ['net', '£1,250.00', '"£1,250.00" is not a number. Write it like 1250.00, without £ or commas.'],
  ['currency', 'gbp', '"gbp" is not a currency code. Write three capitals, such as GBP.'],
])('a %s of %s is answered with how to write it', async (name, value, words) => {
  const more = name === 'net' ? { lines: [line('L1', { net: value })] } : { [name]: value };
  const { body } = await gateway.graphql(
    'mutation ($input: InvoiceInput!) { pushInvoice(input: $input) { push { id } } }',
    { input: invoiceInput('BAD', 'C1', more) },
  );
  expect(body.errors).toMatchObject([
    { message: expect.stringContaining(words), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('the same invoice sent a hundred times at once is one push, and one document', async () => {
  const before = await counts();
  const input = invoiceInput('HUNDRED', 'C1', { lines: [line('L1'), line('L2', { net: '10.0', vat: '2' })] });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      // how decimals are written is no content
      send(
        gateway,
        'INVOICE',
        index % 2 ? input : { ...input, lines: [line('L1'), line('L2', { net: '10.00', vat: '2.00' })] },
      ),
    ),
  );
  expect(new Set(answers.map(({ push }) => push?.id)).size).toBe(1);
  expect(answers.every(({ userErrors }) => userErrors.length === 0)).toBe(true);
  const after = await counts();
  expect([after.push! - before.push!, after.document! - before.document!]).toEqual([1, 1]);
  expect(after.document_line! - before.document_line!).toBe(2);
  expect(answers[0]?.push).toMatchObject({
    kind: 'INVOICE',
    status: 'QUEUED',
    amount: { amount: '132.00', currency: 'GBP' },
    sageReference: expect.stringMatching(/^LG[0-9A-Z]{18}$/),
  });
});

const statusOf = (layerId: string, columns: Record<string, string | number | null>) =>
  gateway.gateway.database.transaction((transaction) =>
    transaction.query(
      `UPDATE push SET ${Object.keys(columns)
        .map((column) => `${column} = ?`)
        .join(', ')} WHERE instance_id = 1 AND layer_id = ?`,
      [...Object.values(columns), layerId],
    ),
  );

const INVOICE = `query ($layerId: String!) { invoice(layerId: $layerId) { number gross { amount } paid { amount } credited { amount }
  outstanding { amount } lines { layerId paid { amount } } payments { layerId } creditNotes { layerId } push { id status } } }`;
const invoiceOf = async (layerId: string) => (await gateway.data(INVOICE, { layerId })).invoice;

test('other content takes the place of what has not been sent, and is refused once it may stand in Sage', async () => {
  const first = await sent(gateway, 'INVOICE', invoiceInput('CHANGED', 'C1', { lines: [line('L1'), line('L2')] }));
  const second = await sent(gateway, 'INVOICE', invoiceInput('CHANGED', 'C1', { number: 'N-2' }));
  expect([second.id, second.amount?.amount]).toEqual([first.id, '120.00']);
  expect(await invoiceOf('CHANGED')).toMatchObject({
    number: 'N-2',
    gross: { amount: '120.00' },
    lines: [{ layerId: 'L1' }],
  });
  for (const status of ['WAITING', 'HELD', 'FAILED']) {
    await statusOf('CHANGED', { status });
    const again = await sent(gateway, 'INVOICE', invoiceInput('CHANGED', 'C1', { number: `N-${status}` }));
    expect([again.id, again.status]).toEqual([first.id, 'QUEUED']);
  }
  const standing = invoiceInput('CHANGED', 'C1', { number: 'N-FAILED' });
  const states: Record<string, string | number | null>[] = [
    { status: 'SENDING' },
    { status: 'UNKNOWN' },
    { status: 'SUCCEEDED', posted_at: 1, urn: '7' },
    // posted, and its allocation is what failed
    { status: 'FAILED' },
    { status: 'SKIPPED', posted_at: null, urn: null },
  ];
  for (const columns of states) {
    await statusOf('CHANGED', columns);
    expect(await faults('INVOICE', invoiceInput('CHANGED', 'C1', { number: 'N-3' }))).toEqual([
      'CONTENT_CHANGED layerId',
    ]);
    expect((await sent(gateway, 'INVOICE', standing)).id).toBe(first.id);
  }
  expect(await invoiceOf('CHANGED')).toMatchObject({ number: 'N-FAILED' });
});

test('an invoice in use keeps what others have of it', async () => {
  await sent(gateway, 'INVOICE', invoiceInput('USED', 'C1', { lines: [line('L1'), line('L2')] }));
  await sent(gateway, 'PAYMENT', paymentInput('P-USED', 'C1', '130.00', { invoices: [of('USED', '130.00', 'L2')] }));
  expect(await faults('INVOICE', invoiceInput('USED', 'C2', { lines: [line('L1')] }))).toEqual([
    'DOCUMENT_IN_USE customerLayerId',
    'DOCUMENT_IN_USE lines',
    'DOCUMENT_IN_USE lines',
  ]);
  await sent(gateway, 'INVOICE', invoiceInput('USED', 'C1', { number: 'N-NEW', lines: [line('L2'), line('L3')] }));
  // the payment's own share does not stand in its way
  await sent(gateway, 'PAYMENT', paymentInput('P-USED', 'C1', '240.00', { invoices: [of('USED', '240.00')] }));
  expect(await invoiceOf('USED')).toMatchObject({ outstanding: { amount: '0.00' }, number: 'N-NEW' });

  await sent(gateway, 'PAYMENT', paymentInput('P-BACK', 'C1', '30.00'));
  await sent(gateway, 'REFUND', refundInput('RF-BACK', 'C1', '30.00', { paymentLayerId: 'P-BACK' }));
  expect(await faults('PAYMENT', paymentInput('P-BACK', 'C1', '29.00'))).toEqual(['DOCUMENT_IN_USE amount']);
});

test('shares sent at the same time never exceed the invoice', async () => {
  await sent(gateway, 'INVOICE', invoiceInput('SHARED', 'C1'));
  await sent(gateway, 'INVOICE', invoiceInput('SHARED-2', 'C1'));
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, index) => {
      // in either order, as two invoices are locked
      const invoices = [of('SHARED', '10.00'), of('SHARED-2', '10.00')];
      if (index % 2) invoices.reverse();
      return index % 3
        ? send(gateway, 'PAYMENT', paymentInput(`SH-${index}`, 'C1', '20.00', { invoices }))
        : send(gateway, 'CREDIT_NOTE', creditNoteInput(`SH-${index}`, 'C1', { invoices }));
    }),
  );
  expect(answers.filter(({ push }) => push !== null)).toHaveLength(12);
  for (const { userErrors } of answers.filter(({ push }) => push === null)) {
    expect(userErrors.map(({ code }) => code)).toEqual(['AMOUNT_EXCEEDED', 'AMOUNT_EXCEEDED']);
  }
  expect(await invoiceOf('SHARED')).toMatchObject({ outstanding: { amount: '0.00' } });

  // what will never go pays nothing
  const payer = answers.find(({ push }) => push?.kind === 'PAYMENT')?.push;
  const { skipPush } = await gateway.data(
    'mutation ($id: ID!) { skipPush(id: $id, reason: "sent by mistake") { userErrors { code } } }',
    { id: payer?.id },
  );
  expect(skipPush.userErrors).toEqual([]);
  const skipped = await invoiceOf('SHARED');
  expect(skipped.outstanding).toEqual({ amount: '10.00' });
  expect(skipped.payments.map(({ layerId }: { layerId: string }) => layerId)).not.toContain(payer?.layerId);
  await sent(gateway, 'PAYMENT', paymentInput('SH-LAST', 'C1', '10.00', { invoices: [of('SHARED', '10.00')] }));
});

test('a currency left out is the account’s, or that of the account to come', async () => {
  expect((await sent(gateway, 'INVOICE', invoiceInput('EURO', 'CE'))).amount).toEqual({
    amount: '120.00',
    currency: 'EUR',
  });
  await sent(gateway, 'CUSTOMER', { layerId: 'NEW-E', name: 'New Euro Ltd', currency: 'EUR' });
  const waiting = await sent(gateway, 'INVOICE', invoiceInput('EURO-2', 'NEW-E'));
  expect([waiting.status, waiting.amount?.currency]).toEqual(['WAITING', 'EUR']);
  expect(await faults('INVOICE', invoiceInput('EURO-3', 'NEW-E', { currency: 'GBP' }))).toEqual([
    'CURRENCY_MISMATCH currency',
  ]);
  await sent(gateway, 'CUSTOMER', { layerId: 'NEW-P', name: 'New Pound Ltd' });
  expect((await sent(gateway, 'INVOICE', invoiceInput('POUND', 'NEW-P'))).amount?.currency).toBe('GBP');
});

test('what is missing holds the push with its cause, or makes it wait for the customer', async () => {
  const stands = async (kind: Parameters<typeof send>[1], input: object) => {
    const { status, error } = await sent(gateway, kind, input);
    return [status, error?.code];
  };
  expect(await stands('INVOICE', invoiceInput('H1', 'C1', { lines: [line('L1', { nominalCode: '4999' })] }))).toEqual([
    'HELD',
    'NOMINAL_CODE_NOT_MAPPED',
  ]);
  expect(await stands('INVOICE', invoiceInput('H2', 'C1', { lines: [line('L1', { vatCode: 'X' })] }))).toEqual([
    'HELD',
    'VAT_CODE_NOT_MAPPED',
  ]);
  expect(await stands('INVOICE', invoiceInput('H3', 'C1', { subCompanyLayerId: 'SUB' }))).toEqual([
    'HELD',
    'SUB_COMPANY_NOT_MAPPED',
  ]);
  expect(await stands('PAYMENT', paymentInput('H4', 'C1', '1.00', { paymentMethodLayerId: 'CASH' }))).toEqual([
    'HELD',
    'PAYMENT_METHOD_NOT_MAPPED',
  ]);
  const input = (layerId: string) => ({ layerId, name: `Customer ${layerId}` });
  await sent(gateway, 'CUSTOMER', input('W1'));
  expect(await stands('INVOICE', invoiceInput('H5', 'W1'))).toEqual(['WAITING', undefined]);
  await statusOf('W1', { status: 'FAILED' });
  expect(await stands('INVOICE', invoiceInput('H6', 'W1'))).toEqual(['HELD', 'PREREQUISITE_FAILED']);
  const needs = await gateway.gateway.database.query<Record<string, string>>(
    `SELECT p.layer_id AS layerId, n.needs_kind AS kind, n.needs_layer_id AS needed FROM push_need n
       JOIN push p ON p.instance_id = n.instance_id AND p.id = n.push_id
      WHERE n.instance_id = 1 AND p.layer_id IN ('H5', 'H6') ORDER BY p.layer_id`,
  );
  expect(needs).toEqual([
    { layerId: 'H5', kind: 'CUSTOMER', needed: 'W1' },
    { layerId: 'H6', kind: 'CUSTOMER', needed: 'W1' },
  ]);

  // known, sent to nobody, and linked to nothing any more
  const account = await gateway.data('{ customer(layerId: "C2") { sageAccount { id } } }');
  await gateway.data(
    'mutation ($id: ID!) { unlinkCustomer(layerId: "C2", sageAccountId: $id) { userErrors { code } } }',
    { id: account.customer.sageAccount.id },
  );
  expect(await stands('INVOICE', invoiceInput('H7', 'C2'))).toEqual(['HELD', 'ACCOUNT_MISSING']);
  const { errorQueue } = await gateway.data('{ errorQueue { code subject blocked { amount currency } count } }');
  expect(errorQueue).toContainEqual(
    expect.objectContaining({ code: 'ACCOUNT_MISSING', count: 1, blocked: [{ amount: '120.00', currency: 'GBP' }] }),
  );
});

test('a customer that was sent to one company gets an account in the one where its document goes', async () => {
  const { sageCompanies } = await gateway.data(
    '{ sageCompanies { id sageCompanyId currency bankAccounts { id currency isActive } } }',
  );
  const other = sageCompanies.find(({ sageCompanyId }: { sageCompanyId: number }) => sageCompanyId !== 1);
  const bank = other.bankAccounts.find(
    ({ currency, isActive }: { currency: string; isActive: boolean }) => isActive && currency === other.currency,
  );
  const { mapSubCompany, mapPaymentMethod } = await gateway.data(
    `mutation ($sub: MapSubCompanyInput!, $method: MapPaymentMethodInput!) {
       mapSubCompany(input: $sub) { userErrors { code } } mapPaymentMethod(input: $method) { userErrors { code } } }`,
    {
      sub: { layerId: 'NORTH', sageCompanyId: other.id },
      method: { layerId: 'BACS', sageBankAccountId: bank.id },
    },
  );
  expect([mapSubCompany.userErrors, mapPaymentMethod.userErrors]).toEqual([[], []]);
  await sent(gateway, 'CUSTOMER', { layerId: 'TWO', name: 'Two Companies Ltd' });
  await statusOf('TWO', { status: 'SUCCEEDED' });
  const payment = paymentInput('NORTH-1', 'TWO', '10', { subCompanyLayerId: 'NORTH' });
  expect(await faults('PAYMENT', { ...payment, amount: '-1' })).toEqual(['AMOUNT_NOT_POSITIVE amount']);
  const pushesOf = () =>
    gateway.gateway.database.query<Record<string, string>>(
      `SELECT p.kind AS kind, p.status AS status, p.generation AS generation, c.sage_company_id AS company FROM push p
         JOIN sage_company c ON c.instance_id = p.instance_id AND c.id = p.company_id
        WHERE p.instance_id = 1 AND p.customer_layer_id = 'TWO' ORDER BY p.id`,
    );
  // what was refused has made nothing
  expect(await pushesOf()).toHaveLength(1);
  expect((await sent(gateway, 'PAYMENT', payment)).status).toBe('WAITING');
  expect(await pushesOf()).toMatchObject([
    { kind: 'CUSTOMER', status: 'SUCCEEDED', company: 1 },
    { kind: 'CUSTOMER', status: 'QUEUED', company: other.sageCompanyId },
    { kind: 'PAYMENT', status: 'WAITING', company: other.sageCompanyId },
  ]);
});
