import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { decodeNodeIdOf } from '../common/node-id.js';
import { reasonFault } from '../common/reason.js';
import type { UserError } from '../common/user-error.type.js';
import type { Transaction } from '../database/database.js';
import { recordAudit } from '../events/audit-trail.js';
import { touchLanes } from './lane.sql.js';
import { movePush } from './move.sql.js';
import { releaseDependents } from './release.sql.js';
import { lockPush, type PushRow, readPushes } from './push-rows.js';
import { movableTo } from './push-status.js';
import { PUSH_NOT_FOUND, pushAccepted, PushPayload, pushRefused } from './push.payload.js';
import { pushNodeId } from './push.type.js';
import { pushInWords } from './put-back.js';
import type { PushMutationContext, PushMutationParts } from './retry-push.mutation.js';

@Resolver()
export class SkipPushMutation {
  constructor(private readonly parts: PushMutationParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description:
      'Says that a push will never go. Refused while the push is SENDING or UNKNOWN. What Sage has of it already stands.',
  })
  async skipPush(
    @Ctx() context: PushMutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
  ): Promise<PushPayload> {
    const { database, wakePush } = this.parts;
    const fault = reasonFault(reason.trim(), 'this push will never go');
    if (fault) return pushRefused(fault);
    const [pushId, ...rest] = decodeNodeIdOf(context.instanceId, 'Push', id) ?? [];
    if (pushId === undefined || rest.length > 0) return pushRefused(PUSH_NOT_FOUND);
    const payload = await database.transaction((transaction) =>
      this.skip(transaction, context, { id: pushId, reason: reason.trim() }),
    );
    if (payload.userErrors.length === 0) wakePush();
    return payload;
  }

  private async skip(
    transaction: Transaction,
    { instanceId, caller }: PushMutationContext,
    { id, reason }: { id: string; reason: string },
  ): Promise<PushPayload> {
    const { clock, handlers } = this.parts;
    const now = clock.now().getTime();
    const push = await lockPush(transaction, instanceId, id);
    if (!push) return pushRefused(PUSH_NOT_FOUND);
    const isSkipped =
      movableTo('SKIPPED').includes(push.status) &&
      // a worker that has read it as it was finds it gone when it raises the fence
      (await movePush(transaction, push, 'SKIPPED', { nextAttemptAt: null }, now));
    if (!isSkipped) return pushRefused(whyNotSkipped(push), push);
    // what stood behind it may go, and what waited for it is looked at: it is held, for want of this
    await touchLanes(transaction, instanceId, [push.lane], now);
    await releaseDependents(transaction, push, now);
    await recordAudit(transaction, clock, instanceId, {
      who: caller.subject,
      action: 'PUSH_SKIPPED',
      subjectId: pushNodeId(push),
      reason,
      summary: skippedInWords(push),
    });
    const after = (await readPushes(transaction, instanceId, [id])).get(id) ?? push;
    await handlers.get(after.kind)?.changed?.(transaction, after);
    return pushAccepted(after);
  }
}

function skippedInWords(push: PushRow): string {
  const what = `${pushInWords(push)} was ${push.status}${push.error ? ` with ${push.error.code}` : ''}`;
  return push.urn === null
    ? `${what}, and will never go.`
    : `${what}. Its posting ${push.urn} stands in Sage; what is left of it, its allocation, will never go.`;
}

function whyNotSkipped({ status }: PushRow): UserError {
  const field = ['id'];
  switch (status) {
    case 'UNKNOWN':
      return {
        code: 'OUTCOME_UNKNOWN',
        message: 'Sage may or may not have this push: it cannot be called skipped before Sage has been asked.',
        remedy: 'Wait: the gateway looks in Sage. Skip it then, if it is not there.',
        field,
      };
    case 'SUCCEEDED':
      return {
        code: 'ALREADY_POSTED',
        message: 'This push stands in Sage already.',
        remedy: 'Reverse it in Sage if it should not be there.',
        field,
      };
    case 'SKIPPED':
      return {
        code: 'SKIPPED',
        message: 'This push has been skipped already.',
        remedy: 'auditTrail says by whom and why.',
        field,
      };
    default:
      return {
        code: 'IN_PROGRESS',
        message: 'This push is being sent at this moment.',
        remedy: 'Wait until it has come to rest, and look at it again.',
        field,
      };
  }
}
