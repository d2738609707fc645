import { Field, Int, ObjectType } from 'type-graphql';

/** One bad row of many; the good ones are kept. */
@ObjectType({ simpleResolvers: true })
export class RejectedRow {
  @Field(() => Int, { description: 'In a CSV the line number, the header being line 1.' })
  row!: number;

  @Field()
  message!: string;
}
