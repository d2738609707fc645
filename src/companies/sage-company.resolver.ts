import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { keysetOf } from '../common/paging.js';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import type { CompanyLoader } from './company.loader.js';
import {
  BANK_ACCOUNTS,
  NOMINAL_ACCOUNTS,
  nominalAccountMatches,
  type OfCompany,
  readReferenceList,
  REPORT_CATEGORIES,
  TAX_CODES,
} from './reference-rows.js';
import {
  SageBankAccountType,
  SageNominalAccountType,
  SageReportCategoryType,
  SageTaxCodeType,
} from './reference.type.js';
import { SageCompanyType } from './sage-company.type.js';

@Resolver(() => SageCompanyType)
export class SageCompanyResolver {
  private readonly banks = this.listOncePerRequest(BANK_ACCOUNTS);
  private readonly nominals = this.listOncePerRequest(NOMINAL_ACCOUNTS);
  private readonly categories = this.listOncePerRequest(REPORT_CATEGORIES);
  private readonly taxCodesList = this.listOncePerRequest(TAX_CODES);

  constructor(
    private readonly companies: CompanyLoader,
    private readonly database: Database,
  ) {}

  @Authorized('accounts:read')
  @Query(() => [SageCompanyType], {
    description:
      'The companies of the connected Sage 200 account, also those that the sign-in can no longer reach, with their banks, nominal accounts and tax codes.',
  })
  async sageCompanies(@Ctx() context: RequestContext): Promise<SageCompanyType[]> {
    const companies = await this.companies.all(context);
    return companies.map((company) => new SageCompanyType(context.instanceId, company));
  }

  @FieldResolver(() => [SageBankAccountType])
  bankAccounts(@Root() root: SageCompanyType, @Ctx() context: RequestContext): Promise<SageBankAccountType[]> {
    return ofCompany(this.banks(context), root);
  }

  @FieldResolver(() => [SageNominalAccountType], { description: 'By reference, cost centre, department.' })
  async nominalAccounts(
    @Root() root: SageCompanyType,
    @Ctx() context: RequestContext,
    @Arg('search', () => String, { nullable: true }) search: string | null,
    @Arg('first', () => Int, { defaultValue: 500 }) first: number,
  ): Promise<SageNominalAccountType[]> {
    keysetOf({ first }, []);
    const accounts = await ofCompany(this.nominals(context), root);
    return accounts.filter((account) => nominalAccountMatches(account, search ?? '')).slice(0, first);
  }

  @FieldResolver(() => [SageReportCategoryType])
  reportCategories(@Root() root: SageCompanyType, @Ctx() context: RequestContext): Promise<SageReportCategoryType[]> {
    return ofCompany(this.categories(context), root);
  }

  @FieldResolver(() => [SageTaxCodeType])
  taxCodes(@Root() root: SageCompanyType, @Ctx() context: RequestContext): Promise<SageTaxCodeType[]> {
    return ofCompany(this.taxCodesList(context), root);
  }

  private listOncePerRequest<T>(list: Parameters<typeof readReferenceList<T>>[2]) {
    return perRequest((context: RequestContext) => readReferenceList(this.database, context.instanceId, list));
  }
}

async function ofCompany<T>(rows: Promise<OfCompany<T>[]>, root: SageCompanyType): Promise<T[]> {
  return (await rows).filter(({ companyId }) => companyId === root.company.id).map(({ value }) => value);
}
