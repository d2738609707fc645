import { Buffer } from 'node:buffer';
import { isCalendarDate } from './calendar.js';
import { badUserInput } from './errors.js';

export const MAX_PAGE_SIZE = 500;

export interface PageArguments {
  first: number;
  after?: string | null;
}

/** One page of a list in a fixed order, asked for by the sort key of the row before it. */
export interface Keyset {
  first: number;
  /** The sort key of the row before the page, as many parts as the order has; null for the first page. */
  after: (string | number)[] | null;
}

/** What a part of a list's sort key is. */
export type KeyPart = 'string' | 'number' | 'date';

/** Throws BAD_USER_INPUT for `first` outside 1 to 500 and for a cursor that this order did not make. */
export function keysetOf(page: PageArguments, shape: readonly KeyPart[]): Keyset {
  const first = pageSizeOf(page.first);
  if (page.after === undefined || page.after === null) return { first, after: null };
  return { first, after: decodeCursor(page.after, shape) };
}

/** Throws BAD_USER_INPUT for `first` outside 1 to 500. */
export function pageSizeOf(first: number): number {
  if (Number.isInteger(first) && first >= 1 && first <= MAX_PAGE_SIZE) return first;
  throw badUserInput(`"first" must be from 1 to ${MAX_PAGE_SIZE}; it was ${first}.`);
}

export function encodeCursor(key: (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key inside a cursor; null for what this order did not make. */
export function cursorKey(cursor: string, shape: readonly KeyPart[]): (string | number)[] | null {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  const fits =
    Array.isArray(key) && key.length === shape.length && key.every((part, index) => isPart(part, shape[index]));
  return fits && encodeCursor(key as (string | number)[]) === cursor ? (key as (string | number)[]) : null;
}

function decodeCursor(cursor: string, shape: readonly KeyPart[]): (string | number)[] {
  const key = cursorKey(cursor, shape);
  if (key === null) {
    throw badUserInput('"after" is no cursor of this list. Pass the endCursor of the page before, or leave it out.');
  }
  return key;
}

function isPart(value: unknown, part: KeyPart | undefined): boolean {
  if (part === 'date') return typeof value === 'string' && isCalendarDate(value);
  return part === 'number' ? Number.isSafeInteger(value) : typeof value === 'string';
}
