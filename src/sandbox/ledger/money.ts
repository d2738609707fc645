// Money in the sandbox is a whole number of minor units, always; text is made from the digits, never from a float.

export function minorToText(minor: number | bigint): string {
  const value = BigInt(minor);
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A decimal as a scaled whole number, or null where it has more places than `places` or is no decimal. */
export function scaledFromText(text: string, places: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (!match) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return null;
  const magnitude = BigInt((match[2] ?? '0') + fraction.padEnd(places, '0'));
  return match[1] ? -magnitude : magnitude;
}

/** A JSON number as a scaled whole number; a double prints its shortest decimal, so what was sent is what is read. */
export function scaledFromNumber(value: number, places: number): number | null {
  if (!Number.isFinite(value)) return null;
  const scaled = scaledFromText(decimalText(value), places);
  return scaled === null || scaled > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(scaled);
}

function decimalText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '') : text;
}

const RATE_SCALE = 1_000_000n;

/** Document value to base value. Sage's `exchange_rate` is document units per base unit. Halves go away from zero. */
export function toBase(documentMinor: number, rateMicro: number): number {
  return Number(divideRounded(BigInt(documentMinor) * RATE_SCALE, BigInt(rateMicro)));
}

export function share(totalMinor: number, partMinor: number, wholeMinor: number): number {
  return wholeMinor === 0 ? 0 : Number(divideRounded(BigInt(totalMinor) * BigInt(partMinor), BigInt(wholeMinor)));
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const top = dividend < 0n ? -dividend : dividend;
  const bottom = divisor < 0n ? -divisor : divisor;
  const quotient = (top * 2n + bottom) / (bottom * 2n);
  return isNegative ? -quotient : quotient;
}
