import { chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { readSharesOfInvoices } from './document-rows.js';

/**
 * Writes down afresh what is left of these invoices, in the transaction that changes what has a part of them: by it the open ones of
 * a customer are found (index document_open). It is reckoned from the shares each time, never counted up or down.
 */
export async function refreshOutstanding(
  transaction: Transaction,
  instanceId: number,
  invoiceLayerIds: readonly string[],
): Promise<void> {
  // in one order for all, so that two writers wait for each other and don't end in a deadlock
  for (const chunk of chunks([...new Set(invoiceLayerIds)].toSorted(), 300)) {
    // before the shares are read: what another transaction is just changing of them is waited for, and counted
    if (transaction.dialect === 'mysql') await lockInvoices(transaction, instanceId, chunk);
    const shares = await readSharesOfInvoices(transaction, instanceId, chunk);
    const taken = [...shares].map(([layerId, ofInvoice]) => ({
      layerId,
      minor: ofInvoice.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    }));
    const cases = taken.map(() => 'WHEN ? THEN ?').join(' ');
    await transaction.execute(
      `UPDATE document SET outstanding_minor = gross_minor - ${taken.length === 0 ? '0' : `CASE layer_id ${cases} ELSE 0 END`}
        WHERE instance_id = ? AND kind = 'INVOICE' AND layer_id IN (${placeholders(chunk.length)})`,
      [...taken.flatMap(({ layerId, minor }) => [layerId, minor]), instanceId, ...chunk],
    );
  }
}

/** By primary key. */
function lockInvoices(transaction: Transaction, instanceId: number, layerIds: readonly string[]): Promise<unknown> {
  return transaction.query(
    `SELECT layer_id FROM document WHERE instance_id = ? AND kind = 'INVOICE' AND layer_id IN (${placeholders(layerIds.length)})
      ORDER BY layer_id FOR UPDATE`,
    [instanceId, ...layerIds],
  );
}
