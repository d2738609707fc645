import { encodeCursor, keysetOf } from '../common/paging.js';
import type { UserError } from '../common/user-error.type.js';
import type { RunPosition } from './match-all.js';

/** Where a run over a company's receipts goes on; throws BAD_USER_INPUT for a text that no run has answered. */
export function readRunCursor(after: string | null | undefined): RunPosition | null {
  const key = keysetOf({ first: 1, after }, ['number', 'date', 'string']).after;
  return key && { accountSageId: Number(key[0]), receivedOn: String(key[1]), urn: String(key[2]) };
}

/** Null: all were looked at. */
export const runCursor = (next: RunPosition | null) =>
  next && encodeCursor([next.accountSageId, next.receivedOn, next.urn]);

export const COMPANY_UNKNOWN: UserError = {
  code: 'SAGE_COMPANY_UNKNOWN',
  message: 'There is no Sage company with this id.',
  remedy: 'Take the id from sageCompanies.',
  field: ['sageCompanyId'],
};
