import { asRow, requiredInteger, requiredText, RowFault, text } from './decode.js';
import type { SageClient } from './sage-client.js';
import { badAnswer } from './sage-error.js';

export interface SageSite {
  siteId: string;
  companyId: number;
  companyName: string;
  siteName: string;
}

/**
 * Every (site, company) that the sign-in reaches (sage200.md §1.4). An empty list is an answer: the server has lost its registration.
 * A row that cannot be read makes the whole answer bad, or its company would look as if it were gone.
 */
export async function listSites(client: SageClient, signal?: AbortSignal): Promise<SageSite[]> {
  const answer = await client.list('/sites', { signal });
  const sites = answer.map(siteOf);
  if (sites.length > 0) client.reportReached();
  return sites;
}

function siteOf(value: unknown): SageSite {
  try {
    const row = asRow(value);
    return {
      siteId: requiredText(row, 'site_id'),
      companyId: requiredInteger(row, 'company_id'),
      companyName: requiredText(row, 'company_name'),
      siteName: text(row, 'site_name') ?? '',
    };
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`A site of Sage's cannot be read: ${error.message}.`);
    throw error;
  }
}
