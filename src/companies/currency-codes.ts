import type { Queryable } from '../database/database.js';
import type { PullTarget } from '../sync/pull.js';

/** ISO codes of the company's currencies by Sage's id. */
export async function currencyCodes(database: Queryable, target: PullTarget): Promise<ReadonlyMap<number, string>> {
  const rows = await database.query<{ sageId: number | string; isoCode: string }>(
    'SELECT sage_id AS sageId, iso_code AS isoCode FROM sage_currency WHERE instance_id = ? AND company_id = ? AND iso_code IS NOT NULL',
    [target.instanceId, target.companyId],
  );
  return new Map(rows.map((row) => [Number(row.sageId), row.isoCode]));
}
