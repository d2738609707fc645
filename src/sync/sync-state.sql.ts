import type { Queryable, Transaction } from '../database/database.js';
import { upsertSql } from '../database/bulk.js';
import type { PullTarget } from './pull.js';
import type { SyncResource, SyncState } from './sync-resource.js';

/** A row of sync_state as it is stored: instants are epoch ms (text on MySQL), flags 0 or 1. */
export interface SyncStateRow {
  instance_id: number;
  company_id: number;
  resource: SyncResource;
  state: SyncState;
  is_full: number;
  pass_name: string;
  after_id: number;
  updated_since: string | null;
  next_updated_since: string | null;
  run_started_at: number | null;
  rows_read: number;
  rows_expected: number | null;
  completed_start_at: number | null;
  succeeded_at: number | null;
  swept_at: number | null;
  due_at: number;
  is_full_wanted: number;
  failures: number;
  message: string | null;
}

const NUMBERS = ['after_id', 'run_started_at', 'completed_start_at', 'succeeded_at', 'swept_at', 'due_at'] as const;

function decode(row: SyncStateRow): SyncStateRow {
  for (const column of NUMBERS) if (row[column] !== null) row[column] = Number(row[column]) as never;
  return row;
}

export async function readSyncStates(database: Queryable, instanceId: number): Promise<SyncStateRow[]> {
  const rows = await database.query<SyncStateRow>(
    'SELECT * FROM sync_state WHERE instance_id = ? ORDER BY company_id, resource',
    [instanceId],
  );
  return rows.map(decode);
}

/** Makes the row of a pull that was not known before, due at once. One that exists stays as it is. */
export async function ensureSyncState(
  transaction: Transaction,
  target: PullTarget,
  resource: SyncResource,
  now: number,
): Promise<void> {
  const values = {
    instance_id: target.instanceId,
    company_id: target.companyId,
    resource,
    state: 'NEVER_RUN',
    is_full: 1,
    pass_name: '',
    after_id: 0,
    rows_read: 0,
    due_at: now,
    is_full_wanted: 0,
    failures: 0,
    lease_until: 0,
  };
  const table = {
    name: 'sync_state',
    key: ['instance_id', 'company_id', 'resource'],
    columns: Object.keys(values),
    insertOnly: Object.keys(values),
  };
  await transaction.query(upsertSql(transaction.dialect, table, 1), Object.values(values));
}

/** Takes the lease of a due pull; what is asked for from now on is due later than this. False when another worker has it, or it is no longer due. */
export async function claimPull(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  now: number,
  leaseUntil: number,
): Promise<boolean> {
  const changed = await transaction.execute(
    `UPDATE sync_state SET lease_owner = ?, lease_until = ?, due_at = ?
      WHERE instance_id = ? AND company_id = ? AND resource = ? AND due_at <= ? AND lease_until <= ?`,
    [owner, leaseUntil, now - 1, row.instance_id, row.company_id, row.resource, now, now],
  );
  return changed === 1;
}

export interface RunStart {
  isFull: boolean;
  passName: string;
  nextUpdatedSince: string | null;
  startedAt: number;
  rowsExpected: number | null;
}

export function storeRunStart(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  start: RunStart,
): Promise<boolean> {
  return updateHeld(transaction, row, owner, {
    state: 'RUNNING',
    is_full: start.isFull ? 1 : 0,
    pass_name: start.passName,
    after_id: 0,
    next_updated_since: start.nextUpdatedSince,
    run_started_at: start.startedAt,
    rows_read: 0,
    rows_expected: start.rowsExpected,
    // a sweep asked for while this run was about to begin as a delta is still wanted after it
    ...(start.isFull ? { is_full_wanted: 0 } : {}),
  });
}

export interface PageStored {
  passName: string;
  afterId: number;
  rowsRead: number;
  leaseUntil: number;
}

/** Where the run stands, written with the page itself: after a crash it goes on exactly there. */
export function storeProgress(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  page: PageStored,
): Promise<boolean> {
  return updateHeld(transaction, row, owner, {
    state: 'RUNNING',
    pass_name: page.passName,
    after_id: page.afterId,
    rows_read: page.rowsRead,
    lease_until: page.leaseUntil,
  });
}

export interface RunSuccess {
  isFull: boolean;
  startedAt: number;
  rowsRead: number;
  updatedSince: string | null;
  succeededAt: number;
  dueAt: number;
  /** When the run took its lease: what was asked for since then wants another run. */
  claimedAt: number;
  message: string | null;
}

export async function storeSuccess(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  success: RunSuccess,
): Promise<boolean> {
  const [current] = await transaction.query<{ dueAt: number | string }>(
    'SELECT due_at AS dueAt FROM sync_state WHERE instance_id = ? AND company_id = ? AND resource = ?',
    [row.instance_id, row.company_id, row.resource],
  );
  const requestedAt = Number(current?.dueAt ?? 0);
  return updateHeld(transaction, row, owner, {
    state: 'IDLE',
    pass_name: '',
    after_id: 0,
    updated_since: success.updatedSince,
    completed_start_at: success.startedAt,
    succeeded_at: success.succeededAt,
    ...(success.isFull ? { swept_at: success.startedAt, rows_expected: success.rowsRead } : {}),
    due_at: requestedAt >= success.claimedAt ? requestedAt : success.dueAt,
    failures: 0,
    message: success.message,
    lease_owner: null,
    lease_until: 0,
  });
}

export interface RunFailure {
  dueAt: number;
  failures: number;
  message: string;
}

/** The place of a full run is kept: it goes on there. A delta begins anew. */
export function storeFailure(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  failure: RunFailure,
): Promise<boolean> {
  return updateHeld(transaction, row, owner, {
    state: 'FAILED',
    due_at: failure.dueAt,
    failures: failure.failures,
    message: failure.message.slice(0, 500),
    lease_owner: null,
    lease_until: 0,
  });
}

export function extendLease(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  leaseUntil: number,
): Promise<boolean> {
  return updateHeld(transaction, row, owner, { lease_until: leaseUntil });
}

/** Gives the lease back without a verdict, as at shutdown: the pull is due again at once, and goes on where it stood. */
export function releasePull(transaction: Transaction, row: SyncStateRow, owner: string): Promise<boolean> {
  return updateHeld(transaction, row, owner, { lease_owner: null, lease_until: 0 });
}

/** Asks for a run now. A run under way is left alone, and followed by another. */
export async function requestPull(
  transaction: Transaction,
  row: SyncStateRow,
  isFull: boolean,
  now: number,
): Promise<void> {
  await transaction.query(
    `UPDATE sync_state SET due_at = ?, is_full_wanted = CASE WHEN ? = 1 THEN 1 ELSE is_full_wanted END, failures = 0
      WHERE instance_id = ? AND company_id = ? AND resource = ?`,
    [now, isFull ? 1 : 0, row.instance_id, row.company_id, row.resource],
  );
}

async function updateHeld(
  transaction: Transaction,
  row: SyncStateRow,
  owner: string,
  values: Record<string, unknown>,
): Promise<boolean> {
  const columns = Object.keys(values);
  const changed = await transaction.execute(
    `UPDATE sync_state SET ${columns.map((column) => `${column} = ?`).join(', ')}
      WHERE instance_id = ? AND company_id = ? AND resource = ? AND lease_owner = ?`,
    [...Object.values(values), row.instance_id, row.company_id, row.resource, owner],
  );
  return changed === 1;
}
