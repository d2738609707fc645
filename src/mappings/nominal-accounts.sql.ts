import type { Queryable, Transaction } from '../database/database.js';
import type { NominalTriple } from './posting-mappings.js';

/** An account of the cache. */
export interface CachedAccount extends NominalTriple {
  sageId: number;
  name: string;
  isPosting: boolean;
  isActive: boolean;
  reportCategoryId: number | null;
}

/** The accounts of a company in their order. Index: the primary key, read by company: some hundreds or thousands of rows. */
export async function readAccounts(
  database: Queryable,
  instanceId: number,
  companyId: number,
): Promise<CachedAccount[]> {
  const rows = await database.query<CachedAccount>(
    `SELECT sage_id AS sageId, reference, cost_centre AS costCentre, department, name, is_posting AS isPosting,
            is_active AS isActive, report_category_sage_id AS reportCategoryId
       FROM sage_nominal_account WHERE instance_id = ? AND company_id = ?
      ORDER BY reference, cost_centre, department, sage_id`,
    [instanceId, companyId],
  );
  return rows.map((row) => ({
    ...row,
    sageId: Number(row.sageId),
    isPosting: Number(row.isPosting) === 1,
    isActive: Number(row.isActive) === 1,
    reportCategoryId: row.reportCategoryId === null ? null : Number(row.reportCategoryId),
  }));
}

/** Sage's id of a cost centre or department of the company, by exactly this code; null for one that Sage does not list. */
export async function readBreakdownId(
  database: Queryable,
  instanceId: number,
  companyId: number,
  table: 'sage_cost_centre' | 'sage_department',
  code: string,
): Promise<number | null> {
  const rows = await database.query<{ sageId: number | string; code: string }>(
    `SELECT sage_id AS sageId, code FROM ${table} WHERE instance_id = ? AND company_id = ? AND code = ? AND is_active = 1`,
    [instanceId, companyId, code],
  );
  const row = rows.find((found) => found.code === code);
  return row ? Number(row.sageId) : null;
}

/** Notes an account that Sage has just been seen to have; its name and category, where it was known, are left to the next pull. */
export async function noteAccount(
  transaction: Transaction,
  instanceId: number,
  companyId: number,
  account: Omit<CachedAccount, 'isPosting' | 'isActive'>,
): Promise<void> {
  const known = await transaction.execute(
    'UPDATE sage_nominal_account SET is_posting = 1, is_active = 1 WHERE instance_id = ? AND company_id = ? AND sage_id = ?',
    [instanceId, companyId, account.sageId],
  );
  if (known > 0) return;
  await transaction.query(
    `INSERT INTO sage_nominal_account (instance_id, company_id, sage_id, reference, cost_centre, department, name, is_posting,
        is_active, report_category_sage_id) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, ?)`,
    [
      instanceId,
      companyId,
      account.sageId,
      account.reference,
      account.costCentre,
      account.department,
      account.name,
      account.reportCategoryId,
    ],
  );
}
