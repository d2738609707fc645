import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ledgerRows, mapEverything, paymentInput, sent, untilStatus } from '../support/documents.js';
import { type Followed, follow, socketClient } from '../support/socket.js';
import {
  atSage,
  customerWithInvoices,
  invoiceOf,
  receiptAtSage,
  receiptOf,
  receiptsOf,
  reconcile,
  sageRow,
  undo,
} from '../support/receipts.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

const share = (invoiceLayerId: string, amount: string, lineLayerId?: string) => ({
  invoiceLayerId,
  amount,
  ...(lineLayerId === undefined ? {} : { lineLayerId }),
});
const sageIdOf = (customerId: number, urn: string) => Number(sageRow(gateway, customerId, urn)?.id);

test('a receipt that Sage has reaches a subscriber, is matched by hand, and is allocated in Sage', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RC1', [['RC1-A'], ['RC1-B']]);
  const client = await socketClient(gateway);
  const news: Followed = follow(
    client,
    'subscription { receiptReceived(customerLayerId: "RC1") { cursor receipt { id reference status } } }',
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const receipt = await receiptAtSage(gateway, sageId, 200, 'RC1-A AND PART');
  await eventually(async () => {
    expect(news.answers).toHaveLength(1);
    expect(news.answers[0].receipt).toMatchObject({ id: receipt.id, reference: 'RC1-A AND PART', status: 'UNMATCHED' });
  });
  expect(receipt).toMatchObject({ status: 'UNMATCHED', unmatched: { amount: '200.00' }, customer: { layerId: 'RC1' } });

  const answer = await reconcile(gateway, receipt.id, [share('RC1-A', '120.00'), share('RC1-B', '50.00')]);
  expect(answer.userErrors).toEqual([]);
  expect(answer.receipt).toMatchObject({ status: 'PARTLY_MATCHED', unmatched: { amount: '30.00' } });
  expect(answer.receipt?.matches).toHaveLength(2);
  const [first] = answer.receipt?.matches ?? [];
  expect(first).toMatchObject({
    origin: 'MANUAL',
    matchedBy: 'tester',
    invoice: { layerId: 'RC1-A' },
    payment: { layerId: null, origin: 'SAGE', amount: { amount: '120.00' }, match: { id: first?.id } },
    push: { kind: 'ALLOCATION', layerId: first?.id },
  });
  expect(await invoiceOf(gateway, 'RC1-A')).toMatchObject({
    paid: { amount: '120.00' },
    outstanding: { amount: '0.00' },
    payments: [{ id: first?.payment.id, origin: 'SAGE' }],
  });
  expect(await invoiceOf(gateway, 'RC1-B')).toMatchObject({
    paid: { amount: '50.00' },
    outstanding: { amount: '70.00' },
  });

  await untilStatus(gateway, { id: first?.push?.id ?? '' }, 'SUCCEEDED');
  const row = ledgerRows(gateway, sageId).find(({ urn }) => String(urn) === receipt.sageTransaction.urn);
  expect(row).toMatchObject({ outstanding: '-30.00' });
  expect(row?.allocations).toHaveLength(2);
  await eventually(async () =>
    expect(await receiptOf(gateway, receipt.id)).toMatchObject({
      sageTransaction: { outstanding: { amount: '-30.00' } },
    }),
  );
  await client.dispose();
});

test('what has no room is refused in plain words, and changes nothing', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RC2', [['RC2-A'], ['RC2-B']]);
  const other = await customerWithInvoices(gateway, 'RC3', [['RC3-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 100, 'RC2-A');
  const refusals: [object[], string, string[]][] = [
    [[share('RC2-A', '100.01')], 'AMOUNT_EXCEEDED', ['invoices', '0', 'amount']],
    [[share('RC2-A', '60.00'), share('RC2-B', '40.01')], 'AMOUNT_EXCEEDED', ['invoices', '1', 'amount']],
    [[share('RC3-A', '10.00')], 'OTHER_CUSTOMER', ['invoices', '0', 'invoiceLayerId']],
    [[share('RC2-X', '10.00')], 'INVOICE_UNKNOWN', ['invoices', '0', 'invoiceLayerId']],
    [[share('RC2-A', '10.00', 'L9')], 'LINE_UNKNOWN', ['invoices', '0', 'lineLayerId']],
    [[share('RC2-A', '0.00')], 'AMOUNT_NOT_POSITIVE', ['invoices', '0', 'amount']],
    [[share('RC2-A', '-5.00')], 'AMOUNT_NOT_POSITIVE', ['invoices', '0', 'amount']],
    [[share('RC2-A', '1.005')], 'TOO_MANY_DECIMALS', ['invoices', '0', 'amount']],
    [[], 'INVOICES_NEEDED', ['invoices']],
  ];
  for (const [invoices, code, field] of refusals) {
    const { userErrors, matches } = await reconcile(gateway, receipt.id, invoices);
    expect(userErrors).toEqual([expect.objectContaining({ code, field, remedy: expect.stringMatching(/\w/) })]);
    expect(matches).toEqual([]);
  }
  const said = async (...invoices: object[]) => {
    const { userErrors } = await reconcile(gateway, receipt.id, invoices);
    return userErrors.map(({ message, remedy }) => [message, remedy]);
  };
  const what = `The receipt with URN ${receipt.sageTransaction.urn}`;
  expect(await said(share('RC2-A', '100.01'))).toEqual([
    [`${what} has 100.00 GBP left, and 100.01 GBP was to be used.`, 'Use 100.00 GBP at most.'],
  ]);
  expect(await said(share('RC2-A', '100.00'), share('RC2-B', '1.00'))).toEqual([
    [`${what} has 0.00 GBP left, and 1.00 GBP was to be used.`, 'Leave the invoice out.'],
  ]);
  expect(await said(share('RC3-A', '10.00'))).toEqual([
    ["The invoice N-RC3-A is another customer's.", 'Name invoices of the customer whose receipt it is.'],
  ]);
  atSage(gateway, 'setQuery', { transactionId: sageIdOf(sageId, receipt.sageTransaction.urn), queried: 'Q' });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect((await reconcile(gateway, receipt.id, [share('RC2-A', '10.00')])).userErrors).toMatchObject([
    { code: 'TRANSACTION_QUERIED' },
  ]);
  expect(await receiptOf(gateway, receipt.id)).toMatchObject({ status: 'UNMATCHED', matches: [] });
  expect(await invoiceOf(gateway, 'RC2-A')).toMatchObject({ paid: { amount: '0.00' } });
  expect(other.sageId).toBeGreaterThan(0);
});

test('a match that Sage was told of is undone here at once, and flagged until it is undone in Sage', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RC4', [['RC4-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RC4-A');
  const { receipt: matched } = await reconcile(gateway, receipt.id, [share('RC4-A', '120.00')]);
  const [match] = matched?.matches ?? [];
  await untilStatus(gateway, { id: match?.push?.id ?? '' }, 'SUCCEEDED');

  const answer = await undo(gateway, match?.id ?? '', 'It was for another invoice.');
  expect(answer.userErrors).toEqual([]);
  expect(answer.toDoInSage).toEqual([expect.stringContaining(receipt.sageTransaction.urn)]);
  expect(answer.receipt).toMatchObject({ status: 'UNMATCHED', unmatched: { amount: '120.00' } });
  expect(answer.receipt?.toDoInSage).toEqual(answer.toDoInSage);
  expect(answer.receipt?.matches).toMatchObject([{ undoReason: 'It was for another invoice.' }]);
  expect(await invoiceOf(gateway, 'RC4-A')).toMatchObject({ outstanding: { amount: '120.00' }, payments: [] });
  expect((await undo(gateway, match?.id ?? '', 'Once more.')).userErrors).toMatchObject([{ code: 'ALREADY_UNDONE' }]);

  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect((await receiptOf(gateway, receipt.id)).toDoInSage).toHaveLength(1);
  atSage(gateway, 'unallocate', { transactionId: sageIdOf(sageId, receipt.sageTransaction.urn) });
  await eventually(async () => expect((await receiptOf(gateway, receipt.id)).toDoInSage).toEqual([]));
  const { auditTrail } = await gateway.data(
    'query ($id: ID!) { auditTrail(subjectId: $id) { nodes { who action reason summary } } }',
    { id: receipt.id },
  );
  expect(auditTrail.nodes.map(({ action }: { action: string }) => action)).toEqual([
    'ALLOCATION_UNDONE_IN_SAGE',
    'MATCH_UNDONE',
    'RECEIPT_MATCHED',
  ]);
});

test('what Sage has allocated already is taken over, and nothing is sent', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RC5', [['RC5-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RC5-A');
  const rows = ledgerRows(gateway, sageId);
  const invoiceId = Number(rows.find(({ type }) => type === 'INVOICE')?.id ?? rows[0]?.id);
  atSage(gateway, 'allocate', {
    customer_id: sageId,
    allocation_lines: [
      { posted_tran_id: invoiceId, value_to_allocate: 120 },
      { posted_tran_id: sageIdOf(sageId, receipt.sageTransaction.urn), value_to_allocate: -120 },
    ],
  });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId } }');
  const sageCompanyId = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === 1).id;
  const takeOver = async () =>
    (
      await gateway.data(
        `mutation ($sageCompanyId: ID!) { takeOverSageAllocations(sageCompanyId: $sageCompanyId) {
           matchedCount hasMore matched { origin rule invoice { layerId } push { id } } userErrors { code } } }`,
        { sageCompanyId },
      )
    ).takeOverSageAllocations;
  const taken = await takeOver();
  expect(taken.userErrors).toEqual([]);
  expect(taken.matched).toContainEqual({
    origin: 'SAGE',
    rule: 'ALLOCATED_IN_SAGE',
    invoice: { layerId: 'RC5-A' },
    push: null,
  });
  expect(await receiptOf(gateway, receipt.id)).toMatchObject({ status: 'MATCHED', unmatched: { amount: '0.00' } });
  expect(await invoiceOf(gateway, 'RC5-A')).toMatchObject({ outstanding: { amount: '0.00' } });
  expect((await takeOver()).matchedCount).toBe(0);
});

test('a receipt is ignored with a reason and restored; what the gateway posted needs no match', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RC6', [['RC6-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 5, 'A GIFT');
  const ignore = (id: string, reason: string) =>
    gateway.data(
      'mutation ($id: ID!, $reason: String!) { ignoreReceipt(id: $id, reason: $reason) { receipt { status } userErrors { code } } }',
      { id, reason },
    );
  expect(await ignore(receipt.id, ' ')).toMatchObject({ ignoreReceipt: { userErrors: [{ code: 'REASON_NEEDED' }] } });
  expect(await ignore(receipt.id, 'Not ours.')).toMatchObject({ ignoreReceipt: { receipt: { status: 'IGNORED' } } });
  expect((await reconcile(gateway, receipt.id, [share('RC6-A', '5.00')])).userErrors).toMatchObject([
    { code: 'RECEIPT_IGNORED' },
  ]);
  const { restoreReceipt } = await gateway.data(
    'mutation ($id: ID!) { restoreReceipt(id: $id) { receipt { status } userErrors { code } } }',
    { id: receipt.id },
  );
  expect(restoreReceipt).toEqual({ receipt: { status: 'UNMATCHED' }, userErrors: [] });

  const payment = await sent(gateway, 'PAYMENT', paymentInput('RC6-P', 'RC6', '20.00'));
  const { urn } = await untilStatus(gateway, payment, 'SUCCEEDED');
  await eventually(async () => {
    const [own] = await receiptsOf(gateway, { search: urn, origin: ['LAYER'] });
    expect(own).toMatchObject({ status: 'NO_MATCH_NEEDED', origin: 'LAYER' });
    expect(await receiptsOf(gateway, { search: urn })).toEqual([]);
  });
  const [own] = await receiptsOf(gateway, { search: urn, origin: ['LAYER'] });
  expect((await reconcile(gateway, own?.id ?? '', [share('RC6-A', '20.00')])).userErrors).toMatchObject([
    { code: 'NO_MATCH_NEEDED' },
  ]);
});

test('fifty at once for the same receipt and the same invoice: never more than each has', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RC7', [['RC7-A'], ['RC7-B']]);
  const one = await receiptAtSage(gateway, sageId, 100, 'RC7 ONE');
  const two = await receiptAtSage(gateway, sageId, 100, 'RC7 TWO');
  // ten shares of 25.00 of each receipt for each invoice: 200.00 of money, 240.00 of invoices
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      reconcile(gateway, (index % 2 === 0 ? one : two).id, [share(index % 4 < 2 ? 'RC7-A' : 'RC7-B', '25.00')]),
    ),
  );
  const codes = new Set(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)));
  expect([...codes].filter((code) => !['ALREADY_MATCHED', 'AMOUNT_EXCEEDED'].includes(code))).toEqual([]);
  const won = answers.filter(({ userErrors }) => userErrors.length === 0);
  expect(won).toHaveLength(8);
  for (const { id } of [one, two])
    expect(await receiptOf(gateway, id)).toMatchObject({ status: 'MATCHED', unmatched: { amount: '0.00' } });
  const paid = await Promise.all(
    ['RC7-A', 'RC7-B'].map(async (id) => Number((await invoiceOf(gateway, id)).paid.amount)),
  );
  expect(paid.reduce((sum, amount) => sum + amount, 0)).toBe(200);
  for (const amount of paid) expect(amount).toBeLessThanOrEqual(120);
  const [sums] = await gateway.gateway.database.query<Record<string, number>>(
    `SELECT (SELECT COUNT(*) FROM receipt_match WHERE invoice_layer_id LIKE 'RC7-%') AS matches,
            (SELECT COUNT(*) FROM document WHERE origin = 'SAGE' AND customer_layer_id = 'RC7') AS payments`,
  );
  expect([sums?.matches, sums?.payments].map(Number)).toEqual([8, 8]);
});
