import { partsOf } from './invoice-numbers.js';

interface Numbered {
  layerId: string;
  number: string;
}

/** Which of a customer's invoices a text names. The judge's own reading: strict to give a receipt its truth, loose to see accidents. */
export class NamedInvoices<Invoice extends Numbered> {
  private readonly byDigits = new Map<string, Invoice[]>();

  constructor(invoices: readonly Invoice[]) {
    for (const invoice of invoices) {
      const { digits, suffix } = partsOf(invoice.number);
      for (const key of new Set([withoutZeros(digits), withoutZeros(digits + suffix)]))
        this.byDigits.set(key, [...(this.byDigits.get(key) ?? []), invoice]);
    }
  }

  /** Named by the full number in one of the usual spellings, or by its digits alone: always as a whole token. */
  strictly(...texts: readonly string[]): Invoice[] {
    return this.loosely(...texts).filter(({ number }) => texts.some((text) => tokenOf(number).test(text)));
  }

  /** Any run of digits that somebody could take for the number: with zeros dropped, without its year, glued to other letters. */
  loosely(...texts: readonly string[]): Invoice[] {
    const runs = texts.flatMap((text) => text.match(/\d+/g) ?? []).map(withoutZeros);
    return [...new Set(runs.flatMap((run) => this.byDigits.get(run) ?? []))];
  }
}

const withoutZeros = (digits: string) => digits.replace(/^0+/, '');

function tokenOf(number: string): RegExp {
  const { prefix, digits, suffix } = partsOf(number);
  const full = suffix === '' ? `${prefix}[-\\s]?${digits}` : `${digits}[-/]?${suffix}`;
  const alone = (digits + suffix).length >= 4 ? `|${digits}${suffix}` : '';
  return new RegExp(`(?<![A-Z0-9])(?:${full}${alone})(?![A-Z0-9])`, 'i');
}
