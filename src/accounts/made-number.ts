import { foldText } from '../common/search-words.js';

/** Sage's own width of an account reference (sage200.md §3.1). */
export const MAX_ACCOUNT_NUMBER_LENGTH = 8;
const COUNTERS = 999;

/**
 * The account numbers that a name may be given, the best first: letters and digits of the name with a counter, as bookkeepers number by
 * hand ("Abbey Ltd": ABB001, ABB002 …); once those are used up, four letters, then five.
 */
export function* numbersFor(name: string): Generator<string> {
  const letters = foldText(name)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  // a name of one or two letters is filled up; one in another script has none at all
  const stem = letters === '' ? 'CUS' : letters.padEnd(3, 'X');
  for (const length of new Set([3, 4, 5].map((wanted) => Math.min(wanted, stem.length)))) {
    for (let counter = 1; counter <= COUNTERS; counter += 1) {
      yield stem.slice(0, length) + String(counter).padStart(3, '0');
    }
  }
}

/** What all numbers of a name begin with. */
export function stemOf(name: string): string {
  const [first = ''] = numbersFor(name);
  return first.slice(0, 3);
}
