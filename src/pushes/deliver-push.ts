import type { Log } from '../common/log.js';
import { faultOfReading, faultOfSending, isRefusal, type PushFault } from './fault-of-sage.push.js';
import type { ClaimedLane } from './lane.sql.js';
import { moveToSending } from './move.sql.js';
import { readAttempts } from './push-attempts.js';
import { unknownCause } from './push-causes.js';
import {
  type Diagnosis,
  type NextMove,
  type PushHandler,
  type PushStep,
  sentStep,
  type Sighting,
} from './push-handler.js';
import type { PushRow } from './push-rows.js';
import { settleMistake } from './settle-mistake.js';
import { type Attempt, FenceLost, outcomeOf, PushSettlement, type SettlementOptions } from './settle-push.js';

export interface DeliveryOptions extends SettlementOptions {
  log: Log;
  /** How long a request may still be running on Sage's side after sight of it was lost, and how late a posting may show. */
  resendAfterMs: number;
  /** Whether the ledger of this company was read whole since this process started: the cache then knows what was posted before. */
  isLedgerRead(instanceId: number, companyId: number): Promise<boolean>;
}

interface Resolved {
  push: PushRow;
  /** Sage certainly does not have it: the step may be sent again without another look. */
  isMissing: boolean;
}

/** So many sends in a row that were answered with a 4xx of no reason, and did nothing, are a refusal. */
const REFUSALS_BELIEVED = 3;

/** Takes one push as far as it goes now: look up, send, settle (reliability.md, "The life of a push"). */
export class PushDelivery {
  private readonly settlement: PushSettlement;

  constructor(private readonly options: DeliveryOptions) {
    this.settlement = new PushSettlement(options);
  }

  /** Never throws but on the signal: what goes wrong is written down with the push. */
  async deliver(push: PushRow, lane: ClaimedLane, signal: AbortSignal): Promise<void> {
    try {
      await this.advance(push, lane, signal);
    } catch (error) {
      if (error instanceof FenceLost) {
        this.options.log.info({ push: push.id }, 'push: taken over or changed meanwhile');
      } else if (!signal.aborted) {
        await settleMistake({ ...this.options, settlement: this.settlement }, push, error);
      }
    }
  }

  private async advance(given: PushRow, lane: ClaimedLane, signal: AbortSignal): Promise<void> {
    let push: PushRow | null = given;
    let wasLookedUp = false;
    // the worker that sent it is gone: its lane would not have been free otherwise
    if (push.status === 'SENDING') push = await this.takeOver(push);
    if (push.status === 'UNKNOWN') {
      const resolved: Resolved | null = await this.resolveUnknown(push, signal);
      if (!resolved) return;
      push = resolved.push;
      wasLookedUp = resolved.isMissing;
    }
    while (push?.status === 'QUEUED') {
      signal.throwIfAborted();
      const next = await this.nextMove(push, signal);
      if (next === null) return;
      if (next.kind === 'STEP') push = await this.takeStep(push, lane, next.step, wasLookedUp, signal);
      else if (next.kind === 'FOUND') push = await this.settlement.found(push, next.step, next.found, this.now());
      else return this.settlement.rest(push, next);
      wasLookedUp = false;
    }
  }

  /** Null: what it must read could not be read, and it was put off. */
  private async nextMove(push: PushRow, signal: AbortSignal): Promise<NextMove | null> {
    return this.reading(push, 'READ', signal, () => this.handlerOf(push).next(push, signal));
  }

  /** The push after the step, or null when it goes no further now. */
  private async takeStep(
    push: PushRow,
    lane: ClaimedLane,
    step: PushStep,
    wasLookedUp: boolean,
    signal: AbortSignal,
  ): Promise<PushRow | null> {
    if (!wasLookedUp && step.lookFirst !== 'DONE') {
      const startedAt = this.now();
      const found = await this.reading(push, 'LOOK_UP', signal, () => this.lookFirst(push, step, signal));
      if (found === null) return null;
      if (found.length > 0) return this.settlement.found(push, step, found, startedAt);
    }
    if (step.preflight) {
      const checked = await this.reading(push, 'CHECK', signal, async () => ({
        cause: await step.preflight?.(signal),
      }));
      if (checked === null) return null;
      if (checked.cause) {
        await this.settlement.hold(push, checked.cause, this.settlement.checked(push, checked.cause));
        return null;
      }
    }
    if (wasLookedUp && (await this.isSettledAsRefused(push, step, signal))) return null;
    return this.send(push, lane, step, signal);
  }

  /**
   * A 4xx without a reason proves nothing, as a proxy may have said it (sage200.md §2.2). Once Sage has been seen not to have the step,
   * Sage is asked what is in its way; and said of every one of some sends, it is believed.
   */
  private async isSettledAsRefused(push: PushRow, step: PushStep, signal: AbortSignal): Promise<boolean> {
    const startedAt = this.now();
    const history = (await readAttempts(this.options.database, push.instanceId, [push.id])).get(push.id) ?? [];
    const sends = history.filter((attempt) => attempt.step === step.name);
    const httpStatus = sends.at(-1)?.httpStatus ?? null;
    if (!isRefusal(httpStatus)) return false;
    const known = await this.diagnose(step, signal);
    if (known) {
      await this.settleKnown(push, known, this.settlement.checked(push, known.cause));
      return true;
    }
    const last = sends.slice(-REFUSALS_BELIEVED);
    if (last.length < REFUSALS_BELIEVED || !last.every((attempt) => isRefusal(attempt.httpStatus))) return false;
    const message = `Sage refuses the request (HTTP ${httpStatus}), and does not say why.`;
    const fault: PushFault = { isApplied: 'NO', code: 'SAGE_REFUSED', message, httpStatus, retryAfterMs: null };
    await this.settlement.putOff(push, fault, 'CHECK', startedAt);
    return true;
  }

  /**
   * What Sage has already of a step that this row was never seen to send, as after a restore from a backup. Of one that was sent
   * before, the cached ledger may not know yet.
   */
  private async lookFirst(push: PushRow, step: PushStep, signal: AbortSignal): Promise<Sighting[]> {
    const handler = this.handlerOf(push);
    if (step.lookFirst === 'LEDGER' && push.sentAt === null && handler.lookUpInCache) {
      if (await this.options.isLedgerRead(push.instanceId, step.companyId))
        return handler.lookUpInCache(push, step.facts);
    }
    return handler.lookUp(push, step.name, step.facts, signal);
  }

  /** Sends it, once; null when it went wrong, and that is written down. */
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
      if (signal.aborted && sent === push) throw error;
      await this.settleSendingFault(sent, step, fault, startedAt, signal);
      return null;
    }
    return this.settlement.done(sent, step, sighting, { step: step.name, outcome: outcomeOf(sighting), startedAt });
  }

  private async raiseFence(push: PushRow, lane: ClaimedLane, step: PushStep): Promise<PushRow> {
    const now = this.now();
    const isMine = await this.options.database.transaction((transaction) =>
      moveToSending(transaction, push, lane, step, now),
    );
    if (!isMine) throw new FenceLost();
    const sent = { attempts: push.attempts + 1, fence: push.fence + 1, sentAt: now, companyId: step.companyId };
    const remembered = {
      step: step.name,
      stepFacts: step.facts,
      stepMeaning: { marks: step.marks, touches: step.touches },
    };
    return { ...push, ...sent, ...remembered, status: 'SENDING', lostAt: null, emptyLookUps: 0, nextAttemptAt: null };
  }

  private async settleSendingFault(
    push: PushRow,
    step: PushStep,
    fault: PushFault,
    startedAt: number,
    signal: AbortSignal,
  ): Promise<void> {
    const attempt = {
      step: step.name,
      outcome: `${fault.code}: ${fault.message}`,
      startedAt,
      httpStatus: fault.httpStatus,
    };
    if (fault.isApplied === 'MAYBE') {
      const now = this.now();
      const open = { lostAt: now, emptyLookUps: 0, failures: 0, nextAttemptAt: now + this.settlement.lookUpWaitMs(0) };
      await this.settlement.move(push, 'UNKNOWN', { ...open, error: unknownCause(fault.message) }, attempt);
      return;
    }
    const isReasoned = fault.code === 'SAGE_REFUSED' || fault.code === 'SAGE_NOT_FOUND';
    const known = isReasoned ? await this.diagnose(step, signal) : null;
    if (known) await this.settleKnown(push, known, attempt);
    else await this.settlement.putOff(push, fault, step.name, startedAt);
  }

  private async settleKnown(push: PushRow, { cause, isHold }: Diagnosis, attempt: Attempt | null): Promise<void> {
    if (isHold) await this.settlement.hold(push, cause, attempt);
    else await this.settlement.move(push, 'FAILED', { error: cause, nextAttemptAt: null }, attempt);
  }

  /** A diagnosis that fails changes nothing: what Sage said stands. */
  private async diagnose(step: PushStep, signal: AbortSignal): Promise<Diagnosis | null> {
    try {
      return (await step.diagnose?.(signal)) ?? null;
    } catch (error) {
      this.options.log.info({ err: error }, 'push: Sage could not be asked why it refused');
      return null;
    }
  }

  private takeOver(push: PushRow): Promise<PushRow> {
    const now = this.now();
    const open = { lostAt: now, emptyLookUps: 0, nextAttemptAt: now };
    const error = unknownCause('the process that sent it has ended.');
    const outcome = `the worker that sent ${push.step ?? 'it'} is gone`;
    return this.settlement.move(push, 'UNKNOWN', { ...open, error }, { step: 'TAKE_OVER', outcome, startedAt: now });
  }

  /** Looks; what was posted is found by the first look-up. Null: nothing more to do now. */
  private async resolveUnknown(push: PushRow, signal: AbortSignal): Promise<Resolved | null> {
    const startedAt = this.now();
    const step = sentStep(push);
    const found = await this.reading(push, 'LOOK_UP', signal, () =>
      this.handlerOf(push).lookUp(push, step.name, step.facts, signal),
    );
    if (found === null) return null;
    if (found.length === 0) {
      const queued = await this.settleEmptyLookUp(push, startedAt);
      return queued && { push: queued, isMissing: true };
    }
    const settled = await this.settlement.found(push, step, found, startedAt);
    return settled && { push: settled, isMissing: false };
  }

  /** Sent again only after the longest possible run and the margin, and two empty look-ups, the last of them begun after both. */
  private async settleEmptyLookUp(push: PushRow, startedAt: number): Promise<PushRow | null> {
    const emptyLookUps = push.emptyLookUps + 1;
    const resendAt = (push.lostAt ?? startedAt) + this.options.resendAfterMs;
    if (startedAt >= resendAt && emptyLookUps >= 2) {
      const outcome = `Sage does not have it after ${emptyLookUps} look-ups: to be sent again`;
      const cleared = { lostAt: null, emptyLookUps: 0, failures: 0, nextAttemptAt: null, error: null };
      return this.settlement.move(push, 'QUEUED', cleared, { step: 'LOOK_UP', outcome, startedAt });
    }
    const soon = this.now() + this.settlement.lookUpWaitMs(emptyLookUps);
    // at the latest at the moment from which it may be sent again
    const nextAttemptAt = startedAt < resendAt ? Math.max(Math.min(soon, resendAt), this.now() + 1) : soon;
    const outcome = 'Sage does not show it (yet)';
    await this.settlement.move(
      push,
      'UNKNOWN',
      { emptyLookUps, nextAttemptAt },
      { step: 'LOOK_UP', outcome, startedAt },
    );
    return null;
  }

  /** What only reads: a fault of it changes nothing in Sage, and puts the push off. Null then. */
  private async reading<T>(
    push: PushRow,
    step: string,
    signal: AbortSignal,
    read: () => Promise<T>,
  ): Promise<T | null> {
    const startedAt = this.now();
    try {
      return await read();
    } catch (error) {
      if (signal.aborted) throw error;
      await this.settlement.putOff(push, faultOfReading(error), step, startedAt);
      return null;
    }
  }

  private handlerOf(push: PushRow): PushHandler {
    const handler = this.options.handlers.get(push.kind);
    if (!handler) throw new Error(`Nothing delivers pushes of kind ${push.kind}.`);
    return handler;
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}
