import { integer, requiredInteger, requiredText, type Row, text } from './decode.js';
import { pageReader } from './page-reader.js';

export interface SageBank {
  id: number;
  code: string;
  name: string;
  currencyId: number | null;
  isActive: boolean;
}

export const readBanks = pageReader<SageBank>({ path: '/banks', decode: bankOf });

function bankOf(row: Row): SageBank {
  return {
    id: requiredInteger(row, 'id'),
    code: requiredText(row, 'code'),
    // Either may be blank
    name: text(row, 'description') || text(row, 'bank_name') || '',
    currencyId: integer(row, 'account_currency_id'),
    isActive: (text(row, 'account_status_type') ?? 'AccountStatusActive') === 'AccountStatusActive',
  };
}
