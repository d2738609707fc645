import { type Company, readCompanies } from '../companies/company-directory.js';
import { BANK_ACCOUNTS, NOMINAL_ACCOUNTS, type ReferenceTable, TAX_CODES } from '../companies/reference-rows.js';
import type { Queryable } from '../database/database.js';
import type { PushCause } from '../pushes/push-cause.js';
import {
  companyInactive,
  type CompanySubjectKind,
  notMapped,
  subCompanyNotMapped,
  targetUnusable,
} from './mapping-causes.js';
import { DEFAULT_SUB_COMPANY } from './mapping-kind.js';
import { readMappings, readTargets, type TargetRow } from './mapping-rows.js';
import { bankFault, bankWords, nominalFault, nominalWords, taxCodeFault, taxCodeWords } from './mapping-target.js';

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
  const subCompany = needs.subCompanyLayerId ?? DEFAULT_SUB_COMPANY;
  const company = await companyOfSubCompany(database, instanceId, subCompany);
  if (!company) return { kind: 'HELD', cause: subCompanyNotMapped(subCompany), company: null };
  if (!company.isActive) return { kind: 'HELD', cause: companyInactive(subCompany, company), company };

  const method = needs.paymentMethodLayerId ?? null;
  const look = <T>(part: Omit<Part<T>, 'company'>) => lookUp(database, instanceId, { ...part, company });
  const banks = await look({
    kind: 'PAYMENT_METHOD',
    layerIds: method === null ? [] : [method],
    list: BANK_ACCOUNTS,
    fault: bankFault,
    words: bankWords,
  });
  if (banks.cause) return { kind: 'HELD', cause: banks.cause, company };
  const nominals = await look({
    kind: 'NOMINAL_CODE',
    layerIds: needs.nominalCodes ?? [],
    list: NOMINAL_ACCOUNTS,
    fault: nominalFault,
    words: nominalWords,
  });
  if (nominals.cause) return { kind: 'HELD', cause: nominals.cause, company };
  const taxCodes = await look({
    kind: 'VAT_CODE',
    layerIds: needs.vatCodes ?? [],
    list: TAX_CODES,
    fault: taxCodeFault,
    words: taxCodeWords,
  });
  if (taxCodes.cause) return { kind: 'HELD', cause: taxCodes.cause, company };

  const bank = banks.found[0];
  return {
    kind: 'MAPPED',
    mappings: {
      company,
      bank: bank ? { sageId: bank.sageId, currency: bank.value.currency } : null,
      nominals: new Map(
        nominals.found.map(({ layerId, value: { reference, costCentre, department } }) => [
          layerId,
          { reference, costCentre, department },
        ]),
      ),
      taxCodes: new Map(
        taxCodes.found.map(({ layerId, sageId, value: { ratePercent } }) => [layerId, { sageId, ratePercent }]),
      ),
    },
  };
}

/**
 * The company that a sub-company posts to. The default one falls back to the company with the lowest sageCompanyId; one that has a
 * name and no mapping of its own has none, and falls back to nothing.
 */
export async function companyOfSubCompany(
  database: Queryable,
  instanceId: number,
  layerId: string,
): Promise<Company | null> {
  const companies = await readCompanies(database, instanceId);
  if (layerId === DEFAULT_SUB_COMPANY) return companies.find(({ isDefault }) => isDefault) ?? null;
  const [mapping] = await readMappings(database, instanceId, 'SUB_COMPANY', layerId);
  return companies.find(({ id }) => id === mapping?.companyId) ?? null;
}

interface Part<T> {
  kind: CompanySubjectKind;
  layerIds: readonly string[];
  company: Company;
  list: ReferenceTable<T>;
  fault(target: T): string | null;
  words(target: T): string;
}

/** The targets of all these codes, or the cause that the first of them gives. */
async function lookUp<T>(
  database: Queryable,
  instanceId: number,
  { kind, layerIds, company, list, fault, words }: Part<T>,
): Promise<{ found: TargetRow<T>[]; cause: PushCause | null }> {
  const wanted = [...new Set(layerIds)];
  const rows = await readTargets(database, instanceId, kind, list, { layerIds: wanted, companyId: company.id });
  const byLayerId = new Map(rows.map((row) => [row.layerId, row]));
  const found: TargetRow<T>[] = [];
  for (const layerId of wanted) {
    const row = byLayerId.get(layerId);
    if (!row) return { found: [], cause: notMapped(kind, layerId, company) };
    const reason = fault(row.value);
    if (reason !== null) {
      return { found: [], cause: targetUnusable(kind, layerId, company, { target: words(row.value), fault: reason }) };
    }
    found.push(row);
  }
  return { found, cause: null };
}
