import type { Money } from '../common/money.js';
import { type Company, readCompanies } from '../companies/company-directory.js';
import { BANK_ACCOUNTS, NOMINAL_ACCOUNTS, TAX_CODES } from '../companies/reference-rows.js';
import type { Queryable } from '../database/database.js';
import type { PushCause } from '../pushes/push-cause.js';
import { type BlockedByKey, blockedUnder, readBlocked } from './blocked-pushes.js';
import { type DeadLink, readDeadLinks } from './dead-links.js';
import {
  companyInactive,
  type CompanySubjectKind,
  notMapped,
  subCompanyNotMapped,
  targetUnusable,
} from './mapping-causes.js';
import { DEFAULT_SUB_COMPANY, MAPPING_KINDS, type MappingKind, mappingKey, partsOfMappingKey } from './mapping-kind.js';
import { type MappingRow, readMappings, readSubjects, readTargets, type SubjectRow } from './mapping-rows.js';
import { bankFault, bankWords, nominalFault, nominalWords, taxCodeFault, taxCodeWords } from './mapping-target.js';
import { suggestAccounts } from './suggest-accounts.js';

/** A mapping that is missing, or points at something gone, with what it blocks. */
export interface MappingIssue {
  kind: MappingKind;
  /** Empty for the default sub-company. */
  layerId: string;
  company: Company | null;
  message: string;
  remedy: string;
  blockedPushes: number;
  /** One entry per currency. */
  blocked: Money[];
}

/** What is wrong, before what it blocks is counted. */
interface Fault {
  kind: MappingKind;
  layerId: string;
  company: Company | null;
  cause: Pick<PushCause, 'key' | 'message' | 'remedy'>;
}

/**
 * Every mapping of the instance that is missing or points at something gone; those that block most come first. About ten statements,
 * however many mappings there are.
 */
export async function readMappingIssues(database: Queryable, instanceId: number): Promise<MappingIssue[]> {
  const companies = await readCompanies(database, instanceId);
  const subjects = await readSubjects(database, instanceId);
  const mappings = await readMappings(database, instanceId);
  const blocked = await readBlocked(database, instanceId);

  const faults = new Map<string, Fault>();
  const add = (fault: Fault) => {
    if (!faults.has(fault.cause.key)) faults.set(fault.cause.key, fault);
  };
  for (const fault of subCompanyFaults(companies, subjects, mappings)) add(fault);
  for (const fault of await targetFaults(database, instanceId, companies)) add(fault);
  const missing = missingFaults(companies, subjects, mappings);
  for (const fault of missing) add(fault);
  for (const link of await readDeadLinks(database, instanceId)) add(linkFault(link, companies));
  for (const fault of heldFaults(blocked, companies, faults)) add(fault);

  const suggestions = await suggestAccounts(
    database,
    instanceId,
    [...faults.values()].filter(({ cause }) => missing.some((fault) => fault.cause.key === cause.key)),
  );
  return [...faults.values()]
    .map(({ kind, layerId, company, cause }): MappingIssue => {
      const { count, amounts } = blockedUnder(blocked, cause.key);
      const remedy = [suggestions.get(cause.key), cause.remedy].filter((text) => text !== undefined).join(' ');
      return { kind, layerId, company, message: cause.message, remedy, blockedPushes: count, blocked: amounts };
    })
    .sort(byWeight);
}

function byWeight(a: MappingIssue, b: MappingIssue): number {
  const kinds = MAPPING_KINDS.indexOf(a.kind) - MAPPING_KINDS.indexOf(b.kind);
  const ids = a.layerId < b.layerId ? -1 : Number(a.layerId > b.layerId);
  return b.blockedPushes - a.blockedPushes || kinds || ids || (a.company?.id ?? 0) - (b.company?.id ?? 0);
}

/** Sub-companies that post nowhere, or to a company out of reach. The default one falls back to the first company by the contract. */
function subCompanyFaults(
  companies: readonly Company[],
  subjects: readonly SubjectRow[],
  mappings: readonly MappingRow[],
): Fault[] {
  return subjects
    .filter(({ kind }) => kind === 'SUB_COMPANY')
    .flatMap(({ layerId }): Fault[] => {
      const company = companyOf(layerId, companies, mappings);
      const place = { kind: 'SUB_COMPANY' as const, layerId };
      if (company) return company.isActive ? [] : [{ ...place, company, cause: companyInactive(layerId, company) }];
      // without any company there is nothing yet that could be mapped
      return companies.length === 0 ? [] : [{ ...place, company: null, cause: subCompanyNotMapped(layerId) }];
    });
}

function companyOf(
  layerId: string,
  companies: readonly Company[],
  mappings: readonly MappingRow[],
): Company | undefined {
  if (layerId === DEFAULT_SUB_COMPANY) return companies.find(({ isDefault }) => isDefault);
  const mapping = mappings.find((row) => row.kind === 'SUB_COMPANY' && row.layerId === layerId);
  return companies.find(({ id }) => id === mapping?.companyId);
}

/** Mappings whose target is hidden, gone, or takes no postings. */
async function targetFaults(database: Queryable, instanceId: number, companies: readonly Company[]): Promise<Fault[]> {
  const check = async <T>(
    kind: CompanySubjectKind,
    list: Parameters<typeof readTargets<T>>[3],
    fault: (target: T) => string | null,
    words: (target: T) => string,
  ) =>
    (await readTargets(database, instanceId, kind, list)).flatMap(({ layerId, companyId, value }): Fault[] => {
      const company = companies.find(({ id }) => id === companyId);
      const reason = fault(value);
      if (!company || reason === null) return [];
      const cause = targetUnusable(kind, layerId, company, { target: words(value), fault: reason });
      return [{ kind, layerId, company, cause }];
    });
  return [
    ...(await check('PAYMENT_METHOD', BANK_ACCOUNTS, bankFault, bankWords)),
    ...(await check('NOMINAL_CODE', NOMINAL_ACCOUNTS, nominalFault, nominalWords)),
    ...(await check('VAT_CODE', TAX_CODES, taxCodeFault, taxCodeWords)),
  ];
}

/** Whatever is known and not mapped in a company that some sub-company posts to. */
function missingFaults(
  companies: readonly Company[],
  subjects: readonly SubjectRow[],
  mappings: readonly MappingRow[],
): Fault[] {
  const subCompanies = subjects.filter(({ kind }) => kind === 'SUB_COMPANY');
  const postedTo = new Set(subCompanies.map(({ layerId }) => companyOf(layerId, companies, mappings)));
  const mapped = new Set(mappings.map(({ kind, layerId, companyId }) => mappingKey(kind, layerId, companyId)));
  return [...postedTo]
    .filter((company) => company?.isActive === true)
    .flatMap((company) =>
      subjects.flatMap(({ kind, layerId }): Fault[] => {
        if (!company || kind === 'SUB_COMPANY' || mapped.has(mappingKey(kind, layerId, company.id))) return [];
        return [{ kind, layerId, company, cause: notMapped(kind, layerId, company) }];
      }),
    );
}

function linkFault({ customerLayerId, companyId, accountNumber }: DeadLink, companies: readonly Company[]): Fault {
  const company = companies.find(({ id }) => id === companyId) ?? null;
  const account = accountNumber === null ? 'a Sage account' : `account ${accountNumber}`;
  const place = company?.name ?? 'Sage';
  return {
    kind: 'CUSTOMER_LINK',
    layerId: customerLayerId,
    company,
    cause: {
      key: mappingKey('CUSTOMER_LINK', customerLayerId, companyId),
      message: `Customer ${customerLayerId} is linked to ${account} of ${place}, which has been deleted there.`,
      remedy: `Link the customer to another account of ${place} (linkCustomer), or send the customer again so that one is created.`,
    },
  };
}

/** What held pushes name and nothing above has found: codes never heard of, and customers without an account. */
function heldFaults(
  blocked: BlockedByKey,
  companies: readonly Company[],
  known: ReadonlyMap<string, unknown>,
): Fault[] {
  return [...blocked]
    .filter(([key]) => !known.has(key))
    .flatMap(([key, { message, remedy }]): Fault[] => {
      const parts = partsOfMappingKey(key);
      if (!parts) return [];
      const company = companies.find(({ id }) => id === parts.companyId) ?? null;
      return [{ kind: parts.kind, layerId: parts.layerId, company, cause: { key, message, remedy } }];
    });
}
