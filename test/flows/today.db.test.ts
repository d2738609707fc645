import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { expectFiguresOfSage } from '../support/sage-ledger.js';
import { pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const DAY_MS = 86_400_000;
const COMPANY = 1;

/** Time runs from noon of this day, plus what a test adds. */
let offsetMs = Date.parse(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`) - Date.now();
const now = () => Date.now() + offsetMs;
const dateAfter = (days: number) => new Date(now() + days * DAY_MS).toISOString().slice(0, 10);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    sandbox: { now },
    clock: { now: () => new Date(now()), sleep: systemClock.sleep },
    variables: { TIME_ZONE: 'Europe/London' },
  });
});
afterAll(() => gateway.close());

interface Shown {
  overdue: { amount: string };
  agedDebt: { label: string; amount: { amount: string } }[];
}
async function shown(): Promise<Shown> {
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(filter: { search: "DUETODAY" }) { nodes { overdue { amount } agedDebt { label amount { amount } } } } }',
  );
  return sageAccounts.nodes[0];
}
const current = ({ agedDebt }: Shown) => agedDebt[0]?.amount.amount;

test('what is due today is not overdue', async () => {
  const inSage = (action: string, body: Record<string, unknown>) =>
    gateway.sandbox.control.desktop(COMPANY, action, body) as Record<string, number>;
  const { customerId } = inSage('createAccount', { reference: 'DUETODAY', name: 'Due today Ltd' });
  const today = `${dateAfter(0)}T00:00:00Z`;
  inSage('postInvoice', {
    ...{ customer_id: customerId, document_goods_value: 100, transaction_date: today, due_date: today },
  });
  await pull(gateway);
  expect(await shown()).toMatchObject({ overdue: { amount: '0.00' } });
  expect(current(await shown())).toBe('100.00');
  await expectFiguresOfSage(gateway, dateAfter(0));
});

test('today is the date in TIME_ZONE: at noon in London, tomorrow has come in Kiritimati', async () => {
  await gateway.restart({ TIME_ZONE: 'Pacific/Kiritimati' });
  expect(await shown()).toMatchObject({ overdue: { amount: '100.00' } });
  await pull(gateway);
  await expectFiguresOfSage(gateway, dateAfter(1));
  await gateway.restart({ TIME_ZONE: 'Pacific/Honolulu' });
  expect(await shown()).toMatchObject({ overdue: { amount: '0.00' } });
  await gateway.restart();
});

test('tomorrow it is overdue, and a month later it is aged, though nothing was pulled', async () => {
  offsetMs += DAY_MS;
  expect(await shown()).toMatchObject({ overdue: { amount: '100.00' } });
  expect(current(await shown())).toBe('100.00');
  offsetMs += 31 * DAY_MS;
  expect(current(await shown())).toBe('0.00');
  await pull(gateway);
  await expectFiguresOfSage(gateway, dateAfter(0));
});
