import { Field, InputType } from 'type-graphql';
import { DateScalar } from '../common/scalars.js';
import { SageTransactionKindEnum } from './sage-transaction.type.js';

@InputType()
export class SageTransactionFilter {
  @Field(() => [SageTransactionKindEnum], { nullable: true })
  kinds?: string[] | null;

  @Field(() => Boolean, { nullable: true })
  outstandingOnly?: boolean | null;

  @Field(() => DateScalar, { nullable: true })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true })
  to?: string | null;

  @Field(() => String, { nullable: true, description: 'Matches reference, second reference, URN.' })
  search?: string | null;
}
