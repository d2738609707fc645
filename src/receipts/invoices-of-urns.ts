import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';

/** The Layer's invoices that stand in a Sage company under these URNs, by URN. Indexes: push_by_urn, document_registered. */
export async function readInvoiceIdsOfUrns(
  database: Queryable,
  instanceId: number,
  companyId: number,
  urns: readonly string[],
): Promise<Map<string, string>> {
  const byUrn = new Map<string, string>();
  for (const chunk of chunks([...new Set(urns)])) {
    const rows = await database.query<{ urn: string; layerId: string }>(
      `SELECT p.urn AS urn, p.layer_id AS layerId FROM push p
        WHERE p.instance_id = ? AND p.company_id = ? AND p.urn IN (${placeholders(chunk.length)}) AND p.kind = 'INVOICE'
       UNION SELECT d.registered_urn AS urn, d.layer_id AS layerId FROM document d
        WHERE d.instance_id = ? AND d.registered_company_id = ? AND d.registered_urn IN (${placeholders(chunk.length)})
          AND d.kind = 'INVOICE'`,
      [instanceId, companyId, ...chunk, instanceId, companyId, ...chunk],
    );
    for (const { urn, layerId } of rows) byUrn.set(urn, layerId);
  }
  return byUrn;
}
