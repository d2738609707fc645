import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { SYNC_RESOURCES } from '../sync/sync-resource.js';
import { type PullStatus, readPullStatuses } from '../sync/sync-status.js';
import type { CompanyLoader } from './company.loader.js';
import { SageCompanyType } from './sage-company.type.js';
import { SyncStatusType } from './sync-status.type.js';

@Resolver()
export class SyncStatusResolver {
  constructor(
    private readonly companies: CompanyLoader,
    private readonly database: Database,
  ) {}

  @Authorized('accounts:read')
  @Query(() => [SyncStatusType])
  async syncStatus(@Ctx() context: RequestContext): Promise<SyncStatusType[]> {
    const companies = await this.companies.all(context);
    const stored = await readPullStatuses(this.database, context.instanceId);
    const statusOf = (resource: PullStatus['resource'], companyId: number) =>
      stored.find((status) => status.resource === resource && status.companyId === companyId) ??
      neverRun(resource, companyId);
    return SYNC_RESOURCES.flatMap((resource): SyncStatusType[] => {
      if (resource === 'COMPANIES') return [{ ...statusOf(resource, 0), sageCompany: null }];
      return companies.map((company) => ({
        ...statusOf(resource, company.id),
        sageCompany: new SageCompanyType(context.instanceId, company),
      }));
    });
  }
}

function neverRun(resource: PullStatus['resource'], companyId: number): PullStatus {
  return { resource, companyId, state: 'NEVER_RUN', lastSucceededAt: null, rowsRead: 0, progress: null, message: null };
}
