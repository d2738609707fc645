import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { companyOfId } from '../companies/sage-company-id.js';
import {
  mappedSummary,
  type MapOutcome,
  type MappingContext,
  type MappingParts,
  refused,
  saveMapping,
} from './map-subject.js';
import { companyInactiveError, nameError, subjectIdError } from './mapping-input.js';
import { DEFAULT_SUB_COMPANY } from './mapping-kind.js';
import { SubCompanyType } from './sub-company.type.js';

@InputType()
export class MapSubCompanyInput {
  @Field(() => String, { nullable: true, description: 'Null maps the default row.' })
  layerId?: string | null;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => ID)
  sageCompanyId!: string;
}

@ObjectType({ simpleResolvers: true })
export class MapSubCompanyPayload {
  @Field(() => SubCompanyType, { nullable: true })
  subCompany!: SubCompanyType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class MapSubCompanyMutation {
  constructor(private readonly parts: MappingParts) {}

  @Authorized('mappings:write')
  @Mutation(() => MapSubCompanyPayload, {
    description: 'Says to which Sage company a sub-company posts; several may post to one.',
  })
  async mapSubCompany(
    @Ctx() context: MappingContext,
    @Arg('input', () => MapSubCompanyInput) input: MapSubCompanyInput,
  ): Promise<MapSubCompanyPayload> {
    const { subject, userErrors } = await this.map(context, input);
    return { subCompany: subject && new SubCompanyType(context.instanceId, subject), userErrors };
  }

  private async map(
    context: MappingContext,
    { layerId, name, sageCompanyId }: MapSubCompanyInput,
  ): Promise<MapOutcome> {
    const isDefault = (layerId ?? null) === null;
    const id = layerId ?? DEFAULT_SUB_COMPANY;
    const faults = [isDefault ? null : subjectIdError(id, 'layerId', "sub-company's id"), nameError(name)];
    const errors = faults.filter((error) => error !== null);
    if (errors.length > 0) return refused(...errors);
    const company = await companyOfId(this.parts.companies, context, sageCompanyId);
    if (!company) {
      return refused({
        code: 'NOT_FOUND',
        message: 'There is no Sage company with this id.',
        remedy: 'Take the id from sageCompanies.',
        field: ['sageCompanyId'],
      });
    }
    if (!company.isActive) return refused(companyInactiveError(company.name, 'sageCompanyId'));
    return saveMapping(this.parts, context, {
      kind: 'SUB_COMPANY',
      layerId: id,
      name: name ?? null,
      targetName: company.name,
      companyId: company.id,
      targetSageId: null,
      summary: mappedSummary('SUB_COMPANY', id, `Sage company ${company.name}`, name),
    });
  }
}
