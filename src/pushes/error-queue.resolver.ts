import DataLoader from 'dataloader';
import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { AppError } from '../common/errors.js';
import { keysetOf } from '../common/paging.js';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { ErrorGroupType } from './error-group.type.js';
import { type GroupPage, groupPageKey, listGroupPushes, readErrorGroups } from './error-groups.js';
import { PUSH_CURSOR_SHAPE, pushCursorKey } from './push-list.js';
import type { PushRow } from './push-rows.js';
import { PushConnection, PushType } from './push.type.js';

/** Of all groups together: the queue itself has no `first` by which the operation's cost would be reckoned. */
const MAX_PUSHES_LISTED = 25_000;
/** SQLite joins at most 500 selects. */
const GROUPS_A_STATEMENT = 250;

@Resolver(() => ErrorGroupType)
export class ErrorQueueResolver {
  constructor(private readonly database: Database) {}

  @Authorized('documents:read')
  @Query(() => [ErrorGroupType], {
    description: 'Refused and held pushes, one row per cause, largest value first. At most 500.',
  })
  async errorQueue(@Ctx() { instanceId }: RequestContext): Promise<ErrorGroupType[]> {
    const groups = await readErrorGroups(this.database, instanceId);
    return groups.map((group) => new ErrorGroupType(instanceId, group));
  }

  @FieldResolver(() => PushConnection)
  async pushes(
    @Root() { row }: ErrorGroupType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<InstanceType<typeof PushConnection>> {
    const keyset = keysetOf({ first, after }, PUSH_CURSOR_SHAPE);
    const { pages, take } = this.loader(context);
    take(Math.min(first, row.count));
    return PushConnection.of(keyset, await pages.load({ group: row, keyset }), {
      keyOf: pushCursorKey,
      node: (push) => new PushType(context.instanceId, push),
      count: async () => row.count,
    });
  }

  private readonly loader = perRequest(({ instanceId }: RequestContext) => {
    let listed = 0;
    return {
      take: (count: number) => {
        listed += count;
        if (listed > MAX_PUSHES_LISTED)
          throw new AppError(
            'QUERY_TOO_COMPLEX',
            `The groups of the error queue have more than ${MAX_PUSHES_LISTED} pushes together. Ask for fewer of each ("first").`,
          );
      },
      pages: new DataLoader<GroupPage, PushRow[], string>(
        (pages) => listGroupPushes(this.database, instanceId, pages),
        { cacheKeyFn: groupPageKey, maxBatchSize: GROUPS_A_STATEMENT },
      ),
    };
  });
}
