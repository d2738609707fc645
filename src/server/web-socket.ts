import type { WebSocket } from 'ws';
import type { Clock } from '../common/clock.js';
import type { CrowdLimits } from './socket-crowd.js';

export interface SocketLimits extends CrowdLimits {
  /** Of operations at once on one socket. */
  maxOperations: number;
  /** A frame that has not gone out for so long ends the socket. */
  maxStallMs: number;
  /** A socket that was told to close is cut after so long. */
  closeMs: number;
  /** Between pings; one that is not answered by the next ends the socket. */
  pingMs: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  maxOfOneCaller: 100,
  maxStrangers: 500,
  maxSockets: 10_000,
  maxOperations: 100,
  maxStallMs: 30_000,
  closeMs: 5_000,
  pingMs: 45_000,
};

/** Clients try again later on these. */
export const GOING_AWAY = 1001;
export const TRY_AGAIN = 1013;
export const BAD_MESSAGE = 4400;
export const FORBIDDEN = 4403;

/** The protocol has 123 bytes for a reason. */
const reasonOf = (text: string) =>
  Buffer.from(text)
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');

/** One socket: what is sent waits until the frame before has gone out, and what hangs is ended. */
export class GatewaySocket {
  private readonly ending = new AbortController();
  private isAlive = true;
  private readonly ping: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly clock: Clock,
    private readonly limits: SocketLimits,
  ) {
    socket.on('pong', () => (this.isAlive = true));
    socket.once('close', () => this.stop());
    this.ping = setInterval(() => this.beat(), limits.pingMs);
    this.ping.unref();
  }

  /** Aborts as soon as the socket is closing. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  /** Resolves when the frame has gone out to the network: whoever awaits it keeps nothing waiting in memory. */
  async send(data: string): Promise<void> {
    if (this.ending.signal.aborted || this.socket.readyState !== this.socket.OPEN) return;
    const stall = setTimeout(
      () => this.close(TRY_AGAIN, 'Too slow. Connect again, and go on from the last cursor.'),
      this.limits.maxStallMs,
    );
    try {
      await new Promise<void>((resolve) => this.socket.send(data, () => resolve()));
    } finally {
      clearTimeout(stall);
    }
  }

  /** Ends every operation at once; a client that does not answer is cut. */
  close(code: number, reason: string): void {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    this.socket.close(code, reasonOf(reason));
    const cut = setTimeout(() => this.socket.terminate(), this.limits.closeMs);
    this.socket.once('close', () => clearTimeout(cut));
  }

  /** Closes the socket when a token ends. */
  async closeAt(epochMs: number): Promise<void> {
    while (!this.ending.signal.aborted) {
      const leftMs = epochMs - this.clock.now().getTime();
      if (leftMs <= 0) return this.close(FORBIDDEN, 'The token has ended. Connect again with a new one.');
      // timers do not reach further than 24 days
      await this.clock.sleep(Math.min(leftMs, 3_600_000), this.ending.signal);
    }
  }

  private beat(): void {
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
  }

  private stop(): void {
    clearInterval(this.ping);
    this.ending.abort();
  }
}
