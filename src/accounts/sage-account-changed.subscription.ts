import { Arg, Authorized, Ctx, Field, ObjectType, registerEnumType, Resolver, Root, Subscription } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { eventCursor } from '../events/event-cursor.js';
import type { StoredEvent } from '../events/event-log.sql.js';
import { isUnset, subscribeTo } from '../events/subscriber.js';
import { ACCOUNT_CHANGES, type AccountChange } from './account-changes.js';
import type { AccountLoader } from './account.loader.js';
import { type AccountRow, readAccountsByKey } from './account-rows.js';
import { SageAccountType } from './sage-account.type.js';

const SageAccountChangeEnum = Object.fromEntries(ACCOUNT_CHANGES.map((change) => [change, change])) as {
  [C in AccountChange]: C;
};
registerEnumType(SageAccountChangeEnum, { name: 'SageAccountChange' });

@ObjectType('SageAccountChanged', { simpleResolvers: true })
export class SageAccountChangedType {
  @Field({ description: 'Give it as since, and nothing is missed over a reconnect.' })
  cursor!: string;

  @Field(() => [SageAccountChangeEnum])
  changes!: AccountChange[];

  @Field(() => SageAccountType, { description: 'As it stands now; it may have changed again since the event.' })
  sageAccount!: SageAccountType;
}

interface SageAccountChangedArguments {
  customerLayerId?: string | null;
}

@Resolver()
export class SageAccountChangedSubscription {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountLoader,
  ) {}

  @Authorized('accounts:read')
  @Subscription(() => SageAccountChangedType, {
    subscribe: subscribeTo(
      'ACCOUNT_CHANGED',
      ({ customerLayerId }: SageAccountChangedArguments) =>
        (event: StoredEvent) =>
          isUnset(customerLayerId) || event.customerLayerId === customerLayerId,
    ),
    description: 'A balance, a credit limit or an on-hold flag that has changed.',
  })
  async sageAccountChanged(
    @Root() event: StoredEvent,
    @Ctx() context: RequestContext,
    @Arg('customerLayerId', () => String, { nullable: true }) _customerLayerId: string | null,
    @Arg('since', () => String, { nullable: true }) _since: string | null,
  ): Promise<SageAccountChangedType> {
    const row = await this.rowOf(context, event);
    if (!row) throw new Error(`The account ${event.subject} of an event is not there.`);
    return {
      cursor: eventCursor(event),
      changes: (event.details ?? 'DETAILS').split(' ') as AccountChange[],
      sageAccount: new SageAccountType(context.instanceId, row),
    };
  }

  /** Also one that Sage has deleted: that it is gone is what some events tell. */
  private async rowOf(context: RequestContext, event: StoredEvent): Promise<AccountRow | null> {
    const key = { companyId: Number(event.companyId), sageId: Number(event.accountSageId) };
    const row = await this.accounts.byKey(context).load(key);
    if (row) return row;
    const [gone] = await readAccountsByKey(this.database, context.instanceId, [key], true);
    return gone ?? null;
  }
}
