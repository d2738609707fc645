import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Node } from '../common/node.type.js';
import { CurrencyCodeScalar, DecimalScalar } from '../common/scalars.js';

@ObjectType('SageReportCategory', {
  implements: Node,
  simpleResolvers: true,
  description: 'Sage requires one on a new nominal account.',
})
export class SageReportCategoryType extends Node {
  @Field(() => ID)
  id!: string;

  @Field()
  code!: string;

  @Field()
  name!: string;
}

@ObjectType('SageBankAccount', { implements: Node, simpleResolvers: true })
export class SageBankAccountType extends Node {
  @Field(() => ID)
  id!: string;

  @Field()
  code!: string;

  @Field()
  name!: string;

  @Field(() => CurrencyCodeScalar)
  currency!: string;

  @Field({ description: 'False when Sage has hidden or deleted it.' })
  isActive!: boolean;
}

@ObjectType('SageNominalAccount', {
  implements: Node,
  simpleResolvers: true,
  description: 'An account is the triple reference, cost centre, department.',
})
export class SageNominalAccountType extends Node {
  @Field(() => ID)
  id!: string;

  @Field()
  reference!: string;

  @Field()
  costCentre!: string;

  @Field()
  department!: string;

  @Field()
  name!: string;

  @Field({ description: 'False for group and memo accounts, which take no postings.' })
  isPosting!: boolean;

  @Field({ description: 'False when Sage has hidden or deleted it.' })
  isActive!: boolean;
}

@ObjectType('SageTaxCode', { implements: Node, simpleResolvers: true })
export class SageTaxCodeType extends Node {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  code!: number;

  @Field()
  name!: string;

  @Field(() => DecimalScalar)
  ratePercent!: string;

  @Field({ description: 'False when Sage no longer lists it.' })
  isActive!: boolean;
}
