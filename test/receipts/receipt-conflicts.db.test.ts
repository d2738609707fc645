import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMPANY, ledgerRows, mapEverything, untilStatus } from '../support/documents.js';
import {
  atSage,
  customerWithInvoices,
  invoiceOf,
  receiptAtSage,
  receiptsOf,
  reconcile,
  type ShownReceipt,
  undo,
} from '../support/receipts.js';
import { ledgerOf } from '../support/sage-ledger.js';
import { pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ sandbox: { customers: 20, transactions: 200 } });
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

/** A receipt of 120.00 that is matched with an invoice, and allocated in Sage. */
async function matchedReceipt(customer: string): Promise<{ sageId: number; receipt: ShownReceipt; matchId: string }> {
  const { sageId } = await customerWithInvoices(gateway, customer, [[`${customer}-A`]]);
  const receipt = await receiptAtSage(gateway, sageId, 120, customer);
  const { matches } = await reconcile(gateway, receipt.id, [{ invoiceLayerId: `${customer}-A`, amount: '120.00' }]);
  const [match] = matches;
  await untilStatus(gateway, match?.push ?? { id: '' }, 'SUCCEEDED');
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  return { sageId, receipt, matchId: match?.id ?? '' };
}

const CONFLICT = `id status conflict toDoInSage reference sageTransaction { urn } sageAllocations { urn transaction { kind } }
  matches { undoneAt invoice { layerId } payment { amount { amount } } }`;

async function conflictOf(id: string) {
  const { node } = await gateway.data(`query ($id: ID!) { node(id: $id) { ... on Receipt { ${CONFLICT} } } }`, { id });
  return node;
}

const atSageId = (sageId: number, urn: string) =>
  Number(ledgerRows(gateway, sageId).find((row) => String(row.urn) === urn)?.id);

/** Rows vanish from Sage's tables, as when it was restored from a backup of before they were posted. */
async function vanish(sageId: number, urn: string): Promise<void> {
  const id = atSageId(sageId, urn);
  ledgerOf(gateway.sandbox).run('delete from transactions where company_id = ? and id = ?', COMPANY, id);
  ledgerOf(gateway.sandbox).run(
    'delete from allocations where company_id = ? and ? in (transaction_id, counterpart_id)',
    COMPANY,
    id,
  );
  await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
}

test('a receipt that was reversed in Sage after it was matched says so, until its match is undone', async () => {
  const { sageId, receipt, matchId } = await matchedReceipt('CF1');
  const { urn } = receipt.sageTransaction;
  expect(await conflictOf(receipt.id)).toMatchObject({ status: 'MATCHED', conflict: null });
  atSage(gateway, 'unallocate', { transactionId: atSageId(sageId, urn) });
  const reversal = atSage(gateway, 'postRefund', {
    customer_id: sageId,
    bank_id: 1201,
    cheque_value: 120,
    reference: 'REVERSAL',
  });
  atSage(gateway, 'allocate', {
    customer_id: sageId,
    allocation_lines: [
      { posted_tran_id: atSageId(sageId, String(reversal.urn)), value_to_allocate: 120 },
      { posted_tran_id: atSageId(sageId, urn), value_to_allocate: -120 },
    ],
  });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const reversed = await conflictOf(receipt.id);
  expect(reversed).toMatchObject({
    status: 'MATCHED',
    sageAllocations: [{ urn: String(reversal.urn), transaction: { kind: 'REFUND' } }],
  });
  expect(reversed.conflict).toContain(`120.00 GBP to URN ${String(reversal.urn)}`);
  // nothing of the match stands in Sage any more
  expect(await undo(gateway, matchId, 'The cheque bounced.')).toMatchObject({ userErrors: [], toDoInSage: [] });
  expect(await conflictOf(receipt.id)).toMatchObject({ status: 'UNMATCHED', conflict: null });
  expect(await invoiceOf(gateway, 'CF1-A')).toMatchObject({ outstanding: { amount: '120.00' } });
  // what Sage has used on something else is no longer there to be matched
  const again = await reconcile(gateway, receipt.id, [{ invoiceLayerId: 'CF1-A', amount: '120.00' }]);
  expect(again.userErrors).toMatchObject([
    {
      code: 'AMOUNT_EXCEEDED',
      message: expect.stringContaining(String(reversal.urn)),
      remedy: 'Leave the invoice out, take over what Sage has allocated (takeOverSageAllocations), or undo it in Sage.',
    },
  ]);
});

test('a matched receipt that Sage has lost stays in the list, with what to do about it', async () => {
  const { sageId, receipt, matchId } = await matchedReceipt('CF2');
  const unmatched = await receiptAtSage(gateway, sageId, 7, 'CF2 UNMATCHED');
  atSage(gateway, 'unallocate', { transactionId: atSageId(sageId, receipt.sageTransaction.urn) });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const before = (await gateway.data('{ receipts { totalCount } }')).receipts.totalCount;
  await vanish(sageId, unmatched.sageTransaction.urn);
  await vanish(sageId, receipt.sageTransaction.urn);
  const listed = await receiptsOf(gateway, { customerLayerId: 'CF2' });
  expect(listed).toMatchObject([
    { id: receipt.id, status: 'MATCHED', reference: 'CF2', matches: [{ undoneAt: null }] },
  ]);
  expect((await gateway.data('{ receipts { totalCount } }')).receipts.totalCount).toBe(before - 1);
  expect(await receiptsOf(gateway, { search: receipt.sageTransaction.urn })).toHaveLength(1);
  expect((await conflictOf(receipt.id)).conflict).toContain('Sage has this receipt no more');
  expect(
    (await reconcile(gateway, receipt.id, [{ invoiceLayerId: 'CF2-A', amount: '1.00' }])).userErrors,
  ).toMatchObject([{ code: 'RECEIPT_GONE' }]);
  expect(await undo(gateway, matchId, 'It never came.')).toMatchObject({
    userErrors: [],
    toDoInSage: [],
    receipt: { status: 'UNMATCHED', reference: 'CF2' },
  });
  expect(await invoiceOf(gateway, 'CF2-A')).toMatchObject({ outstanding: { amount: '120.00' } });
  // nobody has to look at it any more
  expect(await receiptsOf(gateway, { customerLayerId: 'CF2' })).toEqual([]);
  expect((await gateway.data('{ receipts { totalCount } }')).receipts.totalCount).toBe(before - 2);
});

test('what was to be undone in Sage is settled when Sage has lost the receipt', async () => {
  const { sageId, receipt, matchId } = await matchedReceipt('CF3');
  expect((await undo(gateway, matchId, 'Wrong.')).toDoInSage).toHaveLength(1);
  await vanish(sageId, receipt.sageTransaction.urn);
  expect(await conflictOf(receipt.id)).toMatchObject({ status: 'UNMATCHED', conflict: null, toDoInSage: [] });
});

test('a settled receipt that account maintenance took away keeps its match, and troubles nobody', async () => {
  const { sageId, receipt } = await matchedReceipt('CF4');
  await vanish(sageId, receipt.sageTransaction.urn);
  expect(await receiptsOf(gateway, { customerLayerId: 'CF4' })).toEqual([]);
  expect(await conflictOf(receipt.id)).toMatchObject({
    ...{ status: 'MATCHED', conflict: null, reference: 'CF4' },
    matches: [{ undoneAt: null, invoice: { layerId: 'CF4-A' }, payment: { amount: { amount: '120.00' } } }],
  });
  expect(await invoiceOf(gateway, 'CF4-A')).toMatchObject({
    paid: { amount: '120.00' },
    outstanding: { amount: '0.00' },
  });
});
