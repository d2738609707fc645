import type { RequestContext } from '../common/per-request.js';
import type { StoredEvent } from './event-log.sql.js';
import type { EventFeed, FollowOptions, WantedEvents } from './event-feed.js';
import type { EventKind } from './record-events.js';

/** What a subscription is handed beside the caller, while it is being opened. */
export interface Subscriber extends FollowOptions {
  feed: EventFeed;
}

export interface SubscriptionContext extends RequestContext {
  readonly subscriber: Subscriber;
}

interface ResolverData<Arguments> {
  args: Arguments;
  context: SubscriptionContext;
}

type Matches = WantedEvents['matches'];

/**
 * The `subscribe` of a subscription to one kind of event, whose argument `since` is the cursor to go on from. `filterOf` is called
 * once for each subscriber, and answers the compare that each event is put to; it may throw BAD_USER_INPUT. The scope is what
 * `@Authorized` of the field says: at subscribing, and again for each event.
 *
 *     @Authorized('documents:read')
 *     @Subscription(() => ReceiptReceivedType, {
 *       subscribe: subscribeTo('RECEIPT_RECEIVED', ({ customerLayerId }: ReceiptReceivedArguments) =>
 *         (event) => isUnset(customerLayerId) || event.customerLayerId === customerLayerId),
 *     })
 *     async receiptReceived(@Root() event: StoredEvent, @Ctx() context: RequestContext, …the arguments once more for the schema)
 *
 * The method makes the answer from the event; its context is new for each event, so that loaders read what stands then.
 * `eventCursor(event)` is the answer's cursor.
 */
export function subscribeTo<Arguments extends object>(
  kind: EventKind,
  filterOf: (args: Arguments, context: RequestContext) => Matches | Promise<Matches>,
) {
  return async (data: unknown): Promise<AsyncIterable<StoredEvent>> => {
    const { args, context } = data as ResolverData<Arguments & { since?: string | null }>;
    const { feed, signal, onTooSlow } = context.subscriber;
    const matches = await filterOf(args, context);
    return feed.follow(context.instanceId, { kind, matches, since: args.since }, { signal, onTooSlow });
  };
}

/** An argument that was left out, or is null. */
export const isUnset = (value: unknown): value is null | undefined => value === null || value === undefined;
