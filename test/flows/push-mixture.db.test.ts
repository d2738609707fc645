// Documents through a mixture of faults: each POST may be met by any of them. PUSH_MIXTURE_DOCUMENTS=2000 (npm run test:mixture)
// runs the long form; the suite runs a short one.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  COMPANY,
  invoiceInput,
  line,
  mapEverything,
  paymentInput,
  sent,
  type ShownPush,
  today,
} from '../support/documents.js';
import { expectFiguresOfSage } from '../support/sage-ledger.js';
import { eventually, pull, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

const DOCUMENTS = Number(process.env.PUSH_MIXTURE_DOCUMENTS ?? 300);
const PER_CUSTOMER = 10;
const CUSTOMERS = Math.ceil(DOCUMENTS / PER_CUSTOMER);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    sandbox: { customers: 12, transactions: 200 },
    variables: {
      SAGE_REQUEST_TIMEOUT_MS: '1000',
      SAGE_MAX_RUN_SECONDS: '1.5',
      PUSH_MARGIN_SECONDS: '1',
      PUSH_POLL_MS: '100',
      PUSH_LOOK_AGAIN_SECONDS: '2',
      SAGE_MAX_CONCURRENCY: '16',
      SAGE_MAX_REQUESTS_PER_SECOND: '2000',
      RATE_LIMIT_PER_SECOND: '100000',
      RATE_LIMIT_BURST: '100000',
    },
  });
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

/** What one customer sends: eight invoices, a payment over two of them, a credit note of one. */
async function sendAll(customer: string): Promise<ShownPush[]> {
  const pushes = [await sent(gateway, 'CUSTOMER', { layerId: customer, name: `Mixture ${customer}` })];
  for (let index = 1; index <= PER_CUSTOMER - 2; index += 1) {
    const net = `${index}0.00`;
    pushes.push(
      await sent(
        gateway,
        'INVOICE',
        invoiceInput(`${customer}-I${index}`, customer, { lines: [line('L1', { net, vat: `${index * 2}.00` })] }),
      ),
    );
  }
  pushes.push(
    await sent(
      gateway,
      'PAYMENT',
      paymentInput(`${customer}-P`, customer, '40.00', {
        invoices: [
          { invoiceLayerId: `${customer}-I1`, amount: '12.00' },
          { invoiceLayerId: `${customer}-I2`, amount: '20.00' },
        ],
      }),
    ),
    await sent(gateway, 'CREDIT_NOTE', {
      layerId: `${customer}-C`,
      number: `C-${customer}`,
      customerLayerId: customer,
      issuedOn: today(),
      lines: [line('L1', { net: '5.00', vat: '1.00' })],
      invoices: [{ invoiceLayerId: `${customer}-I3`, amount: '6.00' }],
    }),
  );
  return pushes;
}

test(`${DOCUMENTS} documents through a mixture of faults stand once each, with their amounts`, async () => {
  const { control } = gateway.sandbox;
  const often = { method: 'POST', path: '^/(customers|sales_)', count: 0 };
  for (const fault of [
    { kind: 'resetAfterCommit', probability: 0.04 },
    { kind: 'errorAfterCommit', probability: 0.04 },
    { kind: 'gatewayErrorAfterCommit', probability: 0.04 },
    { kind: 'truncatedBody', probability: 0.04 },
    { kind: 'resetBeforeCommit', probability: 0.04 },
    { kind: 'errorBeforeCommit', probability: 0.02 },
    { kind: 'delayThenCommit', probability: 0.02, delayMs: 1_400 },
    { kind: 'tooManyRequests', probability: 0.01 },
    { kind: 'unauthorized', probability: 0.02 },
    { kind: 'lateVisibility', probability: 0.05, delayMs: 900 },
  ] as const) {
    control.addFault({ ...often, ...fault });
  }
  const startedAt = Date.now();
  const names = Array.from({ length: CUSTOMERS }, (_, index) => `M${index + 1}`);
  const pushes: ShownPush[] = [];
  for (let from = 0; from < names.length; from += 20) {
    pushes.push(...(await Promise.all(names.slice(from, from + 20).map(sendAll))).flat());
  }
  await until(
    async () => {
      const { pushes: open } = await gateway.data(
        '{ pushes(filter: { status: [QUEUED, WAITING, HELD, SENDING, UNKNOWN, FAILED] }, first: 1) { totalCount } }',
      );
      return open.totalCount === 0;
    },
    'every push to be SUCCEEDED',
    540_000,
  ).catch(async (error: Error) => {
    const { pushes: open } = await gateway.data(
      '{ pushes(filter: { status: [QUEUED, WAITING, HELD, SENDING, UNKNOWN, FAILED] }, first: 3) { totalCount nodes { kind status layerId error { code message } history { step outcome } } } }',
    );
    throw new Error(`${error.message} ${JSON.stringify(open)}`);
  });
  const elapsedMs = Date.now() - startedAt;
  control.clearFaults();

  const rows = control.postings(COMPANY, {}).filter(({ secondReference }) => secondReference.startsWith('LG'));
  const documents = pushes.filter(({ kind }) => kind !== 'CUSTOMER');
  const counts = new Map<string, number>();
  for (const { secondReference } of rows) counts.set(secondReference, (counts.get(secondReference) ?? 0) + 1);
  expect([...counts.values()].filter((count) => count > 1)).toEqual([]);
  expect(counts.size).toBe(documents.length);
  const amountOf = new Map(rows.map((row) => [row.secondReference, row]));
  for (const push of documents) {
    expect(amountOf.get(push.sageReference)?.gross.replace('-', '')).toBe(push.amount?.amount);
  }
  const allocated = (push: ShownPush) => amountOf.get(push.sageReference)?.allocated;
  for (const push of documents.filter(({ kind }) => kind === 'PAYMENT')) expect(allocated(push)).toBe('-32.00');
  for (const push of documents.filter(({ kind }) => kind === 'CREDIT_NOTE')) expect(allocated(push)).toBe('-6.00');
  const { customers } = await gateway.data('{ customers(filter: { search: "mixture" }) { totalCount } }');
  expect(customers.totalCount).toBe(CUSTOMERS);

  await eventually(async () => {
    await pull(gateway, { resources: ['CUSTOMERS', 'TRANSACTIONS'] });
    if (CUSTOMERS < 300) await expectFiguresOfSage(gateway);
  }, 30_000);
  const history = await gateway.gateway.database.query<{ count: number | string; lost: number | string }>(
    "SELECT COUNT(*) AS count, SUM(CASE WHEN outcome LIKE 'OUTCOME_UNKNOWN%' THEN 1 ELSE 0 END) AS lost FROM push_attempt WHERE instance_id = 1",
  );
  expect(Number(history[0]?.lost)).toBeGreaterThan(DOCUMENTS / 20);
  console.info(
    `${documents.length} documents of ${CUSTOMERS} customers in ${(elapsedMs / 1_000).toFixed(1)} s; outcomes lost and found: ${history[0]?.lost}`,
  );
}, 600_000);
