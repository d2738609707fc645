import type { OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import { type Book, type Draft, type ReceiptKind, totalOf } from './book.js';
import { around, beside, listed, listOf, otherNumber, type References, silentText } from './compose-reference.js';
import { countSets } from './count-sets.js';
import type { Dice } from './dice.js';
import type { DeterminedBy } from './generated-ledger.js';
import { spell } from './invoice-numbers.js';
import { paysWhole, truthOf, truthOfPart } from './truth-of.js';

/** A receipt that pays invoices whole, where its truth can be known in one of these ways. */
export function draftOf(
  book: Book,
  references: References | null,
  paid: readonly OpenInvoice[],
  ...allowed: readonly DeterminedBy[]
): Draft | null {
  const truth = references && truthOf(book, references, paid);
  if (!references || !truth || !allowed.includes(truth.determinedBy)) return null;
  return { references, amountMinor: totalOf(paid), truth, claims: paid };
}

/** Numbers of invoices, one or several, as a receipt names them. */
export function naming(dice: Dice, book: Book, numbers: readonly string[]): References | null {
  const { customer } = book;
  const [first = ''] = numbers;
  if (numbers.length > 1) return listed(dice, customer, listOf(dice, numbers));
  const text = around(dice, customer, spell(dice, first));
  return text === null ? null : beside(dice, customer, text);
}

const numbersOf = (invoices: readonly OpenInvoice[]) => invoices.map(({ number }) => number);

function named(dice: Dice, book: Book, count: number): Draft | null {
  const paid = book.drawFree(dice, count);
  return paid && draftOf(book, naming(dice, book, numbersOf(paid)), paid, 'REFERENCE');
}

function besideOtherNumbers(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, 1);
  const text = paid?.[0] && around(dice, book.customer, spell(dice, paid[0].number));
  return text ? draftOf(book, [otherNumber(dice), text], paid, 'REFERENCE') : null;
}

function oneInEach(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, 2);
  const texts = paid?.map(({ number }) => around(dice, book.customer, spell(dice, number)));
  return paid && texts?.[0] && texts[1] ? draftOf(book, [texts[0], texts[1]], paid, 'REFERENCE') : null;
}

function sameInBoth(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, 1);
  const texts = paid && [0, 1].map(() => around(dice, book.customer, spell(dice, paid[0]?.number ?? '')));
  return paid && texts?.[0] && texts[1] ? draftOf(book, [texts[0], texts[1]], paid, 'REFERENCE') : null;
}

/** Another payment of the same amount was entered in The Layer these days: for another invoice. */
function besideDouble(dice: Dice, book: Book): Draft | null {
  const other = book.customer.settled[0];
  const draft = other && named(dice, book, 1);
  if (!draft) return null;
  const { amountMinor } = draft;
  return {
    ...draft,
    doubles: (paidOn) => [{ reference: other.number, paidOn, amountMinor, invoiceNumbers: [other.number] }],
  };
}

/** A settled invoice is named beside the one that is paid; or the receipt was used for it before, and this is the rest. */
function withSettled(isRest: boolean): ReceiptKind['make'] {
  return (dice, book) => {
    const paid = book.drawFree(dice, dice.pick([1, 1, 2]));
    if (!paid || book.customer.settled.length === 0) return null;
    const settled = dice.pick(book.customer.settled);
    const references = naming(dice, book, [settled.number, ...numbersOf(paid)]);
    const draft = draftOf(book, references, paid, 'REFERENCE');
    if (!draft || countSets(book.amounts, Number(draft.amountMinor), paid.length) !== 1) return null;
    return { ...draft, truth: paysWhole('AMOUNT', paid), isRest };
  };
}

function part(count: number, shareOf: (dice: Dice, open: bigint) => bigint): ReceiptKind['make'] {
  return (dice, book) => {
    const invoices = book.drawFree(dice, count);
    const references = invoices && naming(dice, book, numbersOf(invoices));
    if (!references) return null;
    const amountMinor = shareOf(dice, totalOf(invoices));
    const truth = amountMinor > 0n ? truthOfPart(book, references, invoices, amountMinor) : null;
    return truth && { references, amountMinor, truth, claims: invoices };
  };
}

const percent = (least: number, most: number) => (dice: Dice, open: bigint) =>
  (open * BigInt(dice.between(least, most))) / 100n;

const lessBy = (dice: Dice, open: bigint) =>
  dice.isChance(0.3) ? open - BigInt(dice.between(1, 999)) : percent(10, 95)(dice, open);
const moreBy = (dice: Dice, open: bigint) =>
  dice.isChance(0.5) ? open + BigInt(dice.between(1, 999)) : percent(101, 160)(dice, open);

function inAnotherAccount(dice: Dice, book: Book): Draft | null {
  const { customer } = book;
  if (customer.elsewhere.length === 0) return null;
  const invoice = dice.pick(customer.elsewhere);
  const text = around(dice, customer, spell(dice, invoice.number));
  if (text === null || countSets(book.amounts, Number(invoice.openMinor), 3) > 0) return null;
  const references: References = dice.isChance(0.5) ? [text, ''] : [silentText(dice, customer), text];
  if (book.named.loosely(...references).length > 0) return null;
  if (book.namedElsewhere.loosely(...references).length > 1) return null;
  return { references, amountMinor: invoice.openMinor, truth: paysWhole('ELSEWHERE', [invoice]), claims: [] };
}

export const NAMED_KINDS: readonly ReceiptKind[] = [
  { name: 'one named', weight: 24, make: (dice, book) => named(dice, book, 1) },
  { name: 'one named, other numbers beside', weight: 4, make: besideOtherNumbers },
  { name: 'one named in both references', weight: 2, make: sameInBoth },
  { name: 'two named, one in each reference', weight: 3, make: oneInEach },
  { name: 'several named', weight: 8, make: (dice, book) => named(dice, book, dice.pick([2, 2, 2, 3, 3, 4, 5, 6])) },
  { name: 'many named', weight: 9, make: (dice, book) => named(dice, book, dice.between(6, 12)) },
  { name: 'one named, double of another', weight: 0.5, make: besideDouble },
  { name: 'named beside a settled one', weight: 2, make: withSettled(false) },
  { name: 'rest of a receipt', weight: 1, make: withSettled(true) },
  { name: 'part of one named', weight: 4, make: part(1, lessBy) },
  { name: 'more than one named', weight: 3, make: part(1, moreBy) },
  { name: 'part of several named', weight: 0.7, make: part(2, percent(60, 98)) },
  { name: 'more than several named', weight: 0.7, make: part(2, moreBy) },
  { name: 'named in another account', weight: 4, make: inAnotherAccount },
];
