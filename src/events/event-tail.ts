import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';
import { readEventRange, readEventsAfter, type StoredEvent } from './event-log.sql.js';
import type { EventKind } from './record-events.js';

/** So many recent events of an instance are kept in memory; who is further behind reads them from the database. */
const RING_SIZE = 2_000;
const BATCH_SIZE = 500;

/** One subscriber: where it stands, and no more. */
export interface Follower {
  readonly kind: EventKind;
  readonly matches: (event: StoredEvent) => boolean;
  /** Number of the last event that it has seen or passed over. */
  cursor: number;
  /** Matching events that have come while it was live, and that it has not taken yet. */
  behind: number;
  /** It has caught up once: from then on it must keep up. */
  isLive: boolean;
  /** Something that matches has come. */
  onNews(): void;
}

export interface EventTailParts {
  database: Database;
  clock: Clock;
  log: Log;
  pollMs: number;
}

/** Reads an instance's new events once, for all of its subscribers in this process. */
export class EventTail {
  readonly followers = new Set<Follower>();
  private readonly ring: StoredEvent[] = [];
  private readonly stopping = new AbortController();
  private nap = new AbortController();
  private isWoken = false;
  private isOut = false;
  /** The ring has all that comes after this number. */
  private ringAfter: number;

  constructor(
    private readonly parts: EventTailParts,
    private readonly instanceId: number,
    /** Number of the last event that was read. */
    public newest: number,
  ) {
    this.ringAfter = newest;
    void this.run();
  }

  /** There is something new, says whoever wrote it. */
  wake(): void {
    this.isWoken = true;
    this.nap.abort();
  }

  stop(): void {
    this.stopping.abort();
    this.nap.abort();
  }

  hasAllAfter(sequence: number): boolean {
    return sequence >= this.ringAfter;
  }

  /** The first event after the follower's cursor that it wants, of those in memory; moves its cursor over what it does not want. */
  nextFor(follower: Follower): StoredEvent | null {
    for (let index = this.indexAfter(follower.cursor); index < this.ring.length; index += 1) {
      const event = this.ring[index] as StoredEvent;
      follower.cursor = event.sequence;
      if (wants(follower, event)) return event;
    }
    follower.cursor = Math.max(follower.cursor, this.newest);
    return null;
  }

  /** By halving: the ring is in order. */
  private indexAfter(sequence: number): number {
    let low = 0;
    let high = this.ring.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ring[middle] as StoredEvent).sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private async run(): Promise<void> {
    const { clock, log, pollMs } = this.parts;
    while (!this.stopping.signal.aborted) {
      const wasWoken = this.isWoken;
      this.isWoken = false;
      this.nap = new AbortController();
      try {
        await this.advance(wasWoken);
        this.isOut = false;
      } catch (error) {
        if (!this.isOut && !this.stopping.signal.aborted)
          log.warn({ err: error, instanceId: this.instanceId }, 'events: cannot be read; trying again');
        this.isOut = true;
        this.isWoken = false;
      }
      if (!this.isWoken && !this.stopping.signal.aborted) await clock.sleep(pollMs, this.nap.signal);
    }
  }

  private async advance(wasWoken: boolean): Promise<void> {
    const { database } = this.parts;
    if (!wasWoken && (await readEventRange(database, this.instanceId)).newest <= this.newest) return;
    for (;;) {
      const events = await readEventsAfter(database, this.instanceId, this.newest, BATCH_SIZE);
      if (this.stopping.signal.aborted) return;
      this.take(events);
      if (events.length < BATCH_SIZE) return;
    }
  }

  private take(events: readonly StoredEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    this.ring.push(...events);
    this.newest = last.sequence;
    const surplus = this.ring.splice(0, Math.max(0, this.ring.length - RING_SIZE)).at(-1);
    if (surplus) this.ringAfter = surplus.sequence;
    for (const follower of this.followers) {
      const news = events.filter((event) => event.sequence > follower.cursor && wants(follower, event)).length;
      if (news === 0) continue;
      if (follower.isLive) follower.behind += news;
      follower.onNews();
    }
  }
}

function wants(follower: Follower, event: StoredEvent): boolean {
  return event.kind === follower.kind && follower.matches(event);
}
