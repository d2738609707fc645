import { linkDemoCustomers } from '../accounts/link-demo-customers.js';
import { readInstance } from '../auth/instance-rows.js';
import { DEFAULT_INSTANCE, DEFAULT_INSTANCE_ID } from '../auth/instances.js';
import { systemClock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import { registerDemoInvoices } from '../documents/register-demo-invoices.js';
import { mapDemo } from '../mappings/map-demo.js';
import { SYNC_RESOURCES, type SyncResource } from '../sync/sync-resource.js';
import { readPullStatuses } from '../sync/sync-status.js';
import type { Gateway } from './gateway.js';

const MAX_WAIT_MS = 60_000;
const POLL_MS = 50;

const LEDGER: readonly SyncResource[] = ['COMPANIES', 'CUSTOMERS', 'TRANSACTIONS'];

/**
 * Waits for the first pull of the sandbox's companies, then links most of their accounts to Layer customers and registers their
 * invoices; and for their reference data, then maps what The Layer would have. Later starts find all of it done.
 */
export async function startDemo({ database }: Pick<Gateway, 'database'>, log: Log): Promise<void> {
  // disabled, it is not pulled
  if ((await readInstance(database, DEFAULT_INSTANCE))?.disabledAt) return;
  if (!(await untilPulled(database, LEDGER))) {
    log.warn('demo: the first pull takes long; accounts are linked at the next start');
    return;
  }
  const linked = await linkDemoCustomers(database, DEFAULT_INSTANCE_ID, systemClock);
  if (linked > 0) log.info({ linked }, 'demo: accounts were linked to Layer customers');
  const registered = await registerDemoInvoices(database, DEFAULT_INSTANCE_ID, systemClock);
  if (registered > 0) log.info({ registered }, 'demo: invoices were registered');
  if (!(await untilPulled(database, SYNC_RESOURCES))) {
    log.warn('demo: the reference data take long; mappings are made at the next start');
    return;
  }
  const mapped = await mapDemo(database, DEFAULT_INSTANCE_ID, systemClock);
  if (mapped > 0) log.info({ mapped }, 'demo: banks, nominal and VAT codes were mapped');
}

async function untilPulled(database: Gateway['database'], resources: readonly SyncResource[]): Promise<boolean> {
  for (let waitedMs = 0; !(await isPulled(database, resources)); waitedMs += POLL_MS) {
    if (waitedMs >= MAX_WAIT_MS) return false;
    await systemClock.sleep(POLL_MS);
  }
  return true;
}

/** Each of these has been pulled once, in every company. */
async function isPulled(database: Gateway['database'], resources: readonly SyncResource[]): Promise<boolean> {
  const statuses = await readPullStatuses(database, DEFAULT_INSTANCE_ID);
  const needed = statuses.filter(({ resource }) => resources.includes(resource));
  return needed.length > 1 && needed.every(({ lastSucceededAt }) => lastSucceededAt !== null);
}
