import type { Database, Queryable } from '../database/database.js';

/** A Sage company as every other part of the gateway names it. */
export interface Company {
  /** The gateway's own number of it, inside the instance. */
  id: number;
  siteId: string;
  /** Sage's X-Company. */
  sageCompanyId: number;
  name: string;
  /** ISO 4217: the base currency of its books. */
  currency: string;
  /** Days after which each ageing period starts, ascending, e.g. [30, 60, 90]. */
  ageingPeriodStarts: number[];
  isActive: boolean;
  /** The company of the default sub-company row; until that is mapped, the one with the lowest sageCompanyId. */
  isDefault: boolean;
}

interface CompanyRow {
  id: number;
  siteId: string;
  sageCompanyId: number;
  name: string;
  currency: string;
  ageingPeriodStarts: string;
  isActive: number;
  isMappedDefault: number;
}

/**
 * All companies of an instance, the lowest X-Company first, those that the sign-in no longer reaches included. One statement: which
 * of them the default sub-company row (the one with the empty id) means comes with it.
 */
export async function readCompanies(database: Queryable, instanceId: number): Promise<Company[]> {
  const rows = await database.query<CompanyRow>(
    `SELECT c.id AS id, c.site_id AS siteId, c.sage_company_id AS sageCompanyId, c.name AS name, c.currency AS currency,
            c.ageing_period_starts AS ageingPeriodStarts, c.is_active AS isActive,
            CASE WHEN m.company_id IS NULL THEN 0 ELSE 1 END AS isMappedDefault
       FROM sage_company c LEFT JOIN mapping m
         ON m.instance_id = c.instance_id AND m.kind = 'SUB_COMPANY' AND m.layer_id = '' AND m.company_id = c.id
      WHERE c.instance_id = ? ORDER BY c.sage_company_id, c.id`,
    [instanceId],
  );
  const defaultRow = rows.find(({ isMappedDefault }) => Number(isMappedDefault) === 1) ?? rows[0];
  return rows.map(({ isMappedDefault: _mapped, ...row }) => ({
    ...row,
    ageingPeriodStarts: JSON.parse(row.ageingPeriodStarts) as number[],
    isActive: Number(row.isActive) === 1,
    isDefault: row.id === defaultRow?.id,
  }));
}

/** For the pulls, which know a company by the gateway's number and need Sage's headers. Throws for an unknown one. */
export class CompanyDirectory {
  constructor(private readonly database: Database) {}

  async company(instanceId: number, companyId: number): Promise<Company> {
    const company = (await readCompanies(this.database, instanceId)).find(({ id }) => id === companyId);
    if (!company) throw new Error(`Instance ${instanceId} has no Sage company ${companyId}.`);
    return company;
  }

  async activeIds(instanceId: number): Promise<number[]> {
    const companies = await readCompanies(this.database, instanceId);
    return companies.filter(({ isActive }) => isActive).map(({ id }) => id);
  }
}
