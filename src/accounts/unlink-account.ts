import type { Clock } from '../common/clock.js';
import { markUnlinked } from '../customers/customer-link-status.js';
import { layerIdFault } from '../customers/store-customer.js';
import type { Database } from '../database/database.js';
import { removeContactLinks } from './contact-links.js';
import type { AccountKey } from './customer-links.js';

/** Takes a customer's link to an account away; false, and nothing changed, when there is none. */
export async function unlinkAccount(
  database: Database,
  instanceId: number,
  layerId: string,
  account: AccountKey,
  clock: Clock,
): Promise<boolean> {
  // such an id has no customer, but MySQL would take "C1 " for "C1"
  if (layerIdFault(layerId) !== null) return false;
  return database.transaction(async (transaction) => {
    const removed = await transaction.execute(
      `DELETE FROM customer_link
        WHERE instance_id = ? AND company_id = ? AND account_sage_id = ? AND customer_layer_id = ?`,
      [instanceId, account.companyId, account.sageId, layerId],
    );
    if (removed === 0) return false;
    await removeContactLinks(transaction, { instanceId, companyId: account.companyId, customerLayerId: layerId });
    await markUnlinked(transaction, instanceId, layerId, clock.now());
    return true;
  });
}
