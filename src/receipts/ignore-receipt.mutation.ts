import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { reasonFault } from '../common/reason.js';
import { RECEIPT_UNKNOWN } from './match-receipt.js';
import { type ReconcileContext, type ReconcileParts, receiptKeyOf } from './reconcile-mutation-parts.js';
import { reconciled, ReconcilePayload, reconcileRefused } from './reconcile.payload.js';
import { setReceiptAside } from './set-receipt-aside.js';

@Resolver()
export class IgnoreReceiptMutation {
  constructor(private readonly parts: ReconcileParts) {}

  @Authorized('reconcile')
  @Mutation(() => ReconcilePayload, {
    description:
      'Sets a receipt aside that is of no concern to The Layer: it is suggested for nothing. The reason is kept.',
  })
  async ignoreReceipt(
    @Ctx() context: ReconcileContext,
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
  ): Promise<ReconcilePayload> {
    const fault = reasonFault(reason.trim(), 'this receipt is ignored');
    return fault ? reconcileRefused(fault) : this.setAside(context, id, reason.trim());
  }

  @Authorized('reconcile')
  @Mutation(() => ReconcilePayload, { description: 'Takes an ignored receipt back into the list.' })
  restoreReceipt(@Ctx() context: ReconcileContext, @Arg('id', () => ID) id: string): Promise<ReconcilePayload> {
    return this.setAside(context, id, null);
  }

  private async setAside(
    { instanceId, caller }: ReconcileContext,
    id: string,
    reason: string | null,
  ): Promise<ReconcilePayload> {
    const { database, clock } = this.parts;
    const key = receiptKeyOf(instanceId, id);
    if (!key) return reconcileRefused({ ...RECEIPT_UNKNOWN, field: ['id'] });
    const after = await database.transaction((transaction) =>
      setReceiptAside(transaction, clock, instanceId, { key, who: caller.subject, reason }),
    );
    return 'refused' in after ? reconcileRefused(after.refused) : reconciled(instanceId, after);
  }
}
