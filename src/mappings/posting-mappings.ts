import type { Queryable } from '../database/database.js';
import type { Company } from '../companies/company-directory.js';
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
  _database: Queryable,
  _instanceId: number,
  _needs: MappingNeeds,
): Promise<MappingOutcome> {
  throw new Error('not built yet');
}
