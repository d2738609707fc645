import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { DecimalScalar } from '../common/scalars.js';
import { UserError } from '../common/user-error.type.js';
import { TAX_CODES } from '../companies/reference-rows.js';
import { mapSubject, type MappingContext, type MappingParts } from './map-subject.js';
import { ratePercentOf } from './mapping-input.js';
import { taxCodeFault, taxCodeWords } from './mapping-target.js';
import { VatCodeType } from './vat-code.type.js';

@InputType()
export class MapVatCodeInput {
  @Field()
  code!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Left out: the rate of the first tax code that it is mapped to.',
  })
  ratePercent?: string | null;

  @Field(() => ID)
  sageTaxCodeId!: string;
}

@ObjectType({ simpleResolvers: true })
export class MapVatCodePayload {
  @Field(() => VatCodeType, { nullable: true })
  vatCode!: VatCodeType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

const INVALID_RATE: UserError = {
  code: 'INVALID_RATE',
  message: 'The rate is no percentage from 0 to 100 with at most two decimals.',
  remedy: 'Give it as "20" or "17.50", or leave it out to take the tax code\'s own.',
  field: ['ratePercent'],
};

@Resolver()
export class MapVatCodeMutation {
  constructor(private readonly parts: MappingParts) {}

  @Authorized('mappings:write')
  @Mutation(() => MapVatCodePayload, {
    description: 'Says which tax code a VAT code means in the Sage company of that tax code.',
  })
  async mapVatCode(
    @Ctx() context: MappingContext,
    @Arg('input', () => MapVatCodeInput) input: MapVatCodeInput,
  ): Promise<MapVatCodePayload> {
    const given = input.ratePercent ?? null;
    const ratePercent = given === null ? null : ratePercentOf(given);
    if (given !== null && ratePercent === null) return { vatCode: null, userErrors: [INVALID_RATE] };
    const { subject, userErrors } = await mapSubject(this.parts, context, {
      kind: 'VAT_CODE',
      layerId: input.code,
      idField: 'code',
      idWords: 'VAT code',
      name: input.name,
      ratePercent,
      targetId: input.sageTaxCodeId,
      targetField: 'sageTaxCodeId',
      targetNoun: 'tax code',
      list: TAX_CODES,
      fault: taxCodeFault,
      words: taxCodeWords,
      nameOf: ({ name }) => name,
      rateOf: (taxCode) => taxCode.ratePercent,
    });
    return { vatCode: subject && new VatCodeType(context.instanceId, subject), userErrors };
  }
}
