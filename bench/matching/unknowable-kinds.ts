import type { OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import { type Book, type Draft, type ReceiptKind, totalOf } from './book.js';
import { around, beside, cut, type References } from './compose-reference.js';
import { countSets, isCountable } from './count-sets.js';
import type { Dice } from './dice.js';
import { partsOf, spell } from './invoice-numbers.js';
import { dayAfter } from './make-customer.js';
import { naming } from './named-kinds.js';
import { isTied, UNKNOWN } from './truth-of.js';
import { hideDigits, silent } from './unnamed-kinds.js';

/** A receipt of which nobody can know what it pays; null where its references tie its amount to open invoices all the same. */
function unknowable(book: Book, references: References | null, amountMinor: bigint): Draft | null {
  if (!references || isTied(book.named.loosely(...references), amountMinor)) return null;
  if (book.namedElsewhere.loosely(...references).length > 0) return null;
  return { references, amountMinor, truth: UNKNOWN, claims: [] };
}

/** Open invoices of an amount that another has as well. */
function twinsOf(book: Book): OpenInvoice[] {
  const { invoices } = book.customer;
  const counts = new Map<bigint, number>();
  for (const { openMinor } of invoices) counts.set(openMinor, (counts.get(openMinor) ?? 0) + 1);
  return invoices.filter(({ openMinor }) => (counts.get(openMinor) ?? 0) > 1);
}

function twin(dice: Dice, book: Book): Draft | null {
  const twins = twinsOf(book);
  return twins.length === 0 ? null : unknowable(book, silent(dice, book), dice.pick(twins).openMinor);
}

function severalSets(dice: Dice, book: Book): Draft | null {
  const size = dice.between(2, 4);
  const paid = book.drawFree(dice, size);
  if (!paid || paid.length === book.amounts.length || !isCountable(book.amounts.length, size)) return null;
  if (countSets(book.amounts, Number(totalOf(paid)), size) < 2) return null;
  return unknowable(book, silent(dice, book), totalOf(paid));
}

function onAccount(dice: Dice, book: Book): Draft | null {
  const text = dice.pick(['ON ACCOUNT', 'PAYMENT ON ACCOUNT', 'DEPOSIT', '', 'STANDING ORDER', 'SO']);
  const amount = BigInt(dice.pick([50, 100, 250, 500, 1_000, 2_000]) * 100);
  return unknowable(book, beside(dice, book.customer, text), amount);
}

/** An amount that would fit an open invoice, or any other. */
const temptingAmount = (dice: Dice, book: Book) =>
  dice.isChance(0.6) ? dice.pick(book.customer.invoices).openMinor : BigInt(dice.between(1_000, 200_000));

function unknownNumber(dice: Dice, book: Book): Draft | null {
  const { number } = dice.pick(book.customer.invoices);
  const { digits } = partsOf(number);
  const other = number.replace(digits, String(dice.between(1, 9)) + dice.digits(digits.length - 1));
  if (book.namedOthers.loosely(other).length > 0 || book.named.loosely(other).length > 0) return null;
  return unknowable(book, naming(dice, book, [other]), temptingAmount(dice, book));
}

function somebodyElse(dice: Dice, book: Book): Draft | null {
  const number = dice.pick([
    `PRO-${dice.digits(5)}`,
    `SIN${dice.digits(6)}`,
    `${dice.digits(4)}/A`,
    `OCT-${dice.digits(4)}`,
  ]);
  const text = around(dice, book.customer, number);
  return unknowable(book, text === null ? null : beside(dice, book.customer, text), temptingAmount(dice, book));
}

function queriedNamed(dice: Dice, book: Book): Draft | null {
  if (book.customer.queried.length === 0) return null;
  const queried = dice.pick(book.customer.queried);
  return unknowable(book, naming(dice, book, [queried.number]), queried.openMinor);
}

function queriedAmongSeveral(dice: Dice, book: Book): Draft | null {
  const queried = book.customer.queried[0];
  const paid = book.drawFree(dice, dice.between(1, 2));
  if (!queried || !paid) return null;
  const numbers = [...paid.map(({ number }) => number), queried.number];
  return unknowable(book, naming(dice, book, numbers), totalOf(paid) + queried.openMinor);
}

function otherCurrency(dice: Dice, book: Book): Draft | null {
  const sibling = book.siblings[0];
  if (!sibling) return null;
  const invoice = dice.pick(sibling.invoices);
  return unknowable(book, naming(dice, book, [invoice.number]), invoice.openMinor);
}

function settledNamed(dice: Dice, book: Book): Draft | null {
  if (book.customer.settled.length === 0) return null;
  const settled = dice.pick(book.customer.settled);
  return unknowable(book, naming(dice, book, [settled.number]), settled.grossMinor);
}

/** Money that was paid back came back: the bank refused it, or the customer's account was closed. */
function refundReturned(dice: Dice, book: Book): Draft | null {
  if (book.customer.settled.length === 0) return null;
  const text = dice.pick(['REFUND', 'REFUND RETURNED', 'RETURNED', 'UNAPPLIED CREDIT']);
  const settled = dice.pick(book.customer.settled);
  const reference = `${text} ${spell(dice, settled.number)}`;
  if (reference.length > book.customer.referenceLength) return null;
  return unknowable(book, beside(dice, book.customer, reference), settled.grossMinor);
}

/** The payment was entered in The Layer too, and what it paid is settled: an open twin is not what this receipt pays. */
function doubleOfSettled(dice: Dice, book: Book): Draft | null {
  if (book.customer.settled.length === 0) return null;
  const settled = dice.pick(book.customer.settled);
  const references = dice.isChance(0.6) ? naming(dice, book, [settled.number]) : silent(dice, book);
  const amountMinor = dice.isChance(0.5) ? settled.grossMinor : dice.pick(book.customer.invoices).openMinor;
  const draft = unknowable(book, references, amountMinor);
  if (!draft) return null;
  const invoiceNumbers = [settled.number];
  return {
    ...draft,
    doubles: (paidOn) => [
      { reference: draft.references[0], paidOn: dayAfter(paidOn, -2), amountMinor, invoiceNumbers },
    ],
  };
}

/** One exact and named, but something says that it must not be applied. */
function namedBut(
  dice: Dice,
  book: Book,
  but: (invoice: OpenInvoice, references: References) => Partial<Draft>,
): Draft | null {
  const paid = book.drawFree(dice, 1);
  const references = paid?.[0] && naming(dice, book, [paid[0].number]);
  if (!references || !paid[0]) return null;
  if (book.namedElsewhere.loosely(...references).length > 0) return null;
  return { references, amountMinor: paid[0].openMinor, truth: UNKNOWN, claims: paid, ...but(paid[0], references) };
}

/** The same reference and amount were entered in The Layer as money on account: most likely the same money. */
function doubleOnAccount(dice: Dice, book: Book): Draft | null {
  return namedBut(dice, book, ({ openMinor }, [first, second]) => ({
    doubles: (paidOn) => [
      { reference: first || second, paidOn: dayAfter(paidOn, -1), amountMinor: openMinor, invoiceNumbers: [] },
    ],
  }));
}

function undoneBefore(dice: Dice, book: Book): Draft | null {
  return namedBut(dice, book, ({ layerId }) => ({
    refused: (on) => [
      { invoiceLayerId: layerId, on: dayAfter(on, 1), reason: dice.pick(['Wrong customer', 'Paid twice']) },
    ],
  }));
}

/** "NOV 2026", where an invoice of a series of equal ones has the number 2026. */
function yearThatIsANumber(dice: Dice, book: Book): Draft | null {
  const invoice = twinsOf(book).find(({ number }) => /^INV-202[4-6]$/.test(number));
  if (!invoice || !book.isFree([invoice])) return null;
  const { digits: year } = partsOf(invoice.number);
  const text = dice.pick([`NOV ${year}`, `OCTOBER ${year}`, `01/10/${year}`, `1 SEP ${year}`, `${year}-10-01`]);
  const references: References = dice.isChance(0.5) ? [text, ''] : ['BACS', text];
  return { references, amountMinor: invoice.openMinor, truth: UNKNOWN, claims: [invoice] };
}

/** A longer number has the digits of an invoice in it, and the amount is that of its twins. */
function digitsInside(dice: Dice, book: Book): Draft | null {
  const twins = twinsOf(book).filter((invoice) => book.isFree([invoice]));
  if (twins.length === 0) return null;
  const invoice = dice.pick(twins);
  const { digits } = partsOf(invoice.number);
  const text = cut(book.customer, hideDigits(dice, digits));
  const draft = unknowable(book, beside(dice, book.customer, text), invoice.openMinor);
  return draft && { ...draft, claims: [invoice] };
}

export const UNKNOWABLE_KINDS: readonly ReceiptKind[] = [
  { name: 'twins', weight: 4, make: twin },
  { name: 'several sets fit', weight: 1.5, make: severalSets },
  { name: 'on account', weight: 2, make: onAccount },
  { name: 'unknown number', weight: 2, make: unknownNumber },
  { name: "somebody else's", weight: 1.5, make: somebodyElse },
  { name: 'settled one named', weight: 1, make: settledNamed },
  { name: 'queried one named', weight: 3, make: queriedNamed },
  { name: 'queried among several', weight: 2, make: queriedAmongSeveral },
  { name: 'other currency named', weight: 5, make: otherCurrency },
  { name: 'refund returned', weight: 1, make: refundReturned },
  { name: 'double of a settled one', weight: 1, make: doubleOfSettled },
  { name: 'named, double on account', weight: 0.5, make: doubleOnAccount },
  { name: 'named, undone before', weight: 0.5, make: undoneBefore },
  { name: 'year that is a number', weight: 12, make: yearThatIsANumber },
  { name: 'digits inside a number', weight: 1, make: digitsInside },
];
