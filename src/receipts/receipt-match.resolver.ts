import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { DocumentKind } from '../documents/document-kind.js';
import type { DocumentRow } from '../documents/document-rows.js';
import { InvoiceType } from '../documents/invoice.type.js';
import { PaymentType } from '../documents/payment.type.js';
import { PushType } from '../pushes/push.type.js';
import { SuggestedAllocationType } from './match-suggestion.type.js';
import { ReceiptMatchType } from './receipt-match.type.js';
import type { ReceiptViewParts } from './receipt-views.js';
import { ReceiptType } from './receipt.type.js';
import { matchIdOfPayment, sagePaymentId } from './sage-payment.js';

@Resolver(() => ReceiptMatchType)
export class ReceiptMatchResolver {
  constructor(private readonly parts: ReceiptViewParts) {}

  @FieldResolver(() => ReceiptType)
  async receipt(@Root() { row }: ReceiptMatchType, @Ctx() context: RequestContext): Promise<ReceiptType> {
    const receipt = await this.parts.receipts.byKey(context).load(row);
    if (!receipt) throw new Error(`The receipt with URN ${row.urn} of match ${row.id} is not known.`);
    return new ReceiptType(context.instanceId, receipt);
  }

  @FieldResolver(() => InvoiceType)
  async invoice(@Root() { row }: ReceiptMatchType, @Ctx() context: RequestContext): Promise<InvoiceType> {
    return new InvoiceType(context.instanceId, await document(this.parts, context, 'INVOICE', row.invoiceLayerId));
  }

  @FieldResolver(() => PaymentType, { description: 'What it is in The Layer; still there when it was undone.' })
  async payment(
    @Root() { row, plannedPayment }: ReceiptMatchType,
    @Ctx() context: RequestContext,
  ): Promise<PaymentType> {
    const payment = plannedPayment ?? (await document(this.parts, context, 'PAYMENT', sagePaymentId(row.id)));
    return new PaymentType(context.instanceId, payment);
  }

  @FieldResolver(() => PushType, {
    nullable: true,
    description: 'The allocation sent to Sage; null where Sage had it already.',
  })
  async push(@Root() { row }: ReceiptMatchType, @Ctx() context: RequestContext): Promise<PushType | null> {
    const push = row.pushId === null ? null : await this.parts.pushes.byId(context).load(row.pushId);
    return push && new PushType(context.instanceId, push);
  }
}

@Resolver(() => SuggestedAllocationType)
export class SuggestedAllocationResolver {
  constructor(private readonly parts: ReceiptViewParts) {}

  @FieldResolver(() => InvoiceType)
  async invoice(@Root() { share }: SuggestedAllocationType, @Ctx() context: RequestContext): Promise<InvoiceType> {
    return new InvoiceType(context.instanceId, await document(this.parts, context, 'INVOICE', share.invoiceLayerId));
  }
}

@Resolver(() => PaymentType)
export class PaymentMatchResolver {
  constructor(private readonly parts: ReceiptViewParts) {}

  @FieldResolver(() => ReceiptMatchType, {
    nullable: true,
    description: 'What made it of a receipt from Sage; null for a payment that was entered in The Layer.',
  })
  async match(@Root() { row }: PaymentType, @Ctx() context: RequestContext): Promise<ReceiptMatchType | null> {
    const id = matchIdOfPayment(row.layerId);
    const match = id === null ? null : await this.parts.receipts.match(context).load(id);
    return match && new ReceiptMatchType(context.instanceId, match);
  }
}

async function document(
  { documents }: ReceiptViewParts,
  context: RequestContext,
  kind: DocumentKind,
  layerId: string,
): Promise<DocumentRow> {
  const row = await documents.byKey(context).load({ kind, layerId });
  if (!row) throw new Error(`The ${kind} ${layerId} of a match is not known.`);
  return row;
}
