import type { Caller } from '../auth/caller.js';
import type { Clock } from '../common/clock.js';
import { decodeNodeIdOf } from '../common/node-id.js';
import type { RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import type { MatchOutcome } from './match-receipt.js';
import { readReceipts, type ReceiptKey } from './receipt-rows.js';
import { reconciled, type ReconcilePayload, reconcileRefused } from './reconcile.payload.js';

export interface ReconcileParts {
  database: Database;
  clock: Clock;
  wakePush(): void;
}

export interface ReconcileContext extends RequestContext {
  readonly caller: Caller;
}

/** The key inside a receipt's id; null for what is no id of one of this instance. */
export function receiptKeyOf(instanceId: number, id: string): ReceiptKey | null {
  const [companyId, urn, ...rest] = decodeNodeIdOf(instanceId, 'Receipt', id) ?? [];
  const isKey = urn !== undefined && rest.length === 0 && /^\d{1,9}$/.test(companyId ?? '');
  return isKey ? { companyId: Number(companyId), urn } : null;
}

/** The answer of a mutation that has matched a receipt, or was refused. */
export async function matchedPayload(
  { database, wakePush }: ReconcileParts,
  instanceId: number,
  key: ReceiptKey,
  outcome: MatchOutcome,
): Promise<ReconcilePayload> {
  if ('refused' in outcome) return reconcileRefused(...outcome.refused);
  const matches = outcome.made.map(({ match }) => match);
  if (matches.some(({ pushId }) => pushId !== null)) wakePush();
  const [receipt] = await readReceipts(database, instanceId, [key]);
  if (!receipt) throw new Error(`The receipt ${key.urn} was matched and is not there.`);
  return reconciled(instanceId, receipt, matches, outcome.toDoInSage);
}
