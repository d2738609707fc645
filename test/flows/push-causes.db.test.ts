import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  COMPANY,
  invoiceInput,
  ledgerRows,
  line,
  mapEverything,
  newCustomer,
  paymentInput,
  pushOf,
  send,
  sent,
  type ShownPush,
  untilStatus,
} from '../support/documents.js';
import { RETRY_TABLE } from '../../src/pushes/retry-table.js';
import { ledgerOf } from '../support/sage-ledger.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

/** In a period that the tests close: eight months ago. */
const CLOSED = new Date(Date.now() - 250 * 86_400_000).toISOString().slice(0, 10);

let gateway: TestGateway;
let customer: string;
let customerId: number;
let number = 0;
const directory = mkdtempSync(join(tmpdir(), 'push-causes-'));
beforeAll(async () => {
  gateway = await startTestGateway({
    // on disk, so that Sage can go away and come back as it was
    sandbox: { dataFile: join(directory, 'sage.sqlite') },
    variables: {
      SAGE_REQUEST_TIMEOUT_MS: '700',
      SAGE_MAX_RUN_SECONDS: '0.9',
      PUSH_MARGIN_SECONDS: '0.5',
      PUSH_POLL_MS: '150',
      PUSH_LOOK_AGAIN_SECONDS: '0.5',
    },
  });
  await mapEverything(gateway);
});
afterAll(async () => {
  await gateway.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  number += 1;
  customer = `E${number}`;
  ({ sageId: customerId } = await newCustomer(gateway, customer));
});
afterEach(() => {
  gateway.sandbox.control.clearFaults();
  gateway.sandbox.control.setRules({ onHoldPostings: 'accept' });
});

const inSage = (action: string, body: object) => gateway.sandbox.control.desktop(COMPANY, action, body as never);
const invoice = (more: object = {}, id = `${customer}-I`) => sent(gateway, 'INVOICE', invoiceInput(id, customer, more));
const payment = (amount: string, more: object = {}, id = `${customer}-P`) =>
  sent(gateway, 'PAYMENT', paymentInput(id, customer, amount, more));
const rowOf = (push: ShownPush) => {
  const rows = ledgerRows(gateway, customerId).filter(({ secondReference }) => secondReference === push.sageReference);
  expect(rows).toHaveLength(1);
  return rows[0] as (typeof rows)[0];
};
const retry = async (push: ShownPush) => {
  const { retryPush } = await gateway.data('mutation ($id: ID!) { retryPush(id: $id) { userErrors { code } } }', {
    id: push.id,
  });
  expect(retryPush.userErrors).toEqual([]);
};
const skip = async (push: ShownPush) => {
  const { skipPush } = await gateway.data(
    'mutation ($id: ID!) { skipPush(id: $id, reason: "not wanted") { push { status } userErrors { code } } }',
    { id: push.id },
  );
  return skipPush;
};
const queueOf = async (code: string) => {
  const { errorQueue } = await gateway.data(
    '{ errorQueue { code subject count blocked { amount currency } pushes { nodes { layerId } } } }',
  );
  return errorQueue.filter((group: { code: string }) => group.code === code);
};

/** The push rests with this code, says what to do, and stands in the error queue. */
async function restsWith(push: ShownPush, status: 'HELD' | 'FAILED', code: string): Promise<ShownPush> {
  const resting = await untilStatus(gateway, push, status);
  expect(resting.error).toMatchObject({
    code,
    message: expect.stringMatching(/\S/),
    remedy: expect.stringMatching(/\S/),
  });
  // while it is tried again it is not at rest for a moment
  await eventually(async () => {
    const layerIds = (await queueOf(code)).flatMap((group: { pushes: { nodes: { layerId: string }[] } }) =>
      group.pushes.nodes.map(({ layerId }) => layerId),
    );
    expect(layerIds).toContain(push.layerId);
  });
  return resting;
}

test('refused without a reason: Sage is asked why before it is sent again, and believed in the end', async () => {
  const refuse = () =>
    gateway.sandbox.control.addFault({
      kind: 'gatewayErrorBeforeCommit',
      status: 400,
      method: 'POST',
      path: '^/sales_invoices$',
      count: 0,
    });
  refuse();
  inSage('putOnHold', { customerId, reason: 'late' });
  const held = await restsWith(await invoice(), 'HELD', 'ACCOUNT_ON_HOLD');
  expect(held.history.filter(({ step }) => step === 'POST')).toEqual([
    expect.objectContaining({ outcome: expect.stringMatching(/^OUTCOME_UNKNOWN/), httpStatus: 400 }),
  ]);
  inSage('takeOffHold', { customerId });
  const failed = await restsWith(held, 'FAILED', 'SAGE_REFUSED');
  expect(failed.history.filter(({ step }) => step === 'POST')).toHaveLength(3);
  expect(ledgerRows(gateway, customerId)).toEqual([]);
  gateway.sandbox.control.clearFaults();
  await retry(failed);
  await untilStatus(gateway, failed, 'SUCCEEDED');
  rowOf(failed);
});

test('PERIOD_CLOSED: held until the period is opened, many at once', async () => {
  inSage('closePeriod', { date: CLOSED });
  const pushes = [];
  for (const index of [1, 2, 3]) pushes.push(await invoice({ issuedOn: CLOSED }, `${customer}-I${index}`));
  for (const push of pushes) await restsWith(push, 'HELD', 'PERIOD_CLOSED');
  expect(await queueOf('PERIOD_CLOSED')).toEqual([
    expect.objectContaining({ count: 3, blocked: [{ amount: '360.00', currency: 'GBP' }] }),
  ]);
  expect(ledgerRows(gateway, customerId)).toEqual([]);
  inSage('openPeriod', { date: CLOSED });
  for (const push of pushes) await untilStatus(gateway, push, 'SUCCEEDED');
  expect(ledgerRows(gateway, customerId)).toHaveLength(3);
});

test('PERIOD_CLOSED, too, where only the posting itself is refused for its date', async () => {
  gateway.sandbox.control.addFault({ kind: 'closedPeriod' });
  inSage('closePeriod', { date: CLOSED });
  // the date check is answered from what was asked before the period was closed
  const push = await invoice({ issuedOn: CLOSED });
  await restsWith(push, 'HELD', 'PERIOD_CLOSED');
  inSage('openPeriod', { date: CLOSED });
  await untilStatus(gateway, push, 'SUCCEEDED');
});

test('ACCOUNT_ON_HOLD: where Sage refuses it, held until it is taken off hold', async () => {
  gateway.sandbox.control.setRules({ onHoldPostings: 'refuse' });
  inSage('putOnHold', { customerId, reason: 'unpaid' });
  const push = await invoice();
  const held = await restsWith(push, 'HELD', 'ACCOUNT_ON_HOLD');
  expect(held.error?.message).toContain('unpaid');
  inSage('takeOffHold', { customerId });
  await untilStatus(gateway, push, 'SUCCEEDED');
  expect(rowOf(push).gross).toBe('120.00');
});

test('an account on hold that takes postings gets them', async () => {
  inSage('putOnHold', { customerId, reason: 'unpaid' });
  await untilStatus(gateway, await invoice(), 'SUCCEEDED');
});

test('ACCOUNT_HIDDEN: held until it is active', async () => {
  inSage('hide', { customerId });
  const push = await invoice();
  await restsWith(push, 'HELD', 'ACCOUNT_HIDDEN');
  inSage('unhide', { customerId });
  await untilStatus(gateway, push, 'SUCCEEDED');
});

test('ACCOUNT_GONE: the account was deleted in Sage and the cache does not know yet', async () => {
  inSage('deleteAccount', { customerId });
  await restsWith(await invoice(), 'FAILED', 'ACCOUNT_GONE');
});

test('SAGE_REFUSED: what Sage names is said, and a retry goes once it is put right', async () => {
  // hidden behind the gateway's back, so that no mapping check sees it before Sage does
  inSage('hideNominalCode', { nominalCodeId: nominalId('4010') });
  const push = await invoice({ lines: [line('L1', { nominalCode: '4010' })] });
  await eventually(async () => {
    const { error } = await pushOf(gateway, push.id);
    expect(['SAGE_REFUSED', 'NOMINAL_ACCOUNT_UNUSABLE']).toContain(error?.code);
  });
  inSage('unhideNominalCode', { nominalCodeId: nominalId('4010') });
  await pull(gateway, { resources: ['NOMINAL_ACCOUNTS'] });
  if ((await pushOf(gateway, push.id)).status === 'FAILED') await retry(push);
  await untilStatus(gateway, push, 'SUCCEEDED');
});

test('SAGE_FORBIDDEN: the role of the Sage user lacks the module', async () => {
  gateway.sandbox.control.addFault({ kind: 'forbidden', method: 'POST', path: '^/sales_invoices$' });
  const push = await invoice();
  await restsWith(push, 'FAILED', 'SAGE_FORBIDDEN');
  await retry(push);
  await untilStatus(gateway, push, 'SUCCEEDED');
  rowOf(push);
});

test('COMPANY_REFUSED: the sign-in does not reach the company; held, and goes by itself', async () => {
  gateway.sandbox.control.addFault({
    kind: 'refusedCompany',
    method: 'POST',
    path: '^/sales_invoices$',
    companyId: COMPANY,
    count: 2,
  });
  const push = await invoice();
  await restsWith(push, 'HELD', 'COMPANY_REFUSED');
  await untilStatus(gateway, push, 'SUCCEEDED');
  rowOf(push);
});

test('RATE_LIMITED: it waits as long as Sage asks', async () => {
  gateway.sandbox.control.addFault({
    kind: 'tooManyRequests',
    method: 'POST',
    path: '^/sales_invoices$',
    retryAfterSeconds: 1,
    count: 2,
  });
  const push = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  expect(push.history.filter(({ outcome }) => outcome.startsWith('RATE_LIMITED'))).toHaveLength(2);
  rowOf(push);
});

test('CONNECTION_LOST: tried some times, held, and gone as soon as Sage is back', async () => {
  await gateway.stopSage();
  const push = await invoice();
  const held = await restsWith(push, 'HELD', 'CONNECTION_LOST');
  expect(held.history.filter(({ outcome }) => outcome.startsWith('CONNECTION_LOST')).length).toBeGreaterThan(1);
  expect(held.attempts).toBeLessThanOrEqual(4);
  await gateway.startSage();
  await untilStatus(gateway, push, 'SUCCEEDED', 30_000);
  rowOf(push);
});

test('SAGE_NOT_FOUND and SAGE_REFUSED: what Sage says is said, and nothing is tried again by itself', async () => {
  for (const [status, code] of [
    [404, 'SAGE_NOT_FOUND'],
    [400, 'SAGE_REFUSED'],
  ] as const) {
    gateway.sandbox.control.addFault({ kind: 'errorBeforeCommit', method: 'POST', path: '^/sales_receipts$', status });
    const push = await payment('10.00', {}, `${customer}-P${status}`);
    const failed = await restsWith(push, 'FAILED', code);
    expect(failed.attempts).toBe(1);
    await retry(push);
    await untilStatus(gateway, push, 'SUCCEEDED');
    rowOf(push);
  }
});

test('NOT_VISIBLE_YET: a receipt that shows late is allocated once it does', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  gateway.sandbox.control.addFault({ kind: 'lateVisibility', path: '^/sales_receipts$', delayMs: 700 });
  const paid = await payment('120.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '120.00' }] });
  const done = await untilStatus(gateway, paid, 'SUCCEEDED');
  expect(done.history.map(({ outcome }) => outcome)).toContainEqual(expect.stringMatching(/^NOT_VISIBLE_YET/));
  expect(rowOf(paid).allocated).toBe('-120.00');
});

test('CUSTOMER is a prerequisite: PREREQUISITE_FAILED while it is refused, gone by itself once it has landed', async () => {
  const other = `${customer}X`;
  gateway.sandbox.control.addFault({ kind: 'forbidden', method: 'POST', path: '^/customers$' });
  const account = await sent(gateway, 'CUSTOMER', { layerId: other, name: `Second ${other}` });
  const push = await sent(gateway, 'INVOICE', invoiceInput(`${other}-I`, other));
  expect(push.status).toBe('WAITING');
  await restsWith(account, 'FAILED', 'SAGE_FORBIDDEN');
  await restsWith(push, 'HELD', 'PREREQUISITE_FAILED');
  await retry(account);
  await untilStatus(gateway, account, 'SUCCEEDED');
  await untilStatus(gateway, push, 'SUCCEEDED');
});

test('PREREQUISITE_FAILED: a customer that was refused is linked by a person, and its documents go', async () => {
  const other = `${customer}X`;
  gateway.sandbox.control.addFault({ kind: 'forbidden', method: 'POST', path: '^/customers$' });
  await untilStatus(gateway, await sent(gateway, 'CUSTOMER', { layerId: other, name: `Linked ${other}` }), 'FAILED');
  const push = await sent(gateway, 'INVOICE', invoiceInput(`${other}-I`, other));
  await restsWith(push, 'HELD', 'PREREQUISITE_FAILED');
  const { sageAccounts } = await gateway.data(
    `{ sageAccounts(first: 500, filter: { linked: false }) { nodes { id balance { currency } isActive sageCompany { sageCompanyId } } } }`,
  );
  const free = sageAccounts.nodes.find(
    (one: { balance: { currency: string }; isActive: boolean; sageCompany: { sageCompanyId: number } }) =>
      one.balance.currency === 'GBP' && one.isActive && one.sageCompany.sageCompanyId === COMPANY,
  );
  const { linkCustomer } = await gateway.data(
    'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }',
    { layerId: other, id: free.id },
  );
  expect(linkCustomer.userErrors).toEqual([]);
  await untilStatus(gateway, push, 'SUCCEEDED');
});

test('a refund of which only the allocation was skipped has been given back: it is not given back again', async () => {
  const paid = await untilStatus(gateway, await payment('50.00'), 'SUCCEEDED');
  inSage('setQuery', { transactionId: rowOf(paid).id, queried: 'Q' });
  const input = (layerId: string) => ({
    layerId,
    customerLayerId: customer,
    paymentMethodLayerId: 'BACS',
    refundedOn: new Date().toISOString().slice(0, 10),
    amount: '50.00',
    paymentLayerId: paid.layerId,
  });
  const refund = await sent(gateway, 'REFUND', input(`${customer}-R`));
  await restsWith(refund, 'HELD', 'TRANSACTION_QUERIED');
  expect((await skip(refund)).push.status).toBe('SKIPPED');
  const { userErrors } = await send(gateway, 'REFUND', input(`${customer}-R2`));
  expect(userErrors).toEqual([expect.objectContaining({ code: 'AMOUNT_EXCEEDED' })]);
});

test('INTERNAL_ERROR: what the gateway cannot do stands aside, and others of the customer go on', async () => {
  gateway.sandbox.control.addFault({
    kind: 'delayThenCommit',
    delayMs: 300,
    method: 'POST',
    path: '^/sales_invoices$',
  });
  await invoice({}, `${customer}-I0`);
  const push = await invoice();
  const { database } = gateway.gateway;
  await database.transaction((transaction) =>
    transaction.query('DELETE FROM document_line WHERE document_layer_id = ?', [push.layerId]),
  );
  await database.transaction((transaction) =>
    transaction.query("UPDATE document SET layer_id = 'LOST' WHERE layer_id = ?", [push.layerId]),
  );
  const next = await invoice({}, `${customer}-J`);
  await eventually(async () => {
    const { errorQueue } = await gateway.data('{ errorQueue { code } }');
    expect(errorQueue.map(({ code }: { code: string }) => code)).toContain('INTERNAL_ERROR');
  }, 20_000);
  await untilStatus(gateway, next, 'SUCCEEDED');
  expect((await skip(push)).push.status).toBe('SKIPPED');
});

test('PREREQUISITE_FAILED: the payment is posted, its allocation waits for an invoice that was skipped', async () => {
  gateway.sandbox.control.addFault({ kind: 'forbidden', method: 'POST', path: '^/sales_invoices$' });
  const due = await invoice();
  const paid = await payment('50.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '50.00' }] });
  await untilStatus(gateway, due, 'FAILED');
  const held = await restsWith(paid, 'HELD', 'PREREQUISITE_FAILED');
  expect(held.urn).not.toBeNull();
  expect(rowOf(paid)).toMatchObject({ gross: '-50.00', allocated: '0.00' });
  expect((await skip(due)).push.status).toBe('SKIPPED');
  await retry(paid);
  await restsWith(paid, 'HELD', 'PREREQUISITE_FAILED');
  expect((await skip(paid)).push.status).toBe('SKIPPED');
});

test('WAITING: an allocation waits for its invoice, and goes by itself', async () => {
  inSage('closePeriod', { date: CLOSED });
  const due = await invoice({ issuedOn: CLOSED });
  const paid = await payment('50.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '50.00' }] });
  await untilStatus(gateway, due, 'HELD');
  const waiting = await untilStatus(gateway, paid, 'WAITING');
  expect(waiting.urn).not.toBeNull();
  inSage('openPeriod', { date: CLOSED });
  await untilStatus(gateway, paid, 'SUCCEEDED');
  expect(rowOf(paid).allocated).toBe('-50.00');
  expect(rowOf(due).allocated).toBe('50.00');
});

test('TRANSACTION_QUERIED: the allocation is held until the query flag is off', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  inSage('setQuery', { transactionId: rowOf(due).id, queried: 'Q' });
  const paid = await payment('120.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '120.00' }] });
  await restsWith(paid, 'HELD', 'TRANSACTION_QUERIED');
  inSage('setQuery', { transactionId: rowOf(due).id, queried: '' });
  await untilStatus(gateway, paid, 'SUCCEEDED');
  expect(rowOf(due).allocated).toBe('120.00');
});

test('what stands in Sage already is allocated on its own account, also once the customer is unlinked', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  inSage('setQuery', { transactionId: rowOf(due).id, queried: 'Q' });
  const invoices = [{ invoiceLayerId: due.layerId, amount: '50.00' }];
  const paid = await payment('50.00', { invoices, paymentMethodLayerId: 'UNMAPPED' });
  inSage('postReceipt', {
    customer_id: customerId,
    bank_id: 1201,
    cheque_value: 50,
    second_reference: paid.sageReference,
  });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  await payment('50.00', { invoices });
  await restsWith(paid, 'HELD', 'TRANSACTION_QUERIED');
  const { customer: shown } = await gateway.data(
    'query ($layerId: String!) { customer(layerId: $layerId) { sageAccount { id } } }',
    { layerId: customer },
  );
  const { unlinkCustomer } = await gateway.data(
    'mutation ($layerId: String!, $id: ID!) { unlinkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }',
    { layerId: customer, id: shown.sageAccount.id },
  );
  expect(unlinkCustomer.userErrors).toEqual([]);
  inSage('setQuery', { transactionId: rowOf(due).id, queried: '' });
  const { history } = await untilStatus(gateway, paid, 'SUCCEEDED');
  expect(history.map(({ step }) => step)).not.toContain('ERROR');
  expect(rowOf(paid)).toMatchObject({ gross: '-50.00', allocated: '-50.00' });
});

test('NOT_ENOUGH_OUTSTANDING: somebody was first in Sage', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  const cash = inSage('postReceipt', { customer_id: customerId, bank_id: 1201, cheque_value: 100 });
  const receiptUrn = Number((JSON.parse(JSON.stringify(cash)) as { urn: number }).urn);
  const receipt = ledgerRows(gateway, customerId).find(({ urn }) => Number(urn) === receiptUrn);
  inSage('allocate', {
    customer_id: customerId,
    allocation_lines: [
      { posted_tran_id: rowOf(due).id, value_to_allocate: 100 },
      { posted_tran_id: receipt?.id, value_to_allocate: -100 },
    ],
  });
  const paid = await payment('120.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '120.00' }] });
  await restsWith(paid, 'FAILED', 'NOT_ENOUGH_OUTSTANDING');
  expect(rowOf(paid)).toMatchObject({ gross: '-120.00', allocated: '0.00' });
});

test('TRANSACTION_GONE: an invoice that was archived long ago is not waited for', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  ledgerOf(gateway.sandbox).run(
    'update transactions set is_archived = 1 where company_id = ? and id = ?',
    COMPANY,
    rowOf(due).id,
  );
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query('UPDATE push SET posted_at = posted_at - 86400000 WHERE layer_id = ?', [due.layerId]),
  );
  const paid = await payment('50.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '50.00' }] });
  const failed = await restsWith(paid, 'FAILED', 'TRANSACTION_GONE');
  expect(failed.urn).not.toBeNull();
});

test('an allocation that was made in Sage meanwhile is taken over', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  inSage('setQuery', { transactionId: rowOf(due).id, queried: 'Q' });
  const paid = await payment('120.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '120.00' }] });
  await untilStatus(gateway, paid, 'HELD');
  inSage('setQuery', { transactionId: rowOf(due).id, queried: '' });
  inSage('allocate', {
    customer_id: customerId,
    allocation_lines: [
      { posted_tran_id: rowOf(due).id, value_to_allocate: 120 },
      { posted_tran_id: rowOf(paid).id, value_to_allocate: -120 },
    ],
  });
  await untilStatus(gateway, paid, 'SUCCEEDED');
  expect(rowOf(paid).allocations).toHaveLength(1);
});

test('ACCOUNT_NOT_ALLOCATABLE: Sage allocates such an account by itself', async () => {
  const due = await untilStatus(gateway, await invoice(), 'SUCCEEDED');
  ledgerOf(gateway.sandbox).run(
    'update customers set account_type = 1 where company_id = ? and id = ?',
    COMPANY,
    customerId,
  );
  const paid = await payment('120.00', { invoices: [{ invoiceLayerId: due.layerId, amount: '120.00' }] });
  const failed = await restsWith(paid, 'FAILED', 'ACCOUNT_NOT_ALLOCATABLE');
  expect(failed.urn).not.toBeNull();
});

test('DUPLICATE_IN_SAGE and AMOUNT_DIFFERS_IN_SAGE: what stands in Sage under our key is looked at before anything is sent', async () => {
  const due = await invoice({ lines: [line('L1', { nominalCode: 'UNMAPPED' })] });
  expect(due.status).toBe('HELD');
  const post = (goods: number) =>
    inSage('postInvoice', {
      customer_id: customerId,
      document_goods_value: goods,
      document_tax_value: 0,
      second_reference: due.sageReference,
    });
  post(99);
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  await invoice({ lines: [line('L1')] });
  const failed = await restsWith(due, 'FAILED', 'AMOUNT_DIFFERS_IN_SAGE');
  expect(failed.urn).not.toBeNull();
  expect((await send(gateway, 'INVOICE', invoiceInput(due.layerId, customer))).userErrors).toEqual([]);
  expect((await send(gateway, 'INVOICE', invoiceInput(due.layerId, customer, { number: 'OTHER' }))).userErrors).toEqual(
    [expect.objectContaining({ code: 'CONTENT_CHANGED' })],
  );
  // a retry looks again, and does not take it for done
  await retry(due);
  await eventually(async () => expect((await pushOf(gateway, due.id)).status).not.toBe('QUEUED'));
  await restsWith(due, 'FAILED', 'AMOUNT_DIFFERS_IN_SAGE');
  const second = await invoice({ lines: [line('L1', { nominalCode: 'UNMAPPED' })] }, `${customer}-J`);
  for (const goods of [100, 100]) {
    inSage('postInvoice', {
      customer_id: customerId,
      document_goods_value: goods,
      document_tax_value: 20,
      second_reference: second.sageReference,
    });
  }
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  await invoice({ lines: [line('L1')] }, `${customer}-J`);
  await restsWith(second, 'FAILED', 'DUPLICATE_IN_SAGE');
  expect(
    ledgerRows(gateway, customerId).filter(({ secondReference }) => secondReference === second.sageReference),
  ).toHaveLength(2);
});

test('DUPLICATE_IN_SAGE: a retry before the cached ledger knows of the two does not post a third', async () => {
  await gateway.restart({ SYNC_TRANSACTIONS_SECONDS: '3600' });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  gateway.sandbox.control.addFault({ kind: 'resetAfterCommit', method: 'POST', path: '^/sales_invoices$' });
  const push = await untilStatus(gateway, await invoice(), 'UNKNOWN');
  inSage('postInvoice', {
    customer_id: customerId,
    document_goods_value: 100,
    document_tax_value: 20,
    second_reference: push.sageReference,
  });
  await restsWith(push, 'FAILED', 'DUPLICATE_IN_SAGE');
  await retry(push);
  await eventually(async () => expect((await pushOf(gateway, push.id)).status).not.toBe('QUEUED'));
  await restsWith(push, 'FAILED', 'DUPLICATE_IN_SAGE');
  expect(ledgerRows(gateway, customerId)).toHaveLength(2);
  await gateway.restart();
});

test('a missing mapping holds every push that leans on it, and releases all of them by itself', async () => {
  const pushes = [];
  for (const index of [1, 2]) {
    pushes.push(await invoice({ lines: [line('L1', { nominalCode: '4020' })] }, `${customer}-I${index}`));
  }
  for (const push of pushes) await restsWith(push, 'HELD', 'NOMINAL_CODE_NOT_MAPPED');
  expect(await queueOf('NOMINAL_CODE_NOT_MAPPED')).toContainEqual(
    expect.objectContaining({
      count: 2,
      blocked: [{ amount: '240.00', currency: 'GBP' }],
      subject: expect.stringContaining('4020'),
    }),
  );
  const { mappingIssues } = await gateway.data('{ mappingIssues { kind layerId blockedPushes blocked { amount } } }');
  expect(mappingIssues).toContainEqual({
    kind: 'NOMINAL_CODE',
    layerId: '4020',
    blockedPushes: 2,
    blocked: [{ amount: '240.00' }],
  });
  const { sageCompanies } = await gateway.data(
    '{ sageCompanies { sageCompanyId nominalAccounts(search: "4020") { id costCentre } } }',
  );
  const company = sageCompanies.find(({ sageCompanyId }: { sageCompanyId: number }) => sageCompanyId === COMPANY);
  const target = company.nominalAccounts.find(({ costCentre }: { costCentre: string }) => costCentre === '');
  await gateway.data(
    'mutation ($input: MapNominalCodeInput!) { mapNominalCode(input: $input) { userErrors { code } } }',
    {
      input: { code: '4020', sageNominalAccountId: target.id },
    },
  );
  for (const push of pushes) await untilStatus(gateway, push, 'SUCCEEDED');
  expect(await queueOf('NOMINAL_CODE_NOT_MAPPED')).toEqual([]);
});

test('BANK_CURRENCY_DIFFERS: money of an account in euros is not put through a bank account in pounds', async () => {
  const euro = `${customer}EUR`;
  await newCustomer(gateway, euro, { currency: 'EUR' });
  const paid = await sent(gateway, 'PAYMENT', paymentInput(`${euro}-P`, euro, '50.00'));
  await restsWith(paid, 'HELD', 'BANK_CURRENCY_DIFFERS');
  await sent(gateway, 'INVOICE', invoiceInput(`${euro}-I`, euro)).then((push) =>
    untilStatus(gateway, push, 'SUCCEEDED'),
  );
  const { mappingIssues } = await gateway.data(
    '{ mappingIssues { kind layerId blockedPushes blocked { amount currency } } }',
  );
  expect(mappingIssues).toContainEqual({
    kind: 'PAYMENT_METHOD',
    layerId: 'BACS',
    blockedPushes: 1,
    blocked: [{ amount: '50.00', currency: 'EUR' }],
  });
  expect((await skip(paid)).push.status).toBe('SKIPPED');
});

test('the same mutation a hundred times at once is one push; other content under the same id is refused once it is sent', async () => {
  const input = invoiceInput(`${customer}-I`, customer);
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(gateway, 'INVOICE', input)));
  expect(new Set(answers.map(({ push, userErrors }) => `${push?.id} ${userErrors.length}`)).size).toBe(1);
  const push = await untilStatus(gateway, answers[0]?.push as ShownPush, 'SUCCEEDED');
  rowOf(push);
  const { userErrors } = await send(gateway, 'INVOICE', { ...input, number: 'OTHER' });
  expect(userErrors).toEqual([expect.objectContaining({ code: 'CONTENT_CHANGED' })]);
  expect((await send(gateway, 'INVOICE', input)).push.id).toBe(push.id);
});

test('POSTING_MISSING, AMOUNT_DIFFERS, REFERENCE_CHANGED: the sweep finds what no longer stands as it was posted', async () => {
  const pushes: ShownPush[] = [];
  for (const index of [1, 2, 3, 4]) {
    pushes.push(await untilStatus(gateway, await invoice({}, `${customer}-I${index}`), 'SUCCEEDED'));
  }
  const ids = pushes.map((push) => rowOf(push).id);
  const ledger = ledgerOf(gateway.sandbox);
  ledger.run('delete from transactions where company_id = ? and id = ?', COMPANY, ids[0] ?? 0);
  ledger.run('update transactions set gross = gross + 100 where company_id = ? and id = ?', COMPANY, ids[1] ?? 0);
  ledger.run(
    "update transactions set second_reference = 'OTHER' where company_id = ? and id = ?",
    COMPANY,
    ids[2] ?? 0,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
  await restsWith(pushes[0] as ShownPush, 'FAILED', 'POSTING_MISSING_IN_SAGE');
  await restsWith(pushes[1] as ShownPush, 'FAILED', 'AMOUNT_DIFFERS_IN_SAGE');
  await restsWith(pushes[2] as ShownPush, 'FAILED', 'REFERENCE_CHANGED_IN_SAGE');
  expect((await pushOf(gateway, pushes[3]?.id ?? '')).status).toBe('SUCCEEDED');

  // a retry alone puts nothing right
  for (const push of pushes.slice(0, 3)) await retry(push);
  await eventually(async () => {
    const shown = await Promise.all(pushes.map(({ id }) => pushOf(gateway, id)));
    expect(shown.map(({ status }) => status)).toEqual(['FAILED', 'FAILED', 'FAILED', 'SUCCEEDED']);
  });
  ledger.run(
    'update transactions set second_reference = ? where company_id = ? and id = ?',
    pushes[2]?.sageReference ?? '',
    COMPANY,
    ids[2] ?? 0,
  );
  await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
  await retry(pushes[2] as ShownPush);
  await untilStatus(gateway, pushes[2] as ShownPush, 'SUCCEEDED');
  expect(ledgerRows(gateway, customerId)).toHaveLength(3);
});

test('SIGN_IN_NEEDED: all is held until somebody signs in again', async () => {
  const unmapped = await invoice({ lines: [line('L1', { nominalCode: 'UNMAPPED' })] }, `${customer}-U`);
  gateway.sandbox.control.revokeTokens('all');
  const push = await invoice();
  const held = await restsWith(push, 'HELD', 'SIGN_IN_NEEDED');
  // whether a request or the look at the connection came upon it: one cause, in the connection's own words
  const { sageConnection } = await gateway.data('{ sageConnection { message } }');
  expect(held.error?.message).toBe(sageConnection.message);
  expect(held.error?.message).toContain('has run out or was withdrawn');
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1) { nodes { id } } }');
  const { refreshSageAccount } = await gateway.data(
    'mutation ($id: ID!) { refreshSageAccount(id: $id) { userErrors { code message } } }',
    { id: sageAccounts.nodes[0].id },
  );
  expect(refreshSageAccount.userErrors).toEqual([{ code: 'SIGN_IN_NEEDED', message: sageConnection.message }]);
  // the time comes to look at it again: it goes on saying what it is held for
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query('UPDATE push SET next_attempt_at = 1 WHERE layer_id = ?', [unmapped.layerId]),
  );
  await new Promise((resolve) => setTimeout(resolve, 400));
  await restsWith(unmapped, 'HELD', 'NOMINAL_CODE_NOT_MAPPED');
  const { refresh_token } = gateway.sandbox.control.signIn() as unknown as { refresh_token: string };
  await gateway.restart({ SAGE_REFRESH_TOKEN: refresh_token });
  await untilStatus(gateway, push, 'SUCCEEDED', 30_000);
  rowOf(push);
});

test('every code of the retry table was reached by the tests above', async () => {
  const outcomes = await gateway.gateway.database.query<{ outcome: string }>(
    'SELECT DISTINCT outcome FROM push_attempt WHERE instance_id = 1',
  );
  const reached = new Set(outcomes.map(({ outcome }) => outcome.split(':')[0]));
  // what is held for the whole instance at once has no line in any one push's history
  reached.add('SIGN_IN_NEEDED');
  expect(Object.keys(RETRY_TABLE).filter((code) => !reached.has(code))).toEqual([]);
});

function nominalId(reference: string): number {
  const [row] = ledgerOf(gateway.sandbox).rows<{ id: number }>(
    "select id from nominal_codes where company_id = ? and reference = ? and cost_centre = ''",
    COMPANY,
    reference,
  );
  return row?.id ?? 0;
}
