import type { OpenInvoice } from './matching-facts.js';
import { monthOf, totalOf } from './candidates.js';

/**
 * How many sets like this one chance alone would find: the number of sets of its sort that can be made of the open invoices, over the
 * number of sums that there can be. The sorts: all of them, the oldest, those one after the other, those of a month, any so many.
 */
export function setsByChance(chosen: readonly OpenInvoice[], pool: readonly OpenInvoice[]): number {
  const sums = Math.max(1, Number(totalOf(chosen)) / commonStep(pool));
  return setsOfItsSort(chosen, pool) / sums;
}

function setsOfItsSort(chosen: readonly OpenInvoice[], pool: readonly OpenInvoice[]): number {
  const { length } = chosen;
  const size = pool.length;
  if (length === size) return 1;
  const any = binomial(size, length);
  const places = chosen.map((invoice) => pool.indexOf(invoice)).toSorted((one, other) => one - other);
  const [first = 0] = places;
  const isRun = places.every((place, index) => place === first + index);
  const months = new Set(chosen.map(monthOf));
  const ofMonth = months.size === 1 ? pool.filter((invoice) => months.has(monthOf(invoice))).length : 0;
  return Math.min(
    any,
    isRun && first === 0 ? size : any,
    isRun ? (size * (size + 1)) / 2 : any,
    ofMonth === length ? new Set(pool.map(monthOf)).size : any,
  );
}

function binomial(from: number, take: number): number {
  let ways = 1;
  for (let step = 1; step <= Math.min(take, from - take); step += 1) ways *= (from - step + 1) / step;
  return ways;
}

/** Where all amounts are whole pounds, there are a hundredth of the sums; what few amounts share beyond that says nothing. */
function commonStep(pool: readonly OpenInvoice[]): number {
  const shared = pool.map(({ openMinor }) => Number(openMinor)).reduce(greatestCommonDivisor, 0);
  return Math.min(100, Math.max(1, shared));
}

const greatestCommonDivisor = (one: number, other: number): number =>
  other === 0 ? one : greatestCommonDivisor(other, one % other);
