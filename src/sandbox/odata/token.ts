// $filter as a list of tokens.
import { Refusal } from '../ledger/refusal.js';
import { isDay } from '../ledger/time.js';

export type Token =
  | { readonly kind: 'open' | 'close' | 'comma' | 'end'; readonly at: number }
  | { readonly kind: 'name'; readonly at: number; readonly value: string }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'number'; readonly at: number; readonly value: string }
  | { readonly kind: 'date'; readonly at: number; readonly value: string }
  | { readonly kind: 'instant'; readonly at: number; readonly value: string };

const SKIPPED = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:[./][A-Za-z_][A-Za-z0-9_]*)*/y;
const STRING = /'((?:[^']|'')*)'/y;
// A time of day without Z is no instant: Sage wants UTC, and says so (sage200.md §2.1).
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(Z?)/y;
const DATE = /\d{4}-\d{2}-\d{2}/y;
const NUMBER = /-?\d+(?:\.\d+)?/y;
const SIGNS: Readonly<Record<string, 'open' | 'close' | 'comma'>> = { '(': 'open', ')': 'close', ',': 'comma' };

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const space = take(SKIPPED);
    if (space) {
      at += space[0].length;
      continue;
    }
    const sign = SIGNS[source.charAt(at)];
    if (sign) {
      tokens.push({ kind: sign, at });
      at += 1;
      continue;
    }
    let match: RegExpExecArray | null;
    if ((match = take(STRING))) {
      tokens.push({ kind: 'string', at, value: (match[1] ?? '').replaceAll("''", "'") });
    } else if ((match = take(INSTANT))) {
      if (!match[1]) throw new Refusal(`The date and time '${match[0]}' must be in UTC and end with Z.`);
      tokens.push({ kind: 'instant', at, value: validInstant(match[0]) });
    } else if ((match = take(DATE))) {
      validInstant(`${match[0]}T00:00:00Z`);
      tokens.push({ kind: 'date', at, value: match[0] });
    } else if ((match = take(NUMBER))) {
      tokens.push({ kind: 'number', at, value: match[0] });
    } else if ((match = take(NAME))) {
      tokens.push({ kind: 'name', at, value: match[0] });
    } else {
      throw new Refusal(`Syntax error at position ${at} in '${source.slice(0, 200)}'.`);
    }
    at += match[0].length;
  }
  tokens.push({ kind: 'end', at });
  return tokens;
}

/** The instant in the ledger's own text form, to the thousandth. */
function validInstant(source: string): string {
  if (!isDay(source.slice(0, 10))) throw new Refusal(`'${source}' is not a valid date.`);
  const epochMs = Date.parse(source.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  if (Number.isNaN(epochMs)) throw new Refusal(`'${source}' is not a valid date.`);
  return new Date(epochMs).toISOString();
}
