import type { Company } from '../companies/company-directory.js';
import { NOMINAL_ACCOUNTS, referenceValue } from '../companies/reference-rows.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { nominalWords } from './mapping-target.js';

interface Unmapped {
  kind: string;
  layerId: string;
  company: Company | null;
  cause: { key: string };
}

/**
 * A word of advice for nominal codes that are not mapped: the account of the company whose reference is the code, where there is
 * exactly one that takes postings. It is shown, and never mapped without a person. By the cause's key.
 */
export async function suggestAccounts(
  database: Queryable,
  instanceId: number,
  unmapped: readonly Unmapped[],
): Promise<Map<string, string>> {
  const codes = unmapped.filter(({ kind }) => kind === 'NOMINAL_CODE');
  const suggestions = new Map<string, string>();
  for (const chunk of chunks([...new Set(codes.map(({ layerId }) => layerId))])) {
    // the accounts of some companies, hundreds each: read through once
    const rows = await database.query<Record<string, never>>(
      `SELECT company_id AS companyId, sage_id AS sageId, ${NOMINAL_ACCOUNTS.columns} FROM sage_nominal_account
        WHERE instance_id = ? AND is_active = 1 AND is_posting = 1 AND reference IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk],
    );
    const accounts = rows.map((row) => referenceValue(instanceId, NOMINAL_ACCOUNTS, row));
    for (const { layerId, company, cause } of codes) {
      const [account, ...others] = accounts.filter(
        ({ companyId, value }) => companyId === company?.id && value.reference === layerId,
      );
      if (account && others.length === 0) suggestions.set(cause.key, `Perhaps it is ${nominalWords(account.value)}.`);
    }
  }
  return suggestions;
}
