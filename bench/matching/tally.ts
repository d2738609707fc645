import type { DeterminedBy } from './generated-ledger.js';
import type { Verdict } from './judge.js';

export interface Tally {
  count: number;
  determined: number;
  firstRight: number;
  automaticRight: number;
  automaticWrong: number;
}

/** Verdicts counted by kind, and by how the truth is known. */
export class Tallies {
  readonly byKind = new Map<string, Tally>();
  readonly byTruth = new Map<DeterminedBy, Tally>();

  add(kind: string, determinedBy: DeterminedBy, verdict: Verdict): void {
    count(tallyOf(this.byKind, kind), verdict);
    count(tallyOf(this.byTruth, determinedBy), verdict);
  }

  /** Of what was applied by itself, the share that is right; 1 where nothing was. */
  precision(): number {
    const { automaticRight, automaticWrong } = this.total();
    return automaticRight + automaticWrong === 0 ? 1 : automaticRight / (automaticRight + automaticWrong);
  }

  /** Of the receipts whose truth their references say, the share that was applied by itself and is right. */
  recall(): number {
    const { automaticRight, count: all } = tallyOf(this.byTruth, 'REFERENCE');
    return all === 0 ? 1 : automaticRight / all;
  }

  /** Of the receipts whose truth can be known at all, the share for which it is suggested first. */
  firstRight(): number {
    const { determined, firstRight } = this.total();
    return determined === 0 ? 1 : firstRight / determined;
  }

  total(): Tally {
    const total = emptyTally();
    for (const tally of this.byTruth.values())
      for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key];
    return total;
  }
}

const emptyTally = (): Tally => ({ count: 0, determined: 0, firstRight: 0, automaticRight: 0, automaticWrong: 0 });

function tallyOf<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  const tally = tallies.get(key) ?? emptyTally();
  tallies.set(key, tally);
  return tally;
}

function count(tally: Tally, { isFirstRight, isAutomaticRight }: Verdict): void {
  tally.count += 1;
  if (isFirstRight !== null) tally.determined += 1;
  if (isFirstRight) tally.firstRight += 1;
  if (isAutomaticRight === true) tally.automaticRight += 1;
  if (isAutomaticRight === false) tally.automaticWrong += 1;
}
