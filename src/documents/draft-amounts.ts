import { currencyDigits } from '../common/currency.js';
import { MAX_MINOR, minorFromDecimal, Money } from '../common/money.js';
import type { UserError } from '../common/user-error.type.js';
import type { DocumentDraft, DraftLine } from './document-draft.js';
import { FIELD_NAMES, hasLines } from './document-kind.js';

/** The amounts of a document in minor units; what is at fault counts as nothing. */
export interface DraftAmounts {
  netMinor: bigint;
  vatMinor: bigint;
  grossMinor: bigint;
  lines: { netMinor: bigint; vatMinor: bigint }[];
  shares: bigint[];
}

/**
 * Reads the amounts of a document by its currency's digits, with all that is wrong with them: decimals, signs, totals, VAT.
 * `rates` are the VAT codes' percentages, of those that are known. Pure.
 */
export function draftAmounts(
  draft: DocumentDraft,
  currency: string,
  rates: ReadonlyMap<string, string>,
): { amounts: DraftAmounts; faults: UserError[] } {
  const faults: UserError[] = [];
  const read = (text: string, field: string[]) => {
    const minor = readAmount(text, currency);
    if (typeof minor === 'bigint') return minor;
    faults.push({ ...minor, field });
    return null;
  };
  const amounts: DraftAmounts = { netMinor: 0n, vatMinor: 0n, grossMinor: 0n, lines: [], shares: [] };
  if (hasLines(draft.kind)) {
    for (const [index, line] of draft.lines.entries()) {
      const net = read(line.net, ['lines', String(index), 'net']);
      const vat = read(line.vat, ['lines', String(index), 'vat']);
      const fault = net === null || vat === null ? null : vatFault(line, net, vat, rates.get(line.vatCode));
      if (fault !== null) faults.push({ ...fault, field: ['lines', String(index), 'vat'] });
      amounts.lines.push({ netMinor: net ?? 0n, vatMinor: vat ?? 0n });
      amounts.netMinor += net ?? 0n;
      amounts.vatMinor += vat ?? 0n;
    }
  } else if (draft.amount !== null) amounts.netMinor = read(draft.amount, ['amount']) ?? 0n;
  amounts.grossMinor = amounts.netMinor + amounts.vatMinor;
  // the total of lines that are wrong says nothing
  let isRead = faults.length === 0;
  if (isRead) faults.push(...totalFaults(draft, amounts, currency));

  for (const [index, { amount }] of draft.shares.entries()) {
    const field = ['invoices', String(index), 'amount'];
    const minor = read(amount, field);
    if (minor === null) isRead = false;
    else if (minor <= 0n) faults.push(shareNotPositive(minor, field));
    amounts.shares.push(minor ?? 0n);
  }
  const shared = amounts.shares.reduce((sum, share) => sum + share, 0n);
  if (isRead && draft.shares.length > 0 && shared > amounts.grossMinor)
    faults.push({
      code: 'SHARES_EXCEED_AMOUNT',
      message: `The invoices add up to ${Money.ofMinor(shared, currency).inWords}, and the ${FIELD_NAMES[draft.kind].words} is ${Money.ofMinor(amounts.grossMinor, currency).inWords}.`,
      remedy: 'Lower the amounts under invoices.',
      field: ['invoices'],
    });
  return { amounts, faults };
}

/** Minor units of what was typed, or why it is no amount of that currency. */
export function readAmount(text: string, currency: string): bigint | Omit<UserError, 'field'> {
  const digits = currencyDigits(currency) ?? 2;
  const minor = minorFromDecimal(text, digits);
  if (minor !== null) return minor;
  const decimals = (text.split('.')[1] ?? '').replace(/0+$/, '');
  if (decimals.length > digits)
    return {
      code: 'TOO_MANY_DECIMALS',
      message: `${text} has more decimals than ${currency} has (${digits}).`,
      remedy: 'Round the amount before it is sent.',
    };
  return tooLarge(text, currency);
}

/** VAT bears the sign of what it is on, and is at most one minor unit off the rate, however the line was rounded. */
function vatFault(
  { vatCode }: DraftLine,
  netMinor: bigint,
  vatMinor: bigint,
  rate: string | undefined,
): Omit<UserError, 'field'> | null {
  const remedy = 'Correct the net, the VAT or the VAT code of the line.';
  const hasWrongSign = vatMinor !== 0n && (netMinor === 0n || netMinor < 0n !== vatMinor < 0n);
  if (hasWrongSign)
    return { code: 'VAT_DOES_NOT_ADD_UP', message: 'The VAT of the line does not bear the sign of its net.', remedy };
  if (rate === undefined) return null;
  const [whole = '', fraction = ''] = rate.split('.');
  // the difference times a hundred percent, in units of the rate's last decimal
  const hundred = 100n * 10n ** BigInt(fraction.length);
  const difference = vatMinor * hundred - netMinor * BigInt(whole + fraction);
  const isClose = (difference < 0n ? -difference : difference) <= hundred;
  return isClose
    ? null
    : {
        code: 'VAT_DOES_NOT_ADD_UP',
        message: `The VAT of the line is not ${rate} % (code ${vatCode}) of its net.`,
        remedy,
      };
}

function totalFaults(
  draft: DocumentDraft,
  { netMinor, vatMinor, grossMinor, lines }: DraftAmounts,
  currency: string,
): UserError[] {
  // of a single line it is that line's amount
  const field = !hasLines(draft.kind) ? ['amount'] : lines.length === 1 ? ['lines', '0', 'net'] : ['lines'];
  if (hasLines(draft.kind) && lines.length === 0) return [];
  if (netMinor === 0n && vatMinor === 0n) return [nothingToSend(draft, currency)];
  // Sage takes no negative headline value of goods or of VAT (sage200.md §5.1)
  if (grossMinor <= 0n || netMinor < 0n || vatMinor < 0n)
    return [{ code: NOT_POSITIVE, message: 'The total must be above zero.', remedy: MONEY_BACK, field }];
  return grossMinor <= MAX_MINOR ? [] : [{ ...tooLarge('The total', currency), field }];
}

const NOT_POSITIVE = 'AMOUNT_NOT_POSITIVE';
const MONEY_BACK = 'Money back to the customer is a credit note or a refund, with a positive amount.';

function nothingToSend({ kind }: DocumentDraft, currency: string): UserError {
  const { words } = FIELD_NAMES[kind];
  return {
    code: NOT_POSITIVE,
    message: `${kind === 'INVOICE' ? 'An' : 'A'} ${words} of ${Money.zero(currency).amount} is not sent to Sage.`,
    remedy: `Correct the ${hasLines(kind) ? 'amounts' : 'amount'}, or leave it out.`,
    field: [hasLines(kind) ? 'lines' : 'amount'],
  };
}

function shareNotPositive(minor: bigint, field: string[]): UserError {
  const remedy = minor === 0n ? 'Correct the amount, or leave the invoice out.' : MONEY_BACK;
  return { code: NOT_POSITIVE, message: 'What is paid or credited of an invoice must be above zero.', remedy, field };
}

/** The gateway's own limit: Sage's is not known. */
function tooLarge(what: string, currency: string): Omit<UserError, 'field'> {
  return {
    code: 'AMOUNT_TOO_LARGE',
    message: `${what} is more than the gateway can hold.`,
    remedy: `Correct the amount: the most is ${Money.ofMinor(MAX_MINOR, currency).inWords}.`,
  };
}
