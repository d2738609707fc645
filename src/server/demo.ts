import { linkDemoCustomers } from '../accounts/link-demo-customers.js';
import { DEFAULT_INSTANCE_ID } from '../auth/instances.js';
import { systemClock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import { registerDemoInvoices } from '../documents/register-demo-invoices.js';
import { readPullStatuses } from '../sync/sync-status.js';
import type { Gateway } from './gateway.js';

const MAX_WAIT_MS = 60_000;
const POLL_MS = 50;

/**
 * Waits for the first pull of the sandbox's companies, then links most of their accounts to Layer customers and registers their
 * invoices. Later starts find it done.
 */
export async function startDemo({ database }: Pick<Gateway, 'database'>, log: Log): Promise<void> {
  for (let waitedMs = 0; !(await isPulled(database)); waitedMs += POLL_MS) {
    if (waitedMs >= MAX_WAIT_MS) {
      log.warn('demo: the first pull takes long; accounts are linked at the next start');
      return;
    }
    await systemClock.sleep(POLL_MS);
  }
  const linked = await linkDemoCustomers(database, DEFAULT_INSTANCE_ID, systemClock);
  if (linked > 0) log.info({ linked }, 'demo: accounts were linked to Layer customers');
  const registered = await registerDemoInvoices(database, DEFAULT_INSTANCE_ID, systemClock);
  if (registered > 0) log.info({ registered }, 'demo: invoices were registered');
}

/** The accounts and the ledger of every company have been pulled once; its reference data may follow. */
async function isPulled(database: Gateway['database']): Promise<boolean> {
  const statuses = await readPullStatuses(database, DEFAULT_INSTANCE_ID);
  const needed = statuses.filter(({ resource }) => ['COMPANIES', 'CUSTOMERS', 'TRANSACTIONS'].includes(resource));
  return needed.length > 1 && needed.every(({ lastSucceededAt }) => lastSucceededAt !== null);
}
