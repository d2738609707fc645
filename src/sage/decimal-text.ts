import { LosslessNumber } from 'lossless-json';

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const SCIENTIFIC = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/;
/** Money and rates have far smaller exponents; what is beyond is no figure of a ledger. */
const MAX_EXPONENT = 60;

/** The plain decimal text ("-303.6") of a JSON number as parseSageJson gives it, or of a numeric string; null for anything else. */
export function decimalText(value: unknown): string | null {
  if (typeof value === 'number') {
    const size = Math.abs(value);
    // Between these String writes no exponent; and -0 as "0"
    if (size === 0 || (size >= 1e-6 && size < 1e21)) return String(value);
    return withoutExponent(String(value));
  }
  const text = value instanceof LosslessNumber ? value.value : typeof value === 'string' ? value.trim() : null;
  if (text === null) return null;
  return PLAIN.test(text) ? text : withoutExponent(text);
}

function withoutExponent(text: string): string | null {
  const match = SCIENTIFIC.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded =
    point > digits.length ? digits.padEnd(point, '0') : digits.padStart(digits.length + Math.max(0, 1 - point), '0');
  const at = Math.max(point, 1);
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(at);
  return rest === '' ? sign + integer : `${sign}${integer}.${rest}`;
}

/** a − b, exactly, of two plain decimal texts; with as many digits as the longer fraction has. */
export function subtractDecimals(a: string, b: string): string {
  const digits = Math.max(fractionLength(a), fractionLength(b));
  const minor = scaled(a, digits) - scaled(b, digits);
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function fractionLength(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

function scaled(text: string, digits: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(digits - fractionLength(text)));
}
