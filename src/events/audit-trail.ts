import type { Clock } from '../common/clock.js';
import { orderedId } from '../common/ordered-id.js';
import type { Transaction } from '../database/database.js';

export interface AuditRecord {
  /** The subject of the token, or "gateway". */
  who: string;
  /** In capitals, e.g. PUSH_SKIPPED, MAPPING_CHANGED. */
  action: string;
  /** The node id of the receipt, invoice, push, customer or mapping. */
  subjectId: string;
  reason?: string | null;
  /** What changed, in plain words. */
  summary: string;
}

const fitting = (text: string, length: number) => Array.from(text).slice(0, length).join('');

/** Says who did what, in the transaction that does it. Nothing changes or removes an entry. */
export async function recordAudit(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  { who, action, subjectId, reason, summary }: AuditRecord,
): Promise<void> {
  await transaction.query(
    'INSERT INTO audit_entry (instance_id, id, at, who, action, subject_id, reason, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [
      instanceId,
      orderedId(clock),
      clock.now().getTime(),
      fitting(who, 255),
      action,
      fitting(subjectId, 255),
      reason === null || reason === undefined ? null : fitting(reason, 1_000),
      fitting(summary, 1_000),
    ],
  );
}
