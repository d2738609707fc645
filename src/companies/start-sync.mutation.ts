import { Arg, Authorized, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Clock } from '../common/clock.js';
import type { RequestContext } from '../common/per-request.js';
import { UserError } from '../common/user-error.type.js';
import type { Database } from '../database/database.js';
import type { SyncResource } from '../sync/sync-resource.js';
import { requestSync } from '../sync/sync-status.js';
import { companyOfId } from './sage-company-id.js';
import type { CompanyLoader } from './company.loader.js';
import { SyncResourceEnum } from './sync-status.type.js';

@ObjectType({ simpleResolvers: true })
export class StartSyncPayload {
  @Field(() => [SyncResourceEnum])
  started!: SyncResource[];

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class StartSyncMutation {
  constructor(
    private readonly companies: CompanyLoader,
    private readonly database: Database,
    private readonly clock: Clock,
    /** Tells the sync engine of this process to look now. */
    private readonly wake: () => void,
  ) {}

  @Authorized('operate')
  @Mutation(() => StartSyncPayload)
  async startSync(
    @Ctx() context: RequestContext,
    @Arg('resources', () => [SyncResourceEnum], { nullable: true }) resources: SyncResource[] | null,
    @Arg('sageCompanyId', () => ID, { nullable: true }) sageCompanyId: string | null,
    @Arg('full', () => Boolean, {
      defaultValue: false,
      nullable: true,
      description: 'Reads everything again, also what changes alone cannot show: what was deleted, hidden, archived.',
    })
    full: boolean,
  ): Promise<StartSyncPayload> {
    const company =
      sageCompanyId === null || sageCompanyId === undefined
        ? null
        : await companyOfId(this.companies, context, sageCompanyId);
    if (sageCompanyId && !company) {
      const message = 'There is no Sage company with this id.';
      return {
        started: [],
        userErrors: [
          { code: 'NOT_FOUND', message, remedy: 'Take the id from sageCompanies.', field: ['sageCompanyId'] },
        ],
      };
    }
    const request = { resources, companyId: company?.id ?? null, isFull: full ?? false };
    const started = await requestSync(this.database, this.clock, context.instanceId, request);
    this.wake();
    return { started, userErrors: [] };
  }
}
