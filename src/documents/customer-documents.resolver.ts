import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CustomerType } from '../customers/customer.type.js';
import type { Database } from '../database/database.js';
import { CreditNoteConnection } from './credit-note.type.js';
import { documentPage, type PageKind } from './document-page.js';
import { CREDIT_NOTES, INVOICES, PAYMENTS, REFUNDS } from './document-pages.js';
import { InvoiceConnection } from './invoice.type.js';
import { PaymentConnection } from './payment.type.js';
import { RefundConnection } from './refund.type.js';

/** The documents of a Layer customer, newest first. */
@Resolver(() => CustomerType)
export class CustomerDocumentsResolver {
  constructor(private readonly database: Database) {}

  @FieldResolver(() => InvoiceConnection, { description: 'Newest first.' })
  invoices(
    @Root() root: CustomerType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return this.page(root, context, INVOICES, { first, after });
  }

  @FieldResolver(() => PaymentConnection, { description: 'Newest first.' })
  payments(
    @Root() root: CustomerType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return this.page(root, context, PAYMENTS, { first, after });
  }

  @FieldResolver(() => CreditNoteConnection, { description: 'Newest first.' })
  creditNotes(
    @Root() root: CustomerType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return this.page(root, context, CREDIT_NOTES, { first, after });
  }

  @FieldResolver(() => RefundConnection, { description: 'Newest first.' })
  refunds(
    @Root() root: CustomerType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return this.page(root, context, REFUNDS, { first, after });
  }

  private page<N>(
    { layerId }: CustomerType,
    { instanceId }: RequestContext,
    kind: PageKind<N>,
    page: { first: number; after: string | null },
  ) {
    return documentPage(this.database, instanceId, kind, { customerLayerId: layerId }, page);
  }
}
