import type { Transaction } from '../database/database.js';
import type { PushCause } from './push-cause.js';
import type { PushRow } from './push-rows.js';
import type { PushKind } from './push-status.js';

/** Another push that must be in Sage before this one can go on. */
export interface PushNeed {
  kind: PushKind;
  layerId: string;
}

/** What Sage has of a step: a posting, an account, an allocation. */
export interface Sighting {
  /** Of a posting. */
  urn?: string | null;
  /** Sage's row id: of the posting, the customer, the nominal account. */
  sageId?: number | null;
  /** It is there, and yet not what was to be sent, e.g. of another amount: the push fails with this. */
  fault?: PushCause;
}

/** What a step is, as it is remembered when it is sent: all that the look-up needs. JSON. */
export type StepFacts = Readonly<Record<string, unknown>>;

/** Why Sage refuses a step, and whether that is only for now. */
export interface Diagnosis {
  cause: PushCause;
  isHold: boolean;
}

/** One request that changes something in Sage. */
export interface PushStep {
  /** POST, ALLOCATE, UPDATE, CONTACT …, at most 40 characters; stands in the history. */
  name: string;
  companyId: number;
  facts: StepFacts;
  /** What its success means for the push. */
  marks: 'POSTED' | 'ALLOCATED' | null;
  /** Whether the push is done with it: then it is settled and SUCCEEDED in one transaction. */
  isLast: boolean;
  /**
   * Where to look before it is sent: SAGE always asks Sage; LEDGER trusts the cached ledger once that was read since this process
   * started (by `lookUpInCache`), of a push that was never sent, and asks Sage otherwise; DONE: `next` has just asked Sage, and it
   * was not there.
   */
  lookFirst: 'SAGE' | 'LEDGER' | 'DONE';
  /** Asks Sage whether the date, the account … allow it, right before it is sent. Reads only. Null: nothing is in the way. */
  preflight?(signal: AbortSignal): Promise<PushCause | null>;
  /** Sends it, once. `beforeSend` must be called right before the socket write (SageRequest.beforeSend). Throws SageError. */
  send(beforeSend: () => Promise<void>, signal: AbortSignal): Promise<Sighting>;
  /** After Sage refused it: why, by asking Sage (is the period closed, the account on hold?). Null: no better word than Sage's. */
  diagnose?(signal: AbortSignal): Promise<Diagnosis | null>;
  /** What it changes in Sage: read again at once. Accounts by Sage's id, transactions by URN. */
  touches?: { accountIds: readonly number[]; urns: readonly string[] };
}

/** What is remembered of a step beside its facts. */
export type LandedStep = Pick<PushStep, 'name' | 'companyId' | 'facts' | 'marks' | 'isLast' | 'touches'>;

export type NextMove =
  | { kind: 'STEP'; step: PushStep }
  /** Sage has what the step would do: `next` has just seen it. */
  | { kind: 'FOUND'; step: LandedStep; found: Sighting[] }
  /** Not now; the code's row in the retry table says when. */
  | { kind: 'LATER'; code: string; message: string }
  /** Nothing is left to be sent. */
  | { kind: 'DONE' }
  | { kind: 'WAITING'; needs: readonly PushNeed[] }
  | { kind: 'HELD'; cause: PushCause; needs?: readonly PushNeed[] }
  | { kind: 'FAILED'; cause: PushCause };

/** One for each kind. */
export type PushHandlers = ReadonlyMap<PushKind, PushHandler>;

/**
 * What a feature hands to the push engine. The engine knows no feature, and the feature no queue, lease, fence or retry.
 * `lookUp` is required: no push can be written that forgets to ask Sage before it sends again.
 */
export interface PushHandler {
  readonly kind: PushKind;
  /** What comes next, given what is remembered of the push. Reads the database, and where it must, Sage. */
  next(push: PushRow, signal: AbortSignal): Promise<NextMove>;
  /**
   * Asks Sage for what the step would have left: nothing, one, or (a duplicate) several. Leans on `facts` alone, not on anything
   * that may have changed since it was sent. Posted and historical transactions alike.
   */
  lookUp(push: PushRow, stepName: string, facts: StepFacts, signal: AbortSignal): Promise<Sighting[]>;
  /** The same out of the cached ledger, for LEDGER steps. */
  lookUpInCache?(push: PushRow, facts: StepFacts): Promise<Sighting[]>;
  /** Writes what a step has brought about into the feature's own tables, in the transaction that settles the push. */
  settle?(
    transaction: Transaction,
    push: PushRow,
    stepName: string,
    sighting: Sighting,
    facts: StepFacts,
  ): Promise<void>;
  /** After the push has come to rest or moved on, e.g. for a status kept beside the document; in the same transaction. */
  changed?(transaction: Transaction, push: PushRow): Promise<void>;
}

/** The step that was sent, as it is remembered. Whether anything comes after it is for the handler to say. */
export function sentStep(push: PushRow): LandedStep {
  return {
    name: push.step ?? '',
    companyId: push.companyId ?? 0,
    facts: push.stepFacts ?? {},
    marks: push.stepMeaning?.marks ?? null,
    touches: push.stepMeaning?.touches,
    isLast: false,
  };
}
