import type { Caller } from '../auth/caller.js';

/** How many of something each caller has at the moment, and that nobody has more than `most`. */
export class CallerCounts {
  private readonly counts = new Map<string, number>();

  constructor(readonly most: number) {}

  /** False when the caller has as many as are allowed; otherwise it has one more. */
  take({ key }: Caller): boolean {
    const before = this.counts.get(key) ?? 0;
    if (before >= this.most) return false;
    this.counts.set(key, before + 1);
    return true;
  }

  /** The caller has one less. */
  giveBack({ key }: Caller): void {
    const left = (this.counts.get(key) ?? 1) - 1;
    if (left === 0) this.counts.delete(key);
    else this.counts.set(key, left);
  }
}
