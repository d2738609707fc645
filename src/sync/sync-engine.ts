import type { Clock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Database } from '../database/database.js';
import type { Pull, PullTarget } from './pull.js';
import { countQuarantine } from './quarantine.sql.js';
import { LeaseLostError, runPull } from './run-pull.js';
import { intervalSecondsOf, SYNC_RESOURCES, type SyncIntervals } from './sync-resource.js';
import {
  claimPull,
  ensureSyncState,
  extendLease,
  readSyncStates,
  releasePull,
  storeFailure,
  storeSuccess,
  type SyncStateRow,
} from './sync-state.sql.js';

export interface SyncEngineOptions {
  database: Database;
  pulls: readonly Pull[];
  intervals: SyncIntervals;
  /** How late a row may become visible after the time that it bears. */
  overlapSeconds: number;
  clock: Clock;
  random: Random;
  log: Log;
  /** Instances whose Sage sign-in stands; only these are pulled. */
  connectedInstances(): Promise<number[]>;
  /** Instances whose pulls are to stop; what is under way of them ends after its page. Left out: none. */
  disabledInstances?(): Promise<number[]>;
  /** Gateway company ids of an instance that the sign-in reaches. */
  activeCompanies(instanceId: number): Promise<number[]>;
}

const POLL_MS = 1_000;
const LEASE_MS = 30_000;
const HEARTBEAT_MS = 10_000;
/** Of one instance: each has a Sage of its own, and none waits for another's. */
const MAX_RUNS_OF_INSTANCE = 4;
/** Of all: each holds a page of rows in memory. */
const MAX_RUNS_AT_ONCE = 32;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/**
 * Runs every pull when it is due, each by one worker at a time however many processes there are: the lease stands in the database.
 * A failed run is tried again soon, later each time, and never later than the pull's own interval or a minute.
 */
export class SyncEngine {
  private readonly owner: string;
  private readonly running = new Map<string, { instanceId: number; ended: Promise<void>; halt: AbortController }>();
  private readonly stopping = new AbortController();
  private waking = new AbortController();
  private loop: Promise<void> | null = null;
  private turn = 0;

  constructor(private readonly options: SyncEngineOptions) {
    this.owner = options.random.bytes(12).toString('hex');
  }

  start(): void {
    this.loop ??= this.poll();
  }

  /** Looks for due pulls now instead of at the next poll. */
  wake(): void {
    this.waking.abort();
  }

  /** Stops after the page under way; what was not finished goes on where it stood at the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await Promise.allSettled([...this.running.values()].map(({ ended }) => ended));
  }

  private async poll(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.waking = new AbortController();
      try {
        await this.haltDisabled();
        await this.startDue();
      } catch (error) {
        this.options.log.error({ err: error }, 'sync: cannot look for due pulls');
      }
      await this.options.clock.sleep(POLL_MS, this.waking.signal);
    }
  }

  private async haltDisabled(): Promise<void> {
    if (this.running.size === 0 || !this.options.disabledInstances) return;
    const disabled = new Set(await this.options.disabledInstances());
    for (const { instanceId, halt } of this.running.values()) if (disabled.has(instanceId)) halt.abort();
  }

  private async startDue(): Promise<void> {
    const instances = await this.options.connectedInstances();
    // another begins each time, so that where there is no room for all, all have their turn
    this.turn += 1;
    const first = this.turn % Math.max(1, instances.length);
    for (const instanceId of [...instances.slice(first), ...instances.slice(0, first)]) {
      if (this.runsOf(instanceId) >= MAX_RUNS_OF_INSTANCE) continue;
      const companies = await this.options.activeCompanies(instanceId);
      const states = (await this.statesOf(instanceId, companies)).toSorted(byUrgency);
      const now = this.options.clock.now().getTime();
      for (const state of states) {
        if (this.running.size >= MAX_RUNS_AT_ONCE) return;
        if (this.runsOf(instanceId) >= MAX_RUNS_OF_INSTANCE) break;
        if (state.due_at > now || !this.mayRun(state, states, companies)) continue;
        await this.claimAndRun(state, now);
      }
    }
  }

  private runsOf(instanceId: number): number {
    return [...this.running.values()].filter((run) => run.instanceId === instanceId).length;
  }

  /** The states of an instance; a pull that has none yet, as of a company just found, is given one. */
  private async statesOf(instanceId: number, companies: number[]): Promise<SyncStateRow[]> {
    const states = await readSyncStates(this.options.database, instanceId);
    const known = new Set(states.map((state) => `${state.company_id}:${state.resource}`));
    const missing = this.options.pulls.flatMap((pull) =>
      (pull.scope === 'instance' ? [0] : companies)
        .filter((companyId) => !known.has(`${companyId}:${pull.resource}`))
        .map((companyId) => ({ pull, target: { instanceId, companyId } })),
    );
    if (missing.length === 0) return states;
    await this.options.database.transaction(async (transaction) => {
      const now = this.options.clock.now().getTime();
      for (const { pull, target } of missing) await ensureSyncState(transaction, target, pull.resource, now);
    });
    return readSyncStates(this.options.database, instanceId);
  }

  private mayRun(state: SyncStateRow, states: SyncStateRow[], companies: number[]): boolean {
    const pull = this.pullOf(state);
    if (!pull || this.running.has(keyOf(state))) return false;
    if (pull.scope === 'company' && !companies.includes(state.company_id)) return false;
    return pull.needs.every((resource) =>
      states.some(
        (other) => other.company_id === state.company_id && other.resource === resource && other.succeeded_at !== null,
      ),
    );
  }

  private pullOf(state: SyncStateRow): Pull | undefined {
    return this.options.pulls.find((pull) => pull.resource === state.resource);
  }

  private async claimAndRun(state: SyncStateRow, now: number): Promise<void> {
    const claimed = await this.options.database.transaction((transaction) =>
      claimPull(transaction, state, this.owner, now, now + LEASE_MS),
    );
    if (!claimed) return;
    const halt = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, halt.signal]);
    const ended = this.runWithHeartbeat(state, now, signal).finally(() => {
      this.running.delete(keyOf(state));
      this.wake();
    });
    this.running.set(keyOf(state), { instanceId: state.instance_id, ended, halt });
  }

  /** Keeps the lease while the run lasts, so that a dead worker's pull is free within half a minute. */
  private async runWithHeartbeat(state: SyncStateRow, claimedAt: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const beat = async () => {
      for (;;) {
        await this.options.clock.sleep(HEARTBEAT_MS, done.signal);
        if (done.signal.aborted) return;
        const until = this.options.clock.now().getTime() + LEASE_MS;
        await this.options.database
          .transaction((transaction) => extendLease(transaction, state, this.owner, until))
          .catch((error) => this.options.log.warn({ err: error }, 'sync: cannot extend a lease'));
      }
    };
    const beating = beat();
    await this.run(state, claimedAt, signal);
    done.abort();
    await beating;
  }

  private async run(state: SyncStateRow, claimedAt: number, signal: AbortSignal): Promise<void> {
    const pull = this.pullOf(state) as Pull;
    const { database, clock, log, intervals } = this.options;
    const where = { instance: state.instance_id, company: state.company_id, resource: state.resource };
    const target: PullTarget = { instanceId: state.instance_id, companyId: state.company_id };
    try {
      const finished = await runPull({
        database,
        clock,
        pull,
        state,
        owner: this.owner,
        leaseMs: LEASE_MS,
        overlapMs: this.options.overlapSeconds * 1_000,
        sweepMs: intervals.sweepSeconds * 1_000,
        signal,
      });
      if (finished.isFull) await database.optimize();
      const now = clock.now().getTime();
      const aside = await countQuarantine(database, target, pull.resource);
      await database.transaction((transaction) =>
        storeSuccess(transaction, state, this.owner, {
          ...finished,
          succeededAt: now,
          claimedAt,
          dueAt: finished.startedAt + intervalSecondsOf(pull.resource, intervals) * 1_000,
          message:
            aside === 0
              ? null
              : `${aside} ${aside === 1 ? 'row' : 'rows'} of Sage could not be read and ${aside === 1 ? 'is' : 'are'} kept aside.`,
        }),
      );
      log.debug(
        { ...where, full: finished.isFull, rows: finished.rowsRead, ms: now - finished.startedAt },
        'sync: pulled',
      );
    } catch (error) {
      await this.settleFailure(state, error, signal).catch((inner) =>
        log.error({ ...where, err: inner }, 'sync: cannot store a failure'),
      );
    }
  }

  private async settleFailure(state: SyncStateRow, error: unknown, signal: AbortSignal): Promise<void> {
    const { database, clock, log, random, intervals } = this.options;
    const where = { instance: state.instance_id, company: state.company_id, resource: state.resource };
    if (error instanceof LeaseLostError) {
      log.warn(where, 'sync: another worker has taken this pull over');
      return;
    }
    if (signal.aborted) {
      await database.transaction((transaction) => releasePull(transaction, state, this.owner));
      return;
    }
    log.warn({ ...where, err: error }, 'sync: a pull failed and will be tried again');
    const failures = state.failures + 1;
    const interval = intervalSecondsOf(state.resource, intervals) * 1_000;
    const delay = Math.min(
      FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10),
      MAX_RETRY_MS,
      Math.max(interval, FIRST_RETRY_MS),
    );
    await database.transaction((transaction) =>
      storeFailure(transaction, state, this.owner, {
        failures,
        dueAt: clock.now().getTime() + delay * (0.75 + random.fraction() / 2),
        message: messageOf(error),
      }),
    );
  }
}

/**
 * What has been due for longest first: where Sage is slower than the intervals, nothing is left out for good. Of what is due at one
 * time, accounts and ledger before reference data: they are what people look at.
 */
function byUrgency(a: SyncStateRow, b: SyncStateRow): number {
  const place = ({ resource }: SyncStateRow) => SYNC_RESOURCES.indexOf(resource);
  return Number(a.due_at) - Number(b.due_at) || place(a) - place(b) || a.company_id - b.company_id;
}

function keyOf(state: SyncStateRow): string {
  return `${state.instance_id}:${state.company_id}:${state.resource}`;
}
