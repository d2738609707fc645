import type { Clock } from '../common/clock.js';
import type { Database, Transaction } from '../database/database.js';
import type { PageRange, Pull, PullPage, PullPass, PullTarget, Run } from './pull.js';
import { countQuarantine, putIntoQuarantine, releaseFromQuarantine, releaseOlderThan } from './quarantine.sql.js';
import { storeProgress, storeRunStart, type SyncStateRow } from './sync-state.sql.js';

/** Another worker took the lease, which this one had let run out: it must not write another row. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

export interface RunPullOptions {
  database: Database;
  clock: Clock;
  pull: Pull;
  state: SyncStateRow;
  owner: string;
  leaseMs: number;
  /** How far before the last known change a delta begins: a row may become visible later than its time says. */
  overlapMs: number;
  sweepMs: number;
  signal: AbortSignal;
}

export interface FinishedRun extends Run {
  rowsRead: number;
  updatedSince: string | null;
}

/**
 * One run of one pull: every page is stored in a transaction of its own together with where the run stands,
 * so that an interrupted full run goes on at that page, and nothing is stored twice or left out.
 *
 * Pages are asked for by id (`id gt N`), also in a delta, where the filter is "changed at or after": a row that changes
 * while the run is under way is read again by the next, which begins at what Sage's newest change was before this one.
 */
export async function runPull(options: RunPullOptions): Promise<FinishedRun> {
  const { pull, state, signal } = options;
  const target: PullTarget = { instanceId: state.instance_id, companyId: state.company_id };
  const resumed = isInterruptedFullRun(state);
  const run = resumed
    ? { isFull: true, isResumed: true, startedAt: state.run_started_at ?? options.clock.now().getTime() }
    : newRun(options);
  const passes = pull.passes.filter((pass) => run.isFull || pass.inDelta);
  let nextUpdatedSince = state.next_updated_since;
  let rowsRead = resumed ? state.rows_read : 0;

  if (!resumed) {
    nextUpdatedSince = notAfter(run.startedAt, (await pull.newestUpdate?.(target, signal)) ?? state.updated_since);
    const start = { ...run, passName: passes[0]?.name ?? '', nextUpdatedSince, rowsExpected: expectedRows(state, run) };
    await options.database.transaction(async (transaction) =>
      hold(await storeRunStart(transaction, state, options.owner, start)),
    );
  }

  const releases = (await countQuarantine(options.database, target, pull.resource)) > 0;
  const firstPass = resumed
    ? Math.max(
        0,
        passes.findIndex((pass) => pass.name === state.pass_name),
      )
    : 0;
  for (const [index, pass] of passes.entries()) {
    if (index < firstPass) continue;
    let afterId = resumed && index === firstPass ? state.after_id : 0;
    const updatedSince = run.isFull ? null : overlapping(state.updated_since, options.overlapMs);
    for await (const page of pass.pages(target, { afterId, updatedSince, signal })) {
      signal.throwIfAborted();
      rowsRead += page.rows.length + page.rejected.length;
      await pass.prepare?.(target, page.rows, signal);
      const range = run.isFull ? { afterId, uptoId: page.complete ? null : page.lastId } : null;
      afterId = page.lastId ?? afterId;
      await options.database.transaction((transaction) =>
        storePage(transaction, { ...options, target, pass, page, range, run, afterId, rowsRead, releases }),
      );
    }
  }
  await pull.settle?.(target, run, signal);
  if (run.isFull) {
    await options.database.transaction((transaction) =>
      releaseOlderThan(transaction, target, pull.resource, run.startedAt),
    );
  }
  return { ...run, rowsRead, updatedSince: nextUpdatedSince };
}

interface StorePage extends RunPullOptions {
  target: PullTarget;
  pass: PullPass<unknown>;
  page: PullPage<unknown>;
  range: PageRange | null;
  run: Run;
  afterId: number;
  rowsRead: number;
  releases: boolean;
}

async function storePage(transaction: Transaction, step: StorePage): Promise<void> {
  const { target, pass, page, pull } = step;
  const now = step.clock.now().getTime();
  const refused = await pass.apply(transaction, target, page, step.range, step.run);
  const rejected = [...page.rejected, ...refused];
  if (rejected.length > 0) await putIntoQuarantine(transaction, target, pull.resource, rejected, now);
  if (step.releases) {
    const kept = new Set(rejected.map((row) => row.key));
    const keys = page.rows.map((row) => pass.quarantineKey(row)).filter((key) => !kept.has(key));
    await releaseFromQuarantine(transaction, target, pull.resource, keys);
  }
  const stored = {
    passName: pass.name,
    afterId: step.afterId,
    rowsRead: step.rowsRead,
    leaseUntil: now + step.leaseMs,
  };
  hold(await storeProgress(transaction, step.state, step.owner, stored));
}

function hold(held: boolean): void {
  if (!held) throw new LeaseLostError('The lease of this pull has passed to another worker.');
}

function isInterruptedFullRun(state: SyncStateRow): boolean {
  return state.is_full === 1 && state.is_full_wanted === 0 && state.pass_name !== '' && state.run_started_at !== null;
}

function newRun({ pull, state, sweepMs, clock }: RunPullOptions): Run {
  const startedAt = clock.now().getTime();
  const isFull =
    !pull.hasDelta ||
    state.updated_since === null ||
    state.is_full_wanted === 1 ||
    startedAt - (state.swept_at ?? 0) >= sweepMs;
  return { isFull, isResumed: false, startedAt };
}

/** What the last full run read, for the progress of the next; the rows of a delta cannot be foretold. */
function expectedRows(state: SyncStateRow, run: Run): number | null {
  return run.isFull ? state.rows_expected : null;
}

/** One row stamped ahead of its time (a clock set wrong on Sage's server) would hide from deltas all that happens until then. */
function notAfter(limit: number, updatedSince: string | null): string | null {
  return updatedSince !== null && Date.parse(updatedSince) > limit ? new Date(limit).toISOString() : updatedSince;
}

function overlapping(updatedSince: string | null, overlapMs: number): string | null {
  return updatedSince === null ? null : new Date(Date.parse(updatedSince) - overlapMs).toISOString();
}
