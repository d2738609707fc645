import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { undoReceiptMatch } from '../../src/receipts/undo-receipt-match.js';
import { decodeNodeIdOf } from '../../src/common/node-id.js';
import {
  invoiceInput,
  ledgerRows,
  line,
  mapEverything,
  newCustomer,
  pushOf,
  send,
  sent,
  today,
  untilStatus,
} from '../support/documents.js';
import {
  atSage,
  customerWithInvoices,
  invoiceOf,
  receiptAtSage,
  receiptOf,
  reconcile,
  type ShownMatch,
  undo,
} from '../support/receipts.js';
import { eventually, pull, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

const HERE_ONLY = { allocateInSage: false };
const share = (invoiceLayerId: string, amount: string) => ({ invoiceLayerId, amount });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const idOfMatch = (id: string) => decodeNodeIdOf(1, 'ReceiptMatch', id)?.[0] ?? '';

async function matched(receiptId: string, invoices: object[], more: object = {}): Promise<ShownMatch[]> {
  const { userErrors, matches, receipt } = await reconcile(gateway, receiptId, invoices, more);
  expect(userErrors).toEqual([]);
  const made = new Set(matches.map(({ id }) => id));
  return receipt?.matches.filter(({ id }) => made.has(id)) ?? [];
}

const setAside = async (id: string) =>
  (
    await gateway.data(
      'mutation ($id: ID!) { ignoreReceipt(id: $id, reason: "A test.") { receipt { status } userErrors { code } } }',
      { id },
    )
  ).ignoreReceipt;

/** What the lists go by, against what it follows from: receipts, invoices and payments of one customer. */
async function expectInStep(customerLayerId: string): Promise<void> {
  const { database } = gateway.gateway;
  const receipts = await database.query<Record<string, number | string>>(
    `SELECT r.urn AS urn, r.status AS status, r.amount_minor AS amount, r.matched_minor AS matched,
            (SELECT COALESCE(SUM(m.amount_minor), 0) FROM receipt_match m WHERE m.instance_id = r.instance_id AND m.company_id = r.company_id
               AND m.urn = r.urn AND m.undone_at IS NULL) AS standing
       FROM receipt r JOIN customer_link l ON l.instance_id = r.instance_id AND l.company_id = r.company_id AND l.account_sage_id = r.account_sage_id
      WHERE l.customer_layer_id = ?`,
    [customerLayerId],
  );
  expect(receipts.length).toBeGreaterThan(0);
  for (const { amount, matched: used, standing, status } of receipts) {
    expect(Number(used)).toBe(Number(standing));
    expect(Number(used)).toBeLessThanOrEqual(Number(amount));
    if (Number(used) > 0) expect(status).toBe(Number(used) === Number(amount) ? 'MATCHED' : 'PARTLY_MATCHED');
    else expect(['UNMATCHED', 'IGNORED']).toContain(status);
  }
  const invoices = await database.query<Record<string, number | string>>(
    `SELECT d.layer_id AS id, d.gross_minor AS gross, d.outstanding_minor AS outstanding,
            (SELECT COALESCE(SUM(s.amount_minor), 0) FROM document_share s
               JOIN document p ON p.instance_id = s.instance_id AND p.kind = s.kind AND p.layer_id = s.document_layer_id
              WHERE s.instance_id = d.instance_id AND s.invoice_layer_id = d.layer_id AND p.reversed_at IS NULL) AS taken
       FROM document d WHERE d.kind = 'INVOICE' AND d.customer_layer_id = ?`,
    [customerLayerId],
  );
  expect(invoices.length).toBeGreaterThan(0);
  for (const { id, gross, outstanding, taken } of invoices) {
    expect([id, Number(outstanding)]).toEqual([id, Number(gross) - Number(taken)]);
    expect(Number(outstanding)).toBeGreaterThanOrEqual(0);
  }
}

test('two matches of one invoice undone at once: what is left of it counts both', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR1', [['RR1-A']]);
  const one = await receiptAtSage(gateway, sageId, 50, 'RR1 ONE');
  const two = await receiptAtSage(gateway, sageId, 40, 'RR1 TWO');
  const [first] = await matched(one.id, [share('RR1-A', '50.00')], HERE_ONLY);
  const [second] = await matched(two.id, [share('RR1-A', '40.00')], HERE_ONLY);
  let isDone = (): void => undefined;
  const stored = new Promise<void>((resolve) => (isDone = resolve));
  const slow = gateway.gateway.database.transaction(async (transaction) => {
    const order = { matchId: idOfMatch(first?.id ?? ''), who: 'amy', reason: 'Slowly.' };
    await undoReceiptMatch(transaction, gateway.clock, 1, order);
    isDone();
    await sleep(500);
  });
  await stored;
  expect((await undo(gateway, second?.id ?? '', 'At once.')).userErrors).toEqual([]);
  await slow;
  expect(await invoiceOf(gateway, 'RR1-A')).toMatchObject({ paid: { amount: '0.00' } });
  await expectInStep('RR1');
});

test('matching, undoing and setting aside at once leave nothing half done', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR2', [['RR2-A'], ['RR2-B']]);
  const receipts = [
    await receiptAtSage(gateway, sageId, 100, 'RR2 ONE'),
    await receiptAtSage(gateway, sageId, 60, 'RR2 TWO'),
    await receiptAtSage(gateway, sageId, 90, 'RR2 THREE'),
  ];
  const codes = new Set<string>();
  const note = ({ userErrors }: { userErrors: { code: string }[] }) => {
    for (const { code } of userErrors) codes.add(code);
  };
  const person = async (number: number) => {
    for (let turn = 0; turn < 6; turn += 1) {
      const { id } = receipts[(number + turn) % receipts.length] ?? { id: '' };
      const invoice = (number + turn) % 2 === 0 ? 'RR2-A' : 'RR2-B';
      if (turn % 3 === 2) {
        const { matches } = await receiptOf(gateway, id);
        const standing = matches.find(({ undoneAt }) => undoneAt === null);
        if (standing) note(await undo(gateway, standing.id, 'To and fro.'));
      } else if (number === 5 && turn === 1) note(await setAside(id));
      else note(await reconcile(gateway, id, [share(invoice, '30.00'), share('RR2-A', '5.00')], HERE_ONLY));
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => person(number)));
  const expected = ['ALREADY_MATCHED', 'AMOUNT_EXCEEDED', 'ALREADY_UNDONE', 'RECEIPT_IGNORED'];
  expect([...codes].filter((code) => !expected.includes(code))).toEqual([]);
  await expectInStep('RR2');
});

test('matched and set aside at once: one of the two', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR3', [['RR3-A']]);
  for (let round = 0; round < 4; round += 1) {
    const { id } = await receiptAtSage(gateway, sageId, 10, `RR3 ${round}`);
    const [match, aside] = await Promise.all([
      reconcile(gateway, id, [share('RR3-A', '10.00')], HERE_ONLY),
      setAside(id),
    ]);
    const codes = [...match.userErrors, ...aside.userErrors].map(({ code }) => code);
    expect([['RECEIPT_IGNORED'], ['ALREADY_MATCHED']]).toContainEqual(codes);
    expect((await receiptOf(gateway, id)).status).toBe(codes[0] === 'RECEIPT_IGNORED' ? 'IGNORED' : 'MATCHED');
  }
  await expectInStep('RR3');
});

test('matched while the invoice is sent again for less: never more than it is worth', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR4', [['RR4-OTHER']]);
  for (let round = 0; round < 4; round += 1) {
    const id = `RR4-${round}`;
    // an account that is mapped to nothing keeps it from going
    const input = (net: string, vat: string) =>
      invoiceInput(id, 'RR4', { lines: [line('L1', { nominalCode: '4999', net, vat })] });
    await sent(gateway, 'INVOICE', input('100.00', '20.00'));
    const receipt = await receiptAtSage(gateway, sageId, 120, id);
    const [match, change] = await Promise.all([
      reconcile(gateway, receipt.id, [share(id, '120.00')]),
      send(gateway, 'INVOICE', input('50.00', '10.00')),
    ]);
    const codes = [...match.userErrors, ...change.userErrors].map(({ code }) => code);
    expect([['AMOUNT_EXCEEDED'], ['DOCUMENT_IN_USE']]).toContainEqual(codes);
    expect(await invoiceOf(gateway, id)).toMatchObject({
      outstanding: { amount: codes[0] === 'AMOUNT_EXCEEDED' ? '60.00' : '0.00' },
    });
  }
  await expectInStep('RR4');
});

test('matched while a credit note takes the same rest: never more than it is worth', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR5', [['RR5-0'], ['RR5-1'], ['RR5-2']]);
  for (let round = 0; round < 3; round += 1) {
    const receipt = await receiptAtSage(gateway, sageId, 100, `RR5 ${round}`);
    const invoice = `RR5-${round}`;
    const [match, credit] = await Promise.all([
      reconcile(gateway, receipt.id, [share(invoice, '100.00')], HERE_ONLY),
      send(gateway, 'CREDIT_NOTE', {
        ...{ layerId: `RR5-C${round}`, number: `RR5-C${round}`, customerLayerId: 'RR5', issuedOn: today() },
        ...{ lines: [line('L1', { net: '50.00', vat: '10.00' })], invoices: [share(invoice, '60.00')] },
      }),
    ]);
    const codes = [...match.userErrors, ...credit.userErrors].map(({ code }) => code);
    expect(codes).toEqual(['AMOUNT_EXCEEDED']);
    await expectInStep('RR5');
  }
});

test('taken over from Sage and matched by hand at once: once', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR6', [['RR6-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR6');
  allocate(sageId, receipt.sageTransaction.urn, '120.00', 120);
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  await Promise.all([
    ...[1, 2, 3].map(() => takeOver()),
    ...[1, 2, 3].map(() => reconcile(gateway, receipt.id, [share('RR6-A', '120.00')])),
  ]);
  const { matches, status } = await receiptOf(gateway, receipt.id);
  expect(status).toBe('MATCHED');
  expect(matches).toMatchObject([{ amount: { amount: '120.00' }, origin: 'SAGE', push: null, undoneAt: null }]);
  await expectInStep('RR6');
});

test('what Sage has allocated is taken over also while it is under query there', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR16', [['RR16-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR16');
  allocate(sageId, receipt.sageTransaction.urn, '120.00', 120);
  for (const { id } of ledgerRows(gateway, sageId)) atSage(gateway, 'setQuery', { transactionId: id, queried: 'Q' });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const byHand = await reconcile(gateway, receipt.id, [share('RR16-A', '120.00')]);
  expect(byHand.userErrors).toMatchObject([{ code: 'TRANSACTION_QUERIED' }]);
  await takeOver();
  expect((await receiptOf(gateway, receipt.id)).matches).toMatchObject([
    { amount: { amount: '120.00' }, origin: 'SAGE', push: null },
  ]);
});

test("money of another currency, or of an account that was another customer's, pays nothing", async () => {
  await customerWithInvoices(gateway, 'RR17', [['RR17-A']]);
  const euro = await newCustomer(gateway, 'RR17-EUR', { currency: 'EUR' });
  const receipt = await receiptAtSage(gateway, euro.sageId, 99.99, 'RR17 EURO');
  expect(receipt.amount).toEqual({ amount: '99.99', currency: 'EUR' });
  const codes = async () =>
    (await reconcile(gateway, receipt.id, [share('RR17-A', '10.00')])).userErrors.map(({ code }) => code);
  expect(await codes()).toEqual(['OTHER_CUSTOMER']);
  const [pounds, euros] = [await accountIdOf('RR17'), await accountIdOf('RR17-EUR')];
  await change('unlinkCustomer', 'RR17-EUR', euros);
  expect(await codes()).toEqual(['CUSTOMER_NOT_LINKED']);
  await change('unlinkCustomer', 'RR17', pounds);
  await change('linkCustomer', 'RR17', euros);
  expect(await codes()).toEqual(['CURRENCY_MISMATCH']);
});

async function accountIdOf(layerId: string): Promise<string> {
  const { customer } = await gateway.data(
    'query ($layerId: String!) { customer(layerId: $layerId) { sageAccount { id } } }',
    { layerId },
  );
  return customer.sageAccount.id;
}

async function change(name: 'linkCustomer' | 'unlinkCustomer', layerId: string, id: string): Promise<void> {
  const answer = await gateway.data(
    `mutation ($layerId: String!, $id: ID!) { ${name}(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }`,
    { layerId, id },
  );
  expect(answer).toEqual({ [name]: { userErrors: [] } });
}

async function takeOver() {
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId } }');
  const company = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === 1).id;
  const { takeOverSageAllocations } = await gateway.data(
    'mutation ($id: ID!) { takeOverSageAllocations(sageCompanyId: $id) { matchedCount userErrors { code } } }',
    { id: company },
  );
  expect(takeOverSageAllocations.userErrors).toEqual([]);
}

/** Allocates at Sage's own screen. */
function allocate(sageId: number, receiptUrn: string, invoiceGross: string, amount: number): void {
  const rows = ledgerRows(gateway, sageId);
  const invoice = rows.find(({ gross }) => gross === invoiceGross);
  const receipt = rows.find(({ urn }) => String(urn) === receiptUrn);
  atSage(gateway, 'allocate', {
    customer_id: sageId,
    allocation_lines: [
      { posted_tran_id: invoice?.id, value_to_allocate: amount },
      { posted_tran_id: receipt?.id, value_to_allocate: -amount },
    ],
  });
}

/** What Sage has allocated of a transaction, as a text without sign. */
const allocatedAtSage = (sageId: number, urn: string) =>
  ledgerRows(gateway, sageId)
    .find((row) => String(row.urn) === urn)
    ?.allocated.replace('-', '');

/** Sage takes its time over the next allocations. */
const delayAllocations = (count: number) =>
  gateway.sandbox.control.addFault({
    ...{ kind: 'delayThenCommit', method: 'POST', path: '^/sales_allocations$', delayMs: 1_500, count },
  });

test('of two matches between the same two, the one that waits is undone while the other is being sent', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR7', [
    ['RR7-A'],
    ['RR7-B', { lines: [line('L1', { net: '10.00', vat: '2.00' })] }],
  ]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR7');
  delayAllocations(2);
  const [ahead] = await matched(receipt.id, [share('RR7-B', '12.00')]);
  const [first] = await matched(receipt.id, [share('RR7-A', '50.00')]);
  const [second] = await matched(receipt.id, [share('RR7-A', '40.00')]);
  await untilStatus(gateway, ahead?.push ?? { id: '' }, 'SUCCEEDED');
  await untilStatus(gateway, first?.push ?? { id: '' }, 'SENDING');
  expect(await undo(gateway, second?.id ?? '', 'Too much.')).toMatchObject({ userErrors: [], toDoInSage: [] });
  await untilStatus(gateway, first?.push ?? { id: '' }, 'SUCCEEDED');
  await sleep(300);
  expect((await pushOf(gateway, second?.push?.id ?? '')).status).toBe('SKIPPED');
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('62.00');
  await expectInStep('RR7');
});

test('of two matches between the same two, the one that Sage has is not undone while the other is being sent', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR8', [['RR8-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR8');
  const [first] = await matched(receipt.id, [share('RR8-A', '50.00')]);
  await untilStatus(gateway, first?.push ?? { id: '' }, 'SUCCEEDED');
  delayAllocations(1);
  const [second] = await matched(receipt.id, [share('RR8-A', '40.00')]);
  await untilStatus(gateway, second?.push ?? { id: '' }, 'SENDING');
  expect((await undo(gateway, first?.id ?? '', 'Too early.')).userErrors).toMatchObject([{ code: 'IN_PROGRESS' }]);
  await untilStatus(gateway, second?.push ?? { id: '' }, 'SUCCEEDED');
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('90.00');
  // at once: the cache may not have read of it yet
  const answer = await undo(gateway, first?.id ?? '', 'Now.');
  expect(answer.userErrors).toEqual([]);
  expect(answer.toDoInSage).toHaveLength(1);
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect((await receiptOf(gateway, receipt.id)).toDoInSage).toHaveLength(1);
  await expectInStep('RR8');
});

test('a match that is made again after it was undone stands on the allocation that Sage has: nothing is left to be undone there', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR9', [['RR9-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR9');
  const [first] = await matched(receipt.id, [share('RR9-A', '120.00')]);
  await untilStatus(gateway, first?.push ?? { id: '' }, 'SUCCEEDED');
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect((await undo(gateway, first?.id ?? '', 'By mistake.')).toDoInSage).toHaveLength(1);
  const answer = await reconcile(gateway, receipt.id, [share('RR9-A', '120.00')]);
  expect(answer.matches).toMatchObject([{ origin: 'SAGE', push: null }]);
  expect(answer.receipt?.toDoInSage).toEqual([]);
  expect((await receiptOf(gateway, receipt.id)).toDoInSage).toEqual([]);
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('120.00');
});

test('a part that is matched again leaves the rest to be undone in Sage', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR10', [['RR10-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR10');
  const [first] = await matched(receipt.id, [share('RR10-A', '120.00')]);
  await untilStatus(gateway, first?.push ?? { id: '' }, 'SUCCEEDED');
  // at once: the cache may not have read of it yet
  await undo(gateway, first?.id ?? '', 'Too much.');
  await matched(receipt.id, [share('RR10-A', '70.00')]);
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect((await receiptOf(gateway, receipt.id)).toDoInSage).toEqual([expect.stringContaining('50.00 GBP')]);
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('120.00');
});

test('an allocation that fails for good is put aside with its match, and the rest of it goes again', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR11', [
    ['RR11-A'],
    ['RR11-B', { lines: [line('L1', { net: '50.00', vat: '10.00' })] }],
  ]);
  const receipt = await receiptAtSage(gateway, sageId, 180, 'RR11');
  // somebody in Sage pays the first invoice with other money, and the gateway has not read of it
  const other = await receiptAtSage(gateway, sageId, 120, 'RR11 OTHER');
  gateway.sandbox.control.addFault({
    kind: 'errorBeforeCommit',
    method: 'GET',
    path: 'sales_posted_transactions',
    count: 3,
  });
  allocate(sageId, other.sageTransaction.urn, '120.00', 120);
  const matches = await matched(receipt.id, [share('RR11-A', '120.00'), share('RR11-B', '60.00')]);
  const [first] = matches;
  const failed = await untilStatus(gateway, first?.push ?? { id: '' }, 'FAILED');
  expect(failed.error?.code).toBe('NOT_ENOUGH_OUTSTANDING');
  const answer = await undo(gateway, first?.id ?? '', 'Paid otherwise.');
  expect(answer).toMatchObject({ userErrors: [], toDoInSage: [], receipt: { status: 'PARTLY_MATCHED' } });
  const again = await untilStatus(gateway, first?.push ?? { id: '' }, 'SUCCEEDED');
  expect(again.amount).toEqual({ amount: '60.00', currency: 'GBP' });
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('60.00');
  await expectInStep('RR11');
});

test('an allocation that fails for good and has nothing left is never sent', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR12', [['RR12-A']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR12');
  gateway.sandbox.control.addFault({
    kind: 'errorBeforeCommit',
    method: 'POST',
    path: '^/sales_allocations$',
    status: 400,
    count: 1,
  });
  const [match] = await matched(receipt.id, [share('RR12-A', '120.00')]);
  await until(
    async () => ['FAILED', 'HELD'].includes((await pushOf(gateway, match?.push?.id ?? '')).status),
    'the allocation to be refused',
  );
  expect(await undo(gateway, match?.id ?? '', 'Refused.')).toMatchObject({ userErrors: [], toDoInSage: [] });
  expect((await pushOf(gateway, match?.push?.id ?? '')).status).toBe('SKIPPED');
  await sleep(1_500);
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('0.00');
  await expectInStep('RR12');
});

test('an invoice that is not in Sage yet is matched: its allocation waits, and goes after it', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR13', [['RR13-OTHER']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR13');
  const lines = (nominalCode: string) => ({ lines: [line('L1', { nominalCode })] });
  const held = await sent(gateway, 'INVOICE', invoiceInput('RR13-A', 'RR13', lines('4999')));
  await untilStatus(gateway, held, 'HELD');
  const [match] = await matched(receipt.id, [share('RR13-A', '120.00')]);
  expect(match?.push?.status).toBe('WAITING');
  await sent(gateway, 'INVOICE', invoiceInput('RR13-A', 'RR13', lines('4000')));
  await untilStatus(gateway, match?.push ?? { id: '' }, 'SUCCEEDED');
  expect(allocatedAtSage(sageId, receipt.sageTransaction.urn)).toBe('120.00');
});

test('an invoice that never goes to Sage is matched here, and nothing is sent', async () => {
  const { sageId } = await customerWithInvoices(gateway, 'RR14', [['RR14-OTHER']]);
  const receipt = await receiptAtSage(gateway, sageId, 120, 'RR14');
  const held = await sent(
    gateway,
    'INVOICE',
    invoiceInput('RR14-A', 'RR14', { lines: [line('L1', { nominalCode: '4999' })] }),
  );
  const [early] = await matched(receipt.id, [share('RR14-A', '20.00')]);
  await gateway.data('mutation ($id: ID!) { skipPush(id: $id, reason: "Never.") { userErrors { code } } }', {
    id: held.id,
  });
  const allocation = await untilStatus(gateway, early?.push ?? { id: '' }, 'HELD');
  expect(allocation.error?.code).toBe('PREREQUISITE_FAILED');
  const answer = await reconcile(gateway, receipt.id, [share('RR14-A', '100.00')]);
  expect(answer.userErrors).toEqual([]);
  expect(answer.matches).toMatchObject([{ push: null }]);
  expect(answer.toDoInSage).toEqual([expect.stringContaining('never goes to Sage')]);
  expect(await undo(gateway, early?.id ?? '', 'Never went.')).toMatchObject({ userErrors: [], toDoInSage: [] });
  await eventually(async () => expect((await pushOf(gateway, early?.push?.id ?? '')).status).toBe('SKIPPED'));
  await expectInStep('RR14');
});

test('shares of lines never exceed the line, whoever has a part of it', async () => {
  const lines = [line('L1'), line('L2', { net: '-10.00', vat: '-2.00' }), line('L3', { net: '0.01', vat: '0.00' })];
  const { sageId } = await customerWithInvoices(gateway, 'RR15', [['RR15-A', { lines }]]);
  const receipt = await receiptAtSage(gateway, sageId, 200, 'RR15');
  const onLine = (lineLayerId: string, amount: string) => ({ ...share('RR15-A', amount), lineLayerId });
  const refused = async (...invoices: object[]) =>
    (await reconcile(gateway, receipt.id, invoices, HERE_ONLY)).userErrors.map(({ code, field }) => [code, field?.[1]]);
  expect(await refused(onLine('L2', '0.01'))).toEqual([['AMOUNT_EXCEEDED', '0']]);
  expect(await refused(onLine('L3', '0.01'), onLine('L3', '0.01'))).toEqual([['AMOUNT_EXCEEDED', '1']]);
  // the line has room, and the invoice as a whole has less
  expect(await refused(onLine('L1', '108.02'))).toEqual([['AMOUNT_EXCEEDED', '0']]);
  await matched(receipt.id, [onLine('L3', '0.01'), onLine('L1', '100.00')], HERE_ONLY);
  expect(await refused(onLine('L3', '0.01'))).toEqual([['AMOUNT_EXCEEDED', '0']]);
  expect(await refused(onLine('L1', '20.00'))).toEqual([['AMOUNT_EXCEEDED', '0']]);
  await matched(receipt.id, [share('RR15-A', '8.00')], HERE_ONLY);
  const { lines: paid, outstanding } = await invoiceOf(gateway, 'RR15-A');
  expect(outstanding.amount).toBe('0.00');
  expect(paid.map(({ layerId, paid: { amount } }) => [layerId, amount])).toEqual([
    ['L1', '108.00'],
    ['L2', '0.00'],
    ['L3', '0.01'],
  ]);
  await expectInStep('RR15');
});
