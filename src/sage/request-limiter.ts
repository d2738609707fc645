import type { Clock } from '../common/clock.js';

export interface RequestLimits {
  maxConcurrency: number;
  maxRequestsPerSecond: number;
}

const MAX_PAUSE_MS = 120_000;

/**
 * The limits of one connection: so many requests at once, so many a second, first come first served.
 * All calls go through it, /sites and tokens included: behind Sage's address stands one customer's server (sage200.md §2.3).
 */
export class RequestLimiter {
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private nextStartAt = 0;
  private pumping = false;

  constructor(
    private readonly limits: RequestLimits,
    private readonly clock: Clock,
  ) {}

  /** Runs `work` when its turn has come. Rejects with the signal's reason when it is aborted while waiting. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.turn(signal);
    try {
      return await work();
    } finally {
      this.running -= 1;
      void this.pump();
    }
  }

  /** Starts nothing new for a while, as a 429 with Retry-After asks. */
  pause(durationMs: number): void {
    const until = this.clock.now().getTime() + Math.min(durationMs, MAX_PAUSE_MS);
    this.nextStartAt = Math.max(this.nextStartAt, until);
  }

  private turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const start = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        const place = this.waiting.indexOf(start);
        if (place >= 0) this.waiting.splice(place, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(start);
      void this.pump();
    });
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.waiting.length > 0 && this.running < this.limits.maxConcurrency) {
        const wait = this.nextStartAt - this.clock.now().getTime();
        if (wait > 0) {
          await this.clock.sleep(wait);
          continue;
        }
        const start = this.waiting.shift();
        if (!start) return;
        const gap = 1_000 / this.limits.maxRequestsPerSecond;
        this.nextStartAt = Math.max(this.nextStartAt, this.clock.now().getTime() - gap) + gap;
        this.running += 1;
        start();
      }
    } finally {
      this.pumping = false;
    }
  }
}
