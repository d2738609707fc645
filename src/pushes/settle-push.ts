import type { Clock } from '../common/clock.js';
import type { Random } from '../common/random.js';
import type { Database, Transaction } from '../database/database.js';
import type { PushFault } from './fault-of-sage.push.js';
import { type MoveChanges, movePush, recordAttempt, storeNeeds } from './move.sql.js';
import { releaseDependents } from './release.sql.js';
import type { PushCause } from './push-cause.js';
import { causeOfFault, duplicateCause } from './push-causes.js';
import type { LandedStep, NextMove, PushHandlers, Sighting } from './push-handler.js';
import type { PushRow } from './push-rows.js';
import type { PushStatus } from './push-status.js';
import { decideRetry, FIRST_LOOK_AGAIN_MS, HELD_LOOK_AGAIN_MS, HOLD_LOOK_AGAIN_MS } from './retry-table.js';

/** Another worker holds the push now, or it was changed meanwhile: whoever gets this stops, and has changed nothing. */
export class FenceLost extends Error {}

export interface SettlementOptions {
  database: Database;
  clock: Clock;
  random: Random;
  handlers: PushHandlers;
  /** The longest that something held by what only Sage can tell waits before it is looked at again, whatever the table says. */
  maxLookAgainMs: number;
  /** Sage has changed: accounts by Sage's id, transactions by URN. */
  onLanded(
    instanceId: number,
    companyId: number,
    touched: { accountIds: readonly number[]; urns: readonly string[] },
  ): void;
  /** A push stands in a new state. */
  onChanged?(push: PushRow): void;
}

/** A line of the history in the making. */
export interface Attempt {
  step: string;
  outcome: string;
  /** Epoch ms. */
  startedAt: number;
  httpStatus?: number | null;
}

const MAX_LOOK_UP_WAIT_MS = 30_000;
const FIRST_LOOK_UP_WAIT_MS = 500;

/** Writes down what became of a push: every move conditional on the push standing as it was read, with all that hangs on it. */
export class PushSettlement {
  constructor(private readonly options: SettlementOptions) {}

  /** A step is done, or was found done: remembered with all that it brought about, in one transaction. Null: it went wrong. */
  async done(push: PushRow, step: LandedStep, sighting: Sighting, attempt: Attempt): Promise<PushRow | null> {
    const changes = { ...landed(push, step, sighting, this.now()), nextAttemptAt: null };
    if (sighting.fault) {
      // what stands there is not what was to be sent: a retry looks again
      await this.move(push, 'FAILED', { ...changes, lostAt: null, error: sighting.fault }, attempt);
      return null;
    }
    const handler = this.options.handlers.get(push.kind);
    const isClear = { failures: 0, emptyLookUps: 0, lostAt: null, error: null };
    const moved = await this.move(
      push,
      step.isLast ? 'SUCCEEDED' : 'QUEUED',
      { ...changes, ...isClear },
      attempt,
      (transaction) => handler?.settle?.(transaction, push, step.name, sighting, step.facts),
    );
    const urns = [...(step.touches?.urns ?? []), ...(sighting.urn ? [sighting.urn] : [])];
    this.options.onLanded(push.instanceId, step.companyId, { accountIds: step.touches?.accountIds ?? [], urns });
    return moved;
  }

  /** What a look-up has found, before the step was sent or after sight of it was lost. */
  async found(push: PushRow, step: LandedStep, found: readonly Sighting[], startedAt: number): Promise<PushRow | null> {
    const [sighting] = found;
    if (found.length > 1 || !sighting) {
      const error = duplicateCause(push, found);
      await this.move(
        push,
        'FAILED',
        { error, nextAttemptAt: null },
        { step: 'LOOK_UP', outcome: error.message, startedAt },
      );
      return null;
    }
    return this.done(push, step, sighting, {
      step: 'LOOK_UP',
      outcome: `${step.name} stands in Sage: ${outcomeOf(sighting)}`,
      startedAt,
    });
  }

  /** Certainly nothing was done: tried again as the retry table says. What is open stays open. */
  async putOff(push: PushRow, fault: PushFault, step: string, startedAt: number): Promise<void> {
    const failures = push.failures + 1;
    const { code, message, httpStatus, retryAfterMs } = fault;
    const attempt = { step, outcome: `${code}: ${message}`, startedAt, httpStatus };
    if (push.status === 'UNKNOWN') {
      const nextAttemptAt = this.now() + Math.max(this.lookUpWaitMs(failures), retryAfterMs ?? 0);
      await this.move(push, 'UNKNOWN', { failures, nextAttemptAt }, attempt);
      return;
    }
    const error = causeOfFault(fault);
    const decision = decideRetry(code, failures, this.options.random.fraction(), retryAfterMs);
    switch (decision.kind) {
      case 'AGAIN':
        await this.move(push, 'QUEUED', { failures, nextAttemptAt: this.now() + decision.waitMs, error }, attempt);
        return;
      case 'HELD':
        return this.hold(push, error, attempt, decision.lookAgainMs);
      case 'FAILED':
        await this.move(push, 'FAILED', { failures, nextAttemptAt: null, error }, attempt);
    }
  }

  async hold(
    push: PushRow,
    error: PushCause,
    attempt: Attempt | null,
    lookAgainMs: number | null = HOLD_LOOK_AGAIN_MS[error.code] ?? null,
  ): Promise<void> {
    const isNew = push.error?.code !== error.code || push.error.key !== error.key;
    const unaskedMs = isNew ? FIRST_LOOK_AGAIN_MS : HELD_LOOK_AGAIN_MS;
    const waitMs = lookAgainMs === null ? unaskedMs : Math.min(lookAgainMs, this.options.maxLookAgainMs);
    const nextAttemptAt = this.now() + waitMs;
    await this.move(push, 'HELD', { error, nextAttemptAt, failures: 0 }, attempt);
  }

  /** Where a push stays that has no step to take now. */
  async rest(push: PushRow, next: Exclude<NextMove, { kind: 'STEP' | 'FOUND' }>): Promise<void> {
    switch (next.kind) {
      case 'LATER': {
        const { code, message } = next;
        const fault: PushFault = { isApplied: 'NO', code, message, httpStatus: null, retryAfterMs: null };
        return this.putOff(push, fault, 'READ', this.now());
      }
      case 'DONE':
        await this.move(push, 'SUCCEEDED', { error: null, failures: 0, nextAttemptAt: null }, null);
        return;
      case 'FAILED':
        await this.move(push, 'FAILED', { error: next.cause, nextAttemptAt: null }, this.checked(push, next.cause));
        return;
      case 'HELD':
        await this.options.database.transaction((transaction) => storeNeeds(transaction, push, next.needs ?? []));
        return this.hold(push, next.cause, this.checked(push, next.cause));
      case 'WAITING': {
        // looked at by itself, too: what it waits for may land while this is being stored
        const nextAttemptAt = this.now() + this.options.maxLookAgainMs;
        await this.move(push, 'WAITING', { error: null, nextAttemptAt }, null, (transaction) =>
          storeNeeds(transaction, push, next.needs),
        );
        return;
      }
      default:
        return assertNever(next);
    }
  }

  /** One move with its line of history and what hangs on it, in one transaction. Throws FenceLost. */
  async move(
    push: PushRow,
    status: PushStatus,
    changes: MoveChanges,
    attempt: Attempt | null,
    more?: (transaction: Transaction) => Promise<void> | undefined,
  ): Promise<PushRow> {
    const now = this.now();
    const after = { ...push, ...changes, status, updatedAt: now } as PushRow;
    const isSettled = ['SUCCEEDED', 'FAILED'].includes(status) || changes.postedAt !== undefined;
    await this.options.database.transaction(async (transaction) => {
      if (!(await movePush(transaction, push, status, changes, now))) throw new FenceLost();
      await more?.(transaction);
      if (attempt) {
        const { startedAt, ...record } = attempt;
        await recordAttempt(transaction, push, { ...record, durationMs: Math.max(0, now - startedAt) }, startedAt);
      }
      if (isSettled) await releaseDependents(transaction, push, now);
      if (status !== push.status) await this.options.handlers.get(push.kind)?.changed?.(transaction, after);
    });
    if (status !== push.status) this.options.onChanged?.(after);
    return after;
  }

  /** A line of the history for a check that stopped it; what only goes on being so is not told again. */
  checked(push: PushRow, cause: PushCause): Attempt | null {
    if (push.error?.code === cause.code && push.error.key === cause.key) return null;
    return { step: 'CHECK', outcome: `${cause.code}: ${cause.message}`, startedAt: this.now() };
  }

  /** How long to wait before look-up number `emptyLookUps` + 1. */
  lookUpWaitMs(emptyLookUps: number): number {
    const waitMs = Math.min(MAX_LOOK_UP_WAIT_MS, FIRST_LOOK_UP_WAIT_MS * 2 ** Math.min(emptyLookUps, 20));
    return Math.round(waitMs * (0.75 + this.options.random.fraction() / 4));
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}

export function outcomeOf({ urn, sageId, fault }: Sighting): string {
  if (fault) return `${fault.code}: ${fault.message}`;
  if (urn) return `done, URN ${urn}`;
  return sageId ? `done, Sage's id ${sageId}` : 'done';
}

function landed(push: PushRow, step: LandedStep, sighting: Sighting, now: number): MoveChanges {
  return {
    companyId: step.companyId,
    ...(typeof sighting.urn === 'string' && { urn: sighting.urn }),
    ...(typeof sighting.sageId === 'number' && { sageId: sighting.sageId }),
    ...(step.marks === 'POSTED' && !sighting.fault && { postedAt: push.postedAt ?? now }),
    ...(step.marks === 'ALLOCATED' && !sighting.fault && { allocatedAt: now }),
  };
}

function assertNever(value: never): never {
  throw new Error(`Not thought of: ${JSON.stringify(value)}`);
}
