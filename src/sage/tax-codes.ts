import { type ListResource, type PageRequest, readPage, type SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { optionalDecimal, requiredId, text } from './wire.js';

/** Postings name a tax code by its id, people by its code (sage200.md §3.4). */
export interface SageTaxCode {
  id: number;
  code: number;
  name: string;
  /** Decimal text, e.g. "20.00". */
  ratePercent: string;
}

const TAX_CODES: ListResource<SageTaxCode> = {
  path: '/tax_codes',
  decode: (row) => ({
    id: requiredId(row, 'id'),
    code: requiredId(row, 'code'),
    name: text(row, 'name'),
    ratePercent: optionalDecimal(row, 'tax_rate') ?? '0',
  }),
};

export function readTaxCodes(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageTaxCode>> {
  return readPage(client, company, TAX_CODES, request);
}
