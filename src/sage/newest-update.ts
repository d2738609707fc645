import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { optionalInstant, wireRow } from './wire.js';

/** The newest `date_time_updated` of a list, by Sage's own clock: where the next delta begins. Null for an empty list. */
export async function newestUpdate(
  client: SageClient,
  company: SageCompanyRef,
  resource: 'customers' | 'sales_posted_transactions',
  signal?: AbortSignal,
): Promise<string | null> {
  const query = { $orderby: 'date_time_updated desc', $top: '1' };
  const [row] = await client.getList(company, `/${resource}`, query, signal);
  return row === undefined ? null : optionalInstant(wireRow(row), 'date_time_updated');
}
