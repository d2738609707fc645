import { isLosslessNumber, parse } from 'lossless-json';

/** A number that a double may not hold: more digits in a row than the 15 that survive the way there and back. */
const LONG_NUMBER = /[0-9.]{16}/;

/**
 * Parses JSON without losing a digit. A double keeps 15 significant digits, so where no run of digits is longer the native
 * parser is exact (`String(n)` gives back what was sent); otherwise lossless-json keeps numbers as text.
 */
export function parseSageJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? parse(text) : JSON.parse(text);
}

const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;

/** The plain decimal text of a number of Sage's JSON, or of a string that is one; null for anything else. */
export function decimalText(value: unknown): string | null {
  const text =
    typeof value === 'string' ? value : typeof value === 'number' || isLosslessNumber(value) ? String(value) : null;
  if (text === null) return null;
  if (PLAIN_DECIMAL.test(text)) return text;
  return expandExponent(text);
}

/** "1.5e-7" as "0.00000015": JSON may write any number so. */
function expandExponent(text: string): string | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
