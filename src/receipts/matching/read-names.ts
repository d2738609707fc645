import { KnownNumbers, SHORTEST_DIGITS } from './known-numbers.js';
import type { MatchingFacts, OpenInvoice, ReceiptToMatch } from './matching-facts.js';
import { readParts, type ReferencePart } from './reference-parts.js';

/** WHOLE: the number as it stands. DIGITS: its digits alone. NEAR: digits that differ by one slip of the finger. */
export type NameStrength = 'WHOLE' | 'DIGITS' | 'NEAR';

/** What the references of a receipt name. */
export interface Names {
  /** By the invoice's Layer id. */
  invoices: ReadonlyMap<string, { strength: NameStrength; text: string }>;
  /** Names of what is not open, or not known: in words. */
  strays: readonly string[];
}

type Known = { invoice: OpenInvoice } | { number: string; how: string };

/** Words in front of digits that are an invoice's. */
const INVOICE_WORDS = new Set([
  'INV',
  'INVOICE',
  'INVOICES',
  'INVS',
  'IN',
  'NO',
  'NOS',
  'NR',
  'NUM',
  'NUMBER',
  'REF',
  'BILL',
]);
/** After these even a year is a number. */
const SURE_WORDS = new Set(['INV', 'INVOICE', 'INVOICES', 'INVS', 'BILL']);
/** Words in front of digits that are something else. */
const OTHER_WORDS = new Set([
  ...[
    'CN',
    'CREDIT',
    'PO',
    'SO',
    'ORDER',
    'QUOTE',
    'TEL',
    'PHONE',
    'ACC',
    'ACCT',
    'ACCOUNT',
    'SORT',
    'CODE',
    'CUST',
    'CUSTOMER',
  ],
  ...['CHQ', 'CHEQUE', 'DATED', 'DATE', 'YEAR'],
]);

/** Finds the invoices that either reference of a receipt names. */
export function readNames(receipt: ReceiptToMatch, facts: MatchingFacts): Names {
  const known = new KnownNumbers<Known>([
    ...[...facts.invoices, ...facts.elsewhere].map((invoice) => [invoice.number, { invoice }] as const),
    ...facts.settled.map((settled) => [settled.number, settled] as const),
  ]);
  const names = new NameReader(known, receipt.receivedOn);
  for (const text of new Set([receipt.reference, receipt.secondReference])) names.read(readParts(text));
  return names;
}

class NameReader implements Names {
  readonly invoices = new Map<string, { strength: NameStrength; text: string }>();
  readonly strays: string[] = [];

  constructor(
    private readonly known: KnownNumbers<Known>,
    private readonly receivedOn: string,
  ) {}

  read(parts: readonly ReferencePart[]): void {
    let at = 0;
    while (at < parts.length) {
      const length = this.readWhole(parts, at);
      if (length === 0) this.readDigits(parts, at);
      at += Math.max(1, length);
    }
  }

  /** The longest number that begins here; answers of how many parts it is. */
  private readWhole(parts: readonly ReferencePart[], at: number): number {
    const isStart = !parts[at]?.isGlued || INVOICE_WORDS.has(parts[at - 1]?.text ?? '');
    if (!isStart) return 0;
    for (let length = Math.min(this.known.longest, parts.length - at); length > 0; length -= 1) {
      if (parts[at + length]?.isGlued) continue;
      const run = parts.slice(at, at + length);
      const found = this.known.ofParts(run);
      if (found.length === 0) continue;
      const text = run.map((part) => part.text).join('-');
      if (length === 1 && run[0]?.isDigits) {
        if (!this.isEvidence(parts, at)) return length;
        this.name(found, text.length > SHORTEST_DIGITS ? 'WHOLE' : 'DIGITS', text);
      } else this.name(found, 'WHOLE', text);
      return length;
    }
    return 0;
  }

  private readDigits(parts: readonly ReferencePart[], at: number): void {
    const part = parts[at];
    if (!part?.isDigits || part.text.length < SHORTEST_DIGITS || parts[at + 1]?.isGlued) return;
    const before = parts[at - 1]?.text ?? '';
    if (part.isGlued && !INVOICE_WORDS.has(before) && !this.known.prefixes.has(before)) return;
    if (!this.isEvidence(parts, at)) return;
    const hasPrefix = this.known.prefixes.has(before);
    const text = hasPrefix ? `${before}-${part.text}` : part.text;
    const found = this.known.ofDigits(part.text).filter((entry) => !hasPrefix || startsWith(entry, before));
    if (found.length > 0) return this.name(found, 'DIGITS', text);
    if (hasPrefix) this.strays.push(`${text} stands in the reference, and there is no such open invoice.`);
    this.name(
      this.known.nearDigits(part.text).filter((entry) => 'invoice' in entry),
      'NEAR',
      text,
    );
  }

  /** Digits that are a date, a year or said to be something else name nothing. */
  private isEvidence(parts: readonly ReferencePart[], at: number): boolean {
    const digits = parts[at]?.text ?? '';
    const before = parts[at - 1]?.text ?? '';
    if (SURE_WORDS.has(before) || this.known.prefixes.has(before)) return true;
    return !OTHER_WORDS.has(before) && !isYear(parts, at, this.receivedOn) && !isDateNear(digits, this.receivedOn);
  }

  private name(found: readonly Known[], strength: NameStrength, text: string): void {
    // an invoice that is open is meant before one of the same digits that is settled
    const open = found.filter((entry) => 'invoice' in entry);
    for (const { invoice } of open) {
      const there = this.invoices.get(invoice.layerId);
      if (!there || RANK[strength] > RANK[there.strength]) this.invoices.set(invoice.layerId, { strength, text });
    }
    if (open.length > 0) return;
    for (const entry of found)
      if ('how' in entry) this.strays.push(`${entry.number} stands in the reference, and ${entry.how}.`);
  }
}

const RANK: Record<NameStrength, number> = { NEAR: 0, DIGITS: 1, WHOLE: 2 };

const startsWith = (entry: Known, prefix: string) =>
  ('invoice' in entry ? entry.invoice.number : entry.number).toUpperCase().startsWith(prefix);

/** Four digits that are a year near the receipt's, or stand beside a month or the other parts of a date. */
function isYear(parts: readonly ReferencePart[], at: number, receivedOn: string): boolean {
  const digits = parts[at]?.text ?? '';
  if (digits.length !== 4) return false;
  const year = Number(receivedOn.slice(0, 4));
  if (Number(digits) >= year - 2 && Number(digits) <= year + 1) return true;
  const isPartOfDate = (part: ReferencePart | undefined) =>
    part !== undefined && (part.isDigits ? part.text.length <= 2 : MONTH.test(part.text));
  const isBeside = isPartOfDate(parts[at - 1]) || isPartOfDate(parts[at + 1]);
  return isBeside && Number(digits) >= 1990 && Number(digits) < 2100;
}

const MONTH = /^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)/;

/** The receipt's day, or one of the ten weeks around it, as DDMMYY, YYMMDD, DDMMYYYY or YYYYMMDD. */
function isDateNear(digits: string, receivedOn: string): boolean {
  const forms = [
    ['(\\d\\d)(\\d\\d)(\\d\\d)', 'dmy'],
    ['(\\d\\d)(\\d\\d)(\\d\\d)', 'ymd'],
    ['(\\d\\d)(\\d\\d)(\\d{4})', 'dmy'],
    ['(\\d{4})(\\d\\d)(\\d\\d)', 'ymd'],
  ] as const;
  return forms.some(([form, order]) => {
    const match = new RegExp(`^${form}$`).exec(digits);
    if (!match) return false;
    const of = (name: string) => match[order.indexOf(name) + 1] ?? '';
    const time = Date.parse(`${of('y').padStart(4, '20')}-${of('m')}-${of('d')}`);
    return Math.abs(time - Date.parse(receivedOn)) <= 35 * 86_400_000;
  });
}
