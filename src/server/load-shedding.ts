import type { Socket } from 'node:net';
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

/** A request to GraphQL: until it has been answered, or its connection is gone, and nothing works on it any more. */
export interface RequestUnderWay {
  readonly reply: FastifyReply;
  readonly sinceMs: number;
  /** Whose it is; null until that is known. */
  caller: Caller | null;
  isAnswered: boolean;
  isWorkedOn: boolean;
}

/** The requests that are under way, in all and of each caller. One for the process. */
export class LoadShedding {
  /** The one that came first is first. */
  private readonly underWay = new Set<RequestUnderWay>();
  private readonly onSockets = new WeakMap<Socket, Set<RequestUnderWay>>();
  private readonly ofCallers: CallerCounts;
  private draining = false;

  constructor(private readonly limits: LoadLimits) {
    this.ofCallers = new CallerCounts(limits.maxOfOneCaller);
  }

  /** One more request is under way. Throws HttpRefusal, 503, when there are too many. */
  enter(reply: FastifyReply): RequestUnderWay {
    if (this.draining) throw turnedAway(503, 'This process of the gateway is stopping.');
    if (this.underWay.size >= this.limits.maxRequests) throw turnedAway(503, 'The gateway is busy.');
    const request = { reply, sinceMs: performance.now(), caller: null, isAnswered: false, isWorkedOn: false };
    this.underWay.add(request);
    this.onSocket(reply.request.raw.socket).add(request);
    reply.raw.on('close', () => this.answered(request));
    return request;
  }

  /** It is its caller's too. Throws HttpRefusal, 429, when the caller has too many. */
  enterAs(caller: Caller, request: RequestUnderWay): void {
    // while the token was being looked at
    if (request.isAnswered) throw turnedAway(503, 'The connection is gone.');
    if (!this.ofCallers.take(caller)) throw turnedAway(429, `You have ${this.ofCallers.most} requests under way.`);
    request.caller = caller;
  }

  /** Whoever hangs up gets no room for the next before this one's work has ended. */
  async workOn<Result>(request: RequestUnderWay, work: () => Promise<Result>): Promise<Result> {
    request.isWorkedOn = true;
    try {
      return await work();
    } finally {
      request.isWorkedOn = false;
      this.leave(request);
    }
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

  /** An answer that waits behind another one on its connection is never told that this has gone. */
  private onSocket(socket: Socket): Set<RequestUnderWay> {
    const known = this.onSockets.get(socket);
    if (known) return known;
    const requests = new Set<RequestUnderWay>();
    this.onSockets.set(socket, requests);
    socket.once('close', () => {
      for (const request of requests) this.answered(request);
    });
    return requests;
  }

  private answered(request: RequestUnderWay): void {
    request.isAnswered = true;
    this.leave(request);
  }

  private leave(request: RequestUnderWay): void {
    if (!request.isAnswered || request.isWorkedOn || !this.underWay.delete(request)) return;
    this.onSockets.get(request.reply.request.raw.socket)?.delete(request);
    if (request.caller) this.ofCallers.giveBack(request.caller);
  }
}
