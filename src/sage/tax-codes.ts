import { requiredDecimal, requiredInteger, type Row, text } from './decode.js';
import { pageReader } from './page-reader.js';

export interface SageTaxCode {
  /** What postings name (sage200.md §3.4). */
  id: number;
  /** What people name. */
  code: number;
  name: string;
  /** Decimal text, such as "20". */
  ratePercent: string;
}

export const readTaxCodes = pageReader<SageTaxCode>({ path: '/tax_codes', decode: taxCodeOf });

function taxCodeOf(row: Row): SageTaxCode {
  return {
    id: requiredInteger(row, 'id'),
    code: requiredInteger(row, 'code'),
    name: text(row, 'name') ?? '',
    ratePercent: requiredDecimal(row, 'tax_rate'),
  };
}
