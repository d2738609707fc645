import { Arg, Authorized, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { errorGroupOfKey } from './error-group.type.js';
import { inErrorGroup } from './error-groups.js';
import { putBack } from './put-back.js';
import type { PushMutationContext, PushMutationParts } from './retry-push.mutation.js';

@ObjectType({ simpleResolvers: true })
export class RetryPushesPayload {
  @Field(() => Int)
  retried!: number;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

/** In one transaction: more would keep workers waiting. */
const PUT_BACK_AT_ONCE = 500;

@Resolver()
export class RetryPushesMutation {
  constructor(private readonly parts: PushMutationParts) {}

  @Authorized('documents:push')
  @Mutation(() => RetryPushesPayload, {
    description: 'Every held and failed push of one error code, or of one row of the error queue.',
  })
  async retryPushes(
    @Ctx() context: PushMutationContext,
    @Arg('errorCode', () => String, { nullable: true }) errorCode: string | null,
    @Arg('key', () => ID, { nullable: true }) key: string | null,
  ): Promise<RetryPushesPayload> {
    const condition = wanted(context.instanceId, errorCode, key);
    if ('code' in condition) return { retried: 0, userErrors: [condition] };
    const retried = await this.retryAll(context, condition);
    // a row that has gone meanwhile and a key that is none must not be told apart: the key may be another instance's
    return { retried, userErrors: key && retried === 0 ? [ROW_UNKNOWN] : [] };
  }

  private async retryAll(
    { instanceId, caller }: PushMutationContext,
    condition: { sql: string; values: string[] },
  ): Promise<number> {
    const { database, wakePush } = this.parts;
    let retried = 0;
    let lastId = '';
    for (;;) {
      // from one id to the next: what a worker holds again meanwhile is not put back a second time
      const after = { sql: `${condition.sql} AND p.id > ?`, values: [...condition.values, lastId] };
      const order = { instanceId, condition: after, who: caller.subject, limit: PUT_BACK_AT_ONCE };
      const pushes = await database.transaction((transaction) => putBack(transaction, this.parts, order));
      if (pushes.length > 0) wakePush();
      retried += pushes.length;
      if (pushes.length < PUT_BACK_AT_ONCE) return retried;
      lastId = pushes.reduce((last, { id }) => (id > last ? id : last), lastId);
    }
  }
}

function wanted(
  instanceId: number,
  errorCode: string | null,
  key: string | null,
): { sql: string; values: string[] } | UserError {
  if (!errorCode && !key) {
    return {
      code: 'NOTHING_CHOSEN',
      message: 'Neither an error code nor the key of a row of the error queue was given.',
      remedy: 'Pass errorCode or key, both as errorQueue answers them.',
      field: ['errorCode'],
    };
  }
  if (!key) return { sql: "p.status IN ('HELD', 'FAILED') AND p.error_code = ?", values: [errorCode ?? ''] };
  const group = errorGroupOfKey(instanceId, key);
  if (!group) return ROW_UNKNOWN;
  if (errorCode && errorCode !== group.code) {
    return {
      code: 'NOTHING_CHOSEN',
      message: `The row of the error queue is about ${group.code}, and not about ${errorCode.slice(0, 60)}.`,
      remedy: 'Pass only one of errorCode and key.',
      field: ['errorCode'],
    };
  }
  return inErrorGroup(group);
}

const ROW_UNKNOWN: UserError = {
  code: 'NOT_FOUND',
  message: 'There is no row of the error queue with this key.',
  remedy: 'Take the key from errorQueue.',
  field: ['key'],
};
