import type { Clock } from '../common/clock.js';
import type { Transaction } from '../database/database.js';
import { recordAudits } from '../events/audit-trail.js';
import { release } from './release.sql.js';
import type { PushHandlers } from './push-handler.js';
import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow, readPushes } from './push-rows.js';
import { pushNodeId } from './push.type.js';

export interface PutBackParts {
  clock: Clock;
  handlers: PushHandlers;
}

export interface PutBackOrder {
  instanceId: number;
  /** On `push p`. */
  condition: { sql: string; values: readonly unknown[] };
  /** The subject of the token. */
  who: string;
  limit: number;
}

/**
 * Puts back in line, oldest first and at most `limit` of them, what the condition names and what rests: held, waiting, failed.
 * The rows are locked first, so that each is counted and recorded once. Answers the pushes as they stand then.
 */
export async function putBack(
  transaction: Transaction,
  { clock, handlers }: PutBackParts,
  { instanceId, condition, who, limit }: PutBackOrder,
): Promise<PushRow[]> {
  const rows = await transaction.query<RawPushRow>(
    `SELECT ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND p.status IN ('WAITING', 'HELD', 'FAILED') AND ${condition.sql}
      ORDER BY p.id LIMIT ${limit}${transaction.dialect === 'mysql' ? ' FOR UPDATE' : ''}`,
    [instanceId, ...condition.values],
  );
  if (rows.length === 0) return [];
  const before = rows.map(decodePush);
  const ids = before.map(({ id }) => id);
  await release(
    transaction,
    instanceId,
    `p.status IN ('WAITING', 'HELD', 'FAILED') AND p.id IN (${ids.map(() => '?').join(',')})`,
    ids,
    clock.now().getTime(),
  );
  await recordAudits(
    transaction,
    clock,
    instanceId,
    before.map((push) => ({ who, action: 'PUSH_RETRIED', subjectId: pushNodeId(push), summary: retried(push) })),
  );
  const after = [...(await readPushes(transaction, instanceId, ids)).values()];
  for (const push of after) await handlers.get(push.kind)?.changed?.(transaction, push);
  return after;
}

/** A push in plain words, e.g. "INVOICE INV-1042". */
export const pushInWords = ({ kind, reference, layerId }: Pick<PushRow, 'kind' | 'reference' | 'layerId'>) =>
  `${kind} ${reference === '' ? layerId : reference}`;

export function retried(push: PushRow): string {
  const cause = push.error ? ` with ${push.error.code}` : '';
  const from = push.postedAt === null ? '' : ` It goes on at its allocation: Sage has it as ${push.urn}.`;
  return `${pushInWords(push)} was ${push.status}${cause}, and is in line again.${from}`;
}
