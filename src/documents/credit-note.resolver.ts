import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CustomerType } from '../customers/customer.type.js';
import { PushType } from '../pushes/push.type.js';
import { SageTransactionType } from '../transactions/sage-transaction.type.js';
import { CreditNoteConnection, CreditNoteType } from './credit-note.type.js';
import { customerOf, type DocumentViewParts, pushOf, sageTransactionOf } from './document-fields.js';
import { DocumentFilter } from './document-filter.input.js';
import { documentPage } from './document-page.js';
import { CREDIT_NOTES } from './document-pages.js';
import { InvoiceLineType } from './invoice-line.type.js';

@Resolver(() => CreditNoteType)
export class CreditNoteResolver {
  constructor(private readonly parts: DocumentViewParts) {}

  @Authorized('documents:read')
  @Query(() => CreditNoteConnection, { description: 'Newest first.' })
  creditNotes(
    @Ctx() { instanceId }: RequestContext,
    @Arg('filter', () => DocumentFilter, { nullable: true }) filter: DocumentFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return documentPage(this.parts.database, instanceId, CREDIT_NOTES, { ...filter }, { first, after });
  }

  @FieldResolver(() => CustomerType)
  customer(@Root() { row }: CreditNoteType, @Ctx() context: RequestContext): Promise<CustomerType> {
    return customerOf(this.parts, context, row);
  }

  @FieldResolver(() => [InvoiceLineType])
  async lines(@Root() { row }: CreditNoteType, @Ctx() context: RequestContext): Promise<InvoiceLineType[]> {
    const lines = await this.parts.documents.lines(context).load(row);
    return lines.map((line) => new InvoiceLineType(line, row.currency, 0n));
  }

  @FieldResolver(() => SageTransactionType, { nullable: true, description: 'Its posting in Sage, once there.' })
  sageTransaction(
    @Root() { row }: CreditNoteType,
    @Ctx() context: RequestContext,
  ): Promise<SageTransactionType | null> {
    return sageTransactionOf(this.parts, context, row);
  }

  @FieldResolver(() => PushType, { nullable: true })
  push(@Root() { row }: CreditNoteType, @Ctx() context: RequestContext): Promise<PushType | null> {
    return pushOf(this.parts, context, row);
  }
}
