import { Redis } from 'ioredis';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Database, Topic } from '../database/database.js';

const CHANNEL = 'sage-200-gateway:wake-up';
const TOPICS: readonly string[] = ['events', 'pushes', 'pulls'] satisfies Topic[];
const MAX_RECONNECT_MS = 5_000;
/** A Redis that takes bytes and answers nothing is given up after so long. */
const ANSWER_MS = 2_000;
/** So many wake-ups at once may be on their way to Redis; what is more is left to the others' polling. */
const MAX_ON_THEIR_WAY = 100;

export interface WakeUpListener {
  /** `isOwn`: this process has stored it. */
  onTopic(topic: Topic, instanceId: number, isOwn: boolean): void;
  /** Redis is there again: something may have been missed. */
  onReconnect(): void;
}

export interface WakeUpParts {
  database: Database;
  redisUrl: string | null;
  random: Random;
  log: Log;
}

/**
 * Tells who waits that a commit has something new: in this process at once, in others through Redis where there is one. Only latency
 * depends on it. Everybody polls the database besides, so that nothing here ever throws or is kept for later.
 */
export class WakeUps {
  private readonly origin: string;
  private readonly connections: Redis[] = [];
  private listener: WakeUpListener | null = null;
  private stopListening = () => undefined as void;
  private onTheirWay = 0;
  private isOut = false;

  constructor(private readonly parts: WakeUpParts) {
    this.origin = parts.random.bytes(8).toString('hex');
  }

  listen(listener: WakeUpListener): void {
    this.listener = listener;
    const publisher = this.connect();
    const subscriber = this.connect();
    const stop = this.parts.database.onAnnouncement((topic, instanceId) => {
      listener.onTopic(topic, instanceId, true);
      if (publisher) this.publish(publisher, topic, instanceId);
    });
    this.stopListening = () => void stop();
    subscriber?.on('ready', () => {
      subscriber.subscribe(CHANNEL).then(
        () => listener.onReconnect(),
        (error: unknown) => {
          this.lost(error);
          subscriber.disconnect(true);
        },
      );
    });
    subscriber?.on('message', (_channel, message) => this.hear(message));
  }

  async stop(): Promise<void> {
    this.stopListening();
    this.listener = null;
    for (const connection of this.connections) connection.disconnect();
  }

  private connect(): Redis | null {
    const { redisUrl, log } = this.parts;
    if (redisUrl === null) return null;
    const connection = new Redis(redisUrl, {
      // what cannot be told now is not worth telling later
      enableOfflineQueue: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      connectTimeout: ANSWER_MS,
      commandTimeout: ANSWER_MS,
      retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_MS),
    });
    connection.on('error', (error: unknown) => this.lost(error));
    connection.on('close', () => this.lost(null));
    connection.on('ready', () => {
      if (this.isOut) log.info('wake-ups: Redis is there again');
      this.isOut = false;
    });
    this.connections.push(connection);
    return connection;
  }

  private publish(publisher: Redis, topic: Topic, instanceId: number): void {
    if (publisher.status !== 'ready' || this.onTheirWay >= MAX_ON_THEIR_WAY) return;
    this.onTheirWay += 1;
    publisher
      .publish(CHANNEL, `${this.origin}:${topic}:${instanceId}`)
      .catch((error: unknown) => {
        this.lost(error);
        // one that does not answer is tried anew
        if (publisher.status === 'ready') publisher.disconnect(true);
      })
      .finally(() => (this.onTheirWay -= 1));
  }

  private hear(message: string): void {
    const [origin, topic = '', instance] = message.split(':');
    const instanceId = Number(instance);
    if (origin === this.origin || !TOPICS.includes(topic) || !Number.isSafeInteger(instanceId)) return;
    this.listener?.onTopic(topic as Topic, instanceId, false);
  }

  /** Said once for each time that Redis is away. */
  private lost(error: unknown): void {
    if (this.isOut || this.listener === null) return;
    this.isOut = true;
    this.parts.log.warn({ err: error }, 'wake-ups: Redis is away; other processes are heard of by polling');
  }
}
