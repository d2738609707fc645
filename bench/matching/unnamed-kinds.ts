import type { OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import type { Book, Draft, ReceiptKind } from './book.js';
import { beside, cut, otherNumber, type References, silentText } from './compose-reference.js';
import type { Dice } from './dice.js';
import { partsOf } from './invoice-numbers.js';
import { draftOf } from './named-kinds.js';

export function silent(dice: Dice, book: Book): References {
  return beside(dice, book.customer, silentText(dice, book.customer));
}

function unnamed(dice: Dice, book: Book, paid: readonly OpenInvoice[] | null): Draft | null {
  return paid && paid.length > 0 ? draftOf(book, silent(dice, book), paid, 'AMOUNT') : null;
}

function oldestFirst(dice: Dice, book: Book): Draft | null {
  const paid = book.customer.invoices.slice(0, dice.between(2, 6));
  return book.isFree(paid) && paid.length > 1 ? unnamed(dice, book, paid) : null;
}

function wholeBalance(dice: Dice, book: Book): Draft | null {
  const { invoices } = book.customer;
  return book.isFree(invoices) && invoices.length > 1 ? unnamed(dice, book, invoices) : null;
}

function wholeMonth(dice: Dice, book: Book): Draft | null {
  const free = book.freeInvoices();
  if (free.length === 0) return null;
  const month = dice.pick(free).issuedOn.slice(0, 7);
  const paid = book.customer.invoices.filter(({ issuedOn }) => issuedOn.startsWith(month));
  return book.isFree(paid) && paid.length > 1 ? unnamed(dice, book, paid) : null;
}

/** The references hold the digits of another open invoice by accident: inside a longer number, a sort code, a telephone number. */
function accidentalDigits(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, 1);
  const others = book.customer.invoices.filter((invoice) => invoice !== paid?.[0]);
  if (!paid || others.length === 0) return null;
  const { digits } = partsOf(dice.pick(others).number);
  return draftOf(book, beside(dice, book.customer, cut(book.customer, hideDigits(dice, digits))), paid, 'AMOUNT');
}

/** A number of something else that has the digits in it. */
export function hideDigits(dice: Dice, digits: string): string {
  const pairs = digits.match(/\d{1,2}/g)?.join('-') ?? digits;
  return dice.pick([
    `A/C ${dice.between(1, 9)}${digits}${dice.between(1, 9)}`,
    `${dice.digits(2)}${digits}`,
    `SC ${pairs}`,
    `TEL 01${dice.digits(3)} ${digits}`,
    `CARD ${digits}${dice.digits(4)}`,
  ]);
}

function datedOnly(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, 1);
  return paid && draftOf(book, beside(dice, book.customer, cut(book.customer, otherNumber(dice))), paid, 'AMOUNT');
}

export const UNNAMED_KINDS: readonly ReceiptKind[] = [
  { name: 'one, not named', weight: 7, make: (dice, book) => unnamed(dice, book, book.drawFree(dice, 1)) },
  { name: 'two, not named', weight: 2, make: (dice, book) => unnamed(dice, book, book.drawFree(dice, 2)) },
  { name: 'three, not named', weight: 1.5, make: (dice, book) => unnamed(dice, book, book.drawFree(dice, 3)) },
  { name: 'oldest first, not named', weight: 2, make: oldestFirst },
  { name: 'whole balance', weight: 5, make: wholeBalance },
  { name: 'whole month', weight: 4, make: wholeMonth },
  { name: 'other numbers only', weight: 1.5, make: datedOnly },
  { name: 'digits by accident', weight: 1.5, make: accidentalDigits },
];
