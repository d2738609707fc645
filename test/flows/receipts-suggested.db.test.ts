import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  invoiceInput,
  ledgerRows,
  mapEverything,
  newCustomer,
  paymentInput,
  sent,
  untilStatus,
} from '../support/documents.js';
import {
  acceptSuggestion,
  atSage,
  autoReconcile,
  customerWithInvoices,
  invoiceOf,
  receiptAtSage,
  receiptOf,
  reconcile,
  sageRow,
  suggestionsOf,
  undo,
} from '../support/receipts.js';
import { follow, socketClient } from '../support/socket.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

test('from the receipt at Sage to the invoice paid and allocated: subscriber, suggestion, one click', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RS1', [['RS1-1001'], ['RS1-1002']]);
  const client = await socketClient(gateway);
  const news = follow(client, 'subscription { receiptReceived(customerLayerId: "RS1") { receipt { id } } }');
  const changes = follow(client, 'subscription { receiptChanged(customerLayerId: "RS1") { receipt { status } } }');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const receipt = await receiptAtSage(gateway, sageId, 120, 'BACS RS1-1002');
  await eventually(async () => expect(news.answers).toEqual([{ receipt: { id: receipt.id } }]));

  const [first, second] = await suggestionsOf(gateway, receipt.id);
  expect(first).toMatchObject({
    confidence: 'HIGH',
    ambiguous: false,
    allocations: [
      { amount: { amount: '120.00' }, invoice: { layerId: 'RS1-1002', outstanding: { amount: '120.00' } } },
    ],
  });
  expect(first?.reasonsFor).toEqual(
    expect.arrayContaining([expect.stringContaining('RS1-1002'), expect.stringContaining('to the penny')]),
  );
  expect((second?.score ?? 0) < (first?.score ?? 0)).toBe(true);

  const widget = () =>
    gateway.data(
      `{ customer(layerId: "RS1") { sageAccounts { balance { amount } unallocatedReceipts: transactions(filter: { kinds: [RECEIPT] }) { nodes { outstanding { amount } } } } } }`,
    );
  const answer = await acceptSuggestion(gateway, receipt.id, first?.token ?? '');
  expect(answer.userErrors).toEqual([]);
  expect(answer.receipt).toMatchObject({ status: 'MATCHED', unmatched: { amount: '0.00' } });
  expect(answer.matches).toMatchObject([{ origin: 'MANUAL' }]);
  expect(await invoiceOf(gateway, 'RS1-1002')).toMatchObject({
    paid: { amount: '120.00' },
    outstanding: { amount: '0.00' },
    payments: [{ origin: 'SAGE' }],
  });
  expect(await suggestionsOf(gateway, receipt.id)).toEqual([]);
  expect((await acceptSuggestion(gateway, receipt.id, first?.token ?? '')).userErrors).toMatchObject([
    { code: 'ALREADY_MATCHED' },
  ]);
  await untilStatus(gateway, { id: answer.matches[0]?.push?.id ?? '' }, 'SUCCEEDED');
  expect(sageRow(gateway, sageId, receipt.sageTransaction.urn)).toMatchObject({ outstanding: '0.00' });
  await eventually(async () => {
    const { customer } = await widget();
    expect(customer.sageAccounts).toMatchObject([
      { balance: { amount: '120.00' }, unallocatedReceipts: { nodes: [{ outstanding: { amount: '0.00' } }] } },
    ]);
  });
  await eventually(async () => expect(changes.answers.at(-1)).toEqual({ receipt: { status: 'MATCHED' } }));
  await client.dispose();
});

test('a token holds until receipt or invoice change, and for its own receipt only', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RS2', [['RS2-1001']]);
  const one = await receiptAtSage(gateway, sageId, 120, 'RS2-1001');
  const other = await receiptAtSage(gateway, sageId, 50, 'RS2-1001 PART');
  const [suggestion] = await suggestionsOf(gateway, one.id);
  const token = suggestion?.token ?? '';
  expect(suggestion?.allocations).toMatchObject([{ invoice: { layerId: 'RS2-1001' } }]);
  expect((await acceptSuggestion(gateway, other.id, token)).userErrors).toMatchObject([
    { code: 'SUGGESTION_UNKNOWN', field: ['token'] },
  ]);
  expect((await acceptSuggestion(gateway, one.id, 'nonsense')).userErrors).toMatchObject([
    { code: 'SUGGESTION_UNKNOWN' },
  ]);
  await reconcile(gateway, other.id, [{ invoiceLayerId: 'RS2-1001', amount: '50.00' }]);
  const late = await acceptSuggestion(gateway, one.id, token);
  expect(late.userErrors).toMatchObject([{ code: 'SUGGESTION_EXPIRED', field: ['token'], remedy: expect.any(String) }]);
  expect(late.matches).toEqual([]);
  expect(await receiptOf(gateway, one.id)).toMatchObject({ status: 'UNMATCHED', matches: [] });
  const [anew] = await suggestionsOf(gateway, one.id);
  expect((await acceptSuggestion(gateway, one.id, anew?.token ?? '')).userErrors).toEqual([]);
  // twice the same click: of the receipt 50.00 is left, and the invoice is paid
  expect((await acceptSuggestion(gateway, one.id, anew?.token ?? '')).userErrors).toMatchObject([
    { code: 'SUGGESTION_EXPIRED' },
  ]);
});

test('twins, money that may be entered twice and what was undone are said to be so', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RS3', [['RS3-1001'], ['RS3-1002']]);
  const twins = await receiptAtSage(gateway, sageId, 120, 'THANKS');
  const suggestions = await suggestionsOf(gateway, twins.id);
  expect(suggestions.slice(0, 2)).toMatchObject([{ ambiguous: true }, { ambiguous: true }]);
  expect(suggestions[0]?.reasonsAgainst.join(' ')).toMatch(/RS3-1002 is for the same amount/);

  await sent(
    gateway,
    'PAYMENT',
    paymentInput('RS3-P', 'RS3', '60.00', { invoices: [{ invoiceLayerId: 'RS3-1001', amount: '60.00' }] }),
  );
  const twice = await receiptAtSage(gateway, sageId, 60, 'RS3-1001');
  const [first] = await suggestionsOf(gateway, twice.id);
  expect(first?.reasonsAgainst.join(' ')).toMatch(/may be the same money/);
  expect(first?.confidence).not.toBe('HIGH');

  const { matches } = await reconcile(gateway, twins.id, [{ invoiceLayerId: 'RS3-1002', amount: '120.00' }], {
    allocateInSage: false,
  });
  await undo(gateway, matches[0]?.id ?? '', 'It was the other one.');
  const again = await suggestionsOf(gateway, twins.id);
  const refused = again.find(({ allocations }) => allocations[0]?.invoice.layerId === 'RS3-1002');
  expect(refused?.reasonsAgainst.join(' ')).toMatch(/It was the other one/);
});

test('what Sage has allocated is the first suggestion, and accepting it sends nothing', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RS4', [['RS4-1001']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'HELLO');
  const invoiceId = Number(
    ledgerRows(gateway, sageId).find(({ urn }) => String(urn) !== receipt.sageTransaction.urn)?.id,
  );
  const receiptSageId = Number(sageRow(gateway, sageId, receipt.sageTransaction.urn)?.id);
  atSage(gateway, 'allocate', {
    customer_id: sageId,
    allocation_lines: [
      { posted_tran_id: invoiceId, value_to_allocate: 120 },
      { posted_tran_id: receiptSageId, value_to_allocate: -120 },
    ],
  });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const [first] = await suggestionsOf(gateway, receipt.id);
  expect(first).toMatchObject({ confidence: 'HIGH', score: 1, allocations: [{ invoice: { layerId: 'RS4-1001' } }] });
  expect(first?.reasonsFor).toEqual([expect.stringContaining('Sage has allocated it')]);
  const answer = await acceptSuggestion(gateway, receipt.id, first?.token ?? '');
  expect(answer).toMatchObject({ userErrors: [], matches: [{ origin: 'SAGE', push: null }] });
});

test('the automatic rule takes what is named and exact, leaves the rest, and a dry run changes nothing', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RS5', [['RS5-1001'], ['RS5-1002'], ['RS5-1003']]);
  await newCustomer(gateway, 'RS6');
  const receipts = [
    await receiptAtSage(gateway, sageId, 240, 'RS5-1001 & RS5-1002'),
    await receiptAtSage(gateway, sageId, 120, 'RS5-1003'),
    // the same money once more: there is nothing left for it
    await receiptAtSage(gateway, sageId, 120, 'RS5-1003'),
    await receiptAtSage(gateway, sageId, 120, 'NO NAME'),
    await receiptAtSage(gateway, sageId, 50, 'RS5-1001'),
  ];
  const others = new Set(['RS5-1001', 'RS5-1002', 'RS5-1003']);
  const ownOf = (answer: Awaited<ReturnType<typeof autoReconcile>>) =>
    answer.matched.filter(({ invoice }) => others.has(invoice.layerId));
  const dry = await autoReconcile(gateway, true);
  expect(dry.userErrors).toEqual([]);
  expect(
    ownOf(dry)
      .map(({ invoice, push }) => [invoice.layerId, push])
      .toSorted(),
  ).toEqual([
    ['RS5-1001', null],
    ['RS5-1002', null],
    ['RS5-1003', null],
  ]);
  for (const { id } of receipts)
    expect(await receiptOf(gateway, id)).toMatchObject({ status: 'UNMATCHED', matches: [] });
  expect(await invoiceOf(gateway, 'RS5-1001')).toMatchObject({ paid: { amount: '0.00' }, payments: [] });

  const run = await autoReconcile(gateway, false);
  expect(ownOf(run)).toHaveLength(3);
  expect(ownOf(run)).toContainEqual(
    expect.objectContaining({ origin: 'AUTOMATIC', rule: 'REFERENCE_AND_AMOUNT', matchedBy: 'tester' }),
  );
  const statuses = await Promise.all(receipts.map(async ({ id }) => (await receiptOf(gateway, id)).status));
  expect(statuses).toEqual(['MATCHED', 'MATCHED', 'UNMATCHED', 'UNMATCHED', 'UNMATCHED']);
  expect(await invoiceOf(gateway, 'RS5-1003')).toMatchObject({ outstanding: { amount: '0.00' } });
  for (const { push } of ownOf(run)) await untilStatus(gateway, { id: push?.id ?? '' }, 'SUCCEEDED');
  expect(sageRow(gateway, sageId, receipts[0]?.sageTransaction.urn ?? '')).toMatchObject({ outstanding: '0.00' });
  const { auditTrail } = await gateway.data(
    'query ($id: ID!) { auditTrail(subjectId: $id) { nodes { who summary } } }',
    { id: receipts[1]?.id },
  );
  expect(auditTrail.nodes).toEqual([{ who: 'tester', summary: expect.stringContaining('REFERENCE_AND_AMOUNT') }]);
  expect(ownOf(await autoReconcile(gateway, false))).toEqual([]);
});

test('a company that is not there, and a cursor that no run has answered', async () => {
  const { autoReconcile: refused } = await gateway.data(
    'mutation { autoReconcile(sageCompanyId: "x") { matchedCount userErrors { code field } } }',
  );
  expect(refused).toEqual({
    matchedCount: 0,
    userErrors: [{ code: 'SAGE_COMPANY_UNKNOWN', field: ['sageCompanyId'] }],
  });
});

test('an invoice that is not in Sage yet is suggested, and its allocation waits for it', async () => {
  const { sageId } = await newCustomer(gateway, 'RS7');
  await sent(gateway, 'INVOICE', invoiceInput('RS7-1001', 'RS7', { number: 'RS7-1001' }));
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RS7-1001');
  const [first] = await suggestionsOf(gateway, receipt.id);
  expect(first).toMatchObject({ confidence: 'HIGH', allocations: [{ invoice: { layerId: 'RS7-1001' } }] });
  const { matches } = await acceptSuggestion(gateway, receipt.id, first?.token ?? '');
  await untilStatus(gateway, { id: matches[0]?.push?.id ?? '' }, 'SUCCEEDED');
  expect(sageRow(gateway, sageId, receipt.sageTransaction.urn)).toMatchObject({ outstanding: '0.00' });
});
