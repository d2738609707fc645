import type { Caller } from '../auth/caller.js';
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
  private readonly callers = new Map<GatewaySocket, string>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly limits: CrowdLimits) {}

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
  admit(socket: GatewaySocket, { instanceId, subject }: Caller): boolean {
    const key = `${instanceId} ${subject}`;
    const before = this.counts.get(key) ?? 0;
    if (before >= this.limits.maxOfOneCaller) return false;
    this.strangers.delete(socket);
    this.callers.set(socket, key);
    this.counts.set(key, before + 1);
    return true;
  }

  leave(socket: GatewaySocket): void {
    this.strangers.delete(socket);
    const key = this.callers.get(socket);
    if (key === undefined) return;
    this.callers.delete(socket);
    const left = (this.counts.get(key) ?? 1) - 1;
    if (left === 0) this.counts.delete(key);
    else this.counts.set(key, left);
  }

  /** Everybody who is there. */
  all(): GatewaySocket[] {
    return [...this.strangers, ...this.callers.keys()];
  }
}
