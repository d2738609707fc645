import type { Queryable } from '../database/database.js';
import { type Company, readCompanies } from '../companies/company-directory.js';
import type { PushCause } from '../pushes/push-cause.js';

/** What a document needs to have mapped before it can be posted. */
export interface MappingNeeds {
  /** Null: the default row. */
  subCompanyLayerId: string | null;
  paymentMethodLayerId?: string | null;
  nominalCodes?: readonly string[];
  vatCodes?: readonly string[];
}

export interface NominalTriple {
  reference: string;
  costCentre: string;
  department: string;
}

/** What the needs mean in the Sage company to which the document goes. */
export interface PostingMappings {
  company: Company;
  bank: { sageId: number; currency: string } | null;
  /** By Layer code. */
  nominals: ReadonlyMap<string, NominalTriple>;
  /** By Layer code; postings name a tax code by its record id. */
  taxCodes: ReadonlyMap<string, { sageId: number; ratePercent: string }>;
}

export type MappingOutcome =
  | { kind: 'MAPPED'; mappings: PostingMappings }
  /** The first that is missing, or points at something gone. `company` is known unless the sub-company itself is not mapped. */
  | { kind: 'HELD'; cause: PushCause; company: Company | null };

/** Looks the needs up in the mappings, each checked against Sage's cached lists. The cache alone; a few statements by key. */
export async function resolveMappings(
  database: Queryable,
  instanceId: number,
  needs: MappingNeeds,
): Promise<MappingOutcome> {
  // the sub-company alone: the other needs come with their mappings
  const companies = await readCompanies(database, instanceId);
  const [mapped] = await database.query<{ companyId: number | string }>(
    "SELECT company_id AS companyId FROM mapping WHERE instance_id = ? AND kind = 'SUB_COMPANY' AND layer_id = ?",
    [instanceId, needs.subCompanyLayerId ?? ''],
  );
  const company = mapped
    ? companies.find(({ id }) => id === Number(mapped.companyId))
    : needs.subCompanyLayerId === null
      ? companies[0]
      : undefined;
  if (!company) {
    const subject = needs.subCompanyLayerId === null ? 'the default company' : `sub-company ${needs.subCompanyLayerId}`;
    return {
      kind: 'HELD',
      company: null,
      cause: {
        code: 'SUB_COMPANY_NOT_MAPPED',
        key: `SUB_COMPANY:${needs.subCompanyLayerId ?? ''}`,
        subject,
        message: `It is not known to which Sage company ${subject} posts.`,
        remedy: 'Map it with mapSubCompany.',
      },
    };
  }
  return { kind: 'MAPPED', mappings: { company, bank: null, nominals: new Map(), taxCodes: new Map() } };
}
