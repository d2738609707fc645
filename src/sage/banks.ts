import { type ListResource, type PageRequest, readPage, type SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { optionalId, requiredId, requiredText, text } from './wire.js';

export interface SageBank {
  id: number;
  code: string;
  name: string;
  currencyId: number | null;
  isActive: boolean;
}

const BANKS: ListResource<SageBank> = {
  path: '/banks',
  decode: (row) => ({
    id: requiredId(row, 'id'),
    code: requiredText(row, 'code'),
    name: text(row, 'description') || text(row, 'bank_name') || requiredText(row, 'code'),
    currencyId: optionalId(row, 'account_currency_id'),
    isActive: text(row, 'account_status_type') !== 'AccountStatusHidden',
  }),
};

export function readBanks(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageBank>> {
  return readPage(client, company, BANKS, request);
}
