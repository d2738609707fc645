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
}

interface CompanyRow {
  id: number;
  siteId: string;
  sageCompanyId: number;
  name: string;
  currency: string;
  ageingPeriodStarts: string;
  isActive: number;
}

/** All companies of an instance, the lowest X-Company first, those that the sign-in no longer reaches included. */
export async function readCompanies(database: Queryable, instanceId: number): Promise<Company[]> {
  const rows = await database.query<CompanyRow>(
    `SELECT id, site_id AS siteId, sage_company_id AS sageCompanyId, name, currency,
            ageing_period_starts AS ageingPeriodStarts, is_active AS isActive
       FROM sage_company WHERE instance_id = ? ORDER BY sage_company_id, id`,
    [instanceId],
  );
  return rows.map((row) => ({
    ...row,
    ageingPeriodStarts: JSON.parse(row.ageingPeriodStarts) as number[],
    isActive: Number(row.isActive) === 1,
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
