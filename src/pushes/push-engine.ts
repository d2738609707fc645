import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow } from './push-rows.js';
import { claimLanes, type ClaimedLane, extendLane, headOfLaneSql, releaseLane } from './lane.sql.js';
import { hasQueued, holdQueued } from './move.sql.js';
import { hasDue, hasHeldBy, releaseDue, releaseHeldBy } from './release.sql.js';
import { CONNECTION_CODES } from './push-cause.js';
import { PushDelivery, type DeliveryOptions } from './deliver-push.js';
import { signInCause } from './push-causes.js';

export type PushConnectionState = 'NOT_CONNECTED' | 'CONNECTED' | 'UNREACHABLE' | 'SIGN_IN_NEEDED';

export interface PushEngineOptions extends DeliveryOptions {
  /** Every instance that is enabled, with how its connection to Sage stands. What is under way of another ends after its step. */
  instances(): Promise<{ id: number; state: PushConnectionState }[]>;
  pollMs: number;
  /** How long a claim outlives the last sign of its worker; within a minute the claims of a dead process come back. */
  leaseMs: number;
  /** Lanes of one instance under way at once in this process: each has a Sage of its own, and none waits for another's. */
  maxLanes: number;
}

/** Lanes claimed at once at most. */
const CLAIM_BATCH = 50;
/** Pushes of one lane that a claim delivers before others have their turn. */
const MAX_PUSHES_PER_CLAIM = 50;
const LOOK_AT_HELD_EVERY_MS = 1_000;

/** The lanes of one instance that this process is at, and what ends them. */
interface RunningLanes {
  lanes: Set<Promise<void>>;
  halt: AbortController;
}

/**
 * Delivers pushes: claims lanes whose first push is due, takes their pushes one after another, lets go. As many processes as
 * wanted work side by side; the queue, the leases and the fences stand in the database.
 */
export class PushEngine {
  private readonly owner: string;
  private readonly delivery: PushDelivery;
  /** By instance. */
  private readonly running = new Map<number, RunningLanes>();
  private readonly stopping = new AbortController();
  private waking = new AbortController();
  private loop: Promise<void> | null = null;
  private claims = 0;
  private lookedAtHeldAt = 0;

  constructor(private readonly options: PushEngineOptions) {
    this.owner = options.random.bytes(12).toString('hex');
    this.delivery = new PushDelivery(options);
  }

  start(): void {
    this.loop ??= this.poll();
  }

  /** Looks for due lanes now instead of at the next poll. */
  wake(): void {
    this.waking.abort();
  }

  /** Claims nothing more, and ends when the requests under way have ended and are settled. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await Promise.allSettled([...this.running.values()].flatMap(({ lanes }) => [...lanes]));
  }

  private async poll(): Promise<void> {
    const { clock, log, pollMs } = this.options;
    while (!this.stopping.signal.aborted) {
      this.waking = new AbortController();
      const { signal } = this.waking;
      let isMore = false;
      try {
        isMore = await this.round();
      } catch (error) {
        log.error({ err: error }, 'push: cannot look for due pushes');
      }
      if (!isMore) await clock.sleep(pollMs, signal);
    }
  }

  /** True when as much was claimed as there was room for, so that more may be due. */
  private async round(): Promise<boolean> {
    const now = this.now();
    const isHeldDue = now - this.lookedAtHeldAt >= Math.min(LOOK_AT_HELD_EVERY_MS, this.options.pollMs);
    if (isHeldDue) this.lookedAtHeldAt = now;
    let isMore = false;
    const instances = await this.options.instances();
    this.haltAllBut(new Set(instances.map(({ id }) => id)));
    for (const { id, state } of instances) {
      if (isHeldDue) await this.lookAtHeld(id, state, now);
      if (state !== 'CONNECTED' && state !== 'UNREACHABLE') continue;
      // while Sage is away one lane is enough to notice its return
      const limit = state === 'CONNECTED' ? this.options.maxLanes : 1;
      const room = Math.min(CLAIM_BATCH, limit - this.runningOf(id).lanes.size);
      if (room > 0) isMore = (await this.claim(id, room)) === room || isMore;
    }
    return isMore;
  }

  private async lookAtHeld(instanceId: number, state: PushConnectionState, now: number): Promise<void> {
    const { database } = this.options;
    if (state === 'CONNECTED') {
      if (await hasHeldBy(database, instanceId, CONNECTION_CODES)) {
        await database.transaction((transaction) => releaseHeldBy(transaction, instanceId, CONNECTION_CODES, now));
      }
    } else if (state !== 'UNREACHABLE') {
      if (await hasQueued(database, instanceId))
        await database.transaction((transaction) => holdQueued(transaction, instanceId, signInCause(state), now));
      // what is held for another reason cannot be looked at now, and keeps it
      return;
    }
    if (await hasDue(database, instanceId, now))
      await database.transaction((transaction) => releaseDue(transaction, instanceId, now));
  }

  private async claim(instanceId: number, count: number): Promise<number> {
    const { database, leaseMs } = this.options;
    this.claims += 1;
    const owner = `${this.owner}:${this.claims}`;
    const now = this.now();
    const lanes = await database.transaction((transaction) =>
      claimLanes(transaction, instanceId, count, { owner, now, leaseUntil: now + leaseMs }),
    );
    const running = this.runningOf(instanceId);
    for (const lane of lanes) {
      const work = this.workWithHeartbeat(lane, running.halt.signal).finally(() => {
        running.lanes.delete(work);
        this.wake();
      });
      running.lanes.add(work);
    }
    return lanes.length;
  }

  private runningOf(instanceId: number): RunningLanes {
    const known = this.running.get(instanceId);
    if (known && !known.halt.signal.aborted) return known;
    // those of before that are ending yet still count
    const none = { lanes: known?.lanes ?? new Set<Promise<void>>(), halt: new AbortController() };
    this.running.set(instanceId, none);
    return none;
  }

  private haltAllBut(enabled: ReadonlySet<number>): void {
    for (const [instanceId, { halt }] of this.running) if (!enabled.has(instanceId)) halt.abort();
  }

  private async workWithHeartbeat(lane: ClaimedLane, halted: AbortSignal): Promise<void> {
    const { clock, database, leaseMs, log } = this.options;
    const done = new AbortController();
    const lost = new AbortController();
    const beat = async () => {
      for (;;) {
        await clock.sleep(leaseMs / 4, done.signal);
        if (done.signal.aborted) return;
        try {
          const isHeld = await database.transaction((transaction) =>
            extendLane(transaction, lane, this.now() + leaseMs),
          );
          if (!isHeld) lost.abort(new Error('The lane has passed to another worker.'));
        } catch (error) {
          log.warn({ err: error }, 'push: cannot extend a lease');
        }
      }
    };
    const beating = beat();
    const ending = AbortSignal.any([this.stopping.signal, lost.signal, halted]);
    try {
      await this.work(lane, ending);
    } catch (error) {
      if (!ending.aborted) log.error({ err: error }, 'push: a lane was given up for now');
    } finally {
      done.abort();
      await beating;
      await database
        .transaction((transaction) => releaseLane(transaction, lane, this.now()))
        .catch((error) => log.warn({ err: error }, 'push: cannot let go of a lane; its lease will end'));
    }
  }

  private async work(lane: ClaimedLane, signal: AbortSignal): Promise<void> {
    for (let delivered = 0; delivered < MAX_PUSHES_PER_CLAIM && !signal.aborted; delivered += 1) {
      const push = await this.firstDue(lane);
      if (!push) return;
      await this.delivery.deliver(push, lane, signal);
    }
  }

  /** The lane's first push, if its time has come: what comes after it waits, as pushes of a customer keep their order. */
  private async firstDue({ instanceId, lane }: ClaimedLane): Promise<PushRow | null> {
    const [row] = await this.options.database.query<RawPushRow>(headOfLaneSql(PUSH_COLUMNS), [instanceId, lane]);
    if (!row) return null;
    const push = decodePush(row);
    return push.nextAttemptAt !== null && push.nextAttemptAt > this.now() ? null : push;
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}
