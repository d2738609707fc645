import type { OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import type { Book, Draft, ReceiptKind } from './book.js';
import { around, beside, cut, listOf } from './compose-reference.js';
import type { Dice } from './dice.js';
import { partsOf } from './invoice-numbers.js';
import { draftOf, naming } from './named-kinds.js';
import { typosOf } from './typos.js';

type Landing = 'NOTHING' | 'SETTLED' | 'ANOTHER';

/** The number with a typo that makes it the number of nothing, of a settled invoice, or of another open one. */
function mistyped(dice: Dice, book: Book, invoice: OpenInvoice, landing: Landing): string | null {
  const { digits } = partsOf(invoice.number);
  const numbers = typosOf(digits).map((typo) => invoice.number.replace(digits, typo));
  const fitting = numbers.filter((number) => landingOf(book, invoice, number) === landing);
  return fitting.length === 0 ? null : dice.pick(fitting);
}

/** Null: somebody could still read the invoice itself, or one that is open elsewhere. */
function landingOf(book: Book, invoice: OpenInvoice, number: string): Landing | null {
  const named = book.named.loosely(number);
  if (named.length > 0) return named.includes(invoice) ? null : 'ANOTHER';
  if (book.customer.settled.some((settled) => settled.number === number)) return 'SETTLED';
  return book.namedOthers.loosely(number).length > 0 ? null : 'NOTHING';
}

function typo(landing: Landing): ReceiptKind['make'] {
  return (dice, book) => {
    // where a number of somebody else's is near is rare: look through some
    for (const invoice of dice.draw(book.freeInvoices(), 12)) {
      const number = mistyped(dice, book, invoice, landing);
      const references = number && naming(dice, book, [number]);
      const draft = references ? draftOf(book, references, [invoice], 'AMOUNT', 'NONE') : null;
      if (draft) return draft;
    }
    return null;
  };
}

function typoAmongSeveral(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, dice.between(2, 3));
  if (!paid?.[0]) return null;
  const number = mistyped(dice, book, paid[0], dice.pick(['NOTHING', 'SETTLED', 'ANOTHER']));
  if (number === null) return null;
  const numbers = dice.draw([number, ...paid.slice(1).map((invoice) => invoice.number)], paid.length);
  return draftOf(book, naming(dice, book, numbers), paid, 'AMOUNT', 'NONE');
}

const LONG_WORDS = ['PAYMENT REFERENCE', 'FASTER PAYMENT FROM', 'CUSTOMER REF INVOICE', 'BGC'];

/** More text than is kept: the last number is cut through, or cut away. */
function truncated(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, dice.pick([1, 1, 2, 3, 4]));
  if (!paid) return null;
  const { customer } = book;
  const numbers = listOf(
    dice,
    paid.map(({ number }) => number),
  ).join(dice.pick(['/', ', ', ' & ']));
  const before = dice.pick([`${dice.pick(LONG_WORDS)} `, `${customer.name} `, '']);
  const text = `${before}${numbers} WITH THANKS`;
  if (text.length - 12 <= customer.referenceLength) return null;
  return draftOf(book, beside(dice, customer, cut(customer, text)), paid, 'REFERENCE', 'AMOUNT', 'NONE');
}

/** The zeros at its beginning or the year at its end left out, or glued to a word: no whole token, but the amount fits. */
function carelesslyNamed(dice: Dice, book: Book): Draft | null {
  const paid = book.drawFree(dice, 1);
  if (!paid?.[0]) return null;
  const { digits, suffix } = partsOf(paid[0].number);
  const short = digits.replace(/^0+/, '');
  const forms = [
    `PAYMENT${short}`,
    `ACC${short}`,
    ...(short === digits && suffix === '' ? [] : [short, `INV ${short}`]),
  ];
  const text = around(dice, book.customer, dice.pick(forms));
  return draftOf(book, text === null ? null : beside(dice, book.customer, text), paid, 'AMOUNT');
}

/** "INV-1040/41/42" and "INV-1040 to INV-1043": what is meant is plain to a person, and the amount says so. */
function abbreviated(dice: Dice, book: Book): Draft | null {
  const free = book.freeInvoices();
  const from = dice.between(0, Math.max(0, free.length - 2));
  const paid = free.slice(from, from + dice.between(2, 4));
  const [first, last] = [paid[0], paid.at(-1)];
  if (!first || !last || first === last) return null;
  const ends = paid.slice(1).map(({ number }) => partsOf(number).digits.slice(-2));
  const text = dice.pick([
    [first.number, ...ends].join('/'),
    `${first.number} TO ${last.number}`,
    `${first.number}-${partsOf(last.number).digits}`,
  ]);
  if (text.length > book.customer.referenceLength) return null;
  return draftOf(book, beside(dice, book.customer, text), paid, 'AMOUNT');
}

export const MISNAMED_KINDS: readonly ReceiptKind[] = [
  { name: 'typo: number of nothing', weight: 3, make: typo('NOTHING') },
  { name: 'typo: a settled one', weight: 1.5, make: typo('SETTLED') },
  { name: 'typo: another open one', weight: 2, make: typo('ANOTHER') },
  { name: 'typo among several', weight: 1.5, make: typoAmongSeveral },
  { name: 'truncated', weight: 3, make: truncated },
  { name: 'carelessly named', weight: 1.5, make: carelesslyNamed },
  { name: 'abbreviated list', weight: 1, make: abbreviated },
];
