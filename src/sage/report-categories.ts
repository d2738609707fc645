import { type ListResource, type PageRequest, readPage, type SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { requiredId, text } from './wire.js';

export interface SageReportCategory {
  id: number;
  code: string;
  name: string;
}

const REPORT_CATEGORIES: ListResource<SageReportCategory> = {
  path: '/nominal_report_categories',
  decode: (row) => ({ id: requiredId(row, 'id'), code: text(row, 'code'), name: text(row, 'description') }),
};

export function readReportCategories(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageReportCategory>> {
  return readPage(client, company, REPORT_CATEGORIES, request);
}
