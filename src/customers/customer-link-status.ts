import { chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';

/** A customer that is linked stands in Sage. One whose content differs from Sage's (OUT_OF_DATE) still differs. */
export async function markLinked(
  transaction: Transaction,
  instanceId: number,
  layerIds: readonly string[],
  now: Date,
): Promise<void> {
  for (const chunk of chunks([...new Set(layerIds)])) {
    await transaction.query(
      `UPDATE customer SET sync_status = 'SYNCED', updated_at = ?
        WHERE instance_id = ? AND layer_id IN (${placeholders(chunk.length)}) AND sync_status IN ('NEVER_SYNCED', 'FAILED')`,
      [now.getTime(), instanceId, ...chunk],
    );
  }
}

/** A customer whose last link has been taken away stands nowhere in Sage. */
export async function markUnlinked(
  transaction: Transaction,
  instanceId: number,
  layerId: string,
  now: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE customer SET sync_status = 'NEVER_SYNCED', updated_at = ?
      WHERE instance_id = ? AND layer_id = ? AND sync_status IN ('SYNCED', 'OUT_OF_DATE')
        AND NOT EXISTS (SELECT 1 FROM customer_link l WHERE l.instance_id = ? AND l.customer_layer_id = ?)`,
    [now.getTime(), instanceId, layerId, instanceId, layerId],
  );
}
