import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { Database } from '../database/database.js';
import { MappingIssueType } from './mapping-issue.type.js';
import { readMappingIssues } from './mapping-issues.js';
import type { MappingLoader } from './mapping.loader.js';
import { NominalCodeType } from './nominal-code.type.js';
import { PaymentMethodType } from './payment-method.type.js';
import { SubCompanyType } from './sub-company.type.js';
import { VatCodeType } from './vat-code.type.js';

@Resolver()
export class MappingsResolver {
  constructor(
    private readonly mappings: MappingLoader,
    private readonly database: Database,
  ) {}

  @Authorized('documents:read')
  @Query(() => [SubCompanyType], {
    description: 'Layer sub-companies and the Sage company each posts to. The default row is always there.',
  })
  async subCompanies(@Ctx() context: RequestContext): Promise<SubCompanyType[]> {
    const rows = await this.mappings.subjects(context, 'SUB_COMPANY');
    return rows.map((row) => new SubCompanyType(context.instanceId, row));
  }

  @Authorized('documents:read')
  @Query(() => [PaymentMethodType])
  async paymentMethods(@Ctx() context: RequestContext): Promise<PaymentMethodType[]> {
    const rows = await this.mappings.subjects(context, 'PAYMENT_METHOD');
    return rows.map((row) => new PaymentMethodType(context.instanceId, row));
  }

  @Authorized('documents:read')
  @Query(() => [NominalCodeType])
  async nominalCodes(@Ctx() context: RequestContext): Promise<NominalCodeType[]> {
    const rows = await this.mappings.subjects(context, 'NOMINAL_CODE');
    return rows.map((row) => new NominalCodeType(context.instanceId, row));
  }

  @Authorized('documents:read')
  @Query(() => [VatCodeType])
  async vatCodes(@Ctx() context: RequestContext): Promise<VatCodeType[]> {
    const rows = await this.mappings.subjects(context, 'VAT_CODE');
    return rows.map((row) => new VatCodeType(context.instanceId, row));
  }

  @Authorized('documents:read')
  @Query(() => [MappingIssueType], {
    description: 'Every mapping that is missing, or points at something Sage no longer has, with what it blocks.',
  })
  async mappingIssues(@Ctx() context: RequestContext): Promise<MappingIssueType[]> {
    const issues = await readMappingIssues(this.database, context.instanceId);
    return issues.map(({ company, ...issue }) => ({
      ...issue,
      sageCompany: company && new SageCompanyType(context.instanceId, company),
    }));
  }
}
