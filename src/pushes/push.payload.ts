import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { PushType } from './push.type.js';

@ObjectType({ simpleResolvers: true })
export class PushPayload {
  @Field(() => PushType, { nullable: true })
  push!: PushType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
