import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { decodeNodeIdOf } from '../common/node-id.js';
import { reasonFault } from '../common/reason.js';
import { readReceipts } from './receipt-rows.js';
import type { ReconcileContext, ReconcileParts } from './reconcile-mutation-parts.js';
import { reconciled, ReconcilePayload, reconcileRefused } from './reconcile.payload.js';
import type { ReceiptLoader } from './receipt.loader.js';
import { MATCH_UNKNOWN, undoReceiptMatch } from './undo-receipt-match.js';

@Resolver()
export class UndoMatchMutation {
  constructor(
    private readonly parts: ReconcileParts,
    private readonly receipts: ReceiptLoader,
  ) {}

  @Authorized('reconcile')
  @Mutation(() => ReconcilePayload, {
    description:
      'Undoes a match. The reason is kept. Where Sage was told of the allocation, toDoInSage says what a person must undo in Sage.',
  })
  async undoMatch(
    @Ctx() context: ReconcileContext,
    @Arg('matchId', () => ID) id: string,
    @Arg('reason', () => String) typed: string,
  ): Promise<ReconcilePayload> {
    const { database, clock, wakePush } = this.parts;
    const { instanceId, caller } = context;
    const reason = typed.trim();
    const fault = reasonFault(reason, 'this match is undone');
    if (fault) return reconcileRefused(fault);
    const [matchId, ...rest] = decodeNodeIdOf(instanceId, 'ReceiptMatch', id) ?? [];
    if (matchId === undefined || rest.length > 0) return reconcileRefused(MATCH_UNKNOWN);
    const undone = await database.transaction((transaction) =>
      undoReceiptMatch(transaction, clock, instanceId, { matchId, who: caller.subject, reason }),
    );
    if ('refused' in undone) return reconcileRefused(undone.refused);
    wakePush();
    const [receipt] = await readReceipts(database, instanceId, [undone]);
    if (!receipt) throw new Error(`The receipt ${undone.urn} of a match is not there.`);
    const sentence = undone.isToUndoInSage ? await this.receipts.toDoInSage(context).load(undone) : null;
    return reconciled(instanceId, receipt, [undone], sentence === null ? [] : [sentence]);
  }
}
