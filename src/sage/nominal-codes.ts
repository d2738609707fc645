import { type ListResource, type PageRequest, readPage, type SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { optionalId, optionalText, requiredId, requiredText, text } from './wire.js';

/** A nominal account: the triple reference, cost centre, department; blanks are "" (sage200.md §3.4). */
export interface SageNominalCode {
  id: number;
  reference: string;
  costCentre: string;
  department: string;
  name: string;
  isPosting: boolean;
  isActive: boolean;
  reportCategoryId: number | null;
}

const NOMINAL_CODES: ListResource<SageNominalCode> = {
  path: '/nominal_codes',
  decode: (row) => ({
    id: requiredId(row, 'id'),
    reference: requiredText(row, 'reference'),
    costCentre: text(row, 'cost_centre_code'),
    department: text(row, 'department_code'),
    name: text(row, 'name'),
    // Standard has no types: there every account takes postings
    isPosting:
      (optionalText(row, 'nominal_account_type') ?? 'NominalAccountTypePosting') === 'NominalAccountTypePosting',
    isActive: text(row, 'account_status_type') !== 'AccountStatusHidden',
    reportCategoryId: optionalId(row, 'report_category_id'),
  }),
};

export function readNominalCodes(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageNominalCode>> {
  return readPage(client, company, NOMINAL_CODES, request);
}
