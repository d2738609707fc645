import type { Queryable } from '../database/database.js';
import { readPushes } from '../pushes/push-rows.js';
import type { MatchRow } from './match-rows.js';
import type { ReceiptState } from './receipt-states.js';

/**
 * What Sage has allocated between a receipt and an invoice, as far as can be told, in minor units: by the ledger as it was read, or,
 * where the gateway has allocated something between them since, by what it has allocated. `key`: the invoice's posting.
 */
export async function allocatedInSage(
  database: Queryable,
  instanceId: number,
  { row, matches, pairs }: ReceiptState,
  { key, invoiceLayerId }: { key: string; invoiceLayerId: string },
): Promise<bigint> {
  const { sageMinor } = pairs.of(key);
  const between = matches.filter((match) => match.invoiceLayerId === invoiceLayerId && mayStandInSage(match));
  const pushes = await readPushes(
    database,
    instanceId,
    between.flatMap(({ pushId }) => pushId ?? []),
  );
  const allocatedAt = ({ pushId }: MatchRow) => pushes.get(pushId ?? '')?.allocatedAt ?? null;
  const told = between.filter((match) => allocatedAt(match) !== null);
  const readAt = await ledgerReadAt(database, instanceId, row);
  if (!told.some((match) => readAt <= (allocatedAt(match) ?? 0))) return sageMinor;
  const toldMinor = told.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return toldMinor > sageMinor ? toldMinor : sageMinor;
}

const mayStandInSage = ({ undoneAt, isToUndoInSage }: MatchRow) => undoneAt === null || isToUndoInSage;

/** When Sage was asked for the ledger's row of the receipt as it stands in the cache, epoch ms. By primary key. */
async function ledgerReadAt(
  database: Queryable,
  instanceId: number,
  { companyId, urn }: { companyId: number; urn: string },
): Promise<number> {
  const [row] = await database.query<{ seenAt: number | string }>(
    'SELECT seen_at AS seenAt FROM sage_transaction WHERE instance_id = ? AND company_id = ? AND urn = ?',
    [instanceId, companyId, urn],
  );
  return Number(row?.seenAt ?? 0);
}
