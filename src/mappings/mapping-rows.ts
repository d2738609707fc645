import type { OfCompany, ReferenceTable } from '../companies/reference-rows.js';
import { referenceValue } from '../companies/reference-rows.js';
import type { Queryable } from '../database/database.js';
import { DEFAULT_SUB_COMPANY, DEFAULT_SUB_COMPANY_NAME, type SubjectKind } from './mapping-kind.js';

/** What The Layer knows, mapped or not. */
export interface SubjectRow {
  kind: SubjectKind;
  layerId: string;
  name: string;
  /** Decimal text, of a VAT code alone. */
  ratePercent: string | null;
}

export interface MappingRow {
  kind: SubjectKind;
  layerId: string;
  companyId: number;
  /** Of a bank, nominal account or tax code; null of a sub-company, which means the company itself. */
  targetSageId: number | null;
}

/** A mapping with what it points at, as the cache has it. */
export interface TargetRow<T> extends OfCompany<T> {
  layerId: string;
}

const SUBJECT_COLUMNS = 'kind, layer_id AS layerId, name, rate_percent AS ratePercent';

/** All subjects of the instance, or of one kind, by id; the default sub-company is always there. By primary key; some hundreds. */
export async function readSubjects(database: Queryable, instanceId: number, kind?: SubjectKind): Promise<SubjectRow[]> {
  const rows = await database.query<SubjectRow>(
    `SELECT ${SUBJECT_COLUMNS} FROM mapping_subject WHERE instance_id = ? ${kind ? 'AND kind = ?' : ''} ORDER BY kind, layer_id`,
    kind ? [instanceId, kind] : [instanceId],
  );
  const needsDefault = (kind ?? 'SUB_COMPANY') === 'SUB_COMPANY' && !rows.some(isDefaultSubCompany);
  return needsDefault ? [DEFAULT_SUBJECT, ...rows] : rows;
}

/** One subject, by exactly this id; null for one that was never heard of. By primary key. */
export async function readSubject(
  database: Queryable,
  instanceId: number,
  kind: SubjectKind,
  layerId: string,
): Promise<SubjectRow | null> {
  const rows = await database.query<SubjectRow>(
    `SELECT ${SUBJECT_COLUMNS} FROM mapping_subject WHERE instance_id = ? AND kind = ? AND layer_id = ?`,
    [instanceId, kind, layerId],
  );
  // compared once more: MySQL pads with blanks when it compares
  const row = rows.find((found) => found.layerId === layerId) ?? null;
  return row ?? (isDefaultSubCompany({ kind, layerId }) ? DEFAULT_SUBJECT : null);
}

/** All mappings of the instance, of one kind, or of one subject. By primary key. */
export async function readMappings(
  database: Queryable,
  instanceId: number,
  kind?: SubjectKind,
  layerId?: string,
): Promise<MappingRow[]> {
  const conditions = [
    'instance_id = ?',
    ...(kind ? ['kind = ?'] : []),
    ...(layerId === undefined ? [] : ['layer_id = ?']),
  ];
  const rows = await database.query<MappingRow>(
    `SELECT kind, layer_id AS layerId, company_id AS companyId, target_sage_id AS targetSageId
       FROM mapping WHERE ${conditions.join(' AND ')} ORDER BY kind, layer_id, company_id`,
    [instanceId, ...(kind ? [kind] : []), ...(layerId === undefined ? [] : [layerId])],
  );
  return rows
    .filter((row) => layerId === undefined || row.layerId === layerId)
    .map((row) => ({ ...row, targetSageId: row.targetSageId === null ? null : Number(row.targetSageId) }));
}

/** The mappings of a kind with what they point at; `layerIds` and a company narrow it. By the primary keys of both tables. */
export async function readTargets<T>(
  database: Queryable,
  instanceId: number,
  kind: SubjectKind,
  list: ReferenceTable<T>,
  only?: { layerIds: readonly string[]; companyId: number },
): Promise<TargetRow<T>[]> {
  if (only?.layerIds.length === 0) return [];
  const narrowed = only ? `AND m.layer_id IN (${only.layerIds.map(() => '?').join(',')}) AND m.company_id = ?` : '';
  const rows = await database.query<Record<string, never>>(
    `SELECT m.layer_id AS layerId, r.company_id AS companyId, r.sage_id AS sageId, ${list.columns}
       FROM mapping m JOIN ${list.table} r
         ON r.instance_id = m.instance_id AND r.company_id = m.company_id AND r.sage_id = m.target_sage_id
      WHERE m.instance_id = ? AND m.kind = ? ${narrowed} ORDER BY m.layer_id, m.company_id`,
    [instanceId, kind, ...(only ? [...only.layerIds, only.companyId] : [])],
  );
  return rows.map((row) => ({ layerId: String(row.layerId), ...referenceValue(instanceId, list, row) }));
}

const DEFAULT_SUBJECT: SubjectRow = {
  kind: 'SUB_COMPANY',
  layerId: DEFAULT_SUB_COMPANY,
  name: DEFAULT_SUB_COMPANY_NAME,
  ratePercent: null,
};

const isDefaultSubCompany = ({ kind, layerId }: Pick<SubjectRow, 'kind' | 'layerId'>) =>
  kind === 'SUB_COMPANY' && layerId === DEFAULT_SUB_COMPANY;
