const MOST_FOR_ANY_SIZE = 24;

/** Whether `countSets` can count sets of this size among so many amounts. */
export const isCountable = (amounts: number, size: number) =>
  size <= 3 || size >= amounts || amounts <= MOST_FOR_ANY_SIZE;

/**
 * How many sets of at most `size` of the amounts add up to the total, counted to the end; 2 stands for two or more.
 * Amounts are positive. Throws where there are too many to count: `isCountable`.
 */
export function countSets(amounts: readonly number[], total: number, size: number): number {
  if (!isCountable(amounts.length, size)) throw new Error(`Sets of ${size} of ${amounts.length} cannot be counted.`);
  if (size >= amounts.length && total === amounts.reduce((sum, amount) => sum + amount, 0)) return 1;
  if (size > 3) return Math.min(2, countAnySize(amounts, total, size));
  let count = amounts.filter((amount) => amount === total).length;
  const sorted = amounts.toSorted((one, other) => one - other);
  if (size >= 2 && count < 2) count += countPairs(sorted, 0, total);
  if (size >= 3 && count < 2) count += countTriples(sorted, total);
  return Math.min(2, count);
}

/** Pairs among the sorted amounts from `from` on. */
function countPairs(sorted: readonly number[], from: number, total: number): number {
  let count = 0;
  let low = from;
  let high = sorted.length - 1;
  while (low < high) {
    const sum = (sorted[low] ?? 0) + (sorted[high] ?? 0);
    if (sum < total) low += 1;
    else if (sum > total) high -= 1;
    else {
      // as many pairs as there are of the high amount; the low one is then used up
      for (let twin = high; twin > low && sorted[twin] === sorted[high]; twin -= 1) count += 1;
      low += 1;
    }
  }
  return count;
}

function countTriples(sorted: readonly number[], total: number): number {
  let count = 0;
  for (let first = 0; count < 2 && first < sorted.length - 2; first += 1)
    count += countPairs(sorted, first + 1, total - (sorted[first] ?? 0));
  return count;
}

/** Each half's sets by what they add up to and their size, and then each set of one half with those of the other that fill it up. */
function countAnySize(amounts: readonly number[], total: number, size: number): number {
  const middle = amounts.length >> 1;
  const others = new Map<number, number[]>();
  for (const set of setsOf(amounts.slice(middle))) others.set(set.sum, [...(others.get(set.sum) ?? []), set.size]);
  let count = 0;
  for (const set of setsOf(amounts.slice(0, middle)))
    for (const otherSize of others.get(total - set.sum) ?? [])
      if (set.size + otherSize <= size && set.size + otherSize > 0) count += 1;
  return count;
}

function setsOf(amounts: readonly number[]): { sum: number; size: number }[] {
  const sets = [{ sum: 0, size: 0 }];
  for (const amount of amounts) sets.push(...sets.map(({ sum, size }) => ({ sum: sum + amount, size: size + 1 })));
  return sets;
}
