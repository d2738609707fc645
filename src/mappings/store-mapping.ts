import type { Clock } from '../common/clock.js';
import type { Transaction } from '../database/database.js';
import { placeholders } from '../database/bulk.js';
import { recordAudit } from '../events/audit-trail.js';
import { release, releaseHeldBy } from '../pushes/release.sql.js';
import { MAPPING_CODES } from '../pushes/push-cause.js';
import { mappingKey, type SubjectKind } from './mapping-kind.js';
import { readMappings, readSubject, type SubjectRow } from './mapping-rows.js';
import { subjectNodeId } from './subject-node-id.js';

export interface MappingToStore {
  kind: SubjectKind;
  /** Free of faults (see layerIdFault); '' is the default sub-company. */
  layerId: string;
  /** Left out: the subject keeps its name, and a new one takes `targetName`. */
  name: string | null;
  /** As Sage calls what it is mapped to. */
  targetName: string;
  /** Decimal text; left out: kept, and a new subject takes `targetRatePercent`. VAT codes alone. */
  ratePercent?: string | null;
  targetRatePercent?: string | null;
  companyId: number;
  /** Null of a sub-company. */
  targetSageId: number | null;
  /** What it is now, in words for the audit trail, e.g. "nominal code 4100 means 4000 Line rental in Comms Ltd". */
  summary: string;
}

export interface MappedBy {
  /** The subject of the token, or "gateway". */
  who: string;
  clock: Clock;
}

/**
 * Writes a mapping and what is said of its subject, the trail of who did it, and puts back in line what was held for it: all in the
 * transaction of the caller, who wakes the push engine after it. What changes nothing leaves no trail. Answers the subject.
 */
export async function storeMapping(
  transaction: Transaction,
  instanceId: number,
  mapping: MappingToStore,
  by: MappedBy,
): Promise<SubjectRow> {
  const { kind, layerId, companyId, targetSageId } = mapping;
  const now = by.clock.now().getTime();
  const before = await lockSubject(transaction, instanceId, mapping, now);
  const after: SubjectRow = {
    kind,
    layerId,
    name: mapping.name ?? before?.name ?? mapping.targetName,
    ratePercent: mapping.ratePercent ?? before?.ratePercent ?? mapping.targetRatePercent ?? null,
  };
  const mapped = await readMappings(transaction, instanceId, kind, layerId);
  // a sub-company posts to one company, whatever else is mapped company by company
  const replaced = mapped.filter((row) => kind === 'SUB_COMPANY' || row.companyId === companyId);
  const isSame =
    replaced.length === 1 && replaced[0]?.companyId === companyId && replaced[0].targetSageId === targetSageId;
  const isSaidAnew = before?.name !== after.name || before.ratePercent !== after.ratePercent;
  if (isSaidAnew) {
    await transaction.query(
      'UPDATE mapping_subject SET name = ?, rate_percent = ?, updated_at = ? WHERE instance_id = ? AND kind = ? AND layer_id = ?',
      [after.name, after.ratePercent, now, instanceId, kind, layerId],
    );
  }
  if (!isSame) {
    await deleteMappings(transaction, instanceId, kind, layerId, kind === 'SUB_COMPANY' ? null : companyId);
    await transaction.query(
      'INSERT INTO mapping (instance_id, kind, layer_id, company_id, target_sage_id, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
      [instanceId, kind, layerId, companyId, targetSageId, now],
    );
  }
  if (!isSame || isSaidAnew) {
    await recordAudit(transaction, by.clock, instanceId, {
      who: by.who,
      action: 'MAPPING_CHANGED',
      subjectId: subjectNodeId(instanceId, kind, layerId),
      summary: mapping.summary,
    });
  }
  await releaseHeldFor(transaction, instanceId, { kind, layerId, companyId }, now);
  return after;
}

/** Takes mappings away, in one company or in all of them; what The Layer calls the subject stays known. Answers from how many companies. */
export async function removeMappings(
  transaction: Transaction,
  instanceId: number,
  {
    kind,
    layerId,
    companyId,
    summary,
  }: { kind: SubjectKind; layerId: string; companyId: number | null; summary: string },
  by: MappedBy,
): Promise<number> {
  const removed = await deleteMappings(transaction, instanceId, kind, layerId, companyId);
  if (removed > 0) {
    await recordAudit(transaction, by.clock, instanceId, {
      who: by.who,
      action: 'MAPPING_REMOVED',
      subjectId: subjectNodeId(instanceId, kind, layerId),
      summary,
    });
  }
  return removed;
}

/** Forgets a subject and all its mappings; false when it was not known. */
export async function forgetSubject(
  transaction: Transaction,
  instanceId: number,
  { kind, layerId, summary }: { kind: SubjectKind; layerId: string; summary: string },
  by: MappedBy,
): Promise<boolean> {
  await deleteMappings(transaction, instanceId, kind, layerId, null);
  const known = await transaction.execute(
    'DELETE FROM mapping_subject WHERE instance_id = ? AND kind = ? AND layer_id = ?',
    [instanceId, kind, layerId],
  );
  if (known === 0) return false;
  await recordAudit(transaction, by.clock, instanceId, {
    who: by.who,
    action: 'MAPPING_REMOVED',
    subjectId: subjectNodeId(instanceId, kind, layerId),
    summary,
  });
  return true;
}

/**
 * Makes sure that the subject's row is there, and holds it until the transaction ends: whoever changes the same subject waits.
 * Answers what was known of it before; null for one that is new.
 */
export async function lockSubject(
  transaction: Transaction,
  instanceId: number,
  { kind, layerId, name, targetName }: Pick<MappingToStore, 'kind' | 'layerId' | 'name' | 'targetName'>,
  now: number,
): Promise<SubjectRow | null> {
  // writing a row over with itself locks it in both databases
  const keep =
    transaction.dialect === 'mysql'
      ? 'ON DUPLICATE KEY UPDATE instance_id = instance_id'
      : 'ON CONFLICT (instance_id, kind, layer_id) DO NOTHING';
  const known = await readSubject(transaction, instanceId, kind, layerId);
  await transaction.query(
    `INSERT INTO mapping_subject (instance_id, kind, layer_id, name, rate_percent, updated_at) VALUES (?, ?, ?, ?, NULL, ?) ${keep}`,
    [instanceId, kind, layerId, known?.name ?? name ?? targetName, now],
  );
  return known && readSubject(transaction, instanceId, kind, layerId);
}

/** Everything that a changed sub-company holds may lean on another company from now on: all of it is looked at again. */
async function releaseHeldFor(
  transaction: Transaction,
  instanceId: number,
  { kind, layerId, companyId }: Pick<MappingToStore, 'kind' | 'layerId' | 'companyId'>,
  now: number,
): Promise<void> {
  if (kind === 'SUB_COMPANY') {
    await releaseHeldBy(transaction, instanceId, MAPPING_CODES, now);
    return;
  }
  await release(
    transaction,
    instanceId,
    `p.status = 'HELD' AND p.error_code IN (${placeholders(MAPPING_CODES.length)}) AND p.error_key = ?`,
    [...MAPPING_CODES, mappingKey(kind, layerId, companyId)],
    now,
  );
}

function deleteMappings(
  transaction: Transaction,
  instanceId: number,
  kind: SubjectKind,
  layerId: string,
  companyId: number | null,
): Promise<number> {
  const inCompany = companyId === null ? '' : 'AND company_id = ?';
  return transaction.execute(`DELETE FROM mapping WHERE instance_id = ? AND kind = ? AND layer_id = ? ${inCompany}`, [
    instanceId,
    kind,
    layerId,
    ...(companyId === null ? [] : [companyId]),
  ]);
}
