import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import type { PushRow } from './push-rows.js';
import { PushType } from './push.type.js';

/** Of every mutation that queues or changes one push. */
@ObjectType({ simpleResolvers: true })
export class PushPayload {
  @Field(() => PushType, { nullable: true })
  push!: PushType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

export function pushAccepted(push: PushRow): PushPayload {
  return { push: new PushType(push.instanceId, push), userErrors: [] };
}

export function pushRefused(userErrors: UserError | UserError[]): PushPayload {
  return { push: null, userErrors: Array.isArray(userErrors) ? userErrors : [userErrors] };
}
