import { chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { release } from '../pushes/release.sql.js';
import { PREREQUISITE_FAILED } from '../pushes/push-cause.js';

/**
 * Puts back in line the documents that are held because these customers had no account, or because the push that was to make it has
 * failed. Index: push_of_customer.
 */
export async function releaseAccountMissing(
  transaction: Transaction,
  instanceId: number,
  layerIds: readonly string[],
  now: Date,
): Promise<void> {
  for (const chunk of chunks([...new Set(layerIds)])) {
    await release(
      transaction,
      instanceId,
      `p.status = 'HELD' AND p.error_code IN ('ACCOUNT_MISSING', '${PREREQUISITE_FAILED}') AND p.customer_layer_id IN (${placeholders(chunk.length)})`,
      chunk,
      now.getTime(),
    );
  }
}
