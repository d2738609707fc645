import { integer, requiredInteger, requiredText, type Row, text } from './decode.js';
import { pageReader } from './page-reader.js';

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
