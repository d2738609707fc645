import type { KeyPart, Keyset } from '../common/paging.js';
import type { Queryable } from '../database/database.js';

export interface AuditEntryRow {
  /** Sorts by the time when it was written. */
  id: string;
  /** Epoch ms. */
  at: number;
  who: string;
  action: string;
  subjectId: string;
  reason: string | null;
  summary: string;
}

/** Newest first: the order of the cursor. */
export const auditCursorKey = ({ id }: AuditEntryRow): string[] => [id];
export const AUDIT_CURSOR_SHAPE: readonly KeyPart[] = ['string'];

/** One row more than asked, so that the caller knows whether there is a next page. Index: audit_entry_of_subject, or the primary key. */
export async function listAuditEntries(
  database: Queryable,
  instanceId: number,
  subjectId: string | null,
  keyset: Keyset,
): Promise<AuditEntryRow[]> {
  const { where, values } = conditions(instanceId, subjectId);
  if (keyset.after) {
    where.push('id < ?');
    values.push(...keyset.after);
  }
  const rows = await database.query<AuditEntryRow>(
    `SELECT id, at, who, action, subject_id AS subjectId, reason, summary FROM audit_entry WHERE ${where.join(' AND ')}
      ORDER BY id DESC LIMIT ${keyset.first + 1}`,
    values,
  );
  return rows.map((row) => ({ ...row, at: Number(row.at) }));
}

export async function countAuditEntries(
  database: Queryable,
  instanceId: number,
  subjectId: string | null,
): Promise<number> {
  const { where, values } = conditions(instanceId, subjectId);
  const [row] = await database.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM audit_entry WHERE ${where.join(' AND ')}`,
    values,
  );
  return Number(row?.count ?? 0);
}

function conditions(instanceId: number, subjectId: string | null) {
  return subjectId === null
    ? { where: ['instance_id = ?'], values: [instanceId] as unknown[] }
    : { where: ['instance_id = ?', 'subject_id = ?'], values: [instanceId, subjectId] as unknown[] };
}
