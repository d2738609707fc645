import { Arg, Authorized, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import type { Company } from '../companies/company-directory.js';
import { companyOfId } from '../companies/sage-company-id.js';
import type { MappingContext, MappingParts } from './map-subject.js';
import { capitalized, subjectWords } from './mapping-causes.js';
import { subjectIdError } from './mapping-input.js';
import { MappingKindEnum } from './mapping-issue.type.js';
import { DEFAULT_SUB_COMPANY, type MappingKind, type SubjectKind } from './mapping-kind.js';
import { readMappings, readSubject } from './mapping-rows.js';
import { forgetSubject, removeMappings } from './store-mapping.js';

@ObjectType({ simpleResolvers: true })
export class UnmapPayload {
  @Field(() => Int, { description: 'In how many Sage companies it was mapped.' })
  removed!: number;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

const refused = (userError: UserError): UnmapPayload => ({ removed: 0, userErrors: [userError] });

@Resolver()
export class UnmapMutation {
  constructor(private readonly parts: MappingParts) {}

  @Authorized('mappings:write')
  @Mutation(() => UnmapPayload, {
    description: 'Takes a mapping away; what it then blocks is held. sageCompanyId left out: in every company.',
  })
  async unmap(
    @Ctx() context: MappingContext,
    @Arg('kind', () => MappingKindEnum) kind: MappingKind,
    @Arg('layerId', () => String, { nullable: true, description: 'Null is the default sub-company.' })
    layerId: string | null,
    @Arg('sageCompanyId', () => ID, { nullable: true }) sageCompanyId: string | null,
    @Arg('forget', () => Boolean, {
      defaultValue: false,
      nullable: true,
      description:
        'Forgets what The Layer calls it as well, e.g. a code that was mistyped: it is no longer listed, nor an issue.',
    })
    forget: boolean | null,
  ): Promise<UnmapPayload> {
    if (kind === 'CUSTOMER_LINK') {
      const message = "A customer's link to its Sage account is no mapping.";
      return refused({ code: 'INVALID_KIND', message, remedy: 'Use unlinkCustomer.', field: ['kind'] });
    }
    const id = layerId ?? (kind === 'SUB_COMPANY' ? DEFAULT_SUB_COMPANY : '');
    const isDefault = kind === 'SUB_COMPANY' && (layerId ?? null) === null;
    const fault = isDefault ? null : subjectIdError(id, 'layerId', 'id or code');
    if (fault) return refused(fault);
    const placeId = sageCompanyId ?? null;
    const company = placeId === null ? null : await companyOfId(this.parts.companies, context, placeId);
    if (placeId !== null && !company) {
      const message = 'There is no Sage company with this id.';
      return refused({
        code: 'NOT_FOUND',
        message,
        remedy: 'Take the id from sageCompanies.',
        field: ['sageCompanyId'],
      });
    }
    if (forget && (company || isDefault)) {
      const message = isDefault
        ? 'The default sub-company is always there.'
        : 'It is forgotten in every company, or in none.';
      return refused({ code: 'CANNOT_FORGET', message, remedy: 'Leave forget out.', field: ['forget'] });
    }
    return this.remove(context, { kind, layerId: id, company, forget: forget ?? false });
  }

  private async remove(
    context: MappingContext,
    {
      kind,
      layerId,
      company,
      forget,
    }: { kind: SubjectKind; layerId: string; company: Company | null; forget: boolean },
  ): Promise<UnmapPayload> {
    const { database, companies, mappings, clock } = this.parts;
    const { instanceId } = context;
    if (!(await readSubject(database, instanceId, kind, layerId))) {
      return refused({
        code: 'NOT_FOUND',
        message: `Nothing is known of ${subjectWords(kind, layerId)}.`,
        remedy: 'Take it from subCompanies, paymentMethods, nominalCodes or vatCodes.',
        field: ['layerId'],
      });
    }
    const names = new Map((await companies.all(context)).map(({ id, name }) => [id, name]));
    const by = { who: context.caller.subject, clock };
    const removed = await database.transaction(async (transaction) => {
      const standing = (await readMappings(transaction, instanceId, kind, layerId)).filter(
        ({ companyId }) => company === null || companyId === company.id,
      );
      const places = standing.map(({ companyId }) => names.get(companyId) ?? String(companyId)).join(', ');
      const said = `${capitalized(subjectWords(kind, layerId))} is no longer mapped${places && ` in ${places}`}`;
      if (forget) {
        await forgetSubject(transaction, instanceId, { kind, layerId, summary: `${said}, and forgotten.` }, by);
        return standing.length;
      }
      const companyId = company?.id ?? null;
      return removeMappings(transaction, instanceId, { kind, layerId, companyId, summary: `${said}.` }, by);
    });
    mappings.clear(context);
    return { removed, userErrors: [] };
  }
}
