import type { Clock } from '../common/clock.js';

export interface LimiterOptions {
  clock: Clock;
  maxConcurrency: number;
  maxRequestsPerSecond: number;
  /**
   * How many requests may start at once after a rest; 1 spaces them evenly.
   * More would let twice the rate through in a second that begins in the middle of a burst.
   */
  burst?: number;
}

interface Waiter {
  start(): void;
  signal: AbortSignal | undefined;
  onAbort: () => void;
}

const MAX_PAUSE_MS = 120_000;

/**
 * Keeps the requests of one connection within its concurrency and rate, in the order asked: the backend is one customer's server
 * (sage200.md §2.3). A token bucket and a semaphore with one queue before both.
 */
export class RequestLimiter {
  private readonly waiting: Waiter[] = [];
  private readonly burst: number;
  private running = 0;
  private tokens: number;
  private filledAt: number;
  private pausedUntil = 0;
  private isWaking = false;

  constructor(private readonly options: LimiterOptions) {
    this.burst = Math.max(1, options.burst ?? 1);
    this.tokens = this.burst;
    this.filledAt = this.now();
  }

  /** Runs `work` when its turn has come. Rejects with the signal's reason when it aborts before that. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.turn(signal);
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.pump();
    }
  }

  /** Lets nothing start for a while, at most two minutes: Sage has answered 429. */
  pause(durationMs: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + Math.min(Math.max(0, durationMs), MAX_PAUSE_MS));
  }

  private turn(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: resolve,
        signal,
        onAbort: () => {
          this.waiting.splice(this.waiting.indexOf(waiter), 1);
          reject(signal?.reason as Error);
        },
      };
      signal?.addEventListener('abort', waiter.onAbort, { once: true });
      this.waiting.push(waiter);
      this.pump();
    });
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.running < this.options.maxConcurrency) {
      const waitMs = this.waitMs();
      if (waitMs > 0) return this.wakeIn(waitMs);
      const waiter = this.waiting.shift() as Waiter;
      waiter.signal?.removeEventListener('abort', waiter.onAbort);
      this.tokens -= 1;
      this.running += 1;
      waiter.start();
    }
  }

  private waitMs(): number {
    const now = this.now();
    const perMs = this.options.maxRequestsPerSecond / 1_000;
    // A clock that was set back must not stop the bucket from filling
    this.tokens = Math.min(this.burst, this.tokens + Math.max(0, now - this.filledAt) * perMs);
    this.filledAt = now;
    // The sum of many small fills may fall short of 1 by a rounding error
    const untilToken = this.tokens >= 1 - 1e-9 ? 0 : Math.ceil((1 - this.tokens) / perMs);
    return Math.max(this.pausedUntil - now, untilToken);
  }

  private wakeIn(durationMs: number): void {
    if (this.isWaking) return;
    this.isWaking = true;
    void this.options.clock.sleep(durationMs).then(() => {
      this.isWaking = false;
      this.pump();
    });
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}
