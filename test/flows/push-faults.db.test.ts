import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRequest } from '../../src/sandbox/server/faults.js';
import {
  COMPANY,
  invoiceInput,
  ledgerRows,
  line,
  mapEverything,
  paymentInput,
  sent,
  type ShownPush,
  today,
  untilStatus,
} from '../support/documents.js';
import { ledgerOf, expectFiguresOfSage } from '../support/sage-ledger.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    variables: {
      // a request that is not answered in time is lost sight of; it may run for another second
      SAGE_REQUEST_TIMEOUT_MS: '700',
      SAGE_MAX_RUN_SECONDS: '0.9',
      PUSH_MARGIN_SECONDS: '0.5',
      PUSH_POLL_MS: '150',
      PUSH_LOOK_AGAIN_SECONDS: '1',
    },
  });
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

/** Every kind of POST, each met once by the fault. In one customer's lane the pushes go one after another. */
const PATHS = [
  '^/customers$',
  '^/customers/\\d+/customer_contacts$',
  '^/sales_invoices$',
  '^/sales_receipts$',
  '^/sales_allocations$',
  '^/sales_credit_notes$',
  '^/sales_payments$',
  '^/nominal_codes$',
];

interface Story {
  fault: Omit<FaultRequest, 'method' | 'path'>;
  /** What the history must tell of the step that was met. */
  tells: RegExp[];
  /** The posting kinds alone are met. */
  isPostingOnly?: boolean;
}

const IS_LOST = /^OUTCOME_UNKNOWN/;
const WAS_THERE = /stands in Sage/;
const SENT_AGAIN = /to be sent again/;

const STORIES: [string, Story][] = [
  ['commits and resets the connection', { fault: { kind: 'resetAfterCommit' }, tells: [IS_LOST, WAS_THERE] }],
  ['commits and answers 500', { fault: { kind: 'errorAfterCommit' }, tells: [IS_LOST, WAS_THERE] }],
  ['commits, and a proxy answers 504', { fault: { kind: 'gatewayErrorAfterCommit' }, tells: [IS_LOST, WAS_THERE] }],
  ['commits, and the answer breaks off', { fault: { kind: 'truncatedBody' }, tells: [IS_LOST, WAS_THERE] }],
  ['resets before it commits', { fault: { kind: 'resetBeforeCommit' }, tells: [IS_LOST, SENT_AGAIN] }],
  [
    'commits after we have given up',
    { fault: { kind: 'delayThenCommit', delayMs: 1_100 }, tells: [IS_LOST, WAS_THERE] },
  ],
  ['asks for fewer requests', { fault: { kind: 'tooManyRequests' }, tells: [/^RATE_LIMITED/, /^done/] }],
  ['says once that the token has expired', { fault: { kind: 'unauthorized' }, tells: [/^done/] }],
  ['shows postings late', { fault: { kind: 'lateVisibility', delayMs: 800 }, tells: [/^done/], isPostingOnly: true }],
];

let number = 0;
test.each(STORIES)('Sage %s: everything stands once', async (_name, { fault, tells, isPostingOnly }) => {
  number += 1;
  const customer = `F${number}`;
  for (const path of isPostingOnly ? PATHS.filter((one) => one.includes('sales_') && !one.includes('alloc')) : PATHS) {
    gateway.sandbox.control.addFault({ method: 'POST', path, ...fault });
  }
  const code = `88${String(number).padStart(2, '0')}`;
  const contact = (layerId: string) => ({ layerId, firstName: layerId, lastName: customer });
  const account = { layerId: customer, name: `Faulty ${customer} Ltd` };
  const made = await sent(gateway, 'CUSTOMER', { ...account, contacts: [contact('K1')] });
  await untilStatus(gateway, made, 'SUCCEEDED', 30_000);
  const pushes: ShownPush[] = [
    made,
    // a contact that was added later
    await sent(gateway, 'CUSTOMER', { ...account, contacts: [contact('K1'), contact('K2')] }),
    await sent(gateway, 'INVOICE', invoiceInput(`${customer}-I`, customer)),
    await sent(
      gateway,
      'PAYMENT',
      paymentInput(`${customer}-P`, customer, '70.00', {
        invoices: [{ invoiceLayerId: `${customer}-I`, amount: '70.00' }],
      }),
    ),
    await sent(gateway, 'CREDIT_NOTE', {
      layerId: `${customer}-C`,
      number: `C-${customer}`,
      customerLayerId: customer,
      issuedOn: today(),
      lines: [line('L1', { net: '10.00', vat: '2.00' })],
    }),
    await sent(gateway, 'REFUND', {
      layerId: `${customer}-R`,
      customerLayerId: customer,
      paymentMethodLayerId: 'BACS',
      refundedOn: today(),
      amount: '12.00',
      creditNoteLayerId: `${customer}-C`,
    }),
    await nominalCode(code),
  ];
  const done = await Promise.all(pushes.map((push) => untilStatus(gateway, push, 'SUCCEEDED', 50_000)));
  expect(gateway.sandbox.control.status().faults).toEqual([]);

  const accounts = ledgerOf(gateway.sandbox).rows<{ id: number }>(
    'select id from customers where company_id = ? and name = ?',
    ...[COMPANY, `Faulty ${customer} Ltd`],
  );
  expect(accounts).toHaveLength(1);
  const customerId = accounts[0]?.id ?? 0;
  const rows = ledgerRows(gateway, customerId);
  expect(
    rows.map(({ type, gross, allocated }) => [type.replace('TradingAccountEntryType', ''), gross, allocated]).sort(),
  ).toEqual(
    [
      ['CreditNote', '-12.00', '-12.00'],
      ['Invoice', '120.00', '70.00'],
      ['PurchasePaymentSalesReceipt', '-70.00', '-70.00'],
      ['PurchaseReceiptSalesPayment', '12.00', '12.00'],
    ].sort(),
  );
  expect(new Set(rows.map(({ secondReference }) => secondReference)).size).toBe(4);
  const contacts = ledgerOf(gateway.sandbox).rows(
    'select id from contacts where company_id = ? and customer_id = ?',
    ...[COMPANY, customerId],
  );
  expect(contacts).toHaveLength(2);
  const nominals = ledgerOf(gateway.sandbox).rows(
    'select id from nominal_codes where company_id = ? and reference = ?',
    ...[COMPANY, code],
  );
  expect(nominals).toHaveLength(1);
  // the history tells the story, of every push that was met
  const met = isPostingOnly ? done.filter(({ kind }) => !['CUSTOMER', 'NOMINAL_CODE'].includes(kind)) : done;
  for (const push of met) {
    for (const told of tells) {
      expect([push.kind, push.history.filter(({ outcome }) => told.test(outcome)).length > 0, push.history]).toEqual([
        push.kind,
        true,
        push.history,
      ]);
    }
  }
  await eventually(async () => {
    await pull(gateway, { resources: ['CUSTOMERS', 'TRANSACTIONS'] });
    await expectFiguresOfSage(gateway);
  });
});

async function nominalCode(code: string): Promise<ShownPush> {
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId reportCategories { id code } } }');
  const company = sageCompanies.find(({ sageCompanyId }: { sageCompanyId: number }) => sageCompanyId === COMPANY);
  return sent(gateway, 'NOMINAL_CODE', {
    code,
    name: `Code ${code}`,
    sageCompanyId: company.id,
    reportCategoryId: company.reportCategories.find((one: { code: string }) => one.code === 'SALE').id,
  });
}
