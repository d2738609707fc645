import { Arg, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import { CustomerType } from '../customers/customer.type.js';
import type { AccountLoader } from './account.loader.js';
import { SageAccountType } from './sage-account.type.js';

/** The accounts of a Layer customer. */
@Resolver(() => CustomerType)
export class CustomerAccountsResolver {
  constructor(
    private readonly companies: CompanyLoader,
    private readonly accounts: AccountLoader,
  ) {}

  @FieldResolver(() => [SageAccountType], { description: "Accounts in Sage, the default company's first." })
  async sageAccounts(@Root() root: CustomerType, @Ctx() context: RequestContext): Promise<SageAccountType[]> {
    const [rows, companies, first] = await Promise.all([
      this.accounts.ofCustomer(context).load(root.layerId),
      this.companies.all(context),
      this.companies.default(context),
    ]);
    const placeOf = (companyId: number) =>
      companyId === first?.id ? -1 : companies.findIndex(({ id }) => id === companyId);
    return rows
      .toSorted((a, b) => placeOf(a.companyId) - placeOf(b.companyId))
      .map((row) => new SageAccountType(context.instanceId, row));
  }

  @FieldResolver(() => SageAccountType, {
    nullable: true,
    description:
      'What the Customer Sage Balances side-widget shows: the account in that Sage company, or in the default one. Null when the customer has none there.',
  })
  async sageAccount(
    @Root() root: CustomerType,
    @Ctx() context: RequestContext,
    @Arg('sageCompanyId', () => ID, { nullable: true }) sageCompanyId: string | null,
  ): Promise<SageAccountType | null> {
    const [rows, company] = await Promise.all([
      this.accounts.ofCustomer(context).load(root.layerId),
      sageCompanyId ? companyOfId(this.companies, context, sageCompanyId) : this.companies.default(context),
    ]);
    const row = company && rows.find(({ companyId }) => companyId === company.id);
    return row ? new SageAccountType(context.instanceId, row) : null;
  }
}
