import { groupBy } from '../../common/group-by.js';
import type { OpenInvoice } from './matching-facts.js';

/** Positive, in minor units. */
export const totalOf = (invoices: readonly OpenInvoice[]) =>
  invoices.reduce((sum, { openMinor }) => sum + openMinor, 0n);

export const monthOf = ({ issuedOn }: OpenInvoice) => issuedOn.slice(0, 7);

/** The sort of a set of open invoices: the more special, the fewer sets of it chance alone would find. */
export type SetSort = 'ALL' | 'OLDEST' | 'OF_A_MONTH' | 'IN_A_ROW' | 'ANY';

/** Of larger sets it says nothing that one of their invoices has a twin. */
export const MOST_WITH_TWINS = 12;

/** The open invoices that a receipt may pay, those that fell due first, first. */
export class OpenPool {
  private readonly places: ReadonlyMap<OpenInvoice, number>;
  private readonly months: ReadonlyMap<string, readonly OpenInvoice[]>;
  private readonly byAmount: ReadonlyMap<number, readonly OpenInvoice[]>;
  private readonly step: number;

  constructor(readonly invoices: readonly OpenInvoice[]) {
    this.places = new Map(invoices.map((invoice, place) => [invoice, place]));
    this.months = groupBy(invoices, monthOf);
    this.byAmount = groupBy(invoices, ({ openMinor }) => Number(openMinor));
    this.step = commonStep(invoices);
  }

  /** Invoices of the same amount as one of `these`, and not in the set; of a large set they would say nothing. */
  twinsOf(these: readonly OpenInvoice[], set: readonly OpenInvoice[]): OpenInvoice[] {
    if (set.length > MOST_WITH_TWINS) return [];
    const amounts = new Set(these.map(({ openMinor }) => Number(openMinor)));
    return [...amounts]
      .flatMap((amount) => this.byAmount.get(amount) ?? [])
      .filter((invoice) => !set.includes(invoice));
  }

  sortOf(chosen: readonly OpenInvoice[]): SetSort {
    if (chosen.length === this.invoices.length) return 'ALL';
    const places = chosen.map((invoice) => this.places.get(invoice) ?? 0).toSorted((one, other) => one - other);
    const [first = 0] = places;
    const isRun = (places.at(-1) ?? 0) - first === places.length - 1;
    if (isRun && first === 0) return 'OLDEST';
    const [invoice] = chosen;
    const month = invoice ? monthOf(invoice) : '';
    const isOfMonth = this.months.get(month)?.length === chosen.length && chosen.every((one) => monthOf(one) === month);
    if (isOfMonth) return 'OF_A_MONTH';
    return isRun ? 'IN_A_ROW' : 'ANY';
  }

  /**
   * How many sets like this one chance alone would find: the number of sets of its sort that can be made of the open invoices, over the
   * number of sums that there can be.
   */
  setsByChance(chosen: readonly OpenInvoice[]): number {
    const sums = Math.max(1, Number(totalOf(chosen)) / this.step);
    return Math.min(this.setsOfSort(this.sortOf(chosen)), binomial(this.invoices.length, chosen.length)) / sums;
  }

  private setsOfSort(sort: SetSort): number {
    const size = this.invoices.length;
    switch (sort) {
      case 'ALL':
        return 1;
      case 'OLDEST':
        return size;
      case 'OF_A_MONTH':
        return this.months.size;
      case 'IN_A_ROW':
        return (size * (size + 1)) / 2;
      case 'ANY':
        return Infinity;
      default:
        return sort satisfies never;
    }
  }
}

function binomial(from: number, take: number): number {
  let ways = 1;
  for (let step = 1; step <= Math.min(take, from - take); step += 1) ways *= (from - step + 1) / step;
  return ways;
}

/** Where all amounts are whole pounds, there are a hundredth of the sums; what few amounts share beyond that says nothing. */
function commonStep(invoices: readonly OpenInvoice[]): number {
  let shared = 100;
  for (const { openMinor } of invoices) {
    shared = greatestCommonDivisor(shared, Number(openMinor));
    if (shared === 1) break;
  }
  return shared;
}

const greatestCommonDivisor = (one: number, other: number): number =>
  other === 0 ? one : greatestCommonDivisor(other, one % other);
