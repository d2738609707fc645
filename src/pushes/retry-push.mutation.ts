import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { decodeNodeIdOf } from '../common/node-id.js';
import type { RequestContext } from '../common/per-request.js';
import type { UserError } from '../common/user-error.type.js';
import type { Database, Transaction } from '../database/database.js';
import { recordAudit } from '../events/audit-trail.js';
import { touchLanes } from './lane.sql.js';
import { movePush } from './move.sql.js';
import { lockPush, type PushRow, readPushes } from './push-rows.js';
import { PUSH_NOT_FOUND, pushAccepted, PushPayload, pushRefused } from './push.payload.js';
import { pushNodeId } from './push.type.js';
import { putBack, type PutBackParts, pushInWords } from './put-back.js';

/** Who asks: what people do to pushes is recorded with its author. */
export interface PushMutationContext extends RequestContext {
  readonly caller: { readonly subject: string };
}

export interface PushMutationParts extends PutBackParts {
  database: Database;
  /** Tells the push engine of this process to look for due pushes now. */
  wakePush(): void;
}

@Resolver()
export class RetryPushMutation {
  constructor(private readonly parts: PushMutationParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description: 'Puts a held, waiting or failed push back in line. One that has a URN goes on at its allocation.',
  })
  async retryPush(@Ctx() context: PushMutationContext, @Arg('id', () => ID) id: string): Promise<PushPayload> {
    const { database, wakePush } = this.parts;
    const [pushId, ...rest] = decodeNodeIdOf(context.instanceId, 'Push', id) ?? [];
    if (pushId === undefined || rest.length > 0) return pushRefused(PUSH_NOT_FOUND);
    const payload = await database.transaction((transaction) => this.retry(transaction, context, pushId));
    if (payload.userErrors.length === 0) wakePush();
    return payload;
  }

  private async retry(transaction: Transaction, context: PushMutationContext, id: string): Promise<PushPayload> {
    const { instanceId, caller } = context;
    const push = await lockPush(transaction, instanceId, id);
    if (!push) return pushRefused(PUSH_NOT_FOUND);
    const refusal = whyNotRetried(push);
    if (refusal) return pushRefused(refusal, push);
    if (push.status === 'QUEUED') return pushAccepted(await this.hurry(transaction, push, caller.subject));
    const condition = { sql: 'p.id = ?', values: [id] };
    const [after] = await putBack(transaction, this.parts, { instanceId, condition, who: caller.subject, limit: 1 });
    return pushAccepted(after ?? push);
  }

  /** One that is in line already and put off goes now; one that is due stays as it is. */
  private async hurry(transaction: Transaction, push: PushRow, who: string): Promise<PushRow> {
    if (push.nextAttemptAt === null) return push;
    const { clock } = this.parts;
    const now = clock.now().getTime();
    await movePush(transaction, push, 'QUEUED', { nextAttemptAt: null, failures: 0 }, now);
    await touchLanes(transaction, push.instanceId, [push.lane], now);
    await recordAudit(transaction, clock, push.instanceId, {
      who,
      action: 'PUSH_RETRIED',
      subjectId: pushNodeId(push),
      summary: `${pushInWords(push)} was put off${push.error ? ` with ${push.error.code}` : ''}, and goes now.`,
    });
    return (await readPushes(transaction, push.instanceId, [push.id])).get(push.id) ?? push;
  }
}

/** Null: it may be put back in line. */
function whyNotRetried({ status }: PushRow): UserError | null {
  switch (status) {
    case 'QUEUED':
    case 'WAITING':
    case 'HELD':
    case 'FAILED':
      return null;
    case 'SENDING':
      return {
        code: 'IN_PROGRESS',
        message: 'This push is being sent at this moment.',
        remedy: 'Wait: it goes on by itself.',
        field: ['id'],
      };
    case 'UNKNOWN':
      return {
        code: 'OUTCOME_UNKNOWN',
        message: 'Sage may or may not have this push. Nothing is sent again before Sage has been asked.',
        remedy: 'Wait: the gateway looks in Sage, and goes on by itself.',
        field: ['id'],
      };
    case 'SUCCEEDED':
      return {
        code: 'ALREADY_POSTED',
        message: 'This push stands in Sage already.',
        remedy: 'Nothing is left to be sent.',
        field: ['id'],
      };
    case 'SKIPPED':
      return {
        code: 'SKIPPED',
        message: 'A person decided that this push will never go.',
        remedy: 'auditTrail says who and why. Enter the posting in Sage by hand if it is wanted after all.',
        field: ['id'],
      };
    default:
      return assertNever(status);
  }
}

function assertNever(status: never): never {
  throw new Error(`There is no status ${String(status)}.`);
}
