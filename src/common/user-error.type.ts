import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'An expected refusal: nothing was changed.', simpleResolvers: true })
export class UserError {
  @Field()
  code!: string;

  @Field()
  message!: string;

  @Field(() => String, { nullable: true })
  remedy?: string | null;

  @Field(() => [String], { nullable: true, description: 'The path of the input at fault, e.g. ["lines", "0", "net"].' })
  field?: string[] | null;
}
