import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class SageAccountFilter {
  @Field(() => String, { nullable: true })
  search?: string | null;

  @Field(() => ID, { nullable: true })
  sageCompanyId?: string | null;

  @Field(() => Boolean, { nullable: true })
  linked?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  onHold?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  overCreditLimit?: boolean | null;
}
