import { asRow, integer, requiredInteger, requiredText, type Row, RowFault, text } from './decode.js';
import { odataText } from './odata.js';
import { pageReader } from './page-reader.js';
import type { SageClient, SageRequest } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer } from './sage-error.js';

/** A nominal account is the triple of reference, cost centre and department; blanks are '' (sage200.md §3.4). */
export interface SageNominalCode {
  id: number;
  reference: string;
  costCentre: string;
  department: string;
  name: string;
  /** Whether it can be posted to; groups and memo accounts cannot. */
  isPosting: boolean;
  isActive: boolean;
  reportCategoryId: number | null;
}

export const readNominalCodes = pageReader<SageNominalCode>({ path: '/nominal_codes', decode: nominalCodeOf });

function nominalCodeOf(row: Row): SageNominalCode {
  return {
    id: requiredInteger(row, 'id'),
    reference: requiredText(row, 'reference'),
    costCentre: text(row, 'cost_centre_code') ?? '',
    department: text(row, 'department_code') ?? '',
    name: text(row, 'name') ?? '',
    isPosting: (text(row, 'nominal_account_type') ?? 'NominalAccountTypePosting') === 'NominalAccountTypePosting',
    isActive: (text(row, 'account_status_type') ?? 'AccountStatusActive') === 'AccountStatusActive',
    reportCategoryId: integer(row, 'report_category_id'),
  };
}

/** What a new nominal account is made of (OpenAPI nominal.json, nominal_code). Cost centre and department by record id. */
export interface NewNominalCode {
  reference: string;
  name: string;
  costCentreId: number | null;
  departmentId: number | null;
  reportCategoryId: number;
}

/** Creates a posting account; answers its record id. Throws SageError. */
export async function createNominalCode(
  client: SageClient,
  company: SageCompanyRef,
  account: NewNominalCode,
  request: Pick<SageRequest, 'beforeSend' | 'signal'>,
): Promise<number> {
  const body = {
    reference: account.reference,
    name: account.name,
    report_category_id: account.reportCategoryId,
    ...(account.costCentreId !== null && { cost_centre_id: account.costCentreId }),
    ...(account.departmentId !== null && { department_id: account.departmentId }),
  };
  const answer = await client.post('/nominal_codes', body, { company, ...request });
  return read(() => requiredInteger(asRow(answer), 'id'));
}

const MAX_ACCOUNTS_OF_REFERENCE = 500;

/** The accounts that bear a reference, whatever their cost centre and department, hidden ones included. Throws SageError. */
export async function findNominalCodes(
  client: SageClient,
  company: SageCompanyRef,
  reference: string,
  signal?: AbortSignal,
): Promise<SageNominalCode[]> {
  const query = {
    $filter: `reference eq ${odataText(reference)}`,
    $orderby: 'id asc',
    $top: MAX_ACCOUNTS_OF_REFERENCE,
  };
  const rows = await client.list('/nominal_codes', { company, query, signal });
  return read(() => rows.map((row) => nominalCodeOf(asRow(row))));
}

function read<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`A nominal account of Sage's cannot be read: ${error.message}.`);
    throw error;
  }
}
