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

/** `push`: the one that stands, where there is one. */
export function pushRefused(userErrors: UserError | UserError[], push: PushRow | null = null): PushPayload {
  return {
    push: push && new PushType(push.instanceId, push),
    userErrors: Array.isArray(userErrors) ? userErrors : [userErrors],
  };
}

export const PUSH_NOT_FOUND: UserError = {
  code: 'NOT_FOUND',
  message: 'There is no push with this id.',
  remedy: 'Take the id from pushes, from the error queue or from a document.',
  field: ['id'],
};
