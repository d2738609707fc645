import { perRequest, type RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import type { Database } from '../database/database.js';
import { SubCompanyType } from './sub-company.type.js';

export class MappingLoader {
  constructor(
    private readonly database: Database,
    _companies: CompanyLoader,
  ) {}

  private readonly names = perRequest(async ({ instanceId }: RequestContext) => {
    const rows = await this.database.query<{ layerId: string; name: string }>(
      "SELECT layer_id AS layerId, name FROM mapping_subject WHERE instance_id = ? AND kind = 'SUB_COMPANY'",
      [instanceId],
    );
    return new Map(rows.map(({ layerId, name }) => [layerId, name]));
  });

  /** The sub-company of a document; null stands for the default one. */
  async subCompany(context: RequestContext, layerId: string | null): Promise<SubCompanyType> {
    const id = layerId ?? '';
    const name = (await this.names(context)).get(id) ?? (id === '' ? 'Default Company' : id);
    return new SubCompanyType(context.instanceId, { layerId: id, name });
  }
}
