import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { type Company, readCompanies } from './company-directory.js';

/** The companies of the caller's instance, read once a request. */
export class CompanyLoader {
  constructor(private readonly database: Database) {}

  /** The lowest X-Company first. */
  readonly all = perRequest((context: RequestContext): Promise<Company[]> =>
    readCompanies(this.database, context.instanceId),
  );

  async byId(context: RequestContext, companyId: number): Promise<Company | null> {
    return (await this.all(context)).find(({ id }) => id === companyId) ?? null;
  }

  /** The company of the default sub-company row; until that is mapped, the one with the lowest sageCompanyId. */
  async default(context: RequestContext): Promise<Company | null> {
    return (await this.all(context)).find(({ isDefault }) => isDefault) ?? null;
  }
}
