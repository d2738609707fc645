import { expect, test } from '@jest/globals';
import { type AllocationPlan, isAllocated, type LedgerRow } from '../../src/documents/allocation-lines.js';

/** A receipt of 100.00, of which 30.00 and 20.00 go to two invoices. */
const plan = (more: Partial<AllocationPlan> = {}): AllocationPlan => ({
  payerUrn: '1',
  payerSign: -1,
  shares: [
    { urn: '2', amountMinor: 30_00n, haveMinor: 0n },
    { urn: '3', amountMinor: 20_00n, haveMinor: 0n },
  ],
  leftBefore: new Map([
    ['1', -100_00n],
    ['2', 120_00n],
    ['3', 20_00n],
  ]),
  ...more,
});
const rows = (left: [number, number, number], listed: Record<string, Record<string, bigint>> = {}) =>
  new Map<string, LedgerRow>(
    left.map((pounds, index) => {
      const urn = String(index + 1);
      const allocatedTo = new Map(Object.entries(listed[urn] ?? {}));
      return [urn, { urn, id: index, outstandingMinor: BigInt(pounds) * 100n, allocatedTo }];
    }),
  );

test('an allocation stands when one of the two sides lists it', () => {
  expect(isAllocated(plan(), rows([-50, 90, 0], { 1: { 2: 30_00n, 3: 20_00n } }))).toBe(true);
  expect(isAllocated(plan(), rows([-50, 90, 0], { 2: { 1: 30_00n }, 3: { 1: 20_00n } }))).toBe(true);
});

test('or, where Sage lists nothing, when every transaction has just that much less left', () => {
  expect(isAllocated(plan(), rows([-50, 90, 0]))).toBe(true);
  // nothing was done; somebody allocated something else; one of them is not shown
  expect(isAllocated(plan(), rows([-100, 120, 20]))).toBe(false);
  expect(isAllocated(plan(), rows([-50, 70, 20]))).toBe(false);
  expect(isAllocated(plan(), new Map([...rows([-50, 90, 0])].slice(0, 2)))).toBe(false);
});

test('what was not remembered proves nothing', () => {
  expect(isAllocated(plan({ leftBefore: new Map() }), rows([-50, 90, 0]))).toBe(false);
});
