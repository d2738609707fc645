import { Book, type Draft, type ReceiptKind } from './book.js';
import { Dice } from './dice.js';
import type { LedgerCustomer, LedgerReceipt } from './generated-ledger.js';
import { dayAfter, makeCustomer, TODAY } from './make-customer.js';
import { MISNAMED_KINDS } from './misnamed-kinds.js';
import { NAMED_KINDS } from './named-kinds.js';
import { UNKNOWABLE_KINDS } from './unknowable-kinds.js';
import { UNNAMED_KINDS } from './unnamed-kinds.js';

export const RECEIPT_KINDS: readonly ReceiptKind[] = [
  ...NAMED_KINDS,
  ...MISNAMED_KINDS,
  ...UNNAMED_KINDS,
  ...UNKNOWABLE_KINDS,
];

export interface LedgerOptions {
  seed: number;
  /** How many open invoices the next customer has. */
  openOf: (dice: Dice) => number;
  /** How many receipts a customer with so many open invoices is given, where there are kinds for them. */
  receiptsOf: (dice: Dice, open: number) => number;
  /** The lengths at which references are cut, by chance. */
  referenceLengths: readonly number[];
  kinds?: readonly ReceiptKind[];
}

export interface LedgerPart {
  customer: LedgerCustomer;
  receipts: LedgerReceipt[];
}

/** Mostly 1 to 40 open invoices; some customers have hundreds. */
export const usualOpen = (dice: Dice) => (dice.isChance(0.1) ? dice.between(100, 500) : dice.between(1, 40));

/** Customers with their receipts, one after the other and without an end; the same for the same seed. */
export function* generateLedger(options: LedgerOptions): Generator<LedgerPart> {
  const dice = new Dice(options.seed);
  for (let index = 0; ; index += 1) {
    const customers = makeCustomer(dice, index, options.openOf(dice), dice.pick(options.referenceLengths));
    for (const customer of customers) {
      const book = new Book(
        customer,
        customers.filter((other) => other !== customer),
      );
      const count = options.receiptsOf(dice, customer.invoices.length);
      const receipts = Array.from({ length: count }, () => makeReceipt(dice, book, options.kinds ?? RECEIPT_KINDS));
      yield { customer, receipts: receipts.filter((receipt) => receipt !== null) };
    }
  }
}

const TRIES_OF_A_KIND = 4;
const KINDS_TRIED = 6;

function makeReceipt(dice: Dice, book: Book, kinds: readonly ReceiptKind[]): LedgerReceipt | null {
  for (let tried = 0; tried < KINDS_TRIED; tried += 1) {
    const kind = dice.pickWeighted(kinds);
    for (let attempt = 0; attempt < TRIES_OF_A_KIND; attempt += 1) {
      const draft = kind.make(dice, book);
      if (draft === null) continue;
      book.claim(draft.claims);
      return finish(dice, book, kind.name, draft);
    }
  }
  return null;
}

function finish(dice: Dice, { customer }: Book, kind: string, draft: Draft): LedgerReceipt {
  const receivedOn = receivedOnOf(dice, draft);
  const [reference, secondReference] = draft.references;
  return {
    kind,
    customer,
    receipt: {
      reference,
      secondReference,
      receivedOn,
      currency: customer.currency,
      leftMinor: draft.amountMinor,
      isWhole: !draft.isRest,
    },
    facts: {
      invoices: customer.invoices,
      elsewhere: customer.elsewhere,
      settled: customer.settled.map(({ number, how }) => ({ number, how })),
      refused: draft.refused?.(receivedOn) ?? [],
      doubles: draft.doubles?.(receivedOn) ?? [],
      paidBefore: dice.isChance(draft.truth.determinedBy === 'NONE' ? 0.3 : 0.6),
    },
    truth: draft.truth,
  };
}

/** Some time after the youngest invoice of it was issued, most often about when that falls due. */
function receivedOnOf(dice: Dice, { claims }: Draft): string {
  const youngest = claims.toSorted((one, other) => (one.issuedOn < other.issuedOn ? 1 : -1))[0];
  if (!youngest) return dayAfter(TODAY, -dice.between(0, 60));
  const received = dice.isChance(0.7)
    ? dayAfter(youngest.dueOn, dice.between(-3, 10))
    : dayAfter(youngest.issuedOn, dice.between(1, 120));
  if (received < youngest.issuedOn) return youngest.issuedOn;
  return received < TODAY ? received : TODAY;
}
