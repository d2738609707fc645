import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { decodeNodeIdOf } from '../common/node-id.js';
import { keysetOf } from '../common/paging.js';
import type { RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import { CustomerType } from '../customers/customer.type.js';
import type { Database } from '../database/database.js';
import { PushFilter } from '../pushes/push-filter.input.js';
import { countPushes, listPushes, PUSH_CURSOR_SHAPE, pushCursorKey } from '../pushes/push-list.js';
import type { PushLoader } from '../pushes/push.loader.js';
import { PushAttemptType, PushConnection, PushType } from '../pushes/push.type.js';

export interface PushResolverParts {
  database: Database;
  companies: CompanyLoader;
  customers: CustomerLoader;
  pushes: PushLoader;
}

@Resolver(() => PushType)
export class PushResolver {
  constructor(private readonly parts: PushResolverParts) {}

  @Authorized('documents:read')
  @Query(() => PushType, { nullable: true })
  async push(@Ctx() context: RequestContext, @Arg('id', () => ID) id: string): Promise<PushType | null> {
    const key = decodeNodeIdOf(context.instanceId, 'Push', id);
    return key && loadPushNode(this.parts.pushes, context, key);
  }

  @Authorized('documents:read')
  @Query(() => PushConnection, {
    description: 'Every document on its way to Sage, or there, or refused. Newest first.',
  })
  async pushes(
    @Ctx() { instanceId }: RequestContext,
    @Arg('filter', () => PushFilter, { nullable: true }) filter: PushFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<InstanceType<typeof PushConnection>> {
    const { database } = this.parts;
    const keyset = keysetOf({ first, after }, PUSH_CURSOR_SHAPE);
    const wanted = filter ?? {};
    return PushConnection.of(keyset, await listPushes(database, instanceId, wanted, keyset), {
      keyOf: pushCursorKey,
      node: (row) => new PushType(instanceId, row),
      count: () => countPushes(database, instanceId, wanted),
    });
  }

  @FieldResolver(() => [PushAttemptType])
  history(@Root() root: PushType, @Ctx() context: RequestContext): Promise<PushAttemptType[]> {
    return this.parts.pushes.history(context).load(root.row.id);
  }

  @FieldResolver(() => CustomerType, { nullable: true })
  async customer(@Root() root: PushType, @Ctx() context: RequestContext): Promise<CustomerType | null> {
    const { customerLayerId } = root.row;
    return customerLayerId === null ? null : this.parts.customers.byLayerId(context).load(customerLayerId);
  }

  @FieldResolver(() => SageCompanyType, {
    nullable: true,
    description: 'Where it goes; null until a mapping says so.',
  })
  async sageCompany(@Root() root: PushType, @Ctx() context: RequestContext): Promise<SageCompanyType | null> {
    const { companyId } = root.row;
    const company = companyId === null ? null : await this.parts.companies.byId(context, companyId);
    return company && new SageCompanyType(context.instanceId, company);
  }
}

/** A push by the key inside its id; asks for the scope documents:read. */
export async function loadPushNode(
  pushes: PushLoader,
  context: RequestContext,
  [id, ...rest]: readonly string[],
): Promise<PushType | null> {
  const row = id === undefined || rest.length > 0 ? null : await pushes.byId(context).load(id);
  return row && new PushType(context.instanceId, row);
}
