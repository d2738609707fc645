import { Field, InputType } from 'type-graphql';
import type { PushKind, PushStatus } from './push-status.js';
import { PushKindEnum, PushStatusEnum } from './push.type.js';

@InputType()
export class PushFilter {
  @Field(() => [PushStatusEnum], { nullable: true })
  status?: PushStatus[] | null;

  @Field(() => [PushKindEnum], { nullable: true })
  kind?: PushKind[] | null;

  @Field(() => String, { nullable: true })
  customerLayerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Matches Layer id, number, reference, URN, Sage reference.' })
  search?: string | null;
}
