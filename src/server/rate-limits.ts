import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.js';
import type { Clock } from '../common/clock.js';
import { type BucketSize, TokenBucket } from './token-bucket.js';

export interface RateLimitsOptions {
  /** Of every caller. */
  caller: BucketSize;
  /** Of all callers of one instance together, where it has no limits of its own. */
  instance: BucketSize;
  /** What an instance has of its own. */
  limitsOf(instanceId: number): { ratePerSecond: number | null; rateBurst: number | null } | null;
  clock: Clock;
}

type KnownCaller = Pick<Caller, 'instanceId' | 'key'>;

const MAX_CALLERS = 10_000;

/** Who may ask for how many root fields: a bucket for each caller, and one that the callers of an instance share. Of this process. */
export class RateLimits {
  /** The caller not seen for longest goes first; when it comes back its bucket is full, which it would be by then. */
  private readonly callers = new LRUCache<string, TokenBucket>({ max: MAX_CALLERS });
  private readonly instances = new Map<number, TokenBucket>();

  constructor(private readonly options: RateLimitsOptions) {}

  /** 0 when the turns were taken; otherwise none was, of either bucket, and the answer is how long to wait, in milliseconds. */
  take(caller: KnownCaller, turns: number): number {
    const now = this.options.clock.now().getTime();
    const ofCaller = this.bucketOfCaller(caller.key, now);
    const ofInstance = this.bucketOfInstance(caller.instanceId, now);
    const waitMs = Math.max(ofCaller.waitMs(turns), ofInstance.waitMs(turns));
    if (waitMs > 0) return waitMs;
    ofCaller.take(turns);
    ofInstance.take(turns);
    return 0;
  }

  private bucketOfCaller(key: string, now: number): TokenBucket {
    let bucket = this.callers.get(key);
    if (!bucket) {
      bucket = new TokenBucket(this.options.caller, now);
      this.callers.set(key, bucket);
    }
    bucket.fill(this.options.caller, now);
    return bucket;
  }

  private bucketOfInstance(instanceId: number, now: number): TokenBucket {
    const own = this.options.limitsOf(instanceId);
    const { perSecond, burst } = this.options.instance;
    const size = { perSecond: own?.ratePerSecond ?? perSecond, burst: own?.rateBurst ?? burst };
    let bucket = this.instances.get(instanceId);
    if (!bucket) {
      bucket = new TokenBucket(size, now);
      this.instances.set(instanceId, bucket);
    }
    bucket.fill(size, now);
    return bucket;
  }
}
