import { currencyDigits } from './currency.js';

/**
 * The largest amount kept, in minor units: SQLite's driver hands integers above 2^53 back rounded.
 * In pounds it is ninety trillion, so what is above is an error of the source, not money.
 */
export const MAX_MINOR = BigInt(Number.MAX_SAFE_INTEGER);

const DECIMAL = /^(-)?(\d+)(?:\.(\d+))?$/;

/**
 * Minor units of a decimal text: ("12.5", 2) is 1250n. Trailing zeros may go beyond the digits ("12.500");
 * anything else that would have to be rounded, or is no decimal, is null.
 */
export function minorFromDecimal(text: string, digits: number): bigint | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign, whole, fraction = ''] = match as unknown as [string, string | undefined, string, string?];
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits))) return null;
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  if (minor > MAX_MINOR) return null;
  return sign ? -minor : minor;
}

/** The decimal text of minor units, always with the currency's digits: (-5n, 2) is "-0.05". */
export function decimalFromMinor(minor: bigint, digits: number): string {
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** An exact amount of one currency. Adding or comparing across currencies is a mistake of the program and throws. */
export class Money {
  private constructor(
    readonly minor: bigint,
    readonly currency: string,
  ) {}

  /** Throws on a currency that is no ISO 4217 code. */
  static ofMinor(minor: bigint | number | string, currency: string): Money {
    if (currencyDigits(currency) === null) throw new Error(`"${currency}" is no ISO 4217 currency.`);
    return new Money(BigInt(minor), currency);
  }

  static zero(currency: string): Money {
    return Money.ofMinor(0n, currency);
  }

  plus(other: Money): Money {
    this.assertSameCurrency(other);
    return new Money(this.minor + other.minor, this.currency);
  }

  minus(other: Money): Money {
    return this.plus(other.negated());
  }

  negated(): Money {
    return new Money(-this.minor, this.currency);
  }

  isGreaterThan(other: Money): boolean {
    this.assertSameCurrency(other);
    return this.minor > other.minor;
  }

  /** The decimal text with the currency's digits; also what GraphQL's Money.amount answers. */
  get amount(): string {
    return decimalFromMinor(this.minor, currencyDigits(this.currency) ?? 2);
  }

  /** "12.50 GBP". */
  get inWords(): string {
    return `${this.amount} ${this.currency}`;
  }

  private assertSameCurrency(other: Money): void {
    if (this.currency !== other.currency) throw new Error(`${this.currency} and ${other.currency} do not add up.`);
  }
}
