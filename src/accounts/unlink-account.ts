import { encodeNodeId } from '../common/node-id.js';
import { markUnlinked } from '../customers/customer-link-status.js';
import { layerIdFault } from '../customers/store-customer.js';
import type { Database } from '../database/database.js';
import { removeContactLinks } from './contact-links.js';
import { recordAudit } from '../events/audit-trail.js';
import { recordLinkChanges } from './account-changes.js';
import type { AccountKey } from './customer-links.js';
import type { LinkedBy } from './link-accounts.js';

/** Takes a customer's link to an account away; false, and nothing changed, when there is none. */
export async function unlinkAccount(
  database: Database,
  instanceId: number,
  layerId: string,
  account: AccountKey,
  { subject, clock }: LinkedBy,
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
    recordLinkChanges(transaction, clock, instanceId, [{ ...account, customerLayerId: layerId }]);
    await recordAudit(transaction, clock, instanceId, {
      who: subject,
      action: 'CUSTOMER_UNLINKED',
      subjectId: encodeNodeId(instanceId, 'Customer', layerId),
      summary: `Customer ${layerId} is no longer linked to the account with Sage's id ${account.sageId}.`,
    });
    return true;
  });
}
