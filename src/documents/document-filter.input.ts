import { Field, InputType } from 'type-graphql';
import { DateScalar } from '../common/scalars.js';
import type { PushStatus } from '../pushes/push-status.js';
import { PushStatusEnum } from '../pushes/push.type.js';

@InputType()
export class DocumentFilter {
  @Field(() => String, { nullable: true })
  customerLayerId?: string | null;

  @Field(() => [PushStatusEnum], {
    nullable: true,
    description: 'A registered invoice has no push, and none of these.',
  })
  pushStatus?: PushStatus[] | null;

  @Field(() => DateScalar, { nullable: true })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true })
  to?: string | null;

  @Field(() => String, { nullable: true, description: 'Matches Layer id, number, reference, customer name.' })
  search?: string | null;
}
