import type { MatchingFacts, OpenInvoice, ReceiptToMatch } from '../../src/receipts/matching/matching-facts.js';

/**
 * How the truth of a receipt can be known.
 * REFERENCE: its references name exactly the true invoices, and it pays exactly what they have open.
 * REFERENCE_PART: they name them, and it pays less or more.
 * AMOUNT: they do not, but no other set of at most as many open invoices adds up to its amount.
 * ELSEWHERE: as REFERENCE, of invoices in another account: right to suggest, wrong to apply, for Sage cannot allocate it.
 * NONE: a person cannot know, so whatever is applied by itself is wrong.
 */
export const DETERMINED_BY = ['REFERENCE', 'REFERENCE_PART', 'AMOUNT', 'ELSEWHERE', 'NONE'] as const;
export type DeterminedBy = (typeof DETERMINED_BY)[number];

export interface TrueAllocation {
  invoiceLayerId: string;
  amountMinor: bigint;
}

export interface Truth {
  determinedBy: DeterminedBy;
  /** Empty where it is NONE. */
  allocations: readonly TrueAllocation[];
}

export interface SettledInvoice extends Omit<OpenInvoice, 'openMinor'> {
  grossMinor: bigint;
  how: string;
}

/** A customer of the reseller in one currency. */
export interface LedgerCustomer {
  layerId: string;
  name: string;
  currency: string;
  /** How many characters of a reference are kept. */
  referenceLength: number;
  /** Oldest first. */
  invoices: readonly OpenInvoice[];
  settled: readonly SettledInvoice[];
  /** Under query in Sage: in no facts. */
  queried: readonly OpenInvoice[];
  /** In another account of the same customer. */
  elsewhere: readonly OpenInvoice[];
}

export interface LedgerReceipt {
  kind: string;
  customer: LedgerCustomer;
  receipt: ReceiptToMatch;
  facts: MatchingFacts;
  truth: Truth;
}
