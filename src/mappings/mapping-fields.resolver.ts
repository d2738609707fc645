import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { BANK_ACCOUNTS, NOMINAL_ACCOUNTS, TAX_CODES } from '../companies/reference-rows.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { MappingLoader } from './mapping.loader.js';
import { NominalCodeAccount, NominalCodeType } from './nominal-code.type.js';
import { PaymentMethodBank, PaymentMethodType } from './payment-method.type.js';
import { SubCompanyType } from './sub-company.type.js';
import { VatCodeTaxCode, VatCodeType } from './vat-code.type.js';

@Resolver(() => SubCompanyType)
export class SubCompanyResolver {
  constructor(private readonly mappings: MappingLoader) {}

  @FieldResolver(() => SageCompanyType, { nullable: true })
  async sageCompany(@Root() root: SubCompanyType, @Ctx() context: RequestContext): Promise<SageCompanyType | null> {
    const company = await this.mappings.companyOf(context, root.row.layerId);
    return company && new SageCompanyType(context.instanceId, company);
  }
}

@Resolver(() => PaymentMethodType)
export class PaymentMethodResolver {
  constructor(private readonly mappings: MappingLoader) {}

  @FieldResolver(() => [PaymentMethodBank])
  async banks(@Root() root: PaymentMethodType, @Ctx() context: RequestContext): Promise<PaymentMethodBank[]> {
    const targets = await this.mappings.targets(context, 'PAYMENT_METHOD', root.layerId, BANK_ACCOUNTS);
    return targets.map(({ company, value }) => ({
      sageCompany: new SageCompanyType(context.instanceId, company),
      bankAccount: value,
    }));
  }
}

@Resolver(() => NominalCodeType)
export class NominalCodeResolver {
  constructor(private readonly mappings: MappingLoader) {}

  @FieldResolver(() => [NominalCodeAccount])
  async accounts(@Root() root: NominalCodeType, @Ctx() context: RequestContext): Promise<NominalCodeAccount[]> {
    const targets = await this.mappings.targets(context, 'NOMINAL_CODE', root.code, NOMINAL_ACCOUNTS);
    return targets.map(({ company, value }) => ({
      sageCompany: new SageCompanyType(context.instanceId, company),
      nominalAccount: value,
    }));
  }
}

@Resolver(() => VatCodeType)
export class VatCodeResolver {
  constructor(private readonly mappings: MappingLoader) {}

  @FieldResolver(() => [VatCodeTaxCode])
  async taxCodes(@Root() root: VatCodeType, @Ctx() context: RequestContext): Promise<VatCodeTaxCode[]> {
    const targets = await this.mappings.targets(context, 'VAT_CODE', root.code, TAX_CODES);
    return targets.map(({ company, value }) => ({
      sageCompany: new SageCompanyType(context.instanceId, company),
      taxCode: value,
    }));
  }
}
