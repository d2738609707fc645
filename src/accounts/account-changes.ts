import type { Clock } from '../common/clock.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { recordEvents } from '../events/record-events.js';
import type { NewLink } from './customer-links.js';

export const ACCOUNT_CHANGES = ['BALANCE', 'CREDIT_LIMIT', 'ON_HOLD', 'DETAILS'] as const;
export type AccountChange = (typeof ACCOUNT_CHANGES)[number];

/** What subscribers are told of by name. */
export interface AccountFigures {
  sageId: number;
  balanceMinor: bigint;
  creditLimitMinor: bigint;
  onHold: boolean;
}

export interface ChangedAccount {
  sageId: number;
  changes: readonly AccountChange[];
}

interface CompanyOf {
  instanceId: number;
  companyId: number;
}

/** What is about to change of accounts that were cached before; what is new to the cache is no news. By primary key. */
export async function accountChanges(
  transaction: Transaction,
  { instanceId, companyId }: CompanyOf,
  written: readonly AccountFigures[],
  cached: ReadonlyMap<number, unknown>,
): Promise<ChangedAccount[]> {
  const changed: ChangedAccount[] = [];
  const known = written.filter(({ sageId }) => cached.has(sageId));
  const bySageId = new Map(known.map((figures) => [figures.sageId, figures]));
  for (const chunk of chunks(known)) {
    const rows = await transaction.query<Record<keyof AccountFigures, number | string>>(
      `SELECT sage_id AS sageId, balance_minor AS balanceMinor, credit_limit_minor AS creditLimitMinor, on_hold AS onHold
        FROM sage_account WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)})`,
      [instanceId, companyId, ...chunk.map(({ sageId }) => sageId)],
    );
    for (const row of rows) {
      const after = bySageId.get(Number(row.sageId));
      if (after) changed.push({ sageId: after.sageId, changes: changesBetween(decodeFigures(row), after) });
    }
  }
  return changed;
}

const decodeFigures = (row: Record<keyof AccountFigures, number | string>): AccountFigures => ({
  sageId: Number(row.sageId),
  balanceMinor: BigInt(row.balanceMinor),
  creditLimitMinor: BigInt(row.creditLimitMinor),
  onHold: Number(row.onHold) === 1,
});

/** Something has changed: where it is none of the figures, it is the rest. */
function changesBetween(before: AccountFigures, after: AccountFigures): AccountChange[] {
  const changes: AccountChange[] = [];
  if (before.balanceMinor !== after.balanceMinor) changes.push('BALANCE');
  if (before.creditLimitMinor !== after.creditLimitMinor) changes.push('CREDIT_LIMIT');
  if (before.onHold !== after.onHold) changes.push('ON_HOLD');
  return changes.length > 0 ? changes : ['DETAILS'];
}

/** Tells subscribers of accounts, in the transaction that changes them. */
export function recordAccountChanges(
  transaction: Transaction,
  { instanceId, companyId }: CompanyOf,
  accounts: readonly ChangedAccount[],
  now: number,
): void {
  recordEvents(
    transaction,
    { now: () => new Date(now) },
    instanceId,
    accounts.map(({ sageId, changes }) => ({
      kind: 'ACCOUNT_CHANGED' as const,
      subject: String(sageId),
      companyId,
      accountSageId: sageId,
      details: changes.join(' '),
    })),
  );
}

/** A link that was made or taken away: the customer is written with it, as the link may be gone when the event is read. */
export function recordLinkChanges(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  links: readonly NewLink[],
): void {
  recordEvents(
    transaction,
    clock,
    instanceId,
    links.map(({ companyId, sageId, customerLayerId }) => ({
      kind: 'ACCOUNT_CHANGED' as const,
      subject: String(sageId),
      companyId,
      accountSageId: sageId,
      customerLayerId,
      details: 'DETAILS',
    })),
  );
}
