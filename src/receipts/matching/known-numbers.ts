import { readParts, type ReferencePart } from './reference-parts.js';

/** Shorter digits are no evidence (reconciliation.md, rule 1). */
export const SHORTEST_DIGITS = 4;

/** The invoice numbers that a reference may name, to be found by how people write them. */
export class KnownNumbers<T> {
  /** By the parts of the number, in order. */
  private readonly whole = new Map<string, T[]>();
  /** By its digits alone, without the zeros in front. */
  private readonly digits = new Map<string, T[]>();
  /** What stands before the digits of these numbers, e.g. INV. */
  readonly prefixes = new Set<string>();
  /** Of the number with the most parts. */
  longest = 0;

  constructor(entries: Iterable<readonly [number: string, entry: T]>) {
    for (const [number, entry] of entries) this.add(number, entry);
  }

  private add(number: string, entry: T): void {
    const parts = readParts(number);
    const [first] = parts;
    if (first && !first.isDigits && parts.length > 1) this.prefixes.add(first.text);
    if (parts.reduce((sum, { text }) => sum + text.length, 0) >= SHORTEST_DIGITS) {
      put(this.whole, wholeKey(parts), entry);
      this.longest = Math.max(this.longest, parts.length);
    }
    for (const digits of digitsOf(parts)) put(this.digits, digits, entry);
  }

  ofParts(parts: readonly ReferencePart[]): readonly T[] {
    return this.whole.get(wholeKey(parts)) ?? [];
  }

  ofDigits(digits: string): readonly T[] {
    return this.digits.get(withoutZeros(digits)) ?? [];
  }

  /** Of the digits that differ from these by one digit, or by two next to each other that changed places. */
  nearDigits(digits: string): readonly T[] {
    const wanted = withoutZeros(digits);
    if (wanted.length <= SHORTEST_DIGITS) return [];
    return [...this.digits].flatMap(([known, entries]) => (isNear(wanted, known) ? entries : []));
  }
}

const wholeKey = (parts: readonly ReferencePart[]) => parts.map(({ text }) => text).join(' ');
const withoutZeros = (digits: string) => digits.replace(/^0+/, '');

/** All digits of a number, and its longest run of them. */
function digitsOf(parts: readonly ReferencePart[]): Set<string> {
  const runs = parts.filter(({ isDigits }) => isDigits).map(({ text }) => text);
  const longest = runs.toSorted((one, other) => other.length - one.length)[0] ?? '';
  return new Set([runs.join(''), longest].map(withoutZeros).filter(({ length }) => length >= SHORTEST_DIGITS));
}

function put<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const there = map.get(key);
  if (there) there.push(entry);
  else map.set(key, [entry]);
}

function isNear(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  const rest = one.slice(from);
  const otherRest = other.slice(from);
  if (rest.slice(1) === otherRest.slice(1)) return true;
  if (rest.slice(1) === otherRest || rest === otherRest.slice(1)) return true;
  return rest[0] === otherRest[1] && rest[1] === otherRest[0] && rest.slice(2) === otherRest.slice(2);
}
