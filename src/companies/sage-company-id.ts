import { decodeNodeIdOf } from '../common/node-id.js';
import type { RequestContext } from '../common/per-request.js';
import type { Company } from './company-directory.js';
import type { CompanyLoader } from './company.loader.js';

/**
 * The company that an argument `sageCompanyId` names: by its node id, or by Sage's X-Company where that is unique in the instance.
 * Null for an id that does not exist, or is another instance's.
 */
export async function companyOfId(
  companies: CompanyLoader,
  context: RequestContext,
  id: string,
): Promise<Company | null> {
  const all = await companies.all(context);
  const key = decodeNodeIdOf(context.instanceId, 'SageCompany', id);
  if (key) return all.find((company) => String(company.id) === key[0]) ?? null;
  const byNumber = all.filter((company) => String(company.sageCompanyId) === id);
  return byNumber.length === 1 ? (byNumber[0] ?? null) : null;
}
