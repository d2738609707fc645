import type { MatchingFacts, OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import type { Dice } from './dice.js';
import type { LedgerCustomer, SettledInvoice, Truth } from './generated-ledger.js';
import type { References } from './compose-reference.js';
import { NamedInvoices } from './named-invoices.js';

/** A customer while its receipts are made: an invoice is paid by one receipt only. */
export class Book {
  readonly amounts: readonly number[];
  readonly named: NamedInvoices<OpenInvoice>;
  readonly namedElsewhere: NamedInvoices<OpenInvoice>;
  readonly namedOthers: NamedInvoices<OpenInvoice | SettledInvoice>;
  private readonly free: Set<OpenInvoice>;

  /** `siblings`: the same customer in other currencies. */
  constructor(
    readonly customer: LedgerCustomer,
    readonly siblings: readonly LedgerCustomer[],
  ) {
    this.amounts = customer.invoices.map(({ openMinor }) => Number(openMinor));
    this.named = new NamedInvoices(customer.invoices);
    this.namedElsewhere = new NamedInvoices(customer.elsewhere);
    this.namedOthers = new NamedInvoices([
      ...customer.settled,
      ...customer.queried,
      ...customer.elsewhere,
      ...siblings.flatMap(({ invoices }) => invoices),
    ]);
    this.free = new Set(customer.invoices);
  }

  /** Open invoices that no receipt pays yet, oldest first. */
  freeInvoices(): OpenInvoice[] {
    return [...this.free];
  }

  drawFree(dice: Dice, count: number): OpenInvoice[] | null {
    const drawn = dice.draw(this.freeInvoices(), count);
    return drawn.length === count ? drawn.toSorted((one, other) => compare(one.issuedOn, other.issuedOn)) : null;
  }

  isFree(invoices: readonly OpenInvoice[]): boolean {
    return invoices.every((invoice) => this.free.has(invoice));
  }

  claim(invoices: readonly OpenInvoice[]): void {
    for (const invoice of invoices) this.free.delete(invoice);
  }
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** A receipt before it gets its dates and the rest of its facts. */
export interface Draft {
  references: References;
  amountMinor: bigint;
  truth: Truth;
  /** Open invoices that no other receipt may pay. */
  claims: readonly OpenInvoice[];
  isRest?: boolean;
  doubles?: (receivedOn: string) => MatchingFacts['doubles'];
  refused?: (receivedOn: string) => MatchingFacts['refused'];
}

export interface ReceiptKind {
  name: string;
  weight: number;
  /** Null: this customer has nothing for it, or the receipt would be one of which nobody could tell whether it is right. */
  make: (dice: Dice, book: Book) => Draft | null;
}

export const totalOf = (invoices: readonly OpenInvoice[]) =>
  invoices.reduce((total, { openMinor }) => total + openMinor, 0n);
