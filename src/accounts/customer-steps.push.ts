import { differenceFrom, findCustomersByReference, readCustomerRecord } from '../sage/customer-record.js';
import { listContacts } from '../sage/customer-contacts.js';
import {
  createContact,
  createCustomer,
  type NewCustomerBody,
  renameContact,
  updateCustomer,
  writeEmail,
  writeTelephone,
  type WriteOptions,
} from '../sage/customer-writer.js';
import type { SageClient } from '../sage/sage-client.js';
import type { SageCompanyRef } from '../sage/sage-company-ref.js';
import { contactBody } from './customer-bodies.push.js';
import type { CustomerFacts } from './customer-facts.push.js';
import { findContact, hasEmail, hasTelephone } from './wanted-contacts.js';

/** Where Sage is asked: the instance's client, and the company's headers. */
export interface SagePlace {
  client: SageClient;
  company: SageCompanyRef;
}

/** Sends one step; answers Sage's id of the account. `body` is the whole account's, to be made or to be changed. */
export async function sendStep(
  options: WriteOptions,
  facts: CustomerFacts,
  body: NewCustomerBody | null,
): Promise<number> {
  switch (facts.step) {
    case 'CREATE':
      return createCustomer(options, accountBody(body));
    case 'UPDATE':
      await updateCustomer(options, facts.accountId, accountBody(body));
      break;
    case 'CONTACT':
      await createContact(options, facts.accountId, contactBody(facts.contact));
      break;
    case 'NAME':
      await renameContact(options, facts.contactId, facts.body);
      break;
    case 'EMAIL':
      await writeEmail(options, facts.contactId, facts.detailId, facts.body);
      break;
    case 'TELEPHONE':
      await writeTelephone(options, facts.contactId, facts.detailId, facts.body);
      break;
  }
  return facts.accountId;
}

function accountBody(body: NewCustomerBody | null): NewCustomerBody {
  if (!body) throw new Error('An account is made or changed from a body.');
  return body;
}

/** Whether Sage has what the step would leave; of a new account, the ids of those that could be it. */
export async function isStepThere(
  { client, company }: SagePlace,
  facts: Exclude<CustomerFacts, { step: 'CREATE' }>,
  signal: AbortSignal,
): Promise<boolean> {
  if (facts.step === 'UPDATE') {
    const record = await readCustomerRecord(client, company, facts.accountId, signal);
    return record !== null && Object.keys(differenceFrom(record, facts.body)).length === 0;
  }
  const contacts = await listContacts(client, company, facts.accountId, signal);
  if (facts.step === 'CONTACT') {
    const others = new Set(facts.taken);
    return (
      findContact(
        facts.contact,
        contacts.filter(({ id }) => !others.has(id)),
      ) !== null
    );
  }
  const contact = contacts.find(({ id }) => id === facts.contactId);
  if (!contact) return false;
  switch (facts.step) {
    case 'NAME':
      return (
        (facts.body.first_name ?? contact.firstName) === contact.firstName &&
        (facts.body.last_name ?? contact.lastName) === contact.lastName
      );
    case 'EMAIL':
      return hasEmail(contact, facts.value);
    case 'TELEPHONE':
      return hasTelephone(contact, facts.value);
  }
}

/** The account with this number, and whether its name says that it could be the one that the gateway makes. Null: the number is free. */
export async function accountWithNumber(
  { client, company }: SagePlace,
  { accountNumber, name }: { accountNumber: string; name: string },
  signal: AbortSignal,
): Promise<{ id: number; isNamedSo: boolean } | null> {
  const [record] = await findCustomersByReference(client, company, accountNumber, signal);
  if (!record) return null;
  const isNamedSo = record.name.normalize('NFC').trim().toLowerCase() === name.toLowerCase();
  return { id: record.id, isNamedSo };
}
