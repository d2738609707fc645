import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CustomerType } from '../customers/customer.type.js';
import { PushType } from '../pushes/push.type.js';
import { SageTransactionType } from '../transactions/sage-transaction.type.js';
import { CreditNoteType } from './credit-note.type.js';
import { customerOf, type DocumentViewParts, pushOf, sageTransactionOf } from './document-fields.js';
import { DocumentFilter } from './document-filter.input.js';
import { documentPage } from './document-page.js';
import { REFUNDS } from './document-pages.js';
import type { DocumentRow } from './document-rows.js';
import { PaymentType } from './payment.type.js';
import { RefundConnection, RefundType } from './refund.type.js';

@Resolver(() => RefundType)
export class RefundResolver {
  constructor(private readonly parts: DocumentViewParts) {}

  @Authorized('documents:read')
  @Query(() => RefundConnection, { description: 'Newest first.' })
  refunds(
    @Ctx() { instanceId }: RequestContext,
    @Arg('filter', () => DocumentFilter, { nullable: true }) filter: DocumentFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return documentPage(this.parts.database, instanceId, REFUNDS, { ...filter }, { first, after });
  }

  @FieldResolver(() => CustomerType)
  customer(@Root() { row }: RefundType, @Ctx() context: RequestContext): Promise<CustomerType> {
    return customerOf(this.parts, context, row);
  }

  @FieldResolver(() => CreditNoteType, { nullable: true })
  async creditNote(@Root() { row }: RefundType, @Ctx() context: RequestContext): Promise<CreditNoteType | null> {
    const returned = await this.returned(context, row, 'CREDIT_NOTE');
    return returned && new CreditNoteType(context.instanceId, returned);
  }

  @FieldResolver(() => PaymentType, { nullable: true })
  async payment(@Root() { row }: RefundType, @Ctx() context: RequestContext): Promise<PaymentType | null> {
    const returned = await this.returned(context, row, 'PAYMENT');
    return returned && new PaymentType(context.instanceId, returned);
  }

  @FieldResolver(() => SageTransactionType, { nullable: true, description: 'Its posting in Sage, once there.' })
  sageTransaction(@Root() { row }: RefundType, @Ctx() context: RequestContext): Promise<SageTransactionType | null> {
    return sageTransactionOf(this.parts, context, row);
  }

  @FieldResolver(() => PushType, { nullable: true })
  push(@Root() { row }: RefundType, @Ctx() context: RequestContext): Promise<PushType | null> {
    return pushOf(this.parts, context, row);
  }

  private async returned(
    context: RequestContext,
    { returnsKind, returnsLayerId }: DocumentRow,
    kind: 'CREDIT_NOTE' | 'PAYMENT',
  ): Promise<DocumentRow | null> {
    if (returnsKind !== kind || returnsLayerId === null) return null;
    return this.parts.documents.byKey(context).load({ kind, layerId: returnsLayerId });
  }
}
