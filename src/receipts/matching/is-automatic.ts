import type { ReceiptToMatch, Suggestion } from './matching-facts.js';

/**
 * Whether a rule may apply a suggestion with nobody looking (reconciliation.md, rule 6): sure, unambiguous, named in the reference, exact
 * in amount. A receipt of which something was used already is a person's.
 */
export const isAutomatic = (suggestion: Suggestion, { isWhole }: ReceiptToMatch): boolean =>
  suggestion.confidence === 'HIGH' &&
  !suggestion.ambiguous &&
  suggestion.isTied &&
  suggestion.isExact &&
  !suggestion.isElsewhere &&
  isWhole;
