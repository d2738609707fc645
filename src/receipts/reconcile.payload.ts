import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import type { DocumentRow } from '../documents/document-rows.js';
import type { MatchRow } from './match-rows.js';
import { ReceiptMatchType } from './receipt-match.type.js';
import type { ReceiptRow } from './receipt-rows.js';
import { ReceiptType } from './receipt.type.js';

/** Of every mutation that changes what one receipt is used on. */
@ObjectType({ simpleResolvers: true })
export class ReconcilePayload {
  @Field(() => ReceiptType, { nullable: true })
  receipt!: ReceiptType | null;

  @Field(() => [ReceiptMatchType], { description: 'What was made or undone; empty when nothing was changed.' })
  matches!: ReceiptMatchType[];

  @Field(() => [String], {
    description: 'What a person must do in Sage now, as its API cannot: one sentence for each.',
  })
  toDoInSage!: string[];

  @Field(() => [UserError])
  userErrors!: UserError[];
}

/** Of the mutations that go through the receipts of a company. */
@ObjectType({ simpleResolvers: true })
export class AutoReconcilePayload {
  @Field(() => [ReceiptMatchType], { description: 'At most the first 500 of them.' })
  matched!: ReceiptMatchType[];

  @Field(() => Int)
  matchedCount!: number;

  @Field(() => Int, { description: 'Receipts looked at and left for a person.' })
  leftCount!: number;

  @Field(() => String, { nullable: true, description: 'Where it has come to: pass it as `after` while hasMore.' })
  endCursor!: string | null;

  @Field(() => Boolean, { description: 'True while there are receipts that it has not looked at yet.' })
  hasMore!: boolean;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

export function reconciled(
  instanceId: number,
  receipt: ReceiptRow,
  matches: readonly MatchRow[] = [],
  toDoInSage: readonly string[] = [],
): ReconcilePayload {
  return {
    receipt: new ReceiptType(instanceId, receipt),
    matches: matches.map((match) => new ReceiptMatchType(instanceId, match)),
    toDoInSage: [...toDoInSage],
    userErrors: [],
  };
}

export function reconcileRefused(...userErrors: UserError[]): ReconcilePayload {
  return { receipt: null, matches: [], toDoInSage: [], userErrors };
}

/** What went through a company's receipts has done, or would do: then the payments are not stored, and are handed over. */
export interface AutoReconciled {
  matched: readonly { match: MatchRow; payment: DocumentRow }[];
  matchedCount: number;
  leftCount: number;
  /** Null: all were looked at. */
  endCursor: string | null;
  isDryRun: boolean;
}

export function autoReconciled(instanceId: number, outcome: AutoReconciled): AutoReconcilePayload {
  const { matched, matchedCount, leftCount, endCursor, isDryRun } = outcome;
  return {
    matched: matched.map(({ match, payment }) => new ReceiptMatchType(instanceId, match, isDryRun ? payment : null)),
    matchedCount,
    leftCount,
    endCursor,
    hasMore: endCursor !== null,
    userErrors: [],
  };
}

export function autoReconcileRefused(...userErrors: UserError[]): AutoReconcilePayload {
  return { matched: [], matchedCount: 0, leftCount: 0, endCursor: null, hasMore: false, userErrors };
}
