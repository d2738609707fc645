/** What has been taken of a receipt or an invoice by one transaction on the other side, in minor units, positive. */
export interface PairAmounts {
  /** By The Layer's own records: shares and matches. */
  layerMinor: bigint;
  /** By Sage's allocations. */
  sageMinor: bigint;
}

/**
 * What is used of one side. Of each pair the larger of the two counts: what The Layer has recorded and Sage has not allocated yet is as
 * used as what a Sage user has allocated and nobody has taken over. `unposted`: shares whose other side is not in Sage yet.
 */
export function usedMinor(pairs: Iterable<PairAmounts>, unposted: Iterable<bigint>): bigint {
  let used = 0n;
  for (const { layerMinor, sageMinor } of pairs) used += layerMinor > sageMinor ? layerMinor : sageMinor;
  for (const minor of unposted) used += minor;
  return used;
}

const NO_AMOUNTS: Readonly<PairAmounts> = { layerMinor: 0n, sageMinor: 0n };
const atLeastZero = (minor: bigint) => (minor > 0n ? minor : 0n);

/** Pairs of one side by the key of the other, from both kinds of records. */
export class Pairs {
  private readonly byKey = new Map<string, PairAmounts>();
  private readonly unposted: bigint[] = [];
  private layerSum = 0n;

  /** `key`: of the transaction on the other side; null while it has none in Sage. */
  addLayer(key: string | null, minor: bigint): void {
    this.layerSum += minor;
    if (key === null) this.unposted.push(minor);
    else this.at(key).layerMinor += minor;
  }

  /** With or without sign: a pair's allocations have one sign. */
  addSage(key: string, minor: bigint): void {
    this.at(key).sageMinor += minor < 0n ? -minor : minor;
  }

  of(key: string): Readonly<PairAmounts> {
    return this.byKey.get(key) ?? NO_AMOUNTS;
  }

  get usedMinor(): bigint {
    return usedMinor(this.byKey.values(), this.unposted);
  }

  /**
   * How much more one pair may have, of a side worth `totalMinor`: what Sage has allocated between the two already is free for it,
   * and The Layer's own records never exceed the total. `key` null: the other side is not in Sage yet.
   */
  roomFor(key: string | null, totalMinor: bigint): bigint {
    const { layerMinor, sageMinor } = key === null ? NO_AMOUNTS : this.of(key);
    const takenOver = sageMinor > layerMinor ? sageMinor - layerMinor : 0n;
    const room = atLeastZero(totalMinor - this.usedMinor) + takenOver;
    const layerRoom = atLeastZero(totalMinor - this.layerSum);
    return room < layerRoom ? room : layerRoom;
  }

  /** What Sage has allocated to others that no record of The Layer accounts for, by key. */
  onlyInSage(): { key: string; minor: bigint }[] {
    return [...this.byKey].flatMap(([key, { layerMinor, sageMinor }]) =>
      sageMinor > layerMinor ? [{ key, minor: sageMinor - layerMinor }] : [],
    );
  }

  private at(key: string): PairAmounts {
    const known = this.byKey.get(key) ?? { layerMinor: 0n, sageMinor: 0n };
    this.byKey.set(key, known);
    return known;
  }
}
