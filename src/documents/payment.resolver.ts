import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CustomerType } from '../customers/customer.type.js';
import { PushType } from '../pushes/push.type.js';
import { customerOf, type DocumentViewParts, pushOf } from './document-fields.js';
import { DocumentFilter } from './document-filter.input.js';
import { documentPage } from './document-page.js';
import { PAYMENTS } from './document-pages.js';
import { PaymentConnection, PaymentType } from './payment.type.js';

@Resolver(() => PaymentType)
export class PaymentResolver {
  constructor(private readonly parts: DocumentViewParts) {}

  @Authorized('documents:read')
  @Query(() => PaymentConnection, { description: 'Newest first.' })
  payments(
    @Ctx() { instanceId }: RequestContext,
    @Arg('filter', () => DocumentFilter, { nullable: true }) filter: DocumentFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return documentPage(this.parts.database, instanceId, PAYMENTS, { ...filter }, { first, after });
  }

  @FieldResolver(() => CustomerType)
  customer(@Root() { row }: PaymentType, @Ctx() context: RequestContext): Promise<CustomerType> {
    return customerOf(this.parts, context, row);
  }

  @FieldResolver(() => PushType, { nullable: true })
  push(@Root() { row }: PaymentType, @Ctx() context: RequestContext): Promise<PushType | null> {
    return pushOf(this.parts, context, row);
  }
}
