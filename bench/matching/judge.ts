import type {
  MatchingFacts,
  ReceiptToMatch,
  Suggestion,
  Suggestions,
} from '../../src/receipts/matching/matching-facts.js';
import type { LedgerReceipt, TrueAllocation } from './generated-ledger.js';

/** What is judged. */
export interface Matcher {
  suggestMatches: (receipt: ReceiptToMatch, facts: MatchingFacts) => Suggestions;
  isAutomatic: (suggestion: Suggestion, receipt: ReceiptToMatch) => boolean;
}

export interface Verdict {
  /** Null: nothing is applied by itself. */
  isAutomaticRight: boolean | null;
  /** Null where nobody can know what is right. */
  isFirstRight: boolean | null;
  answer: Suggestions;
}

export function judge({ suggestMatches, isAutomatic }: Matcher, { receipt, facts, truth }: LedgerReceipt): Verdict {
  const answer = suggestMatches(receipt, facts);
  const applied = answer.suggestions.filter((suggestion) => isAutomatic(suggestion, receipt));
  const isApplicable = truth.determinedBy !== 'NONE' && truth.determinedBy !== 'ELSEWHERE';
  return {
    isAutomaticRight: applied.length === 0 ? null : isApplicable && applied.every((suggestion) => isTrue(suggestion)),
    isFirstRight: truth.determinedBy === 'NONE' ? null : isTrue(answer.suggestions[0]),
    answer,
  };

  function isTrue(suggestion: Suggestion | undefined): boolean {
    return suggestion !== undefined && isSameAllocation(suggestion.allocations, truth.allocations);
  }
}

export function isSameAllocation(one: readonly TrueAllocation[], other: readonly TrueAllocation[]): boolean {
  const amounts = new Map(one.map(({ invoiceLayerId, amountMinor }) => [invoiceLayerId, amountMinor]));
  return (
    amounts.size === other.length &&
    one.length === other.length &&
    other.every(({ invoiceLayerId, amountMinor }) => amounts.get(invoiceLayerId) === amountMinor)
  );
}
