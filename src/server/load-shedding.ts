import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/caller.js';
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
  private readonly byCaller = new Map<string, number>();
  private draining = false;

  constructor(private readonly limits: LoadLimits) {}

  /** Counts a request until it has been answered or its connection is gone. Throws HttpRefusal, 503, when there are too many. */
  enter(reply: FastifyReply): void {
    if (this.draining) throw turnedAway(503, 'This process of the gateway is stopping.');
    if (this.underWay >= this.limits.maxRequests) throw turnedAway(503, 'The gateway is busy.');
    this.underWay += 1;
    reply.raw.once('close', () => (this.underWay -= 1));
  }

  /** Counts it as its caller's too. Throws HttpRefusal, 429, when the caller has too many. */
  enterAs({ instanceId, subject }: Caller, reply: FastifyReply): void {
    const key = `${instanceId} ${subject}`;
    const before = this.byCaller.get(key) ?? 0;
    if (before >= this.limits.maxOfOneCaller) throw turnedAway(429, `You have ${before} requests under way.`);
    this.byCaller.set(key, before + 1);
    reply.raw.once('close', () => {
      const left = (this.byCaller.get(key) ?? 1) - 1;
      if (left === 0) this.byCaller.delete(key);
      else this.byCaller.set(key, left);
    });
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** From now on every new request is turned away; those under way are finished. */
  drain(): void {
    this.draining = true;
  }
}
