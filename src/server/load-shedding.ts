import type { Caller } from '../auth/caller.js';
import { CallerCounts } from './caller-counts.js';
import { turnedAway } from './http-refusal.js';

export interface LoadLimits {
  /** Requests under way at the same time; one more is turned away at once. Queued, it would only be answered too late. */
  maxRequests: number;
  /** Of these, those of one caller: nobody fills the house alone. */
  maxOfOneCaller: number;
}

export const LOAD_LIMITS: LoadLimits = { maxRequests: 400, maxOfOneCaller: 100 };

/** How many requests are under way, in all and for each caller. One for the process. */
export class LoadShedding {
  private underWay = 0;
  private readonly ofCallers: CallerCounts;
  private draining = false;

  constructor(private readonly limits: LoadLimits) {
    this.ofCallers = new CallerCounts(limits.maxOfOneCaller);
  }

  /** One more request is under way, until it leaves. Throws HttpRefusal, 503, when there are too many. */
  enter(): void {
    if (this.draining) throw turnedAway(503, 'This process of the gateway is stopping.');
    if (this.underWay >= this.limits.maxRequests) throw turnedAway(503, 'The gateway is busy.');
    this.underWay += 1;
  }

  /** It is its caller's too. Throws HttpRefusal, 429, when the caller has too many. */
  enterAs(caller: Caller): void {
    if (!this.ofCallers.take(caller)) throw turnedAway(429, `You have ${this.ofCallers.most} requests under way.`);
  }

  /** It has been answered, or its connection is gone. `caller`: null when it had not entered as anybody's. */
  leave(caller: Caller | null): void {
    this.underWay -= 1;
    if (caller) this.ofCallers.giveBack(caller);
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** From now on every new request is turned away; those under way are finished. */
  drain(): void {
    this.draining = true;
  }
}
