import { requiredInteger, requiredText, type Row, text } from './decode.js';
import { pageReader } from './page-reader.js';

export interface SageReportCategory {
  id: number;
  code: string;
  name: string;
}

export const readReportCategories = pageReader<SageReportCategory>({
  path: '/nominal_report_categories',
  decode: reportCategoryOf,
});

function reportCategoryOf(row: Row): SageReportCategory {
  return { id: requiredInteger(row, 'id'), code: requiredText(row, 'code'), name: text(row, 'description') ?? '' };
}
