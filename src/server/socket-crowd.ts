import type { Caller } from '../auth/caller.js';
import { CallerCounts } from './caller-counts.js';
import type { GatewaySocket } from './web-socket.js';

export interface CrowdLimits {
  /** Sockets that one caller may have open. */
  maxOfOneCaller: number;
  /** Sockets of which nobody knows yet whose they are. */
  maxStrangers: number;
  /** Sockets in all. */
  maxSockets: number;
}

/** Who is there: the sockets of one process, as long as they are open. */
export class SocketCrowd {
  private readonly strangers = new Set<GatewaySocket>();
  private readonly callers = new Map<GatewaySocket, Caller>();
  private readonly counts: CallerCounts;

  constructor(private readonly limits: CrowdLimits) {
    this.counts = new CallerCounts(limits.maxOfOneCaller);
  }

  get size(): number {
    return this.strangers.size + this.callers.size;
  }

  get isFull(): boolean {
    return this.size >= this.limits.maxSockets;
  }

  /**
   * A socket has been opened. Where too many strangers wait, it answers the one that has waited longest: honest clients say who they
   * are at once, so a crowd that keeps silent pushes itself out, and nobody else.
   */
  enter(socket: GatewaySocket): GatewaySocket | null {
    this.strangers.add(socket);
    if (this.strangers.size <= this.limits.maxStrangers) return null;
    const longest = this.strangers.values().next().value as GatewaySocket;
    this.strangers.delete(longest);
    return longest;
  }

  /** It is this caller's. False when the caller has as many as are allowed. */
  admit(socket: GatewaySocket, caller: Caller): boolean {
    if (!this.counts.take(caller)) return false;
    this.strangers.delete(socket);
    this.callers.set(socket, caller);
    return true;
  }

  leave(socket: GatewaySocket): void {
    this.strangers.delete(socket);
    const caller = this.callers.get(socket);
    if (!caller) return;
    this.callers.delete(socket);
    this.counts.giveBack(caller);
  }

  /** Everybody who is there. */
  all(): GatewaySocket[] {
    return [...this.strangers, ...this.callers.keys()];
  }
}
