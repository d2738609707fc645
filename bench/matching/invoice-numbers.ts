import type { Dice } from './dice.js';

/** How a reseller numbers its invoices. */
export interface NumberStyle {
  name: string;
  /** Where the numbers begin. */
  firstFrom: number;
  firstTo: number;
  /** The most that two numbers of one customer in a row are apart, where it is not chance. */
  apart?: number;
  format: (sequence: number, issuedOn: string) => string;
}

const padded = (sequence: number, length: number) => String(sequence).padStart(length, '0');

export const NUMBER_STYLES: readonly NumberStyle[] = [
  { name: 'INV-1042', firstFrom: 1_000, firstTo: 6_000, format: (sequence) => `INV-${sequence}` },
  { name: 'INV-2026', firstFrom: 1_990, firstTo: 2_022, apart: 2, format: (sequence) => `INV-${sequence}` },
  { name: 'INV-10423', firstFrom: 8_000, firstTo: 60_000, format: (sequence) => `INV-${sequence}` },
  { name: 'SI001042', firstFrom: 800, firstTo: 90_000, format: (sequence) => `SI${padded(sequence, 6)}` },
  { name: 'INV0001234', firstFrom: 1_000, firstTo: 90_000, format: (sequence) => `INV${padded(sequence, 7)}` },
  {
    name: '1042-24',
    firstFrom: 1_000,
    firstTo: 20_000,
    format: (sequence, issuedOn) => `${sequence}-${issuedOn.slice(2, 4)}`,
  },
  { name: '104233', firstFrom: 90_000, firstTo: 600_000, format: (sequence) => String(sequence) },
];

export interface NumberParts {
  prefix: string;
  digits: string;
  /** The year after the number, or ''. */
  suffix: string;
}

export function partsOf(number: string): NumberParts {
  const [, prefix = '', digits = '', suffix = ''] = /^([A-Z]*)-?(\d+)(?:-(\d\d))?$/.exec(number) ?? [];
  return { prefix, digits, suffix };
}

/** Four digits that a reader takes for a year. */
const isYear = (digits: string) => /^20[0-4]\d$/.test(digits);

/** Its digits, where they say which invoice it is without a word before them; null where they do not. */
export function digitsAlone(number: string): string | null {
  const { prefix, digits, suffix } = partsOf(number);
  const all = digits + suffix;
  return all.length < 4 || (prefix !== '' && isYear(all)) ? null : all;
}

/** The number as customers write it. */
export function spell(dice: Dice, number: string): string {
  const { prefix, digits, suffix } = partsOf(number);
  if (suffix !== '') return dice.pick([number, number, number, `${digits}/${suffix}`, digits + suffix]);
  if (prefix === '') return dice.pick([number, number, `#${number}`, `INV ${number}`, `INVOICE ${number}`]);
  const alone = digitsAlone(number);
  const lower = prefix.toLowerCase();
  const word = lower[0]?.toUpperCase() + lower.slice(1);
  return dice.pick([
    number,
    number,
    `${prefix}-${digits}`,
    `${prefix} ${digits}`,
    `${prefix}${digits}`,
    `${lower}${digits}`,
    `${lower}-${digits}`,
    `${word} ${digits}`,
    ...(alone === null ? [] : [alone, alone, `#${alone}`, `INVOICE ${alone}`, `Inv No ${alone}`]),
  ]);
}
