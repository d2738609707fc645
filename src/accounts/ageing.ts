import { daysBetween } from '../common/calendar.js';

/** A posting with something outstanding: minor units, signed as the ledger signs them. */
export interface OpenItem {
  kind: string;
  /** YYYY-MM-DD */
  transactionDate: string;
  dueDate: string | null;
  outstandingMinor: bigint;
}

export interface AgeingPeriod {
  label: string;
  fromDays: number;
  /** Inclusive; null on the last, which has no end. */
  toDays: number | null;
}

export interface AgedAmount extends AgeingPeriod {
  amountMinor: bigint;
}

export type AgeingBasis = 'TRANSACTION_DATE' | 'DUE_DATE';

const DEBITS = new Set(['INVOICE', 'OPENING_INVOICE', 'REFUND']);
const CREDITS = new Set(['RECEIPT', 'CREDIT_NOTE', 'OPENING_CREDIT_NOTE']);

/**
 * The periods of a Sage company. `days_period_starts_after` is "the number of days after which the ageing period starts"
 * (Sage's OpenAPI, ageing_period): with 30, the 30th day is still current and the 31st is the first of the period "30".
 */
export function ageingPeriods(periodStarts: readonly number[]): AgeingPeriod[] {
  const starts = [...new Set(periodStarts)].filter((days) => days > 0).sort((a, b) => a - b);
  return [{ label: 'Current', fromDays: 0, toDays: starts[0] ?? null }].concat(
    starts.map((start, index) => ({
      label: String(start),
      fromDays: start + 1,
      toDays: starts[index + 1] ?? null,
    })) as never,
  );
}

/** Everything outstanding by age on the day `today`, credits included, so that the periods add up to the ledger's sum. The future is current. */
export function ageOpenItems(
  items: readonly OpenItem[],
  periodStarts: readonly number[],
  basis: AgeingBasis,
  today: string,
): AgedAmount[] {
  const aged = ageingPeriods(periodStarts).map((period) => ({ ...period, amountMinor: 0n }));
  for (const item of items) {
    const date = basis === 'DUE_DATE' ? (item.dueDate ?? item.transactionDate) : item.transactionDate;
    const days = Math.max(0, daysBetween(date, today));
    const period = aged.find(({ toDays }) => toDays === null || days <= toDays);
    if (period) period.amountMinor += item.outstandingMinor;
  }
  return aged;
}

/** Debits outstanding with a due date before today. Credits do not lessen it. */
export function overdueMinor(items: readonly OpenItem[], today: string): bigint {
  return items
    .filter(({ kind, dueDate, transactionDate }) => DEBITS.has(kind) && (dueDate ?? transactionDate) < today)
    .reduce((sum, { outstandingMinor }) => sum + outstandingMinor, 0n);
}

/** What is left of receipts and credit notes, as a positive amount. */
export function unallocatedCreditMinor(items: readonly OpenItem[]): bigint {
  return items
    .filter(({ kind }) => CREDITS.has(kind))
    .reduce((sum, { outstandingMinor }) => sum - outstandingMinor, 0n);
}
