/** An invoice with something left to pay. */
export interface OpenInvoice {
  layerId: string;
  /** What the customer knows it by. */
  number: string;
  /** YYYY-MM-DD. */
  issuedOn: string;
  /** YYYY-MM-DD; the day of issue where The Layer names none. */
  dueOn: string;
  /** Positive, in minor units: what neither The Layer nor Sage has taken of it. */
  openMinor: bigint;
}

/** A receipt as it came from Sage. */
export interface ReceiptToMatch {
  reference: string;
  secondReference: string;
  /** YYYY-MM-DD. */
  receivedOn: string;
  currency: string;
  /** Positive, in minor units: what no match and no allocation has used. */
  leftMinor: bigint;
  /** Nothing of it has been used. */
  isWhole: boolean;
}

/** What is known of a customer when one of its receipts is to be matched; all in the receipt's currency, and nothing under query. */
export interface MatchingFacts {
  /** That Sage can allocate the receipt to. */
  invoices: readonly OpenInvoice[];
  /** Of the same customer in other Sage accounts: considered only when none of `invoices` fits. */
  elsewhere: readonly OpenInvoice[];
  /** Invoices that a reference may still name and that have nothing left; `how` in words, e.g. "is paid already". */
  settled: readonly { number: string; how: string }[];
  /** Matches of this very receipt that a person has undone. */
  refused: readonly { invoiceLayerId: string; on: string; reason: string }[];
  /** Payments entered in The Layer that look like the same money. */
  doubles: readonly { reference: string; paidOn: string; amountMinor: bigint; invoiceNumbers: readonly string[] }[];
  /** Words of the receipt's references stood in an earlier receipt that was matched for this customer. */
  paidBefore: boolean;
}

export type Confidence = 'HIGH' | 'MEDIUM' | 'LOW';

/** A set of invoices that would explain a receipt. */
export interface Suggestion {
  allocations: readonly { invoiceLayerId: string; amountMinor: bigint }[];
  /** In [0, 1]. */
  score: number;
  confidence: Confidence;
  /** In plain words, strongest first. */
  reasonsFor: readonly string[];
  reasonsAgainst: readonly string[];
  /** Another set fits nearly as well. */
  ambiguous: boolean;
  /** Each invoice of it, and no other, is named in the receipt's references. */
  isTied: boolean;
  /** The receipt pays each invoice of it whole, and nothing is left of the receipt. */
  isExact: boolean;
  /** Its invoices stand in other accounts: Sage cannot allocate it. */
  isElsewhere: boolean;
}

export interface Suggestions {
  /** Best first. */
  suggestions: readonly Suggestion[];
  /** False: the search for sets gave up at its bound, and there may be others. */
  isSearchComplete: boolean;
}
