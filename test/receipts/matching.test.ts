import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findExactSets } from '../../src/receipts/matching/exact-sets.js';
import { isAutomatic } from '../../src/receipts/matching/is-automatic.js';
import type { MatchingFacts, OpenInvoice, ReceiptToMatch } from '../../src/receipts/matching/matching-facts.js';
import { suggestMatches } from '../../src/receipts/matching/suggest-matches.js';

const invoice = (number: string, openMinor: number, more: Partial<OpenInvoice> = {}): OpenInvoice => ({
  layerId: number,
  number,
  issuedOn: '2026-09-01',
  dueOn: '2026-10-01',
  openMinor: BigInt(openMinor),
  ...more,
});
const factsOf = (invoices: readonly OpenInvoice[], more: Partial<MatchingFacts> = {}): MatchingFacts => ({
  invoices,
  elsewhere: [],
  settled: [],
  refused: [],
  doubles: [],
  paidBefore: false,
  ...more,
});
const receiptOf = (reference: string, leftMinor: number, more: Partial<ReceiptToMatch> = {}): ReceiptToMatch => ({
  reference,
  secondReference: '',
  receivedOn: '2026-10-05',
  currency: 'GBP',
  leftMinor: BigInt(leftMinor),
  isWhole: true,
  ...more,
});
const suggest = (reference: string, leftMinor: number, facts: MatchingFacts, more: Partial<ReceiptToMatch> = {}) => {
  const receipt = receiptOf(reference, leftMinor, more);
  const { suggestions } = suggestMatches(receipt, facts);
  const [first] = suggestions;
  return {
    suggestions,
    first,
    pays: first?.allocations.map(({ invoiceLayerId, amountMinor }) => [invoiceLayerId, Number(amountMinor)]),
    automatic: suggestions.filter((one) => isAutomatic(one, receipt)).length,
  };
};

const THREE = factsOf([invoice('INV-10423', 12_000), invoice('INV-10424', 7_550), invoice('INV-10425', 99_90)]);

describe('what a reference names', () => {
  test.each([
    'INV-10423',
    'inv10423',
    'INV 10423',
    'PAYMENT REF INV-10423 THANKS',
    'Inv. 10423',
    'invoice no 10423',
    'INVOICE10423',
    'BACS 10423 ACME LTD',
    '0010423',
    'INV/10423/ACME',
  ])('%s is tied to its invoice', (reference) => {
    const { pays, first, automatic } = suggest(reference, 12_000, THREE);
    expect(pays).toEqual([['INV-10423', 12_000]]);
    expect(first).toMatchObject({ confidence: 'HIGH', isTied: true, isExact: true, ambiguous: false });
    expect(automatic).toBe(1);
  });

  test.each([
    ['nothing', ''],
    ['a word', 'BACS'],
    ['short digits', '423'],
    ['part of longer digits', '9104231'],
    ['a number glued to other letters', 'PO10423'],
    ['what is said to be something else', 'ACCOUNT 10423'],
    ['a credit note', 'CN 10423'],
    ['another number of the same kind', 'INV-99999'],
  ])('%s is not', (_what, reference) => {
    const { first, automatic } = suggest(reference, 12_000, THREE);
    expect(first).toMatchObject({ isTied: false, isExact: true });
    expect(automatic).toBe(0);
  });

  test('the second reference counts as much', () => {
    expect(suggest('BACS', 12_000, THREE, { secondReference: 'INV-10423' }).automatic).toBe(1);
  });

  test('years and dates are no numbers', () => {
    const facts = factsOf([invoice('2026', 5_000), invoice('51026', 7_000)]);
    expect(suggest('RENT OCTOBER 2026', 5_000, facts).automatic).toBe(0);
    expect(suggest('BACS 051026', 7_000, facts).automatic).toBe(0);
  });

  test('a settled invoice among the names is for a person', () => {
    const facts = { ...THREE, settled: [{ number: 'INV-10001', how: 'is paid already' }] };
    const { first, automatic } = suggest('INV-10423 INV-10001', 12_000, facts);
    expect(first).toMatchObject({ confidence: 'MEDIUM', isTied: false });
    expect(first?.reasonsAgainst).toContain('INV-10001 stands in the reference, and is paid already.');
    expect(automatic).toBe(0);
  });

  test('a slip of the finger decides between twins, and only for a person', () => {
    const facts = factsOf([invoice('INV-10423', 5_000), invoice('INV-10587', 5_000), invoice('INV-10699', 5_000)]);
    const { pays, first, automatic } = suggest('INV-10857', 5_000, facts);
    expect(pays).toEqual([['INV-10587', 5_000]]);
    expect(first?.reasonsFor.join(' ')).toMatch(/slip of the finger/);
    expect(automatic).toBe(0);
  });
});

describe('amounts', () => {
  test('several named invoices are paid together', () => {
    const { pays, automatic } = suggest('INV-10423/INV-10424 & 10425', 29_540, THREE);
    expect(pays?.map(([id]) => id).toSorted()).toEqual(['INV-10423', 'INV-10424', 'INV-10425']);
    expect(automatic).toBe(1);
  });

  test('less than is open leaves the invoice open; more leaves the rest on the receipt', () => {
    const less = suggest('INV-10423', 5_000, THREE);
    expect(less.pays).toEqual([['INV-10423', 5_000]]);
    expect(less.first?.reasonsAgainst).toContain('It pays 50.00 GBP of 120.00 GBP.');
    const more = suggest('INV-10423', 12_500, THREE);
    expect(more.pays).toEqual([['INV-10423', 12_000]]);
    expect(more.first?.reasonsAgainst).toContain('5.00 GBP of the receipt would be left.');
    expect([less.automatic, more.automatic]).toEqual([0, 0]);
  });

  test('the amount alone is offered and never applied', () => {
    const { pays, first, automatic } = suggest('THANKS', 19_550, THREE);
    expect(pays?.map(([id]) => id)).toEqual(['INV-10423', 'INV-10424']);
    expect(first?.ambiguous).toBe(false);
    expect(automatic).toBe(0);
  });

  test('twins without a name are both shown, the older first, and ambiguous', () => {
    const facts = factsOf([
      invoice('INV-2', 5_000, { dueOn: '2026-10-02' }),
      invoice('INV-1', 5_000, { dueOn: '2026-09-02' }),
      invoice('INV-3', 7_000),
    ]);
    const { suggestions } = suggest('', 5_000, facts);
    expect(suggestions.slice(0, 2).map(({ ambiguous }) => ambiguous)).toEqual([true, true]);
    expect(
      suggestions
        .flatMap(({ allocations }) => allocations.map((one) => one.invoiceLayerId))
        .slice(0, 2)
        .toSorted(),
    ).toEqual(['INV-1', 'INV-2']);
    expect(suggestions[0]?.reasonsAgainst.join(' ')).toMatch(/same amount/);
  });

  test('what was named wins over what adds up by chance', () => {
    const many = factsOf(Array.from({ length: 120 }, (_, at) => invoice(`INV-${20_000 + at}`, 1_000 + at * 37)));
    expect(suggest('INV-20100', 2_500, many).pays).toEqual([['INV-20100', 2_500]]);
  });

  test('what stands in another account is shown when nothing else fits, and said to be for a person', () => {
    const facts = factsOf([invoice('INV-10424', 7_550)], { elsewhere: [invoice('INV-10423', 12_000)] });
    const { first, automatic } = suggest('INV-10423', 12_000, facts);
    expect(first).toMatchObject({ isElsewhere: true, isTied: true });
    expect(automatic).toBe(0);
  });

  test('money that seems to be entered twice, and what was undone before, are for a person', () => {
    const doubles = [{ reference: 'P-1', paidOn: '2026-10-04', amountMinor: 12_000n, invoiceNumbers: ['INV-10423'] }];
    const twice = suggest('INV-10423', 12_000, { ...THREE, doubles });
    expect(twice.automatic).toBe(0);
    expect(twice.first?.reasonsAgainst[0]).toMatch(/same money/);
    const refused = [{ invoiceLayerId: 'INV-10423', on: '2026-10-06', reason: 'Wrong one.' }];
    expect(suggest('INV-10423', 12_000, { ...THREE, refused }).automatic).toBe(0);
    expect(suggest('INV-10423', 12_000, THREE, { isWhole: false }).automatic).toBe(0);
  });

  test('no open invoice: no suggestion', () => {
    expect(suggest('INV-10423', 12_000, factsOf([])).suggestions).toEqual([]);
  });
});

describe('for any customer', () => {
  const customers = fc.record({
    amounts: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 }),
    left: fc.integer({ min: 1, max: 300 }),
    reference: fc.constantFrom('', 'INV-10001', '10002', 'INV-10001 10003', 'INV-10009 THANKS', 'INV-77777', 'BACS'),
  });

  test('no suggestion takes more than receipt or invoice have, and what is automatic is named and exact', () => {
    fc.assert(
      fc.property(customers, ({ amounts, left, reference }) => {
        const facts = factsOf(amounts.map((amount, at) => invoice(`INV-${10_000 + at}`, amount)));
        const { suggestions } = suggest(reference, left, facts);
        for (const one of suggestions) {
          const sum = one.allocations.reduce((all, { amountMinor }) => all + amountMinor, 0n);
          expect(sum <= BigInt(left)).toBe(true);
          const ids = one.allocations.map(({ invoiceLayerId }) => invoiceLayerId);
          expect(new Set(ids).size).toBe(ids.length);
          for (const { invoiceLayerId, amountMinor } of one.allocations) {
            const open = facts.invoices.find(({ layerId }) => layerId === invoiceLayerId)?.openMinor ?? 0n;
            expect(amountMinor > 0n && amountMinor <= open).toBe(true);
          }
          if (!isAutomatic(one, receiptOf(reference, left))) continue;
          expect(sum).toBe(BigInt(left));
          for (const id of ids) expect(reference).toContain(id.slice(4));
        }
        expect(suggestions.map(({ score }) => score)).toEqual(
          suggestions.map(({ score }) => score).toSorted((one, other) => other - one),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('exact sets are those that there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 11 }),
        fc.integer({ min: 1, max: 150 }),
        (amounts, sum) => {
          const { sets } = findExactSets(amounts, sum);
          for (const set of sets) expect(set.reduce((all, at) => all + (amounts[at] ?? 0), 0)).toBe(sum);
          const smallest = smallestSize(amounts, sum);
          expect(sets[0]?.length ?? null).toBe(smallest);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of many amounts, pairs, triples and all but two are found', () => {
    const amounts = Array.from({ length: 60 }, (_, at) => 1_000_003 * (at + 1) + ((at * at * 7_919) % 9_973));
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    const sumOf = (...places: number[]) => places.reduce((sum, at) => sum + (amounts[at] ?? 0), 0);
    for (const places of [[7], [3, 44], [5, 21, 59]])
      expect(findExactSets(amounts, sumOf(...places)).sets).toContainEqual(places);
    const all = findExactSets(amounts, total - sumOf(4, 50));
    expect(all.sets.some((set) => set.length === 58 && !set.includes(4) && !set.includes(50))).toBe(true);
    expect(all.isComplete).toBe(false);
  });
});

function smallestSize(amounts: readonly number[], sum: number): number | null {
  let best: number | null = null;
  for (let mask = 1; mask < 1 << amounts.length; mask += 1) {
    const chosen = amounts.filter((_, at) => (mask >> at) & 1);
    if (chosen.reduce((all, amount) => all + amount, 0) !== sum) continue;
    if (best === null || chosen.length < best) best = chosen.length;
  }
  return best;
}
