import { lengthOf } from '../common/layer-id.js';
import type { UserError } from '../common/user-error.type.js';
import type { Company } from '../companies/company-directory.js';
import { REPORT_CATEGORIES } from '../companies/reference-rows.js';
import { companyOfId } from '../companies/sage-company-id.js';
import type { MappingContext, MappingParts } from './map-subject.js';
import { companyInactiveError, nameError, subjectIdError, targetOfId, unsupportedError } from './mapping-input.js';
import { type CachedAccount, readAccounts, readBreakdownId } from './nominal-accounts.sql.js';
import { isSameTriple, type NominalCodeContent, nominalContentHash, tripleText } from './nominal-code-content.js';
import type { NominalTriple } from './posting-mappings.js';

/** Sage's own lengths (sage200.md §3.4). */
const MAX_REFERENCE_LENGTH = 8;
const MAX_NAME_LENGTH = 60;
const MAX_BREAKDOWN_LENGTH = 3;

export interface NominalCodeRequest {
  code: string;
  name: string;
  sageCompanyId: string;
  reportCategoryId?: string | null;
  costCentre?: string | null;
  department?: string | null;
}

export interface CheckedNominalCode {
  code: string;
  company: Company;
  content: NominalCodeContent;
  contentHash: string;
  /** The company has it already, and it takes postings. */
  existing: CachedAccount | null;
}

/** Checks a nominal code that is to be created, against Sage's cached lists; nothing is written. */
export async function checkNominalCode(
  { database, companies }: MappingParts,
  context: MappingContext,
  input: NominalCodeRequest,
): Promise<CheckedNominalCode | { userErrors: UserError[] }> {
  const { instanceId } = context;
  const triple = { reference: input.code, costCentre: input.costCentre ?? '', department: input.department ?? '' };
  const company = await companyOfId(companies, context, input.sageCompanyId);
  const errors = [
    subjectIdError(input.code, 'code', 'nominal code') ?? tooLong(input.code, 'code', MAX_REFERENCE_LENGTH),
    nameError(input.name, MAX_NAME_LENGTH),
    breakdownError(triple.costCentre, 'costCentre', 'cost centre'),
    breakdownError(triple.department, 'department', 'department'),
    company ? null : notFound('sageCompanyId', 'There is no Sage company with this id.'),
    company && !company.isActive ? companyInactiveError(company.name, 'sageCompanyId') : null,
  ].filter((error) => error !== null);
  if (!company || errors.length > 0) return { userErrors: errors };

  const accounts = await readAccounts(database, instanceId, company.id);
  const idOf = (table: 'sage_cost_centre' | 'sage_department', code: string) =>
    code === '' ? null : readBreakdownId(database, instanceId, company.id, table, code);
  const costCentreId = await idOf('sage_cost_centre', triple.costCentre);
  const departmentId = await idOf('sage_department', triple.department);
  const category = await categoryOf(input.reportCategoryId, triple, accounts, company, (id) =>
    targetOfId(database, instanceId, REPORT_CATEGORIES, id),
  );
  const lacking = [
    missingBreakdown(triple.costCentre, costCentreId, 'costCentre', 'cost centre', company),
    missingBreakdown(triple.department, departmentId, 'department', 'department', company),
    typeof category === 'number' ? null : category,
  ].filter((error) => error !== null);
  if (lacking.length > 0) return { userErrors: lacking };

  const account = accounts.find((known) => isSameTriple(known, triple));
  if (account?.isActive && !account.isPosting) return { userErrors: [notPosting(triple, company)] };
  const content: NominalCodeContent = {
    ...triple,
    companyId: company.id,
    name: input.name,
    costCentreId,
    departmentId,
    reportCategoryId: category as number,
    askedBy: context.caller.subject,
  };
  return {
    code: input.code,
    company,
    content,
    contentHash: nominalContentHash(content, input.reportCategoryId ? content.reportCategoryId : null),
    // one that is hidden or gone is looked for in Sage before anything is sent
    existing: account?.isActive ? account : null,
  };
}

/** The one named, or that of the account next to it in order: the one before, or else the one after. */
async function categoryOf(
  id: string | null | undefined,
  triple: NominalTriple,
  accounts: readonly CachedAccount[],
  company: Company,
  read: (id: string) => Promise<{ companyId: number; sageId: number } | null>,
): Promise<number | UserError> {
  if (id !== null && id !== undefined) {
    const category = await read(id);
    if (category?.companyId === company.id) return category.sageId;
    return notFound('reportCategoryId', `${company.name} has no report category with this id.`);
  }
  const known = accounts.filter(({ isActive, reportCategoryId }) => isActive && reportCategoryId !== null);
  const neighbour = known.findLast((account) => tripleOrder(account) <= tripleOrder(triple)) ?? known[0];
  const category = neighbour?.reportCategoryId ?? null;
  if (category !== null) return category;
  return {
    code: 'REPORT_CATEGORY_NEEDED',
    message: `${company.name} has no nominal account yet whose report category could be taken.`,
    remedy: 'Name a report category of the company.',
    field: ['reportCategoryId'],
  };
}

/** Sorts as the cache does: reference, cost centre, department, each by its characters. */
const tripleOrder = ({ reference, costCentre, department }: NominalTriple) =>
  [reference, costCentre, department].join('\u0000');

function breakdownError(text: string, field: string, what: string): UserError | null {
  return tooLong(text, field, MAX_BREAKDOWN_LENGTH) ?? unsupportedError(text, field, what);
}

function missingBreakdown(
  code: string,
  id: number | null,
  field: string,
  what: string,
  company: Company,
): UserError | null {
  return code === '' || id !== null ? null : notFound(field, `${company.name} has no ${what} ${code}.`);
}

function tooLong(text: string, field: string, maxLength: number): UserError | null {
  if (lengthOf(text) <= maxLength) return null;
  return {
    code: 'TOO_LONG',
    message: `Sage holds at most ${maxLength} characters here; this has ${lengthOf(text)}.`,
    remedy: field === 'code' ? 'Map the code to an account of another reference (mapNominalCode).' : 'Shorten it.',
    field: [field],
  };
}

function notFound(field: string, message: string): UserError {
  return { code: 'NOT_FOUND', message, remedy: 'Take it from sageCompanies.', field: [field] };
}

function notPosting(triple: NominalTriple, company: Company): UserError {
  return {
    code: 'NOMINAL_ACCOUNT_UNUSABLE',
    message: `${company.name} has ${tripleText(triple)} already, as a group or memo account that takes no postings.`,
    remedy: 'Give another cost centre or department, or map the code to another account (mapNominalCode).',
    field: ['code'],
  };
}
