import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/**
 * A number of 16 digits or more. A JSON number can only follow one of these signs, so digits inside a text
 * (a telephone, an IBAN) hardly ever match, and a false match costs only time.
 */
const LONG_NUMBER = /[:,[]\s*-?[0-9.]{16}/;
const BARE_NUMBER = /^\s*-?[0-9.]{16}/;

/**
 * Parses JSON without losing a digit: an IEEE double keeps 15 significant digits, so where no number is longer
 * JSON.parse is exact (String(n) gives the decimal back, less its trailing zeros). Otherwise numbers that a double
 * cannot keep become LosslessNumber. Throws SyntaxError.
 */
export function parseSageJson(text: string): unknown {
  if (!LONG_NUMBER.test(text) && !BARE_NUMBER.test(text)) return JSON.parse(text) as unknown;
  return parse(text, undefined, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** A decimal text as a JSON number of exactly these digits, e.g. 120.50: for the bodies that `sageJson` writes. */
export function sageNumber(decimalText: string): unknown {
  return new LosslessNumber(decimalText);
}

/** The body of a request, its exact numbers as they are. */
export function sageJson(body: unknown): string {
  return stringify(body) ?? 'null';
}
