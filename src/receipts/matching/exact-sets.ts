import { groupBy } from '../../common/group-by.js';

/** Positions of amounts that add up to a wanted sum, ascending. */
export type ExactSet = readonly number[];

export interface ExactSets {
  /** Fewest amounts first. Of equal amounts those that come first are taken: the sets with others of them are not listed. */
  sets: readonly ExactSet[];
  /** False: there are sizes of sets that were not tried, or more sets than were kept. */
  isComplete: boolean;
}

/** Equal amounts: any of them does as well as another. */
interface Twins {
  amount: number;
  /** Ascending. */
  places: number[];
}
/** Positions in the list of twins, one for each amount that is taken. */
type Choice = readonly number[];

/** All subsets of so many amounts are tried; of more, those of up to three, and all without up to two. */
const MOST_FOR_ALL_SETS = 24;
/** More sets of one size only show that chance makes them. */
const MOST_OF_A_SIZE = 4;
/** Sets looked at before the search gives up. */
const MOST_SETS = 5_000;

/**
 * Sets of amounts that add up to the sum; those that come first in order are preferred. All amounts are positive. Bounded: at most some
 * 125,000 look-ups for 500 amounts.
 */
export function findExactSets(amounts: readonly number[], sum: number): ExactSets {
  const twins = twinsOf(amounts, sum);
  const count = twins.reduce((all, { places }) => all + places.length, 0);
  const { choices, isComplete } = count <= MOST_FOR_ALL_SETS ? allChoices(twins, sum) : smallChoices(twins, sum);
  const sets = choices
    .map((choice) => placesOf(twins, choice))
    .toSorted((one, other) => one.length - other.length || inOrder(one, other));
  const kept = [...groupBy(sets, (set) => set.length).values()].flatMap((ofSize) => ofSize.slice(0, MOST_OF_A_SIZE));
  return { sets: kept, isComplete: isComplete && kept.length === sets.length };
}

/** Leaves out what is more than the sum alone. */
function twinsOf(amounts: readonly number[], sum: number): Twins[] {
  const byAmount = new Map<number, Twins>();
  for (const [place, amount] of amounts.entries()) {
    if (amount > sum) continue;
    const there = byAmount.get(amount);
    if (there) there.places.push(place);
    else byAmount.set(amount, { amount, places: [place] });
  }
  return [...byAmount.values()];
}

function placesOf(twins: readonly Twins[], choice: Choice): number[] {
  const taken = new Map<number, number>();
  const places = choice.map((at) => {
    const used = taken.get(at) ?? 0;
    taken.set(at, used + 1);
    return twins[at]?.places[used] ?? 0;
  });
  return places.toSorted((one, other) => one - other);
}

function smallChoices(twins: readonly Twins[], sum: number): { choices: Choice[]; isComplete: boolean } {
  const search = new SmallSets(twins);
  const total = twins.reduce((all, { amount, places }) => all + amount * places.length, 0);
  const everything = twins.flatMap(({ places }, at) => places.map(() => at));
  const left = total - sum;
  const without = left === 0 ? [[]] : [...search.singles(left), ...search.pairs(left)];
  return {
    choices: [
      ...search.singles(sum),
      ...search.pairs(sum),
      ...search.triples(sum),
      ...without.map((choice) => minus(everything, choice)),
    ],
    isComplete: false,
  };
}

function minus(all: Choice, without: Choice): Choice {
  const left = [...without];
  return all.filter((at) => {
    const found = left.indexOf(at);
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
}

class SmallSets {
  private readonly byAmount: ReadonlyMap<number, number>;

  constructor(private readonly twins: readonly Twins[]) {
    this.byAmount = new Map(twins.map(({ amount }, at) => [amount, at]));
  }

  singles(sum: number): Choice[] {
    const at = this.byAmount.get(sum);
    return at === undefined ? [] : [[at]];
  }

  pairs(sum: number, from = 0): Choice[] {
    const found: Choice[] = [];
    for (let at = from; at < this.twins.length && found.length <= MOST_OF_A_SIZE; at += 1) {
      const other = this.byAmount.get(sum - (this.twins[at]?.amount ?? 0));
      if (other !== undefined && other >= at && this.isThere([at, other])) found.push([at, other]);
    }
    return found;
  }

  triples(sum: number): Choice[] {
    const found: Choice[] = [];
    for (let at = 0; at < this.twins.length && found.length <= MOST_OF_A_SIZE; at += 1) {
      const rest = sum - (this.twins[at]?.amount ?? 0);
      if (rest <= 0) continue;
      found.push(
        ...this.pairs(rest, at)
          .map((pair) => [at, ...pair])
          .filter((choice) => this.isThere(choice)),
      );
    }
    return found;
  }

  private isThere(choice: Choice): boolean {
    return choice.every((at) => choice.filter((other) => other === at).length <= (this.twins[at]?.places.length ?? 0));
  }
}

interface Half {
  sum: number;
  choice: Choice;
}

/** By halves: what can be chosen of one half is looked up among that of the other, by its sum. */
function allChoices(twins: readonly Twins[], sum: number): { choices: Choice[]; isComplete: boolean } {
  const [first, second] = halvesOf(twins).map((half) => choicesOf(twins, half, sum));
  const bySum = groupBy(second ?? [], (half) => half.sum);
  const choices: Choice[] = [];
  for (const { sum: own, choice } of first ?? []) {
    for (const other of bySum.get(sum - own) ?? []) {
      if (choices.length === MOST_SETS) return { choices, isComplete: false };
      choices.push([...choice, ...other.choice]);
    }
  }
  return { choices, isComplete: true };
}

/** Two halves with about as many choices each. */
function halvesOf(twins: readonly Twins[]): [number[], number[]] {
  const halves: [number[], number[]] = [[], []];
  const sizes: [number, number] = [1, 1];
  for (const [at, { places }] of twins.entries()) {
    const half = sizes[0] <= sizes[1] ? 0 : 1;
    halves[half].push(at);
    sizes[half] *= places.length + 1;
  }
  return halves;
}

/** Few amounts first. */
function choicesOf(twins: readonly Twins[], half: readonly number[], most: number): Half[] {
  let choices: Half[] = [{ sum: 0, choice: [] }];
  for (const at of half) {
    const { amount, places } = twins[at] ?? { amount: 0, places: [] };
    choices = choices.flatMap(({ sum, choice }) =>
      Array.from({ length: places.length + 1 }, (_, times) => ({
        sum: sum + times * amount,
        choice: [...choice, ...Array.from({ length: times }, () => at)],
      })).filter((one) => one.sum <= most),
    );
  }
  return choices.toSorted((one, other) => one.choice.length - other.choice.length);
}

function inOrder(one: ExactSet, other: ExactSet): number {
  const differs = one.findIndex((at, index) => at !== other[index]);
  return differs < 0 ? 0 : (one[differs] ?? 0) - (other[differs] ?? 0);
}
