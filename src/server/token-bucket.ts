export interface BucketSize {
  /** Turns that it gains in a second. */
  perSecond: number;
  /** Turns that it holds at most. */
  burst: number;
}

/** So many turns a second in the long run, and so many at once. Full at first. Its size may change while it is in use. */
export class TokenBucket {
  private turns: number;

  constructor(
    private size: BucketSize,
    private filledAtMs: number,
  ) {
    this.turns = size.burst;
  }

  /** Fills it up to now. */
  fill(size: BucketSize, nowMs: number): void {
    // what was not taken of a larger bucket is not lost to a smaller one, but no more than that holds
    this.turns = Math.min(size.burst, this.turns + (Math.max(0, nowMs - this.filledAtMs) / 1_000) * size.perSecond);
    this.size = size;
    this.filledAtMs = nowMs;
  }

  /** How long to wait until so many can be taken, in milliseconds; 0: now. */
  waitMs(wanted: number): number {
    // more than the bucket holds is let through when it is full, or it could never be
    const missing = Math.min(wanted, this.size.burst) - this.turns;
    return missing <= 0 ? 0 : (missing / this.size.perSecond) * 1_000;
  }

  /** To be called only when there is nothing to wait for. */
  take(turns: number): void {
    this.turns -= turns;
  }
}
