import { Arg, Authorized, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { badUserInput } from '../common/errors.js';
import { decodeNodeIdOf, isNodeIdOf } from '../common/node-id.js';
import type { RequestContext } from '../common/per-request.js';
import { eventCursor } from '../events/event-cursor.js';
import type { StoredEvent } from '../events/event-log.sql.js';
import { isUnset, subscribeTo } from '../events/subscriber.js';
import type { PushLoader } from './push.loader.js';
import { PushType } from './push.type.js';

@ObjectType('PushChanged', { simpleResolvers: true })
export class PushChangedType {
  @Field({ description: 'Give it as since, and nothing is missed over a reconnect.' })
  cursor!: string;

  @Field(() => PushType, { description: 'As it stands now; it may have moved on since the event.' })
  push!: PushType;
}

interface PushChangedArguments {
  pushId?: string | null;
  customerLayerId?: string | null;
}

/** An id of another instance names no push here: it is waited for in vain, as one that does not exist. */
function filterOf({ pushId, customerLayerId }: PushChangedArguments, { instanceId }: RequestContext) {
  const isGiven = !isUnset(pushId);
  if (isGiven && !isNodeIdOf('Push', pushId))
    throw badUserInput('"pushId" is no id of a push. Take it from pushes or from a document.');
  const [id] = (isGiven && decodeNodeIdOf(instanceId, 'Push', pushId)) || [];
  return (event: StoredEvent) =>
    (!isGiven || event.subject === id) && (isUnset(customerLayerId) || event.customerLayerId === customerLayerId);
}

@Resolver()
export class PushChangedSubscription {
  constructor(private readonly pushes: PushLoader) {}

  @Authorized('documents:read')
  @Subscription(() => PushChangedType, {
    subscribe: subscribeTo('PUSH_CHANGED', filterOf),
    description: 'A push that is new, or has come to another status.',
  })
  async pushChanged(
    @Root() event: StoredEvent,
    @Ctx() context: RequestContext,
    @Arg('pushId', () => ID, { nullable: true }) _pushId: string | null,
    @Arg('customerLayerId', () => String, { nullable: true }) _customerLayerId: string | null,
    @Arg('since', () => String, { nullable: true }) _since: string | null,
  ): Promise<PushChangedType> {
    const row = await this.pushes.byId(context).load(event.subject);
    if (!row) throw new Error(`The push ${event.subject} of an event is not there.`);
    return { cursor: eventCursor(event), push: new PushType(context.instanceId, row) };
  }
}
