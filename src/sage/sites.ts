import type { SageClient } from './sage-client.js';
import { requiredId, requiredText, text, wireRow } from './wire.js';

export interface SageSite {
  siteId: string;
  /** X-Company. */
  companyId: number;
  companyName: string;
  siteName: string;
}

/** The companies that the sign-in reaches, one row per site and company. Empty: Sage's server has lost its registration. */
export async function listSites(client: SageClient, signal?: AbortSignal): Promise<SageSite[]> {
  const answer = await client.getList(null, '/sites', {}, signal);
  return answer.map((item) => {
    const row = wireRow(item);
    return {
      siteId: requiredText(row, 'site_id'),
      companyId: requiredId(row, 'company_id'),
      companyName: text(row, 'company_name'),
      siteName: text(row, 'site_name'),
    };
  });
}
