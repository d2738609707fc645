import { startAfter } from './event-cursor.js';
import { readEventRange, readEventsOfKind, type StoredEvent } from './event-log.sql.js';
import { EventTail, type EventTailParts, type Follower } from './event-tail.js';
import type { EventKind } from './record-events.js';

/** Read from the database at once for a subscriber that catches up. */
const CATCH_UP_BATCH = 100;
/** A live subscriber that has not taken so many events that it wants is too slow. */
export const MAX_BEHIND = 1_000;

export interface WantedEvents {
  kind: EventKind;
  /** A compare in memory: it runs for every event of the instance and every subscriber. */
  matches(event: StoredEvent): boolean;
  /** The last cursor seen; null: from now on. */
  since?: string | null;
}

export interface FollowOptions {
  /** Ends the following; nothing of it is kept then. */
  signal: AbortSignal;
  /** Told once, when the subscriber has fallen too far behind. */
  onTooSlow(): void;
}

/** The event log as subscribers see it: from their cursor on, and then as it grows. One reader for each instance, however many follow. */
export class EventFeed {
  private readonly tails = new Map<number, EventTail>();

  constructor(private readonly parts: EventTailParts) {}

  /** There are new events of this instance. */
  wake(instanceId: number): void {
    this.tails.get(instanceId)?.wake();
  }

  /** Something may have been missed. */
  wakeAll(): void {
    for (const tail of this.tails.values()) tail.wake();
  }

  stop(): void {
    for (const tail of this.tails.values()) tail.stop();
    this.tails.clear();
  }

  /** Throws BAD_USER_INPUT for a `since` that cannot be gone on from. */
  async follow(
    instanceId: number,
    wanted: WantedEvents,
    { signal, onTooSlow }: FollowOptions,
  ): Promise<AsyncGenerator<StoredEvent, void>> {
    const range = await readEventRange(this.parts.database, instanceId);
    const cursor = startAfter(wanted.since, range);
    const news = new News(signal);
    const follower: Follower = {
      kind: wanted.kind,
      matches: wanted.matches,
      cursor,
      behind: 0,
      isLive: false,
      onNews: () => {
        news.ring();
        if (follower.behind <= MAX_BEHIND || !tail.followers.delete(follower)) return;
        onTooSlow();
      },
    };
    const tail = this.join(instanceId, follower, range.newest);
    const leave = () => this.leave(instanceId, tail, follower);
    // not at the generator's end: one that is never begun has none
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return this.events(instanceId, tail, follower, news);
  }

  private async *events(
    instanceId: number,
    tail: EventTail,
    follower: Follower,
    news: News,
  ): AsyncGenerator<StoredEvent, void> {
    while (!news.signal.aborted) {
      if (!tail.hasAllAfter(follower.cursor)) {
        yield* this.catchUp(instanceId, tail, follower, news.signal);
        continue;
      }
      const event = tail.nextFor(follower);
      if (event) {
        follower.behind = Math.max(0, follower.behind - 1);
        yield event;
        continue;
      }
      follower.isLive = true;
      follower.behind = 0;
      await news.wait();
    }
  }

  /** One batch out of the database. */
  private async *catchUp(
    instanceId: number,
    tail: EventTail,
    follower: Follower,
    signal: AbortSignal,
  ): AsyncGenerator<StoredEvent, void> {
    const { database, clock, pollMs } = this.parts;
    const range = { after: follower.cursor, upTo: tail.newest, count: CATCH_UP_BATCH };
    let events: StoredEvent[];
    try {
      events = await readEventsOfKind(database, instanceId, follower.kind, range);
    } catch {
      // the tail cannot read either, and has logged it
      await clock.sleep(pollMs, signal);
      return;
    }
    for (const event of events) {
      if (signal.aborted) return;
      follower.cursor = event.sequence;
      if (!follower.matches(event)) continue;
      follower.behind = Math.max(0, follower.behind - 1);
      yield event;
    }
    if (events.length < CATCH_UP_BATCH) follower.cursor = Math.max(follower.cursor, range.upTo);
  }

  private join(instanceId: number, follower: Follower, newest: number): EventTail {
    const tail = this.tails.get(instanceId) ?? new EventTail(this.parts, instanceId, newest);
    this.tails.set(instanceId, tail);
    tail.followers.add(follower);
    return tail;
  }

  private leave(instanceId: number, tail: EventTail, follower: Follower): void {
    tail.followers.delete(follower);
    if (tail.followers.size > 0 || this.tails.get(instanceId) !== tail) return;
    tail.stop();
    this.tails.delete(instanceId);
  }
}

/** A bell that a subscriber waits for; rung before it waits, it does not wait. */
class News {
  private isRung = false;
  private answer: (() => void) | null = null;

  constructor(readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.isRung = true;
    this.answer?.();
  }

  async wait(): Promise<void> {
    if (!this.isRung && !this.signal.aborted) await new Promise<void>((resolve) => (this.answer = resolve));
    this.isRung = false;
    this.answer = null;
  }
}
