import type { Clock } from '../common/clock.js';
import type { Database, Queryable } from '../database/database.js';
import type { SyncResource, SyncState } from './sync-resource.js';
import { readSyncStates, requestPull, type SyncStateRow } from './sync-state.sql.js';

/** How one pull stands. */
export interface PullStatus {
  resource: SyncResource;
  /** The gateway's company id; 0 for COMPANIES. */
  companyId: number;
  state: SyncState;
  lastSucceededAt: Date | null;
  rowsRead: number;
  /** 0 to 1 while running, when it can be told. */
  progress: number | null;
  message: string | null;
}

export async function readPullStatuses(database: Queryable, instanceId: number): Promise<PullStatus[]> {
  return (await readSyncStates(database, instanceId)).map((row) => ({
    resource: row.resource,
    companyId: row.company_id,
    state: row.state,
    lastSucceededAt: row.succeeded_at === null ? null : new Date(row.succeeded_at),
    rowsRead: row.rows_read,
    progress: progressOf(row),
    message: row.message,
  }));
}

function progressOf(row: SyncStateRow): number | null {
  if (row.state !== 'RUNNING' || row.is_full === 0 || !row.rows_expected) return null;
  return Math.min(1, row.rows_read / row.rows_expected);
}

/** Starts of the last complete pulls of customers and transactions, by company. */
export async function readCompletedPulls(
  database: Queryable,
  instanceId: number,
): Promise<Map<number, { customersAt: number | null; transactionsAt: number | null }>> {
  const rows = await database.query<{ companyId: number; resource: SyncResource; at: number | string | null }>(
    `SELECT company_id AS companyId, resource, completed_start_at AS at FROM sync_state
      WHERE instance_id = ? AND resource IN ('CUSTOMERS', 'TRANSACTIONS')`,
    [instanceId],
  );
  const byCompany = new Map<number, { customersAt: number | null; transactionsAt: number | null }>();
  for (const { companyId, resource, at } of rows) {
    const pulls = byCompany.get(companyId) ?? { customersAt: null, transactionsAt: null };
    pulls[resource === 'CUSTOMERS' ? 'customersAt' : 'transactionsAt'] = at === null ? null : Number(at);
    byCompany.set(companyId, pulls);
  }
  return byCompany;
}

export interface SyncRequest {
  /** Left out: all. */
  resources?: readonly SyncResource[] | null;
  /** The gateway's company id; left out: every company. COMPANIES has none and is asked for in either case. */
  companyId?: number | null;
  /** Read everything again, also what deltas cannot show. */
  isFull: boolean;
}

/** Asks for pulls now; answers with the resources of which at least one was known. */
export async function requestSync(
  database: Database,
  clock: Clock,
  instanceId: number,
  request: SyncRequest,
): Promise<SyncResource[]> {
  const now = clock.now().getTime();
  return database.transaction(async (transaction) => {
    const wanted = (await readSyncStates(transaction, instanceId)).filter(
      (row) =>
        (!request.resources || request.resources.includes(row.resource)) &&
        (!request.companyId || row.company_id === 0 || row.company_id === request.companyId),
    );
    for (const row of wanted) await requestPull(transaction, row, request.isFull, now);
    if (wanted.length > 0) transaction.announce('pulls', instanceId);
    return [...new Set(wanted.map(({ resource }) => resource))];
  });
}
