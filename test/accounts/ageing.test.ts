import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ageingPeriods,
  ageOpenItems,
  type OpenItem,
  overdueMinor,
  unallocatedCreditMinor,
} from '../../src/accounts/ageing.js';
import { freshnessOf } from '../../src/accounts/freshness.js';

const TODAY = '2026-11-24';
const STARTS = [30, 60, 90];
const item = (
  kind: string,
  outstandingMinor: number,
  dueDate: string | null,
  transactionDate = '2026-01-01',
): OpenItem => ({
  kind,
  outstandingMinor: BigInt(outstandingMinor),
  dueDate,
  transactionDate,
});

test("the periods are the company's own, and a period starts after its days", () => {
  expect(ageingPeriods(STARTS)).toEqual([
    { label: 'Current', fromDays: 0, toDays: 30 },
    { label: '30', fromDays: 31, toDays: 60 },
    { label: '60', fromDays: 61, toDays: 90 },
    { label: '90', fromDays: 91, toDays: null },
  ]);
  expect(ageingPeriods([])).toEqual([{ label: 'Current', fromDays: 0, toDays: null }]);
});

test.each([
  ['2027-01-01', 'Current'],
  ['2026-11-24', 'Current'],
  ['2026-10-25', 'Current'],
  ['2026-10-24', '30'],
  ['2026-09-25', '30'],
  ['2026-09-24', '60'],
  ['2020-01-01', '90'],
])('what was due on %s stands in %s', (dueDate, label) => {
  const aged = ageOpenItems([item('INVOICE', 100, dueDate)], STARTS, 'DUE_DATE', TODAY);
  expect(aged.filter(({ amountMinor }) => amountMinor !== 0n).map((period) => period.label)).toEqual([label]);
});

test('a posting without a due date ages from its own date, and by transaction date every one does', () => {
  const items = [item('RECEIPT', -100, null, '2026-11-20'), item('INVOICE', 300, '2026-11-30', '2026-08-01')];
  const amounts = (basis: 'DUE_DATE' | 'TRANSACTION_DATE') =>
    ageOpenItems(items, STARTS, basis, TODAY).map(({ amountMinor }) => amountMinor);
  expect(amounts('DUE_DATE')).toEqual([200n, 0n, 0n, 0n]);
  expect(amounts('TRANSACTION_DATE')).toEqual([-100n, 0n, 0n, 300n]);
});

test('the buckets add up to the sum of the ledger, whatever stands in it', () => {
  const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  const anyItem = fc.record({
    kind: fc.constantFrom('INVOICE', 'CREDIT_NOTE', 'RECEIPT', 'REFUND'),
    outstandingMinor: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
    dueDate: fc.option(day.map((date) => date.toISOString().slice(0, 10))),
    transactionDate: day.map((date) => date.toISOString().slice(0, 10)),
  });
  const starts = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(anyItem),
      starts,
      fc.constantFrom('DUE_DATE' as const, 'TRANSACTION_DATE' as const),
      (items, periods, basis) => {
        const sum = items.reduce((total, { outstandingMinor }) => total + outstandingMinor, 0n);
        const aged = ageOpenItems(items, periods, basis, TODAY).reduce(
          (total, { amountMinor }) => total + amountMinor,
          0n,
        );
        expect(aged).toBe(sum);
      },
    ),
  );
});

test('overdue counts debits due before today, and credits do not lessen it', () => {
  const items = [
    item('INVOICE', 500, '2026-11-23'),
    item('OPENING_INVOICE', 50, '2026-01-01'),
    item('REFUND', 5, '2026-11-01'),
    item('INVOICE', 10_000, '2026-11-24'),
    item('RECEIPT', -400, '2026-11-01'),
    item('CREDIT_NOTE', -30, null),
    item('OPENING_CREDIT_NOTE', -3, null),
  ];
  expect(overdueMinor(items, TODAY)).toBe(555n);
  expect(unallocatedCreditMinor(items)).toBe(433n);
});

const limits = { customersSeconds: 60, transactionsSeconds: 30 };
const NOW = Date.parse('2026-11-24T12:00:00Z');

test.each([
  ['both just now', 0, 0, 'CONNECTED', false, 0],
  ['the older of the two counts', 100, 40, 'CONNECTED', false, 100],
  ['customers at three intervals and ten seconds', 190, 0, 'CONNECTED', false, 190],
  ['customers a second later', 191, 0, 'CONNECTED', true, 191],
  ['transactions a second too late', 0, 101, 'CONNECTED', true, 101],
  ['the connection is down', 0, 0, 'UNREACHABLE', true, 0],
  ['the sign-in has run out', 0, 0, 'SIGN_IN_NEEDED', true, 0],
] as const)('freshness: %s', (_case, customersAge, transactionsAge, connection, stale, ageSeconds) => {
  const pulls = { customersAt: NOW - customersAge * 1_000, transactionsAt: NOW - transactionsAge * 1_000 };
  expect(freshnessOf(pulls, NOW, limits, connection, NOW)).toEqual({
    asOf: new Date(NOW - ageSeconds * 1_000),
    ageSeconds,
    stale,
  });
});

test('before both pulls have been complete once, a figure is as old as its row, and stale', () => {
  const pulls = { customersAt: NOW, transactionsAt: null };
  expect(freshnessOf(pulls, NOW - 5_000, limits, 'CONNECTED', NOW)).toEqual({
    asOf: new Date(NOW - 5_000),
    ageSeconds: 5,
    stale: true,
  });
});
