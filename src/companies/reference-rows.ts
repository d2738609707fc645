import { encodeNodeId } from '../common/node-id.js';
import { prefixEnd } from '../common/search-words.js';
import { foldText, typedWords, wordsOf } from '../common/search-words.js';
import type { Queryable } from '../database/database.js';
import type {
  SageBankAccountType,
  SageNominalAccountType,
  SageReportCategoryType,
  SageTaxCodeType,
} from './reference.type.js';

/** Reference data of several companies in one statement each; rows come with their company, for loaders. */
export interface OfCompany<T> {
  companyId: number;
  sageId: number;
  value: T;
}

export interface ReferenceTable<T> {
  type: string;
  table: string;
  columns: string;
  order: string;
  value(id: string, row: Record<string, never>): T;
}

const isSet = (value: unknown) => Number(value) === 1;

export const BANK_ACCOUNTS: ReferenceTable<SageBankAccountType> = {
  type: 'SageBankAccount',
  table: 'sage_bank_account',
  columns: 'code, name, currency, is_active AS isActive',
  order: 'code, sage_id',
  value: (id, row) => ({
    id,
    code: row.code!,
    name: row.name!,
    currency: row.currency!,
    isActive: isSet(row.isActive),
  }),
};

export const REPORT_CATEGORIES: ReferenceTable<SageReportCategoryType> = {
  type: 'SageReportCategory',
  table: 'sage_report_category',
  columns: 'code, name',
  order: 'code, sage_id',
  value: (id, row) => ({ id, code: row.code!, name: row.name! }),
};

export const TAX_CODES: ReferenceTable<SageTaxCodeType> = {
  type: 'SageTaxCode',
  table: 'sage_tax_code',
  columns: 'code, name, rate_percent AS ratePercent, is_active AS isActive',
  order: 'code, sage_id',
  value: (id, row) => ({
    id,
    code: Number(row.code),
    name: row.name!,
    ratePercent: row.ratePercent!,
    isActive: isSet(row.isActive),
  }),
};

export const NOMINAL_ACCOUNTS: ReferenceTable<SageNominalAccountType> = {
  type: 'SageNominalAccount',
  table: 'sage_nominal_account',
  columns: 'reference, cost_centre AS costCentre, department, name, is_posting AS isPosting, is_active AS isActive',
  order: 'reference, cost_centre, department, sage_id',
  value: (id, row) => ({
    id,
    reference: row.reference!,
    costCentre: row.costCentre!,
    department: row.department!,
    name: row.name!,
    isPosting: isSet(row.isPosting),
    isActive: isSet(row.isActive),
  }),
};

/** The whole list of every company of the instance, in its order. These lists are short: hundreds of rows, some thousands of nominal accounts. */
export async function readReferenceList<T>(
  database: Queryable,
  instanceId: number,
  list: ReferenceTable<T>,
  key?: { companyId: number; sageId: number },
): Promise<OfCompany<T>[]> {
  const rows = await database.query<Record<string, never>>(
    `SELECT company_id AS companyId, sage_id AS sageId, ${list.columns} FROM ${list.table}
      WHERE instance_id = ? ${key ? 'AND company_id = ? AND sage_id = ?' : ''} ORDER BY company_id, ${list.order}`,
    key ? [instanceId, key.companyId, key.sageId] : [instanceId],
  );
  return rows.map((row) => referenceValue(instanceId, list, row));
}

/** A row that has the list's columns beside companyId and sageId. */
export function referenceValue<T>(
  instanceId: number,
  list: ReferenceTable<T>,
  row: Record<string, never>,
): OfCompany<T> {
  const companyId = Number(row.companyId);
  const sageId = Number(row.sageId);
  return { companyId, sageId, value: list.value(encodeNodeId(instanceId, list.type, companyId, sageId), row) };
}

/** Whether every typed word is the beginning of a word of the account's name, or of its reference. */
export function nominalAccountMatches(account: SageNominalAccountType, search: string): boolean {
  const beginnings = [...wordsOf(account.name), foldText(account.reference)];
  return typedWords(search).every((word) => beginnings.some((text) => text >= word && text < prefixEnd(word)));
}
