import { requiredInteger, requiredText, type Row, text } from './decode.js';
import { pageReader } from './page-reader.js';

/** A cost centre or a department: people name it by its code, a new nominal account by its id (sage200.md §3.4). */
export interface SageBreakdown {
  id: number;
  code: string;
  name: string;
}

export const readCostCentres = pageReader<SageBreakdown>({ path: '/cost_centres', decode: breakdownOf });
export const readDepartments = pageReader<SageBreakdown>({ path: '/departments', decode: breakdownOf });

function breakdownOf(row: Row): SageBreakdown {
  return { id: requiredInteger(row, 'id'), code: requiredText(row, 'code'), name: text(row, 'name') ?? '' };
}
