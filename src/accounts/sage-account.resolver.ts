import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { dateInTimeZone } from '../common/calendar.js';
import type { Clock } from '../common/clock.js';
import { MoneyType } from '../common/money.type.js';
import { keysetOf } from '../common/paging.js';
import type { RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import { CustomerType } from '../customers/customer.type.js';
import type { Database } from '../database/database.js';
import type { PendingAmountLoader } from '../pushes/pending-amount.loader.js';
import { ACCOUNT_CURSOR_SHAPE, accountCursorKey, countAccounts, listAccounts } from './account-list.js';
import type { AccountLoader } from './account.loader.js';
import { type AgeingBasis, ageOpenItems, type OpenItem, overdueMinor, unallocatedCreditMinor } from './ageing.js';
import type { FreshnessLoader } from './freshness.loader.js';
import { SageAccountFilter } from './sage-account-filter.input.js';
import {
  AgedDebtBucketType,
  AgeingBasisEnum,
  FreshnessType,
  SageAccountConnection,
  SageAccountType,
} from './sage-account.type.js';

export interface SageAccountResolverParts {
  database: Database;
  companies: CompanyLoader;
  accounts: AccountLoader;
  customers: CustomerLoader;
  freshness: FreshnessLoader;
  pending: PendingAmountLoader;
  clock: Clock;
  timeZone: string;
}

@Resolver(() => SageAccountType)
export class SageAccountResolver {
  constructor(private readonly parts: SageAccountResolverParts) {}

  @Authorized('accounts:read')
  @Query(() => SageAccountConnection, {
    description: 'Sage accounts, linked to a Layer customer or not, hidden ones included.',
  })
  async sageAccounts(
    @Ctx() context: RequestContext,
    @Arg('filter', () => SageAccountFilter, { nullable: true }) filter: SageAccountFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<InstanceType<typeof SageAccountConnection>> {
    const { database, companies } = this.parts;
    const { instanceId } = context;
    const keyset = keysetOf({ first, after }, ACCOUNT_CURSOR_SHAPE);
    const company = filter?.sageCompanyId ? await companyOfId(companies, context, filter.sageCompanyId) : null;
    const isNowhere = Boolean(filter?.sageCompanyId) && !company;
    const wanted = { ...filter, companyId: company?.id };
    return SageAccountConnection.of(keyset, isNowhere ? [] : await listAccounts(database, instanceId, wanted, keyset), {
      keyOf: accountCursorKey,
      node: (row) => new SageAccountType(instanceId, row),
      count: async () => (isNowhere ? 0 : countAccounts(database, instanceId, wanted)),
    });
  }

  @FieldResolver(() => SageCompanyType)
  async sageCompany(@Root() root: SageAccountType, @Ctx() context: RequestContext): Promise<SageCompanyType> {
    const company = await this.parts.companies.byId(context, root.row.companyId);
    if (!company) throw new Error(`The Sage company ${root.row.companyId} of an account is not in the cache.`);
    return new SageCompanyType(context.instanceId, company);
  }

  @FieldResolver(() => CustomerType, {
    nullable: true,
    description: 'The Layer customer that it is linked to; null for an account that was made in Sage.',
  })
  async customer(@Root() root: SageAccountType, @Ctx() context: RequestContext): Promise<CustomerType | null> {
    const layerId = root.row.customerLayerId;
    return layerId === null ? null : this.parts.customers.byLayerId(context).load(layerId);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'Debits (invoices, opening invoices, refunds) outstanding with a due date before today. Credits do not lessen it. Null until the ledger has been read once, like the next three.',
  })
  async overdue(@Root() root: SageAccountType, @Ctx() context: RequestContext): Promise<MoneyType | null> {
    const items = await this.openItems(root, context);
    return items && MoneyType.ofMinor(overdueMinor(items, this.today()), root.row.currency);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What is left of receipts and credit notes that are not fully allocated, as a positive amount.',
  })
  async unallocatedCredit(@Root() root: SageAccountType, @Ctx() context: RequestContext): Promise<MoneyType | null> {
    const items = await this.openItems(root, context);
    return items && MoneyType.ofMinor(unallocatedCreditMinor(items), root.row.currency);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'The balance once every push has landed: QUEUED, WAITING, HELD, SENDING and UNKNOWN ones, and SUCCEEDED ones that are younger than the cached balance.',
  })
  async projectedBalance(@Root() { row }: SageAccountType, @Ctx() context: RequestContext): Promise<MoneyType | null> {
    const { companyId, customerLayerId, currency, balanceMinor, seenAt } = row;
    const [isRead, pendingMinor] = await Promise.all([
      this.parts.freshness.isLedgerRead(context, companyId),
      customerLayerId === null
        ? 0n
        : this.parts.pending.of(context).load({ companyId, customerLayerId, currency, balanceReadAt: seenAt }),
    ]);
    return isRead ? MoneyType.ofMinor(balanceMinor + pendingMinor, currency) : null;
  }

  @FieldResolver(() => [AgedDebtBucketType], {
    nullable: true,
    description:
      "Everything outstanding, credits included, so that the buckets add up to the sum of the ledger. The periods are the Sage company's own. What is dated in the future counts as current.",
  })
  async agedDebt(
    @Root() root: SageAccountType,
    @Ctx() context: RequestContext,
    @Arg('basis', () => AgeingBasisEnum, { nullable: true, defaultValue: 'DUE_DATE' }) basis: AgeingBasis | null,
  ): Promise<AgedDebtBucketType[] | null> {
    const items = await this.openItems(root, context);
    const company = await this.parts.companies.byId(context, root.row.companyId);
    if (!items || !company) return null;
    return ageOpenItems(items, company.ageingPeriodStarts, basis ?? 'DUE_DATE', this.today()).map(
      ({ amountMinor, ...period }) => ({ ...period, amount: MoneyType.ofMinor(amountMinor, root.row.currency) }),
    );
  }

  @FieldResolver(() => FreshnessType)
  freshness(@Root() root: SageAccountType, @Ctx() context: RequestContext): Promise<FreshnessType> {
    return this.parts.freshness.of(context, root.row);
  }

  /** Null until the ledger of the company has been read once. */
  private async openItems(root: SageAccountType, context: RequestContext): Promise<OpenItem[] | null> {
    const [items, isRead] = await Promise.all([
      this.parts.accounts.openItems(context).load(root.row),
      this.parts.freshness.isLedgerRead(context, root.row.companyId),
    ]);
    return isRead ? items : null;
  }

  private today(): string {
    return dateInTimeZone(this.parts.clock.now(), this.parts.timeZone);
  }
}
