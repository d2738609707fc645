import { WebSocket } from 'ws';

export interface Told {
  cursor: string;
  /** URN of the receipt. */
  subject: string;
}

export interface SteadySubscription {
  /** With the variable `since`; its answer has `cursor` and `receipt { sageTransaction { urn } }`. */
  query: string;
  variables?: Record<string, unknown>;
  /** The cursor to begin after. */
  since: string;
  token: string;
  /** Where to connect, a place chosen anew each time. */
  url(): string;
  /** How long to wait before connecting again. */
  waitMs(): number;
}

/** Follows for as long as it lives: whenever its socket ends, it connects again and goes on from its last cursor. */
export class SteadySubscriber {
  readonly told: Told[] = [];
  readonly faults: unknown[] = [];
  /** How often it has been let in. */
  connections = 0;
  private socket: WebSocket | null = null;
  private isEnded = false;
  private openedAt = 0;
  private toldAt = 0;
  private closeCode: number | null = null;

  constructor(private readonly subscription: SteadySubscription) {
    void this.run();
  }

  /** What it has been doing, for who asks why something did not come. */
  get state(): string {
    const ago = (at: number) => `${((Date.now() - at) / 1_000).toFixed(1)} s ago`;
    const { told, connections, socket, openedAt, toldAt, closeCode } = this;
    return `told ${told.length}, the last ${ago(toldAt)}; ${connections} connections, the last begun ${ago(openedAt)}, now in state ${socket?.readyState}; last close code ${closeCode}`;
  }

  get isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Says goodbye. */
  closePolitely(): void {
    this.socket?.close(1000);
  }

  /** The TCP connection is gone from one moment to the next; what has arrived and was not read yet is lost. */
  cut(): void {
    this.socket?.terminate();
  }

  /** Takes nothing more from the network for a while. */
  stopReading(pauseMs: number): void {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.pause();
    setTimeout(() => socket.resume(), pauseMs);
  }

  end(): void {
    this.isEnded = true;
    this.socket?.terminate();
  }

  private async run(): Promise<void> {
    while (!this.isEnded) {
      await this.followOnce();
      await new Promise((resolve) => setTimeout(resolve, this.subscription.waitMs()));
    }
  }

  /** Until the socket ends. */
  private followOnce(): Promise<void> {
    const { url, token } = this.subscription;
    const socket = new WebSocket(url(), 'graphql-transport-ws', { handshakeTimeout: 5_000 });
    this.socket = socket;
    this.openedAt = Date.now();
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.on('open', () => send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    // a gateway that is not there; the close follows
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'connection_ack') {
        this.connections += 1;
        send({ id: '1', type: 'subscribe', payload: this.payload() });
      } else if (message.type === 'next' && !message.payload.errors) this.take(message.payload.data);
      else if (message.type !== 'ping' && message.type !== 'pong') this.faults.push(message);
    });
    return new Promise((resolve) =>
      socket.once('close', (code) => {
        this.closeCode = code;
        resolve();
      }),
    );
  }

  private payload() {
    const { query, variables, since } = this.subscription;
    return { query, variables: { ...variables, since: this.told.at(-1)?.cursor ?? since } };
  }

  private take(data: Record<string, { cursor: string; receipt: { sageTransaction: { urn: string } } }>): void {
    this.toldAt = Date.now();
    for (const { cursor, receipt } of Object.values(data))
      this.told.push({ cursor, subject: receipt.sageTransaction.urn });
  }
}
