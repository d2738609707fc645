import { Money } from '../../common/money.js';
import { type Candidate, isExact } from './candidates.js';
import type { MatchingFacts, OpenInvoice, ReceiptToMatch } from './matching-facts.js';
import type { OpenPool } from './open-pool.js';
import type { NameStrength, Names } from './read-names.js';

/** What a candidate is judged by. */
export interface MatchCase {
  receipt: ReceiptToMatch;
  facts: MatchingFacts;
  names: Names;
  /** What it was chosen from. */
  pool: OpenPool;
  isElsewhere: boolean;
}

/** Something for or against a candidate, and what it adds to the score. */
export interface Evidence {
  score: number;
  for?: string;
  against?: string;
}

/** A candidate as the judge sees it. */
export class CandidateView {
  readonly invoices: readonly OpenInvoice[];
  readonly isExact: boolean;
  readonly named: readonly OpenInvoice[];
  readonly unnamed: readonly OpenInvoice[];
  /** Named in the references, and not among these. */
  readonly passedOver: readonly string[];

  constructor(
    readonly candidate: Candidate,
    readonly about: MatchCase,
  ) {
    this.invoices = candidate.map(({ invoice }) => invoice);
    this.isExact = isExact(candidate, about.receipt.leftMinor);
    this.named = this.invoices.filter((invoice) => this.isNamed(invoice));
    this.unnamed = this.invoices.filter((invoice) => !this.isNamed(invoice));
    const own = new Set(this.invoices.map(({ layerId }) => layerId));
    this.passedOver = [...about.names.invoices].flatMap(([layerId, { strength, text }]) =>
      strength === 'NEAR' || own.has(layerId) ? [] : [text],
    );
  }

  /** Each is named, and nothing else is. */
  get isTied(): boolean {
    return this.unnamed.length === 0 && this.passedOver.length === 0 && this.about.names.strays.length === 0;
  }

  strengthOf({ layerId }: OpenInvoice): NameStrength | null {
    return this.about.names.invoices.get(layerId)?.strength ?? null;
  }

  inWords(minor: bigint): string {
    return Money.ofMinor(minor, this.about.receipt.currency).inWords;
  }

  private isNamed(invoice: OpenInvoice): boolean {
    const strength = this.strengthOf(invoice);
    return strength === 'WHOLE' || strength === 'DIGITS';
  }
}

/** The numbers of some invoices, as they stand in a sentence. */
export function listOf(invoices: readonly OpenInvoice[]): string {
  const numbers = invoices.slice(0, 3).map(({ number }) => number);
  return invoices.length > 3 ? `${numbers.join(', ')} and ${invoices.length - 3} more` : numbers.join(' and ');
}
