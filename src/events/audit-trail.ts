import type { Clock } from '../common/clock.js';
import { orderedId } from '../common/ordered-id.js';
import { bulkUpsert } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';

/** Who did it, when no person did. */
export const GATEWAY = 'gateway';

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

const COLUMNS = ['instance_id', 'id', 'at', 'who', 'action', 'subject_id', 'reason', 'summary'];
/** An entry that is there already stays as it is. */
const AUDIT_TABLE = { name: 'audit_entry', key: ['instance_id', 'id'], columns: COLUMNS, insertOnly: COLUMNS };

/** Says who did what, in the transaction that does it. Nothing changes or removes an entry. */
export function recordAudit(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  record: AuditRecord,
): Promise<void> {
  return recordAudits(transaction, clock, instanceId, [record]);
}

/** The same of many things done at once, in few statements. */
export async function recordAudits(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  records: readonly AuditRecord[],
): Promise<void> {
  const at = clock.now().getTime();
  const rows = records.map(({ who, action, subjectId, reason, summary }) => [
    instanceId,
    orderedId(clock, instanceId, who, action, subjectId),
    at,
    fitting(who, 255),
    action,
    fitting(subjectId, 255),
    reason ? fitting(reason, 1_000) : null,
    fitting(summary, 1_000),
  ]);
  await bulkUpsert(transaction, AUDIT_TABLE, rows);
}
