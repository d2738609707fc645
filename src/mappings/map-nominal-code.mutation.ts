import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { NOMINAL_ACCOUNTS } from '../companies/reference-rows.js';
import { mapSubject, type MappingContext, type MappingParts } from './map-subject.js';
import { nominalFault, nominalWords } from './mapping-target.js';
import { NominalCodeType } from './nominal-code.type.js';

@InputType()
export class MapNominalCodeInput {
  @Field()
  code!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => ID)
  sageNominalAccountId!: string;
}

@ObjectType({ simpleResolvers: true })
export class MapNominalCodePayload {
  @Field(() => NominalCodeType, { nullable: true })
  nominalCode!: NominalCodeType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class MapNominalCodeMutation {
  constructor(private readonly parts: MappingParts) {}

  @Authorized('mappings:write')
  @Mutation(() => MapNominalCodePayload, {
    description: 'Says which nominal account a code means in the Sage company of that account.',
  })
  async mapNominalCode(
    @Ctx() context: MappingContext,
    @Arg('input', () => MapNominalCodeInput) input: MapNominalCodeInput,
  ): Promise<MapNominalCodePayload> {
    const { subject, userErrors } = await mapSubject(this.parts, context, {
      kind: 'NOMINAL_CODE',
      layerId: input.code,
      idField: 'code',
      idWords: 'nominal code',
      name: input.name,
      targetId: input.sageNominalAccountId,
      targetField: 'sageNominalAccountId',
      targetNoun: 'nominal account',
      list: NOMINAL_ACCOUNTS,
      fault: nominalFault,
      words: nominalWords,
      nameOf: ({ name }) => name,
    });
    return { nominalCode: subject && new NominalCodeType(context.instanceId, subject), userErrors };
  }
}
