import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType } from '../common/money.type.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import { MAPPING_KINDS, type MappingKind } from './mapping-kind.js';

export const MappingKindEnum = Object.fromEntries(MAPPING_KINDS.map((name) => [name, name])) as {
  [K in MappingKind]: K;
};
registerEnumType(MappingKindEnum, { name: 'MappingKind' });

@ObjectType('MappingIssue', {
  simpleResolvers: true,
  description: 'A mapping that is missing, or points at something that Sage no longer has.',
})
export class MappingIssueType {
  @Field(() => MappingKindEnum)
  kind!: MappingKind;

  @Field({
    description:
      "The Layer's id or code of what is not mapped, or is mapped to something that is gone. Empty for the default sub-company.",
  })
  layerId!: string;

  @Field(() => SageCompanyType, { nullable: true })
  sageCompany!: SageCompanyType | null;

  @Field()
  message!: string;

  @Field()
  remedy!: string;

  @Field(() => Int)
  blockedPushes!: number;

  @Field(() => [MoneyType], { description: 'Total of the documents that it blocks, one entry per currency.' })
  blocked!: MoneyType[];
}
