import type { Clock } from '../common/clock.js';
import type { UserError } from '../common/user-error.type.js';
import type { Company } from '../companies/company-directory.js';
import { currencyCodes } from '../companies/currency-codes.js';
import { type CustomerDocument, customerHash } from '../customers/customer-document.js';
import { refreshSyncStatus } from '../customers/refresh-sync-status.js';
import { lockCustomer, replaceContacts, storeCustomers } from '../customers/store-customer.js';
import type { Queryable, Transaction } from '../database/database.js';
import { resolveMappings } from '../mappings/posting-mappings.js';
import { customerLane, enqueue, type NewPush, replaceContent } from '../pushes/enqueue.js';
import type { PushCause } from '../pushes/push-cause.js';
import type { PushRow } from '../pushes/push-rows.js';
import { REPLACEABLE } from '../pushes/push-status.js';
import { accountOfCustomer, type CustomerAccount } from './account-of-customer.js';
import { type CustomerPushes, readCustomerPushes } from './customer-pushes.js';
import { forgetSteps } from './customer-push-steps.js';
import { reserveGivenNumber, reserveMadeNumber } from './reserve-number.js';

/** Thrown inside the transaction, so that all of it is taken back: a refusal changes nothing. */
export class CustomerRefused extends Error {
  constructor(readonly userError: UserError) {
    super(userError.message);
  }
}

/** Where a customer is to have an account: the company, once it can be told, and what holds the push. */
export interface CustomerPlace {
  company: Company | null;
  held: PushCause | null;
}

export async function placeOfCustomer(
  database: Queryable,
  instanceId: number,
  subCompanyLayerId: string | null,
): Promise<CustomerPlace> {
  const outcome = await resolveMappings(database, instanceId, { subCompanyLayerId });
  return outcome.kind === 'MAPPED'
    ? { company: outcome.mappings.company, held: null }
    : { company: outcome.company, held: outcome.cause };
}

/**
 * Stores a customer and queues its push, or finds that the same is on its way already; answers the push's id. The customer's row is
 * locked first, so that the same sent a hundred times at once makes one push. Throws CustomerRefused.
 */
export async function enqueueCustomer(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  document: CustomerDocument,
): Promise<{ id: string; isNew: boolean }> {
  await lockCustomer(transaction, instanceId, document, clock.now());
  const place = await placeOfCustomer(transaction, instanceId, document.subCompanyLayerId);
  const companyId = place.company?.id ?? null;
  const pushes = await readCustomerPushes(transaction, instanceId, document.layerId, { ...document, companyId });
  const account =
    companyId === null ? null : await accountOfCustomer(transaction, instanceId, document.layerId, companyId);
  const contentHash = customerHash(document);
  const decision = decide(pushes.newest, contentHash, companyId === null || account !== null);
  if (decision.kind === 'SAME') return { id: decision.push.id, isNew: false };
  if (decision.kind === 'REFUSED') throw new CustomerRefused(CONTENT_CHANGED);

  const sageReference = place.company
    ? await settleNumber(transaction, instanceId, document, place.company, account)
    : (document.accountNumber ?? '');
  await storeContent(transaction, clock, instanceId, document);
  const id = await storePush(transaction, clock, instanceId, { document, place, pushes, contentHash, sageReference });
  await refreshSyncStatus(transaction, instanceId, document.layerId, clock.now());
  return { id, isNew: true };
}

type Decision = { kind: 'NEW' } | { kind: 'SAME' | 'REPLACE'; push: PushRow } | { kind: 'REFUSED' };

/** What is to become of a customer that is sent, given the newest push of its company. Pure. */
export function decide(newest: PushRow | null, contentHash: string, hasAccount: boolean): Decision {
  if (!newest) return { kind: 'NEW' };
  if (newest.contentHash === contentHash) {
    // the account was unlinked, or deleted in Sage, since: sent again, the customer is to have one again
    return newest.status === 'SUCCEEDED' && !hasAccount ? { kind: 'NEW' } : { kind: 'SAME', push: newest };
  }
  if (REPLACEABLE.includes(newest.status)) return { kind: 'REPLACE', push: newest };
  return newest.status === 'SENDING' || newest.status === 'UNKNOWN' ? { kind: 'REFUSED' } : { kind: 'NEW' };
}

interface PushContent {
  document: CustomerDocument;
  place: CustomerPlace;
  pushes: CustomerPushes;
  contentHash: string;
  sageReference: string;
}

/** Queues a push of its own, or puts the content in place of what has not been sent yet. */
export async function storePush(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  { document, place, pushes, contentHash, sageReference }: PushContent,
): Promise<string> {
  const content: Omit<NewPush, 'kind' | 'layerId' | 'generation'> = {
    lane: customerLane(document.layerId),
    companyId: place.company?.id ?? null,
    customerLayerId: document.layerId,
    amountMinor: null,
    currency: null,
    reference: document.name,
    sageReference,
    contentHash,
    payload: JSON.stringify(document),
    held: place.held,
  };
  const { newest } = pushes;
  if (newest && REPLACEABLE.includes(newest.status) && newest.contentHash !== contentHash) {
    if (!(await replaceContent(transaction, clock, newest, content))) throw new CustomerRefused(CONTENT_CHANGED);
    await forgetSteps(transaction, newest);
    return newest.id;
  }
  return enqueue(transaction, clock, instanceId, {
    ...content,
    kind: 'CUSTOMER',
    layerId: document.layerId,
    generation: pushes.generation + 1,
  });
}

/** The number of the account that there is, or one that is put by for the new one. Throws CustomerRefused. */
async function settleNumber(
  transaction: Transaction,
  instanceId: number,
  document: CustomerDocument,
  company: Company,
  account: CustomerAccount | null,
): Promise<string> {
  const { currency, accountNumber } = document;
  if (account) {
    if (currency !== null && currency !== account.currency)
      throw new CustomerRefused(currencyCannotChange(account, currency));
    if (accountNumber !== null && accountNumber !== account.accountNumber.trim().toUpperCase())
      throw new CustomerRefused(numberCannotChange(account, company));
    return account.accountNumber.trim();
  }
  if (currency !== null && !(await isCurrencyKnown(transaction, instanceId, company, currency)))
    throw new CustomerRefused(currencyUnknown(company, currency));
  const place = { instanceId, companyId: company.id, customerLayerId: document.layerId };
  if (accountNumber === null) return reserveMadeNumber(transaction, place, document.name);
  if (!(await reserveGivenNumber(transaction, place, accountNumber)))
    throw new CustomerRefused(numberTaken(accountNumber, company));
  return accountNumber;
}

async function storeContent(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  document: CustomerDocument,
): Promise<void> {
  const { layerId, contacts } = document;
  await storeCustomers(transaction, instanceId, [{ ...document, syncStatus: 'NEVER_SYNCED' }], clock.now());
  if (contacts !== null) await replaceContacts(transaction, instanceId, layerId, contacts);
}

/** Before the first pull of the reference data nothing can be told: then it is asked for when the push is sent. */
async function isCurrencyKnown(
  transaction: Transaction,
  instanceId: number,
  company: Company,
  currency: string,
): Promise<boolean> {
  const codes = await currencyCodes(transaction, { instanceId, companyId: company.id });
  return codes.size === 0 || [...codes.values()].includes(currency);
}

const CONTENT_CHANGED: UserError = {
  code: 'CONTENT_CHANGED',
  message: 'The customer is being sent to Sage with other content at this moment.',
  remedy: 'Send it again once that push has ended.',
  field: ['layerId'],
};

const currencyCannotChange = (account: CustomerAccount, currency: string): UserError => ({
  code: 'CURRENCY_CANNOT_CHANGE',
  message: `Account ${account.accountNumber} is kept in ${account.currency}; Sage cannot change it to ${currency}.`,
  remedy: `Send ${account.currency}, or leave the currency out. For ${currency} the customer needs another account.`,
  field: ['currency'],
});

const numberCannotChange = (account: CustomerAccount, company: Company): UserError => ({
  code: 'ACCOUNT_NUMBER_CANNOT_CHANGE',
  message: `The customer has account ${account.accountNumber} in ${company.name}.`,
  remedy: `Send ${account.accountNumber}, or leave the account number out.`,
  field: ['accountNumber'],
});

const currencyUnknown = (company: Company, currency: string): UserError => ({
  code: 'CURRENCY_NOT_IN_SAGE',
  message: `${company.name} has no currency ${currency} in Sage.`,
  remedy: 'Add the currency in Sage, or send one that the company has.',
  field: ['currency'],
});

const numberTaken = (accountNumber: string, company: Company): UserError => ({
  code: 'ACCOUNT_NUMBER_TAKEN',
  message: `Account number ${accountNumber} is in use in ${company.name}.`,
  remedy: 'Choose another, or leave it out. If it is this customer’s account, link the two with linkCustomer.',
  field: ['accountNumber'],
});
