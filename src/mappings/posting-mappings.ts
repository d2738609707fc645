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
  const companies = await readCompanies(database, instanceId);
  const mapped = async (kind: string, layerIds: readonly string[], companyId?: number) => {
    const found = new Map<string, { companyId: number; sageId: number }>();
    for (const layerId of layerIds) {
      const [row] = await database.query<{ companyId: number; sageId: number }>(
        `SELECT company_id AS companyId, target_sage_id AS sageId FROM mapping
          WHERE instance_id = ? AND kind = ? AND layer_id = ? ${companyId === undefined ? '' : 'AND company_id = ?'}`,
        [instanceId, kind, layerId, ...(companyId === undefined ? [] : [companyId])],
      );
      if (row) found.set(layerId, { companyId: Number(row.companyId), sageId: Number(row.sageId) });
    }
    return found;
  };
  const missing = (kind: string, words: string, layerId: string, company: Company | null): MappingOutcome => ({
    kind: 'HELD',
    company,
    cause: {
      code: `${kind}_NOT_MAPPED`,
      key: `${kind}:${layerId}:${company?.id ?? ''}`,
      subject: `${words} ${layerId}${company ? ` in Sage company ${company.name}` : ''}`,
      message: `${words} ${layerId} is not mapped.`,
      remedy: 'Map it.',
    },
  });
  const subCompany = needs.subCompanyLayerId ?? '';
  const own = (await mapped('SUB_COMPANY', [subCompany])).get(subCompany);
  const company = companies.find(({ id }) => (own ? id === own.companyId : subCompany === '')) ?? null;
  if (!company) return missing('SUB_COMPANY', 'sub-company', subCompany, null);
  const methods = typeof needs.paymentMethodLayerId === 'string' ? [needs.paymentMethodLayerId] : [];
  const found = {
    PAYMENT_METHOD: await mapped('PAYMENT_METHOD', methods, company.id),
    NOMINAL_CODE: await mapped('NOMINAL_CODE', needs.nominalCodes ?? [], company.id),
    VAT_CODE: await mapped('VAT_CODE', needs.vatCodes ?? [], company.id),
  };
  for (const [kind, words, wanted] of [
    ['PAYMENT_METHOD', 'payment method', methods],
    ['NOMINAL_CODE', 'nominal code', needs.nominalCodes ?? []],
    ['VAT_CODE', 'VAT code', needs.vatCodes ?? []],
  ] as const) {
    const gone = wanted.find((layerId) => !found[kind].has(layerId));
    if (gone !== undefined) return missing(kind, words, gone, company);
  }
  const target = async <T>(table: string, columns: string, sageId: number) =>
    (
      await database.query<T>(
        `SELECT sage_id AS sageId, ${columns} FROM ${table} WHERE instance_id = ? AND company_id = ? AND sage_id = ?`,
        [instanceId, company.id, sageId],
      )
    )[0] as T;
  const nominals = new Map<string, NominalTriple>();
  for (const [code, { sageId }] of found.NOMINAL_CODE)
    nominals.set(
      code,
      await target('sage_nominal_account', 'reference, cost_centre AS costCentre, department', sageId),
    );
  const taxCodes = new Map<string, { sageId: number; ratePercent: string }>();
  for (const [code, { sageId }] of found.VAT_CODE) {
    const row = await target<{ ratePercent: string }>('sage_tax_code', 'rate_percent AS ratePercent', sageId);
    taxCodes.set(code, { sageId, ratePercent: row.ratePercent });
  }
  const method = [...found.PAYMENT_METHOD.values()][0];
  const bank = method
    ? await target<{ sageId: number; currency: string }>('sage_bank_account', 'currency', method.sageId)
    : null;
  return {
    kind: 'MAPPED',
    mappings: { company, bank: bank && { ...bank, sageId: Number(bank.sageId) }, nominals, taxCodes },
  };
}
