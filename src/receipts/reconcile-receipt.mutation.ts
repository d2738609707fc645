import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { matchReceipt, RECEIPT_UNKNOWN } from './match-receipt.js';
import { readShares } from './read-shares.js';
import {
  matchedPayload,
  type ReconcileContext,
  type ReconcileParts,
  receiptKeyOf,
} from './reconcile-mutation-parts.js';
import { ReconcileReceiptInput } from './reconcile-receipt.input.js';
import { ReconcilePayload, reconcileRefused } from './reconcile.payload.js';

@Resolver()
export class ReconcileReceiptMutation {
  constructor(private readonly parts: ReconcileParts) {}

  @Authorized('reconcile')
  @Mutation(() => ReconcilePayload, {
    description:
      'Uses a receipt on invoices: whole, in part, or line by line. Never for more than receipt and invoice have left.',
  })
  async reconcileReceipt(
    @Ctx() { instanceId, caller }: ReconcileContext,
    @Arg('input', () => ReconcileReceiptInput) input: ReconcileReceiptInput,
  ): Promise<ReconcilePayload> {
    const { database, clock } = this.parts;
    const key = receiptKeyOf(instanceId, input.receiptId);
    if (!key) return reconcileRefused(RECEIPT_UNKNOWN);
    const outcome = await database.transaction((transaction) =>
      matchReceipt(transaction, clock, instanceId, {
        key,
        origin: 'MANUAL',
        rule: null,
        who: caller.subject,
        allocateInSage: input.allocateInSage ?? true,
        readShares: ({ currency }) => readShares(input.invoices, currency),
      }),
    );
    return matchedPayload(this.parts, instanceId, key, outcome);
  }
}
