import type { Clock } from '../common/clock.js';
import { readCompanies } from '../companies/company-directory.js';
import { customerHash, parseCustomerDocument } from '../customers/customer-document.js';
import { refreshSyncStatus } from '../customers/refresh-sync-status.js';
import { lockCustomer } from '../customers/store-customer.js';
import type { Transaction } from '../database/database.js';
import { IN_LINE } from '../pushes/push-status.js';
import { accountOfCustomer } from './account-of-customer.js';
import { newestOfAll, newestOfCompany } from './customer-pushes.js';
import { storePush } from './enqueue-customer.js';
import { reserveGivenNumber, reserveMadeNumber } from './reserve-number.js';

/**
 * Makes sure that the customer of a document has, or is about to have, an account in the company that the document goes to. QUEUED: wait
 * for the customer's push. NO_DOCUMENT: there is nothing to make an account from, or a person has to do with it first.
 */
export async function ensureAccountPush(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  customerLayerId: string,
  companyId: number,
): Promise<'EXISTS' | 'QUEUED' | 'NO_DOCUMENT'> {
  if (await accountOfCustomer(transaction, instanceId, customerLayerId, companyId)) return 'EXISTS';
  const known = await newestOfAll(transaction, instanceId, customerLayerId);
  if (!known) return 'NO_DOCUMENT';
  const { name } = parseCustomerDocument(known.payload);
  await lockCustomer(transaction, instanceId, { layerId: customerLayerId, name }, clock.now());
  if (await accountOfCustomer(transaction, instanceId, customerLayerId, companyId)) return 'EXISTS';
  const newest = (await newestOfAll(transaction, instanceId, customerLayerId)) ?? known;
  const ofCompany = await newestOfCompany(transaction, instanceId, customerLayerId, companyId);
  if (ofCompany && ofCompany.status !== 'SUCCEEDED') {
    // a prerequisite is named by the customer alone, so only its newest push can be waited for
    return IN_LINE.includes(ofCompany.status) || ofCompany.id === newest.id ? 'QUEUED' : 'NO_DOCUMENT';
  }
  const company = (await readCompanies(transaction, instanceId)).find(({ id }) => id === companyId);
  if (!company) return 'NO_DOCUMENT';

  const place = { instanceId, companyId, customerLayerId };
  const sent = parseCustomerDocument(newest.payload);
  const isNumberFree =
    sent.accountNumber !== null && (await reserveGivenNumber(transaction, place, sent.accountNumber));
  const document = { ...sent, companyId, accountNumber: isNumberFree ? sent.accountNumber : null };
  const sageReference = document.accountNumber ?? (await reserveMadeNumber(transaction, place, document.name));
  await storePush(transaction, clock, instanceId, {
    document,
    place: { company, held: null },
    pushes: { newest: null, generation: newest.generation },
    contentHash: customerHash(document),
    sageReference,
  });
  await refreshSyncStatus(transaction, instanceId, customerLayerId, clock.now());
  return 'QUEUED';
}
