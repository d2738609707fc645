import type { FastifyReply } from 'fastify';
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

/** A request to GraphQL, from its headers until it has been answered or its connection is gone. */
export interface RequestUnderWay {
  readonly reply: FastifyReply;
  readonly sinceMs: number;
  /** Whose it is; null until that is known. */
  caller: Caller | null;
}

/** The requests that are under way, in all and of each caller. One for the process. */
export class LoadShedding {
  /** The one that came first is first. */
  private readonly underWay = new Set<RequestUnderWay>();
  private readonly ofCallers: CallerCounts;
  private draining = false;

  constructor(private readonly limits: LoadLimits) {
    this.ofCallers = new CallerCounts(limits.maxOfOneCaller);
  }

  /** One more request is under way, until it leaves. Throws HttpRefusal, 503, when there are too many. */
  enter(reply: FastifyReply): RequestUnderWay {
    if (this.draining) throw turnedAway(503, 'This process of the gateway is stopping.');
    if (this.underWay.size >= this.limits.maxRequests) throw turnedAway(503, 'The gateway is busy.');
    const request = { reply, sinceMs: performance.now(), caller: null };
    this.underWay.add(request);
    return request;
  }

  /** It is its caller's too. Throws HttpRefusal, 429, when the caller has too many. */
  enterAs(caller: Caller, request: RequestUnderWay): void {
    // who hung up while their token was being looked at has left already
    if (!this.underWay.has(request)) return;
    if (!this.ofCallers.take(caller)) throw turnedAway(429, `You have ${this.ofCallers.most} requests under way.`);
    request.caller = caller;
  }

  leave(request: RequestUnderWay): void {
    this.underWay.delete(request);
    if (request.caller) this.ofCallers.giveBack(request.caller);
  }

  /** The answers that have been awaited for longer than that. */
  *longerThan(waitMs: number): Iterable<FastifyReply> {
    const before = performance.now() - waitMs;
    for (const { reply, sinceMs } of this.underWay) {
      if (sinceMs >= before) return;
      yield reply;
    }
  }

  /** From now on every new request is turned away; those under way are finished, and what comes next on their connections goes elsewhere. */
  drain(): void {
    this.draining = true;
    for (const { reply } of this.underWay) void reply.header('connection', 'close');
  }
}
