// A small seeded generator (sfc32): the same seed gives the same ledger on every machine.
export class Random {
  private readonly state: Uint32Array;

  constructor(seed: string) {
    let hash = 2_166_136_261;
    for (let index = 0; index < seed.length; index += 1) hash = Math.imul(hash ^ seed.charCodeAt(index), 16_777_619);
    this.state = Uint32Array.of(hash, hash ^ 0x9e3779b9, hash ^ 0x243f6a88, 1);
    for (let round = 0; round < 15; round += 1) this.next();
  }

  /** 0 ≤ x < 1 */
  next(): number {
    const s = this.state as unknown as [number, number, number, number];
    const sum = (((s[0] + s[1]) >>> 0) + s[3]) >>> 0;
    s[3] += 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) >>> 0;
    s[2] = (((s[2] << 21) | (s[2] >>> 11)) + sum) >>> 0;
    return sum / 4_294_967_296;
  }

  /** Both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)] as Item;
  }
}
