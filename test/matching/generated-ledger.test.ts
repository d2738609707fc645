import { describe, expect, test } from '@jest/globals';
import { countSets, isCountable } from '../../bench/matching/count-sets.js';
import { Dice } from '../../bench/matching/dice.js';
import { generateLedger, type LedgerPart, RECEIPT_KINDS, usualOpen } from '../../bench/matching/generate-ledger.js';
import { DETERMINED_BY, type LedgerReceipt } from '../../bench/matching/generated-ledger.js';
import { digitsAlone, NUMBER_STYLES, spell } from '../../bench/matching/invoice-numbers.js';
import { judge, type Matcher } from '../../bench/matching/judge.js';
import { NamedInvoices } from '../../bench/matching/named-invoices.js';
import { Tallies } from '../../bench/matching/tally.js';
import { typosOf } from '../../bench/matching/typos.js';
import { groupBy } from '../../src/common/group-by.js';
import type { OpenInvoice, Suggestion } from '../../src/receipts/matching/matching-facts.js';

const OPTIONS = {
  seed: 7,
  openOf: usualOpen,
  receiptsOf: (dice: Dice, open: number) => dice.between(1, Math.min(30, 2 + (open >> 2))),
  referenceLengths: [20, 20, 30],
};

function generate(seed: number, customers: number, openOf: (dice: Dice) => number = usualOpen): LedgerPart[] {
  const made: LedgerPart[] = [];
  for (const part of generateLedger({ ...OPTIONS, seed, openOf })) {
    if (made.push(part) === customers) break;
  }
  return made;
}

const parts = generate(7, 900);
const receipts = parts.flatMap((part) => part.receipts);
const having = (...determinedBy: string[]) => receipts.filter(({ truth }) => determinedBy.includes(truth.determinedBy));
const total = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
const isTrue = ({ truth }: LedgerReceipt, { layerId }: OpenInvoice) =>
  truth.allocations.some(({ invoiceLayerId }) => invoiceLayerId === layerId);
const candidatesOf = ({ facts }: LedgerReceipt) => [...facts.invoices, ...facts.elsewhere];
const paidTotal = ({ truth }: LedgerReceipt) => total(truth.allocations.map(({ amountMinor }) => amountMinor));

/** Every set, one after the other. */
function countNaively(amounts: readonly number[], sum: number, size: number): number {
  let count = 0;
  for (let set = 1; set < 2 ** amounts.length; set += 1) {
    const chosen = amounts.filter((_, index) => (set >> index) & 1);
    if (chosen.length <= size && chosen.reduce((all, amount) => all + amount, 0) === sum) count += 1;
  }
  return count;
}

describe('the generated ledger', () => {
  test('is the same for the same seed, and another for another', () => {
    const inWords = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
    const [one, same, other] = [7, 7, 8].map((seed) => JSON.stringify(generate(seed, 15), inWords));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  test('has receipts of every kind, and truths known in every way', () => {
    const counts = new Map(RECEIPT_KINDS.map(({ name }) => [name, 0]));
    for (const { kind } of receipts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
    expect(counts.size).toBe(RECEIPT_KINDS.length);
    expect(DETERMINED_BY.filter((determinedBy) => having(determinedBy).length === 0)).toEqual([]);
  });

  test('has small customers and large ones, several currencies, every style of numbers, and twins', () => {
    const customers = parts.map(({ customer }) => customer);
    const sizes = customers.map(({ invoices }) => invoices.length);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(0);
    expect(sizes.filter((size) => size > 100).length).toBeGreaterThan(0);
    expect(sizes.filter((size) => size <= 40).length).toBeGreaterThan(customers.length * 0.7);
    expect(new Set(customers.map(({ currency }) => currency))).toEqual(new Set(['GBP', 'EUR', 'USD']));
    const shapes = new Set(customers.flatMap(({ invoices }) => invoices[0]?.number.replace(/\d/g, '0') ?? []));
    expect([...shapes].toSorted()).toEqual(
      ['000000', '00000', '00000-00', '0000-00', 'INV-0000', 'INV-00000', 'INV0000000', 'SI000000'].toSorted(),
    );
    expect(customers.some(({ invoices }) => new Set(invoices.map(({ openMinor }) => openMinor)).size === 1)).toBe(true);
  });

  test('has numbers that are a customer’s own, whatever the currency', () => {
    const byCustomer = groupBy(parts, ({ customer }) => customer.layerId.slice(0, 7));
    for (const [, own] of byCustomer) {
      const numbers = own.flatMap(({ customer }) =>
        [customer.invoices, customer.settled, customer.queried, customer.elsewhere].flatMap((invoices) =>
          invoices.map(({ number }) => number),
        ),
      );
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  test('keeps references within their length, and dates in order', () => {
    const isOdd = (receipt: LedgerReceipt) => {
      const { reference, secondReference, receivedOn } = receipt.receipt;
      const most = receipt.customer.referenceLength;
      const paid = receipt.facts.invoices.filter((invoice) => isTrue(receipt, invoice));
      return (
        reference.length > most ||
        secondReference.length > most ||
        paid.some(({ issuedOn, dueOn }) => issuedOn > receivedOn || dueOn < issuedOn)
      );
    };
    expect(receipts.filter(isOdd)).toEqual([]);
  });
});

describe('the truth of a generated receipt', () => {
  test('takes no more than is open, nor than was received, and something of each invoice', () => {
    const isOdd = (receipt: LedgerReceipt) => {
      const open = new Map(candidatesOf(receipt).map(({ layerId, openMinor }) => [layerId, openMinor]));
      const { allocations } = receipt.truth;
      return (
        paidTotal(receipt) > receipt.receipt.leftMinor ||
        allocations.some(
          ({ invoiceLayerId, amountMinor }) => amountMinor <= 0n || amountMinor > (open.get(invoiceLayerId) ?? 0n),
        )
      );
    };
    expect(receipts.filter(isOdd)).toEqual([]);
  });

  test('is the whole receipt and whole invoices, but for part and over-payments', () => {
    const openTotal = (receipt: LedgerReceipt) =>
      total(
        candidatesOf(receipt)
          .filter((invoice) => isTrue(receipt, invoice))
          .map(({ openMinor }) => openMinor),
      );
    const isWhole = (receipt: LedgerReceipt) =>
      paidTotal(receipt) === receipt.receipt.leftMinor && openTotal(receipt) === receipt.receipt.leftMinor;
    const isPart = (receipt: LedgerReceipt) => {
      const { leftMinor } = receipt.receipt;
      const open = openTotal(receipt);
      return open !== leftMinor && paidTotal(receipt) === (open < leftMinor ? open : leftMinor);
    };
    expect(having('REFERENCE', 'AMOUNT', 'ELSEWHERE').filter((receipt) => !isWhole(receipt))).toEqual([]);
    expect(having('REFERENCE_PART').filter((receipt) => !isPart(receipt))).toEqual([]);
    expect(having('NONE').filter(({ truth }) => truth.allocations.length > 0)).toEqual([]);
  });

  test('uses an invoice for one receipt only', () => {
    for (const part of parts) {
      const used = part.receipts
        .filter(({ truth }) => truth.determinedBy !== 'ELSEWHERE')
        .flatMap(({ truth }) => truth.allocations.map(({ invoiceLayerId }) => invoiceLayerId));
      expect(new Set(used).size).toBe(used.length);
    }
  });

  test('by reference: the digits of each true invoice stand in the references, and of no other', () => {
    // "1042-24" and "1042/24" are one token
    const tokensOf = ({ receipt, facts }: LedgerReceipt) => {
      const text = `${receipt.reference} ${receipt.secondReference}`;
      const isYearly = /^\d+-\d\d$/.test(facts.invoices[0]?.number ?? '');
      return new Set((isYearly ? text.replace(/(\d{4,})[-/](\d\d)(?!\d)/g, '$1$2') : text).match(/\d+/g));
    };
    const isOdd = (receipt: LedgerReceipt) => {
      const tokens = tokensOf(receipt);
      return receipt.facts.invoices.some(
        (invoice) => tokens.has(invoice.number.replace(/\D/g, '')) !== isTrue(receipt, invoice),
      );
    };
    expect(having('REFERENCE', 'REFERENCE_PART').filter(isOdd)).toEqual([]);
  });

  test('by amount: no other set of at most as many invoices adds up to it', () => {
    const small = generate(9, 500, (dice) => dice.between(1, 11));
    const byAmount = small.flatMap((part) => part.receipts).filter(({ truth }) => truth.determinedBy === 'AMOUNT');
    expect(byAmount.length).toBeGreaterThan(100);
    for (const { facts, receipt, truth } of byAmount) {
      const amounts = facts.invoices.map(({ openMinor }) => Number(openMinor));
      expect(countNaively(amounts, Number(receipt.leftMinor), truth.allocations.length)).toBe(1);
    }
  });

  test('unknown: the references never tie the amount to open invoices, but where something says that they must not', () => {
    const mustNot = new Set(['named, double on account', 'named, undone before', 'year that is a number']);
    for (const { kind, customer, receipt } of having('NONE')) {
      const named = new NamedInvoices(customer.invoices).loosely(receipt.reference, receipt.secondReference);
      const isTied =
        named.some(({ openMinor }) => openMinor === receipt.leftMinor) ||
        (named.length > 0 && total(named.map(({ openMinor }) => openMinor)) === receipt.leftMinor);
      expect([kind, isTied]).toEqual([kind, mustNot.has(kind)]);
    }
  });

  test('a typo never makes the number of another open invoice that fits as well', () => {
    const typos = receipts.filter(({ kind }) => kind.startsWith('typo'));
    expect(typos.some(({ kind }) => kind === 'typo: another open one')).toBe(true);
    for (const receipt of typos) {
      const { reference, secondReference, leftMinor } = receipt.receipt;
      const others = new NamedInvoices(receipt.customer.invoices)
        .strictly(reference, secondReference)
        .filter((invoice) => !isTrue(receipt, invoice));
      expect(others.some(({ openMinor }) => openMinor === leftMinor)).toBe(false);
    }
  });
});

describe('counting sets', () => {
  test('agrees with trying every set', () => {
    const dice = new Dice(3);
    const seen = new Set<string>();
    for (let tried = 0; tried < 3_000; tried += 1) {
      const amounts = Array.from({ length: dice.between(1, 10) }, () => dice.between(1, dice.pick([4, 12, 60])));
      const size = dice.between(1, amounts.length);
      const sum = dice.draw(amounts, dice.between(1, size)).reduce((all, amount) => all + amount, dice.pick([0, 0, 1]));
      const count = Math.min(2, countNaively(amounts, sum, size));
      expect([amounts, sum, size, countSets(amounts, sum, size)]).toEqual([amounts, sum, size, count]);
      seen.add(`${Math.min(4, size)} ${count}`);
    }
    expect(seen.size).toBe(12);
  });

  test('is refused where there are too many to count', () => {
    const amounts = Array.from({ length: 25 }, (_, index) => index + 1);
    expect([isCountable(25, 3), isCountable(25, 4), isCountable(25, 25), isCountable(24, 4)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(() => countSets(amounts, 10, 4)).toThrow('cannot be counted');
    expect(countSets(amounts, 325, 25)).toBe(1);
  });
});

describe('naming an invoice', () => {
  const invoices = ['INV-1042', 'INV-10423', 'SI001044', '1045-24', '104233'].map((number) => ({
    layerId: number,
    number,
  }));
  const named = new NamedInvoices(invoices);

  test.each([
    ['PAYMENT REF INV-1042 THANKS', ['INV-1042']],
    ['inv1042', ['INV-1042']],
    ['BACS 1042 ACME LTD', ['INV-1042']],
    ['INV-10423', ['INV-10423']],
    ['INV 1042/10423 & 104233', ['INV-1042', 'INV-10423', '104233']],
    ['si 001044', ['SI001044']],
    ['1045/24', ['1045-24']],
    ['104524', ['1045-24']],
    ['PAYMENT1042', []],
    ['1044', []],
    ['1045', []],
    ['41042', []],
    ['10-42-33', []],
    ['', []],
  ])('%s', (text, numbers) => {
    expect(named.strictly(text).map(({ number }) => number)).toEqual(numbers);
  });

  test('loosely, with zeros or the year left out and glued to words', () => {
    const loosely = (text: string) => named.loosely(text).map(({ number }) => number);
    expect(['PAYMENT1042', '1044', '1045', '41042'].map(loosely)).toEqual([
      ['INV-1042'],
      ['SI001044'],
      ['1045-24'],
      [],
    ]);
  });

  test('every spelling names what it spells', () => {
    const dice = new Dice(5);
    for (const style of NUMBER_STYLES) {
      for (let tried = 0; tried < 200; tried += 1) {
        const number = style.format(dice.between(style.firstFrom, style.firstTo), '2025-03-01');
        const text = spell(dice, number);
        expect([text, new NamedInvoices([{ layerId: '', number }]).strictly(text).length]).toEqual([text, 1]);
      }
    }
    expect(['INV-1042', 'INV-2026', 'SI001042', '1042-24', '104233'].map(digitsAlone)).toEqual([
      '1042',
      null,
      '001042',
      '104224',
      '104233',
    ]);
  });

  test('typos: one digit changed, two swapped, one dropped', () => {
    const typos = typosOf('12');
    expect(typos).toEqual(expect.arrayContaining(['2', '1', '21', '02', '19']));
    expect([typos.length, typos.includes('12')]).toEqual([2 + 18 + 1, false]);
  });
});

describe('the judge', () => {
  const suggestion = (allocations: Suggestion['allocations']): Suggestion => ({
    allocations,
    score: 1,
    confidence: 'HIGH',
    reasonsFor: [],
    reasonsAgainst: [],
    ambiguous: false,
    isTied: true,
    isExact: true,
    isElsewhere: false,
  });
  const answering = (...suggestions: Suggestion[]): Matcher => ({
    suggestMatches: () => ({ suggestions, isSearchComplete: true }),
    isAutomatic: () => true,
  });
  const first = (determinedBy: string) => having(determinedBy)[0] as LedgerReceipt;
  const verdict = (matcher: Matcher, receipt: LedgerReceipt) => {
    const { isAutomaticRight, isFirstRight } = judge(matcher, receipt);
    return [isAutomaticRight, isFirstRight];
  };

  test.each(['REFERENCE', 'REFERENCE_PART', 'AMOUNT'])(
    '%s: what is true is right, and nothing else',
    (determinedBy) => {
      const receipt = first(determinedBy);
      const truth = suggestion(receipt.truth.allocations);
      const less = suggestion(truth.allocations.map((one) => ({ ...one, amountMinor: one.amountMinor - 1n })));
      expect(verdict(answering(truth), receipt)).toEqual([true, true]);
      expect(verdict(answering(less), receipt)).toEqual([false, false]);
      expect(verdict(answering(truth, less), receipt)).toEqual([false, true]);
      expect(verdict(answering(), receipt)).toEqual([null, false]);
      expect(verdict({ ...answering(truth), isAutomatic: () => false }, receipt)).toEqual([null, true]);
    },
  );

  test('what stands elsewhere is right to suggest and wrong to apply; what nobody knows is wrong to apply', () => {
    const elsewhere = first('ELSEWHERE');
    const unknown = first('NONE');
    expect(verdict(answering(suggestion(elsewhere.truth.allocations)), elsewhere)).toEqual([false, true]);
    expect(verdict(answering(suggestion([])), unknown)).toEqual([false, null]);
    expect(verdict(answering(), unknown)).toEqual([null, null]);
  });

  test('counts', () => {
    const tallies = new Tallies();
    for (const receipt of receipts) tallies.add(receipt.kind, receipt.truth.determinedBy, judge(answering(), receipt));
    expect([tallies.precision(), tallies.recall(), tallies.firstRight()]).toEqual([1, 0, 0]);
    expect([...tallies.byKind.values()].reduce((sum, { count }) => sum + count, 0)).toBe(receipts.length);

    const truthful = new Tallies();
    for (const receipt of receipts) {
      const answer = answering(suggestion(receipt.truth.allocations));
      truthful.add(receipt.kind, receipt.truth.determinedBy, judge(answer, receipt));
    }
    const wrong = having('NONE', 'ELSEWHERE').length;
    expect([truthful.precision(), truthful.recall(), truthful.firstRight()]).toEqual([
      (receipts.length - wrong) / receipts.length,
      1,
      1,
    ]);
  });
});
