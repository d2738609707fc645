import { decodeNodeIdOf } from '../common/node-id.js';
import type { UserError } from '../common/user-error.type.js';
import type { AccountKey } from './customer-links.js';

/** The key inside a Sage account's id; null for what is no such id, or another instance's. */
export function accountKeyOfId(instanceId: number, id: string): AccountKey | null {
  const key = decodeNodeIdOf(instanceId, 'SageAccount', id);
  if (key?.length !== 2 || !key.every((part) => /^\d{1,16}$/.test(part))) return null;
  const [companyId, sageId] = key.map(Number) as [number, number];
  return { companyId, sageId };
}

export const ACCOUNT_NOT_FOUND: UserError = {
  code: 'NOT_FOUND',
  message: 'There is no Sage account with this id.',
  remedy: 'Take the id from sageAccounts or from a customer.',
  field: ['sageAccountId'],
};
