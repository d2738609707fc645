export interface TurnstileLimits {
  /** Let through a second in the long run. */
  perSecond: number;
  /** Let through at once after a while of quiet. */
  burst: number;
  /** Waiting for their turn. */
  maxWaiting: number;
}

const LOOK_AGAIN_MS = 10;

/** Spreads a rush over time, in the order of arrival, so that other work gets its turns in between. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private turns: number;
  private filledAt = performance.now();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly limits: TurnstileLimits) {
    this.turns = limits.burst;
  }

  /** Runs `work` now or when its turn comes. False, and never, when too many wait already. */
  enter(work: () => void): boolean {
    if (this.waiting.length >= this.limits.maxWaiting) return false;
    this.waiting.push(work);
    if (this.timer === null) this.letThrough();
    return true;
  }

  private letThrough(): void {
    this.timer = null;
    const now = performance.now();
    const { burst, perSecond } = this.limits;
    this.turns = Math.min(burst, this.turns + ((now - this.filledAt) / 1_000) * perSecond);
    this.filledAt = now;
    while (this.turns >= 1 && this.waiting.length > 0) {
      this.turns -= 1;
      this.waiting.shift()?.();
    }
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.letThrough(), LOOK_AGAIN_MS).unref();
  }
}
