import { asRow, instant, RowFault } from './decode.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer } from './sage-error.js';

/** Sage's own high-water mark: the newest `date_time_updated` of a list, ISO 8601, or null when the list is empty. */
export async function newestUpdate(
  client: SageClient,
  company: SageCompanyRef,
  resource: 'customers' | 'sales_posted_transactions',
  signal?: AbortSignal,
): Promise<string | null> {
  const query = { $orderby: 'date_time_updated desc', $top: 1, $select: 'id,date_time_updated' };
  const [newest] = await client.list(`/${resource}`, { company, query, signal });
  if (newest === undefined) return null;
  try {
    return instant(asRow(newest), 'date_time_updated');
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`The newest row of ${resource} cannot be read: ${error.message}.`);
    throw error;
  }
}
