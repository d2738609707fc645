import type { Clock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Database, Transaction } from '../database/database.js';
import { faultOfReading, faultOfSending, type PushFault } from './fault-of-sage.push.js';
import type { ClaimedLane } from './lane.sql.js';
import {
  type AttemptRecord,
  type MoveChanges,
  movePush,
  moveToSending,
  recordAttempt,
  releaseDependents,
  storeNeeds,
} from './move.sql.js';
import type { PushCause } from './push-cause.js';
import type { LandedStep, NextMove, PushHandler, PushHandlers, PushStep, Sighting } from './push-handler.js';
import { type PushRow, readPushes } from './push-rows.js';
import type { PushStatus } from './push-status.js';
import { decideRetry, HOLD_LOOK_AGAIN_MS, remedyOf } from './retry-table.js';

export interface DeliveryOptions {
  database: Database;
  clock: Clock;
  random: Random;
  log: Log;
  handlers: PushHandlers;
  /** How long a request may still be running on Sage's side after sight of it was lost, and how late a posting may show. */
  resendAfterMs: number;
  /** The longest that something held waits before it is looked at again; shortens the table for tests. */
  maxLookAgainMs: number;
  /** Whether the ledger of this company was read whole since this process started: the cache then knows what was posted before. */
  isLedgerRead(instanceId: number, companyId: number): Promise<boolean>;
  /** Sage has changed: accounts by Sage's id, transactions by URN. */
  onLanded(
    instanceId: number,
    companyId: number,
    touched: { accountIds: readonly number[]; urns: readonly string[] },
  ): void;
  /** A push stands in a new state. */
  onChanged?(push: PushRow): void;
}

/** Another worker holds the push now, or it was changed meanwhile: this one stops without a word. */
class FenceLost extends Error {}

const MAX_LOOK_UP_WAIT_MS = 30_000;
const FIRST_LOOK_UP_WAIT_MS = 500;

/**
 * Takes one push as far as it goes now: look up, post, allocate, settle (reliability.md, "The life of a push"). Every move is
 * conditional on the push standing as it was read, so that a worker that wakes up late changes nothing.
 */
export class PushDelivery {
  constructor(private readonly options: DeliveryOptions) {}

  async deliver(push: PushRow, lane: ClaimedLane, signal: AbortSignal): Promise<void> {
    try {
      await this.advance(push, lane, signal);
    } catch (error) {
      if (error instanceof FenceLost) {
        this.options.log.info({ push: push.id }, 'push: taken over or changed meanwhile');
        return;
      }
      if (signal.aborted) return;
      await this.settleMistake(push, error);
    }
  }

  private async advance(given: PushRow, lane: ClaimedLane, signal: AbortSignal): Promise<void> {
    let push = given;
    let wasLookedUp = false;
    // the worker that sent it is gone: its lane would not have been free otherwise
    if (push.status === 'SENDING') push = await this.takeOver(push);
    if (push.status === 'UNKNOWN') {
      const resolved = await this.resolveUnknown(push, signal);
      if (!resolved) return;
      ({ push, wasLookedUp } = resolved);
    }
    while (push.status === 'QUEUED') {
      signal.throwIfAborted();
      const next = await this.nextMove(push, signal);
      if (next === null) return;
      if (next.kind !== 'STEP' && next.kind !== 'FOUND') return this.rest(push, next);
      const after: PushRow | null =
        next.kind === 'FOUND'
          ? await this.settleFound(push, next.step, next.found)
          : await this.takeStep(push, lane, next.step, wasLookedUp || next.step.lookFirst === 'DONE', signal);
      if (after === null) return;
      push = after;
      wasLookedUp = false;
    }
  }

  /** Null: what it must read could not be read; it was put off. */
  private async nextMove(push: PushRow, signal: AbortSignal): Promise<NextMove | null> {
    const startedAt = this.now();
    try {
      return await this.handlerOf(push).next(push, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.putOff(push, faultOfReading(error), 'READ', startedAt);
      return null;
    }
  }

  /** The push after the step, or null when it goes no further now. */
  private async takeStep(
    push: PushRow,
    lane: ClaimedLane,
    step: PushStep,
    wasLookedUp: boolean,
    signal: AbortSignal,
  ): Promise<PushRow | null> {
    if (!wasLookedUp) {
      const found = await this.lookFirst(push, step, signal);
      if (found === null) return null;
      if (found.length > 0) return this.settleFound(push, step, found);
    }
    if (step.preflight) {
      const startedAt = this.now();
      try {
        const cause = await step.preflight(signal);
        if (cause) {
          await this.rest(push, { kind: 'HELD', cause });
          return null;
        }
      } catch (error) {
        if (signal.aborted) throw error;
        await this.putOff(push, faultOfReading(error), 'CHECK', startedAt);
        return null;
      }
    }
    return this.send(push, lane, step, signal);
  }

  /** What Sage has already of a step that this row was never seen to send, as after a restore from a backup. */
  private async lookFirst(push: PushRow, step: PushStep, signal: AbortSignal): Promise<Sighting[] | null> {
    const handler = this.handlerOf(push);
    const isCacheGood =
      step.lookFirst === 'LEDGER' &&
      handler.lookUpInCache !== undefined &&
      (await this.options.isLedgerRead(push.instanceId, step.companyId));
    if (isCacheGood) return (await handler.lookUpInCache?.(push, step.facts)) ?? [];
    const startedAt = this.now();
    try {
      return await handler.lookUp(push, step.name, step.facts, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.putOff(push, faultOfReading(error), 'LOOK_UP', startedAt);
      return null;
    }
  }

  private async send(push: PushRow, lane: ClaimedLane, step: PushStep, signal: AbortSignal): Promise<PushRow | null> {
    const startedAt = this.now();
    let sent = push;
    const beforeSend = async () => {
      sent = await this.raiseFence(sent, lane, step);
    };
    let sighting: Sighting;
    try {
      sighting = await step.send(beforeSend, signal);
    } catch (error) {
      if (error instanceof FenceLost) throw error;
      const fault = faultOfSending(error);
      // given up before its turn came: it stands as it was
      if (signal.aborted && sent === push && fault.isApplied === 'NO') throw error;
      await this.settleSendingFault(sent, step, fault, startedAt, signal);
      return null;
    }
    return this.settleDone(sent, step, sighting, { step: step.name, outcome: outcomeOf(sighting), startedAt });
  }

  private async raiseFence(push: PushRow, lane: ClaimedLane, step: PushStep): Promise<PushRow> {
    const now = this.now();
    const isMine = await this.options.database.transaction((transaction) =>
      moveToSending(transaction, push, lane, step, now),
    );
    if (!isMine) throw new FenceLost();
    return {
      ...push,
      status: 'SENDING',
      fence: push.fence + 1,
      attempts: push.attempts + 1,
      step: step.name,
      stepFacts: step.facts,
      stepMeaning: { marks: step.marks, touches: step.touches },
      companyId: step.companyId,
      sentAt: now,
      lostAt: null,
      emptyLookUps: 0,
      nextAttemptAt: null,
    };
  }

  /** A step is done: remembered with all that it brought about, in one transaction. */
  private async settleDone(
    push: PushRow,
    step: LandedStep,
    sighting: Sighting,
    record: { step: string; outcome: string; startedAt: number; httpStatus?: number | null },
  ): Promise<PushRow | null> {
    const now = this.now();
    if (sighting.fault) {
      await this.move(
        push,
        'FAILED',
        { ...landed(push, step, sighting, now), error: sighting.fault, nextAttemptAt: null },
        record,
      );
      return null;
    }
    const handler = this.handlerOf(push);
    const status = step.isLast ? 'SUCCEEDED' : 'QUEUED';
    const changes = {
      ...landed(push, step, sighting, now),
      failures: 0,
      emptyLookUps: 0,
      nextAttemptAt: null,
      lostAt: null,
      error: null,
    };
    const moved = await this.move(push, status, changes, record, async (transaction) => {
      await handler.settle?.(transaction, push, step.name, sighting, step.facts);
    });
    const urns = [...(step.touches?.urns ?? []), ...(sighting.urn ? [sighting.urn] : [])];
    this.options.onLanded(push.instanceId, step.companyId, { accountIds: step.touches?.accountIds ?? [], urns });
    return moved;
  }

  private async settleFound(push: PushRow, step: LandedStep, found: Sighting[]): Promise<PushRow | null> {
    const record = { step: 'LOOK_UP', outcome: `${step.name}: stands in Sage already`, startedAt: this.now() };
    if (found.length > 1) {
      await this.move(push, 'FAILED', { error: duplicateCause(push, found), nextAttemptAt: null }, record);
      return null;
    }
    return this.settleDone({ ...push, companyId: step.companyId }, step, found[0] as Sighting, record);
  }

  private async settleSendingFault(
    push: PushRow,
    step: PushStep,
    fault: PushFault,
    startedAt: number,
    signal: AbortSignal,
  ): Promise<void> {
    const record = {
      step: step.name,
      outcome: `${fault.code}: ${fault.message}`,
      startedAt,
      httpStatus: fault.httpStatus,
    };
    if (fault.isApplied === 'MAYBE') {
      const now = this.now();
      await this.move(
        push,
        'UNKNOWN',
        { lostAt: now, emptyLookUps: 0, nextAttemptAt: now + this.lookUpWaitMs(0), error: unknownCause(fault.message) },
        record,
      );
      return;
    }
    const known = isRefusal(fault) ? await this.diagnose(step, signal) : null;
    if (known) {
      if (known.isHold) await this.hold(push, known.cause, record);
      else await this.move(push, 'FAILED', { error: known.cause, nextAttemptAt: null }, record);
      return;
    }
    await this.putOff(push, fault, step.name, startedAt);
  }

  /** A diagnosis that fails changes nothing: what Sage said stands. */
  private async diagnose(step: PushStep, signal: AbortSignal) {
    try {
      return (await step.diagnose?.(signal)) ?? null;
    } catch (error) {
      this.options.log.info({ error: messageOf(error) }, 'push: Sage could not be asked why it refused');
      return null;
    }
  }

  /** Certainly nothing was done: tried again as the retry table says. */
  private async putOff(push: PushRow, fault: PushFault, stepName: string, startedAt: number): Promise<void> {
    const failures = push.failures + 1;
    const record = {
      step: stepName,
      outcome: `${fault.code}: ${fault.message}`,
      startedAt,
      httpStatus: fault.httpStatus,
    };
    const cause: PushCause = { ...causeOfFault(fault), remedy: remedyOf(fault.code) };
    // what is open stays open: a look-up that failed says nothing about the outcome
    if (push.status === 'UNKNOWN') {
      const nextAttemptAt = this.now() + Math.max(this.lookUpWaitMs(failures), fault.retryAfterMs ?? 0);
      await this.move(push, 'UNKNOWN', { failures, nextAttemptAt }, record);
      return;
    }
    const decision = decideRetry(fault.code, failures, this.options.random.fraction(), fault.retryAfterMs);
    if (decision.kind === 'AGAIN') {
      await this.move(push, 'QUEUED', { failures, nextAttemptAt: this.now() + decision.waitMs, error: cause }, record);
    } else if (decision.kind === 'HELD') {
      await this.hold({ ...push, failures }, cause, record, decision.lookAgainMs);
    } else {
      await this.move(push, 'FAILED', { failures, nextAttemptAt: null, error: cause }, record);
    }
  }

  private async hold(
    push: PushRow,
    cause: PushCause,
    record: Attempt | null,
    lookAgainMs: number | null = HOLD_LOOK_AGAIN_MS[cause.code] ?? null,
  ): Promise<void> {
    const nextAttemptAt = lookAgainMs === null ? null : this.now() + Math.min(lookAgainMs, this.options.maxLookAgainMs);
    await this.move(push, 'HELD', { error: cause, nextAttemptAt, failures: 0 }, record);
  }

  /** Where a push stays that has no step to take now. */
  private async rest(push: PushRow, next: Exclude<NextMove, { kind: 'STEP' | 'FOUND' }>): Promise<void> {
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
        await this.move(push, 'FAILED', { error: next.cause, nextAttemptAt: null }, null);
        return;
      case 'HELD':
        await this.options.database.transaction((transaction) => storeNeeds(transaction, push, next.needs ?? []));
        await this.hold(push, next.cause, null);
        return;
      case 'WAITING':
        // the needs first: one that lands right after the move must find them
        await this.move(
          push,
          'WAITING',
          { error: null, nextAttemptAt: this.now() + this.options.maxLookAgainMs },
          null,
          (transaction) => storeNeeds(transaction, push, next.needs),
        );
        return;
      default:
        return assertNever(next);
    }
  }

  private async takeOver(push: PushRow): Promise<PushRow> {
    const now = this.now();
    const moved = await this.move(
      push,
      'UNKNOWN',
      { lostAt: now, emptyLookUps: 0, nextAttemptAt: now, error: unknownCause('The process that sent it has ended.') },
      { step: 'TAKE_OVER', outcome: `the worker that sent ${push.step ?? 'it'} is gone`, startedAt: now },
    );
    return moved;
  }

  /** Looks; what was posted is found by the first look-up. Null: nothing more to do now. */
  private async resolveUnknown(
    push: PushRow,
    signal: AbortSignal,
  ): Promise<{ push: PushRow; wasLookedUp: boolean } | null> {
    const stepName = push.step ?? '';
    const facts = push.stepFacts ?? {};
    const startedAt = this.now();
    let found: Sighting[];
    try {
      found = await this.handlerOf(push).lookUp(push, stepName, facts, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.putOff(push, faultOfReading(error), 'LOOK_UP', startedAt);
      return null;
    }
    if (found.length > 1) {
      const error = duplicateCause(push, found);
      await this.move(
        push,
        'FAILED',
        { error, nextAttemptAt: null },
        { step: 'LOOK_UP', outcome: error.message, startedAt },
      );
      return null;
    }
    const [sighting] = found;
    if (sighting) {
      const record = { step: 'LOOK_UP', outcome: `${stepName}: ${outcomeOf(sighting)}`, startedAt };
      const moved = await this.settleDone(push, this.sentStep(push), sighting, record);
      return moved && { push: moved, wasLookedUp: false };
    }
    return this.settleEmptyLookUp(push, startedAt);
  }

  /** Sent again only after the longest possible run and the margin, and two empty look-ups, the last of them after both. */
  private async settleEmptyLookUp(
    push: PushRow,
    startedAt: number,
  ): Promise<{ push: PushRow; wasLookedUp: boolean } | null> {
    const emptyLookUps = push.emptyLookUps + 1;
    const resendAt = (push.lostAt ?? startedAt) + this.options.resendAfterMs;
    if (startedAt >= resendAt && emptyLookUps >= 2) {
      const moved = await this.move(
        push,
        'QUEUED',
        { lostAt: null, emptyLookUps: 0, failures: 0, nextAttemptAt: null, error: null },
        {
          step: 'LOOK_UP',
          outcome: `Sage does not have it after ${emptyLookUps} look-ups: to be sent again`,
          startedAt,
        },
      );
      return { push: moved, wasLookedUp: true };
    }
    // never later than the moment from which it may be sent again
    const soon = this.now() + this.lookUpWaitMs(emptyLookUps);
    const nextAttemptAt = startedAt < resendAt ? Math.min(soon, Math.max(resendAt, this.now() + 1)) : soon;
    await this.move(
      push,
      'UNKNOWN',
      { emptyLookUps, nextAttemptAt },
      { step: 'LOOK_UP', outcome: 'Sage does not show it (yet)', startedAt },
    );
    return null;
  }

  /** The step that was sent, as it is remembered. Whether anything comes after it is for the handler to say. */
  private sentStep(push: PushRow): LandedStep {
    return {
      name: push.step ?? '',
      companyId: push.companyId ?? 0,
      facts: push.stepFacts ?? {},
      marks: push.stepMeaning?.marks ?? null,
      touches: push.stepMeaning?.touches,
      isLast: false,
    };
  }

  /** A mistake of our own: the push is put off and said so, and the others go on. */
  private async settleMistake(push: PushRow, error: unknown): Promise<void> {
    const { log, database } = this.options;
    log.error({ push: push.id, kind: push.kind, err: error }, 'push: a delivery ended in an error');
    try {
      const current = (await readPushes(database, push.instanceId, [push.id])).get(push.id);
      if (!current || !['QUEUED', 'UNKNOWN', 'SENDING'].includes(current.status)) return;
      // what went out may have arrived
      const status = current.status === 'SENDING' ? 'UNKNOWN' : current.status;
      const failures = current.failures + 1;
      const now = this.now();
      await this.move(
        current,
        status,
        {
          failures,
          nextAttemptAt: now + Math.min(60_000, 1_000 * 2 ** Math.min(failures, 10)),
          ...(status === 'UNKNOWN' && { lostAt: current.lostAt ?? now }),
          error: {
            code: 'INTERNAL_ERROR',
            key: '',
            subject: null,
            message: 'The gateway made a mistake with this push and tries again by itself.',
            remedy: 'If it stays, give the id of the push to support.',
          },
        },
        { step: 'ERROR', outcome: 'a mistake of the gateway; it stands in the log', startedAt: now },
      );
    } catch (inner) {
      if (!(inner instanceof FenceLost))
        log.error({ push: push.id, err: inner }, 'push: a failure could not be stored');
    }
  }

  /** One move with its line of history and what hangs on it, in one transaction. Throws FenceLost. */
  private async move(
    push: PushRow,
    status: PushStatus,
    changes: MoveChanges,
    attempt: Attempt | null,
    more?: (transaction: Transaction) => Promise<void>,
  ): Promise<PushRow> {
    const now = this.now();
    const after: PushRow = { ...push, ...changes, status, updatedAt: now } as PushRow;
    await this.options.database.transaction(async (transaction) => {
      if (!(await movePush(transaction, push, status, changes, now))) throw new FenceLost();
      await more?.(transaction);
      if (attempt) await recordAttempt(transaction, push, asRecord(attempt, now), attempt.startedAt);
      const hasMovedOn = status !== push.status || changes.postedAt !== undefined;
      const isSettled = status === 'SUCCEEDED' || status === 'FAILED' || changes.postedAt !== undefined;
      if (isSettled && hasMovedOn) await releaseDependents(transaction, push, now);
      await this.handlerOf(push).changed?.(transaction, after);
    });
    if (status !== push.status) this.options.onChanged?.(after);
    return after;
  }

  private handlerOf(push: PushRow): PushHandler {
    const handler = this.options.handlers.get(push.kind);
    if (!handler) throw new Error(`Nothing delivers pushes of kind ${push.kind}.`);
    return handler;
  }

  private lookUpWaitMs(emptyLookUps: number): number {
    const waitMs = Math.min(MAX_LOOK_UP_WAIT_MS, FIRST_LOOK_UP_WAIT_MS * 2 ** Math.min(emptyLookUps, 20));
    return Math.round(waitMs * (0.75 + this.options.random.fraction() / 4));
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}

interface Attempt {
  step: string;
  outcome: string;
  startedAt: number;
  httpStatus?: number | null;
}

const asRecord = ({ startedAt, ...attempt }: Attempt, now: number): AttemptRecord => ({
  ...attempt,
  durationMs: Math.max(0, now - startedAt),
});

const isRefusal = ({ code }: PushFault) => code === 'SAGE_REFUSED' || code === 'SAGE_NOT_FOUND';

function outcomeOf({ urn, sageId, fault }: Sighting): string {
  if (fault) return `${fault.code}: ${fault.message}`;
  if (urn) return `done, URN ${urn}`;
  return sageId ? `done, Sage's id ${sageId}` : 'done';
}

function landed(
  push: PushRow,
  step: Pick<LandedStep, 'marks' | 'companyId'>,
  sighting: Sighting,
  now: number,
): MoveChanges {
  return {
    companyId: step.companyId,
    ...(typeof sighting.urn === 'string' && { urn: sighting.urn }),
    ...(typeof sighting.sageId === 'number' && { sageId: sighting.sageId }),
    ...(step.marks === 'POSTED' && { postedAt: push.postedAt ?? now }),
    ...(step.marks === 'ALLOCATED' && { allocatedAt: now }),
  };
}

function causeOfFault({ code, message }: PushFault): Omit<PushCause, 'remedy'> {
  // what Sage refuses is about the one document; the rest is about the way to Sage, and one row for all
  const isOwn = ['SAGE_REFUSED', 'SAGE_NOT_FOUND'].includes(code);
  return { code, key: isOwn ? '' : 'CONNECTION', subject: isOwn ? null : 'the connection to Sage', message };
}

function unknownCause(message: string): PushCause {
  return {
    code: 'OUTCOME_UNKNOWN',
    key: '',
    subject: null,
    message: `Sage may or may not have it: ${message}`,
    remedy: 'Nothing needs to be done: Sage is being asked, and nothing is sent again before it is certain.',
  };
}

function duplicateCause(push: PushRow, found: readonly Sighting[]): PushCause {
  const urns = found.flatMap(({ urn }) => (urn ? [urn] : []));
  return {
    code: 'DUPLICATE_IN_SAGE',
    key: '',
    subject: null,
    message: `Sage has ${found.length} postings with the second reference ${push.sageReference}${urns.length > 0 ? `: URN ${urns.join(', ')}` : ''}.`,
    remedy:
      'Look at them in Sage, and reverse what is one too many. Then skip this push: it is never repaired by itself.',
  };
}

function assertNever(value: never): never {
  throw new Error(`Not thought of: ${JSON.stringify(value)}`);
}
