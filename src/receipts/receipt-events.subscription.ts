import { Arg, Authorized, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { badUserInput } from '../common/errors.js';
import { decodeNodeIdOf, isNodeIdOf } from '../common/node-id.js';
import type { RequestContext } from '../common/per-request.js';
import { eventCursor } from '../events/event-cursor.js';
import type { StoredEvent } from '../events/event-log.sql.js';
import { isUnset, subscribeTo } from '../events/subscriber.js';
import type { ReceiptLoader } from './receipt.loader.js';
import { ReceiptType } from './receipt.type.js';

const CURSOR = { description: 'Give it as since, and nothing is missed over a reconnect.' };
const AS_IT_STANDS = { description: 'As it stands now; it may have changed since the event.' };

@ObjectType('ReceiptReceived', { simpleResolvers: true })
export class ReceiptReceivedType {
  @Field(CURSOR)
  cursor!: string;

  @Field(() => ReceiptType, AS_IT_STANDS)
  receipt!: ReceiptType;
}

@ObjectType('ReceiptChanged', { simpleResolvers: true })
export class ReceiptChangedType {
  @Field(CURSOR)
  cursor!: string;

  @Field(() => ReceiptType, AS_IT_STANDS)
  receipt!: ReceiptType;
}

interface ReceiptArguments {
  sageCompanyId?: string | null;
  customerLayerId?: string | null;
}

/** An id of another instance names no company here: its receipts are waited for in vain, as those of one that does not exist. */
function filterOf({ sageCompanyId, customerLayerId }: ReceiptArguments, { instanceId }: RequestContext) {
  const isGiven = !isUnset(sageCompanyId);
  if (isGiven && !isNodeIdOf('SageCompany', sageCompanyId))
    throw badUserInput('"sageCompanyId" is no id of a Sage company. Take it from sageCompanies.');
  const [companyId] = (isGiven && decodeNodeIdOf(instanceId, 'SageCompany', sageCompanyId)) || [];
  return (event: StoredEvent) =>
    (!isGiven || event.companyId === Number(companyId)) &&
    (isUnset(customerLayerId) || event.customerLayerId === customerLayerId);
}

@Resolver()
export class ReceiptEventsSubscription {
  constructor(private readonly receipts: ReceiptLoader) {}

  @Authorized('documents:read')
  @Subscription(() => ReceiptReceivedType, {
    subscribe: subscribeTo('RECEIPT_RECEIVED', filterOf),
    description:
      'A receipt or refund that has come from Sage. Without since: from now on (the first import is no news). Give the last cursor seen as since, and nothing is missed over a reconnect.',
  })
  receiptReceived(
    @Root() event: StoredEvent,
    @Ctx() context: RequestContext,
    @Arg('sageCompanyId', () => ID, { nullable: true }) _sageCompanyId: string | null,
    @Arg('customerLayerId', () => String, { nullable: true }) _customerLayerId: string | null,
    @Arg('since', () => String, { nullable: true }) _since: string | null,
  ): Promise<ReceiptReceivedType> {
    return this.told(event, context);
  }

  @Authorized('documents:read')
  @Subscription(() => ReceiptChangedType, {
    subscribe: subscribeTo('RECEIPT_CHANGED', filterOf),
    description:
      'A receipt that was matched, ignored or restored, or whose match was undone, or that Sage has changed.',
  })
  receiptChanged(
    @Root() event: StoredEvent,
    @Ctx() context: RequestContext,
    @Arg('sageCompanyId', () => ID, { nullable: true }) _sageCompanyId: string | null,
    @Arg('customerLayerId', () => String, { nullable: true }) _customerLayerId: string | null,
    @Arg('since', () => String, { nullable: true }) _since: string | null,
  ): Promise<ReceiptChangedType> {
    return this.told(event, context);
  }

  private async told(event: StoredEvent, context: RequestContext): Promise<{ cursor: string; receipt: ReceiptType }> {
    const row = await this.receipts.byKey(context).load({ companyId: Number(event.companyId), urn: event.subject });
    if (!row) throw new Error(`The receipt ${event.subject} of an event is not there.`);
    return { cursor: eventCursor(event), receipt: new ReceiptType(context.instanceId, row) };
  }
}
