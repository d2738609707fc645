import { findCandidates } from './candidates.js';
import { judgeCandidate } from './judge-candidate.js';
import type { MatchingFacts, OpenInvoice, ReceiptToMatch, Suggestion, Suggestions } from './matching-facts.js';
import { OpenPool } from './open-pool.js';
import { readNames } from './read-names.js';

/** Nobody reads more. */
const MOST_SHOWN = 10;
/** What scores less is no suggestion. */
const LEAST = 0.15;
/** Of two suggestions whose scores are nearer than this, either may be right. */
const NEARLY_AS_GOOD = 0.05;

/**
 * Which invoices a receipt may pay, by the rules of reconciliation.md. Reads and changes nothing; bounded for any number of open
 * invoices.
 */
export function suggestMatches(receipt: ReceiptToMatch, facts: MatchingFacts): Suggestions {
  if (receipt.leftMinor <= 0n) return { suggestions: [], isSearchComplete: true };
  const names = readNames(receipt, facts);
  const suggest = (open: readonly OpenInvoice[], isElsewhere: boolean): Suggestions => {
    const pool = new OpenPool(open.toSorted(byAge));
    const { candidates, isSearchComplete } = findCandidates(receipt, pool.invoices, names);
    const about = { receipt, facts, names, pool, isElsewhere };
    return { suggestions: candidates.map((candidate) => judgeCandidate(candidate, about)), isSearchComplete };
  };
  const own = suggest(facts.invoices, false);
  const isExplained = own.suggestions.some(({ isExact, isTied }) => isExact || isTied);
  const other = isExplained || facts.elsewhere.length === 0 ? NONE : suggest(facts.elsewhere, true);
  const all = [...own.suggestions, ...other.suggestions]
    .filter(({ score }) => score >= LEAST)
    .toSorted((one, two) => two.score - one.score);
  return {
    suggestions: all
      .slice(0, MOST_SHOWN)
      .map((suggestion) => ({ ...suggestion, ambiguous: isAmbiguous(suggestion, all) })),
    isSearchComplete: own.isSearchComplete && other.isSearchComplete,
  };
}

const NONE: Suggestions = { suggestions: [], isSearchComplete: true };

const isAmbiguous = (suggestion: Suggestion, all: readonly Suggestion[]) =>
  all.some((other) => other !== suggestion && Math.abs(other.score - suggestion.score) < NEARLY_AS_GOOD);

function byAge(one: OpenInvoice, other: OpenInvoice): number {
  return compare(one.dueOn, other.dueOn) || compare(one.issuedOn, other.issuedOn) || compare(one.number, other.number);
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
