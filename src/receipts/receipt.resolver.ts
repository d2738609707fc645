import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { SageAccountType } from '../accounts/sage-account.type.js';
import { keysetOf, pageSizeOf } from '../common/paging.js';
import type { RequestContext } from '../common/per-request.js';
import { companyOfId } from '../companies/sage-company-id.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import { CustomerType } from '../customers/customer.type.js';
import { PaymentType } from '../documents/payment.type.js';
import { SageAllocationType, SageTransactionType } from '../transactions/sage-transaction.type.js';
import { MatchSuggestionType } from './match-suggestion.type.js';
import { ReceiptFilter } from './receipt-filter.input.js';
import {
  countReceipts,
  listReceipts,
  RECEIPT_CURSOR_SHAPE,
  receiptCursorKey,
  type ReceiptListFilter,
} from './receipt-list.js';
import { ReceiptMatchType } from './receipt-match.type.js';
import { customerLayerIdOf, type ReceiptViewParts, transactionOf } from './receipt-views.js';
import { ReceiptConnection, ReceiptType } from './receipt.type.js';

@Resolver(() => ReceiptType)
export class ReceiptResolver {
  constructor(private readonly parts: ReceiptViewParts) {}

  @Authorized('documents:read')
  @Query(() => ReceiptConnection, {
    description:
      'What The Layer shows under Settings > Sage > Sage Transactions: receipts, newest first; refunds are displayed among them. By default those that were entered in Sage.',
  })
  async receipts(
    @Ctx() context: RequestContext,
    @Arg('filter', () => ReceiptFilter, { nullable: true }) filter: ReceiptFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<InstanceType<typeof ReceiptConnection>> {
    const { database } = this.parts;
    const { instanceId } = context;
    const keyset = keysetOf({ first, after }, RECEIPT_CURSOR_SHAPE);
    const wanted = await this.listFilter(context, filter ?? { origin: ['SAGE'] });
    return ReceiptConnection.of(keyset, wanted ? await listReceipts(database, instanceId, wanted, keyset) : [], {
      keyOf: receiptCursorKey,
      node: (row) => new ReceiptType(instanceId, row),
      count: async () => (wanted ? countReceipts(database, instanceId, wanted) : 0),
    });
  }

  @FieldResolver(() => SageTransactionType)
  async sageTransaction(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<SageTransactionType> {
    return new SageTransactionType(context.instanceId, await transactionOf(this.parts, context, row));
  }

  @FieldResolver(() => SageAccountType)
  async sageAccount(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<SageAccountType> {
    const key = { companyId: row.companyId, sageId: row.accountSageId };
    const account = await this.parts.accounts.byKey(context).load(key);
    if (!account) throw new Error(`The Sage account ${key.sageId} of receipt ${row.urn} is not in the cache.`);
    return new SageAccountType(context.instanceId, account);
  }

  @FieldResolver(() => SageCompanyType)
  async sageCompany(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<SageCompanyType> {
    const company = await this.parts.companies.byId(context, row.companyId);
    if (!company) throw new Error(`The company ${row.companyId} of receipt ${row.urn} is not known.`);
    return new SageCompanyType(context.instanceId, company);
  }

  @FieldResolver(() => CustomerType, {
    nullable: true,
    description: 'Null while the Sage account is linked to no Layer customer.',
  })
  async customer(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<CustomerType | null> {
    const layerId = await customerLayerIdOf(this.parts, context, row);
    return layerId === null ? null : this.parts.customers.byLayerId(context).load(layerId);
  }

  @FieldResolver(() => String)
  async reference(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<string> {
    return (await transactionOf(this.parts, context, row)).reference;
  }

  @FieldResolver(() => String)
  async secondReference(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<string> {
    return (await transactionOf(this.parts, context, row)).secondReference;
  }

  @FieldResolver(() => [SageAllocationType], { description: 'What Sage itself has allocated it to.' })
  async sageAllocations(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<SageAllocationType[]> {
    const allocations = await this.parts.transactions.allocations(context).load(row);
    return allocations.map((allocation) => new SageAllocationType(allocation, row.currency));
  }

  @FieldResolver(() => [ReceiptMatchType], {
    description: 'Those that stand and those that were undone, oldest first.',
  })
  async matches(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<ReceiptMatchType[]> {
    const matches = await this.parts.receipts.matchesOf(context).load(row);
    return matches.map((match) => new ReceiptMatchType(context.instanceId, match));
  }

  @FieldResolver(() => [MatchSuggestionType], { description: 'Best first; empty when nothing is plausible.' })
  async suggestions(
    @Root() { row }: ReceiptType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 5 }) first: number,
  ): Promise<MatchSuggestionType[]> {
    const most = pageSizeOf(first);
    const customerLayerId = await customerLayerIdOf(this.parts, context, row);
    if (customerLayerId === null) return [];
    const suggestions = await this.parts.receipts.suggestions(context).load({ row, customerLayerId });
    return suggestions.slice(0, most).map((suggestion) => new MatchSuggestionType(suggestion, row.currency));
  }

  @FieldResolver(() => [String], {
    description:
      'What a person must still undo in Sage, whose API cannot: one sentence for each match that was undone here and whose allocation stands there.',
  })
  async toDoInSage(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<string[]> {
    const { receipts } = this.parts;
    const flagged = (await receipts.matchesOf(context).load(row)).filter(({ isToUndoInSage }) => isToUndoInSage);
    const sentences = await Promise.all(flagged.map((match) => receipts.toDoInSage(context).load(match)));
    return sentences.filter((sentence) => sentence !== null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What Sage says against its matches, in plain words: that it was reversed or used on something else there, or is there no more. Null: nothing.',
  })
  conflict(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<string | null> {
    return this.parts.receipts.conflict(context).load(row);
  }

  @FieldResolver(() => [PaymentType], {
    description:
      'Payments entered in The Layer that may be the same money: of the same customer and amount, dated within 14 days.',
  })
  async possibleDoubles(@Root() { row }: ReceiptType, @Ctx() context: RequestContext): Promise<PaymentType[]> {
    const customerLayerId = await customerLayerIdOf(this.parts, context, row);
    if (customerLayerId === null) return [];
    const doubles = await this.parts.receipts.possibleDoubles(context).load({ row, customerLayerId });
    return doubles.map(({ payment }) => new PaymentType(context.instanceId, payment));
  }

  /** Null: nothing can match, as with a company or a customer that does not exist. */
  private async listFilter(
    context: RequestContext,
    { sageCompanyId, customerLayerId, ...rest }: ReceiptFilter,
  ): Promise<ReceiptListFilter | null> {
    const { companies, accounts } = this.parts;
    const company = sageCompanyId ? await companyOfId(companies, context, sageCompanyId) : null;
    if (sageCompanyId && !company) return null;
    const isOfCustomer = customerLayerId !== undefined && customerLayerId !== null;
    const ofCustomer = isOfCustomer ? await accounts.ofCustomer(context).load(customerLayerId) : null;
    return { ...rest, companyId: company?.id, accounts: ofCustomer };
  }
}
