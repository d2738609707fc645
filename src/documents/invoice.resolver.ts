import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { MoneyType } from '../common/money.type.js';
import type { RequestContext } from '../common/per-request.js';
import { CustomerType } from '../customers/customer.type.js';
import { SubCompanyType } from '../mappings/sub-company.type.js';
import { PushType } from '../pushes/push.type.js';
import { SageTransactionType } from '../transactions/sage-transaction.type.js';
import { CreditNoteType } from './credit-note.type.js';
import { customerOf, type DocumentViewParts, pushOf, sageTransactionOf } from './document-fields.js';
import { DocumentFilter } from './document-filter.input.js';
import type { PayerKind } from './document-kind.js';
import { documentPage } from './document-page.js';
import { INVOICES } from './document-pages.js';
import type { DocumentRow, DocumentShareRow } from './document-rows.js';
import { InvoiceLineType } from './invoice-line.type.js';
import { InvoiceConnection, InvoiceType } from './invoice.type.js';
import { paidOfLines } from './line-payments.js';
import { PaymentType } from './payment.type.js';

@Resolver(() => InvoiceType)
export class InvoiceResolver {
  constructor(private readonly parts: DocumentViewParts) {}

  @Authorized('documents:read')
  @Query(() => InvoiceType, { nullable: true, description: "One invoice by The Layer's invoice id." })
  async invoice(
    @Ctx() context: RequestContext,
    @Arg('layerId', () => String) layerId: string,
  ): Promise<InvoiceType | null> {
    const row = await this.parts.documents.byKey(context).load({ kind: 'INVOICE', layerId });
    return row && new InvoiceType(context.instanceId, row);
  }

  @Authorized('documents:read')
  @Query(() => InvoiceConnection, { description: 'The grids of Layer documents, newest first.' })
  invoices(
    @Ctx() { instanceId }: RequestContext,
    @Arg('filter', () => DocumentFilter, { nullable: true }) filter: DocumentFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ) {
    return documentPage(this.parts.database, instanceId, INVOICES, { ...filter }, { first, after });
  }

  @FieldResolver(() => CustomerType)
  customer(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<CustomerType> {
    return customerOf(this.parts, context, row);
  }

  @FieldResolver(() => SubCompanyType)
  subCompany(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<SubCompanyType> {
    return this.parts.mappings.subCompany(context, row.subCompanyLayerId);
  }

  @FieldResolver(() => MoneyType, { description: 'Paid by payments entered in The Layer and by matched receipts.' })
  async paid(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<MoneyType> {
    return MoneyType.ofMinor(sum(await this.shares(context, row, 'PAYMENT')), row.currency);
  }

  @FieldResolver(() => MoneyType, { description: 'Credited by credit notes.' })
  async credited(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<MoneyType> {
    return MoneyType.ofMinor(sum(await this.shares(context, row, 'CREDIT_NOTE')), row.currency);
  }

  @FieldResolver(() => MoneyType, { description: 'What is neither paid nor credited.' })
  async outstanding(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<MoneyType> {
    return MoneyType.ofMinor(row.grossMinor - sum(await this.shares(context, row)), row.currency);
  }

  @FieldResolver(() => [PaymentType], { description: 'Oldest first; one that will never go to Sage does not pay it.' })
  async payments(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<PaymentType[]> {
    const rows = await this.payers(context, row, 'PAYMENT');
    return rows.map((payer) => new PaymentType(context.instanceId, payer));
  }

  @FieldResolver(() => [CreditNoteType], {
    description: 'Oldest first; one that will never go to Sage does not credit it.',
  })
  async creditNotes(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<CreditNoteType[]> {
    const rows = await this.payers(context, row, 'CREDIT_NOTE');
    return rows.map((payer) => new CreditNoteType(context.instanceId, payer));
  }

  @FieldResolver(() => [InvoiceLineType])
  async lines(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<InvoiceLineType[]> {
    const [lines, shares] = await Promise.all([
      this.parts.documents.lines(context).load(row),
      this.shares(context, row),
    ]);
    const paid = paidOfLines(lines, shares);
    return lines.map((line, index) => new InvoiceLineType(line, row.currency, paid[index] ?? 0n));
  }

  @FieldResolver(() => SageTransactionType, { nullable: true, description: 'Its posting in Sage, once there.' })
  sageTransaction(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<SageTransactionType | null> {
    return sageTransactionOf(this.parts, context, row);
  }

  @FieldResolver(() => PushType, { nullable: true, description: 'Null for an invoice that was registered, not sent.' })
  push(@Root() { row }: InvoiceType, @Ctx() context: RequestContext): Promise<PushType | null> {
    return pushOf(this.parts, context, row);
  }

  private async shares(context: RequestContext, row: DocumentRow, kind?: PayerKind): Promise<DocumentShareRow[]> {
    const shares = await this.parts.documents.sharesOfInvoice(context).load(row.layerId);
    return kind ? shares.filter((share) => share.kind === kind) : shares;
  }

  private async payers(context: RequestContext, row: DocumentRow, kind: PayerKind): Promise<DocumentRow[]> {
    const shares = await this.shares(context, row, kind);
    const ids = [...new Set(shares.map(({ documentLayerId }) => documentLayerId))];
    const loader = this.parts.documents.byKey(context);
    const rows = await Promise.all(ids.map((layerId) => loader.load({ kind, layerId })));
    return rows.filter((payer) => payer !== null);
  }
}

const sum = (shares: readonly DocumentShareRow[]) => shares.reduce((total, { amountMinor }) => total + amountMinor, 0n);
