import type { Clock } from '../common/clock.js';

interface Bucket {
  tokens: number;
  filledAt: number;
}

const MAX_CALLERS = 10_000;

/** A token bucket for each caller: so many root fields a second in the long run, and so many at once. */
export class CallerRateLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly limits: { perSecond: number; burst: number },
    private readonly clock: Clock,
  ) {}

  /** 0 when the turns were taken; otherwise none was, and the answer is how long to wait, in milliseconds. */
  take(caller: string, turns: number): number {
    const { perSecond, burst } = this.limits;
    const now = this.clock.now().getTime();
    const bucket = this.buckets.get(caller) ?? { tokens: burst, filledAt: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1_000) * perSecond);
    bucket.filledAt = now;
    // the caller not seen for longest goes first; when it comes back its bucket is full, which it would be by then
    this.buckets.delete(caller);
    this.buckets.set(caller, bucket);
    if (this.buckets.size > MAX_CALLERS) this.buckets.delete(this.buckets.keys().next().value as string);
    // more than the bucket holds is let through when it is full, or it could never be
    const wanted = Math.min(turns, burst);
    if (bucket.tokens >= wanted) {
      bucket.tokens -= turns;
      return 0;
    }
    return ((wanted - bucket.tokens) / perSecond) * 1_000;
  }
}
