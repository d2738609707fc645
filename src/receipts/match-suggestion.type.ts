import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType } from '../common/money.type.js';

export const MatchConfidenceEnum = { HIGH: 'HIGH', MEDIUM: 'MEDIUM', LOW: 'LOW' } as const;
export type MatchConfidence = keyof typeof MatchConfidenceEnum;
registerEnumType(MatchConfidenceEnum, { name: 'MatchConfidence' });

/** A part of an invoice that a suggestion would pay. Positive, in minor units. */
export interface SuggestedShare {
  invoiceLayerId: string;
  amountMinor: bigint;
}

/** A suggestion as matching makes it, with its token. */
export interface SuggestionToShow {
  token: string;
  confidence: MatchConfidence;
  /** In [0, 1]. */
  score: number;
  allocations: readonly SuggestedShare[];
  reasonsFor: readonly string[];
  reasonsAgainst: readonly string[];
  ambiguous: boolean;
}

@ObjectType('SuggestedAllocation')
export class SuggestedAllocationType {
  constructor(
    readonly share: SuggestedShare,
    readonly currency: string,
  ) {}

  @Field(() => MoneyType, { simple: true })
  get amount(): MoneyType {
    return MoneyType.ofMinor(this.share.amountMinor, this.currency);
  }
}

@ObjectType('MatchSuggestion', {
  description: 'A set of invoices that would explain a receipt, with the reasons in plain words.',
})
export class MatchSuggestionType {
  constructor(
    private readonly suggestion: SuggestionToShow,
    /** The receipt's. */
    private readonly currency: string,
  ) {}

  @Field(() => String, {
    simple: true,
    description: 'Pass it to acceptSuggestion. It expires when the receipt or one of the invoices changes.',
  })
  get token(): string {
    return this.suggestion.token;
  }

  @Field(() => MatchConfidenceEnum, { simple: true })
  get confidence(): MatchConfidence {
    return this.suggestion.confidence;
  }

  @Field(() => Float, { simple: true, description: '0 to 1.' })
  get score(): number {
    return this.suggestion.score;
  }

  @Field(() => [SuggestedAllocationType], { simple: true })
  get allocations(): SuggestedAllocationType[] {
    return this.suggestion.allocations.map((share) => new SuggestedAllocationType(share, this.currency));
  }

  @Field(() => [String], {
    simple: true,
    description: 'What speaks for it, e.g. "INV-1042 stands in the receipt\'s reference".',
  })
  get reasonsFor(): readonly string[] {
    return this.suggestion.reasonsFor;
  }

  @Field(() => [String], {
    simple: true,
    description: 'What speaks against it, e.g. "INV-1043 is for the same amount".',
  })
  get reasonsAgainst(): readonly string[] {
    return this.suggestion.reasonsAgainst;
  }

  @Field(() => Boolean, {
    simple: true,
    description: 'True when another set fits as well. Such a suggestion is never applied automatically.',
  })
  get ambiguous(): boolean {
    return this.suggestion.ambiguous;
  }
}
