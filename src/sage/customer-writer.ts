import { asRow, integer, RowFault } from './decode.js';
import type { CustomerBody } from './customer-record.js';
import type { SageClient, SageRequest } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer } from './sage-error.js';

export interface TelephoneBody {
  country_code?: string;
  area_code?: string;
  subscriber_number?: string;
  is_default?: boolean;
}

export interface EmailBody {
  email: string;
  is_default?: boolean;
}

/** `name`, `default_email` and `default_telephone` are read-only: sent, they would be ignored (sage200.md §1.6). */
export interface ContactBody {
  first_name?: string;
  last_name?: string;
  emails?: EmailBody[];
  telephones?: TelephoneBody[];
}

export interface NewCustomerBody extends CustomerBody {
  reference: string;
  name: string;
  currency_id?: number;
  contacts?: ContactBody[];
}

/** What a write is sent with: once, and not before `beforeSend` has let it (SageRequest). */
export interface WriteOptions extends Pick<SageRequest, 'beforeSend' | 'signal'> {
  client: SageClient;
  company: SageCompanyRef;
}

/** Makes an account; answers its id. */
export function createCustomer(options: WriteOptions, body: NewCustomerBody): Promise<number> {
  return created(options, '/customers', body);
}

/** Number and name belong to every body, also of what stays as it is: the specification requires them of a PUT as well. */
export async function updateCustomer(options: WriteOptions, id: number, body: NewCustomerBody): Promise<void> {
  await changed(options, `/customers/${id}`, body);
}

/** Adds a contact to an account; answers its id. */
export function createContact(options: WriteOptions, customerId: number, body: ContactBody): Promise<number> {
  return created(options, `/customers/${customerId}/customer_contacts`, body);
}

export async function renameContact(
  options: WriteOptions,
  contactId: number,
  body: Pick<ContactBody, 'first_name' | 'last_name'>,
): Promise<void> {
  await changed(options, `/customer_contacts/${contactId}`, body);
}

/** Changes one e-mail of a contact, or adds one when `emailId` is null. */
export async function writeEmail(
  options: WriteOptions,
  contactId: number,
  emailId: number | null,
  body: EmailBody,
): Promise<void> {
  if (emailId === null) await added(options, `/customer_contacts/${contactId}/customer_emails`, body);
  else await changed(options, `/customer_emails/${emailId}`, body);
}

/** Changes one telephone of a contact, or adds one when `telephoneId` is null. */
export async function writeTelephone(
  options: WriteOptions,
  contactId: number,
  telephoneId: number | null,
  body: TelephoneBody,
): Promise<void> {
  if (telephoneId === null) await added(options, `/customer_contacts/${contactId}/customer_telephones`, body);
  else await changed(options, `/customer_telephones/${telephoneId}`, body);
}

async function created({ client, ...request }: WriteOptions, path: string, body: object): Promise<number> {
  const answer = await client.post(path, body, request);
  try {
    const id = integer(asRow(answer), 'id');
    if (id !== null && id > 0) return id;
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
  }
  // it may well have been made: what there is must be looked for
  throw badAnswer(`Sage's answer to ${path} has no id.`);
}

async function added({ client, ...request }: WriteOptions, path: string, body: object): Promise<void> {
  await client.post(path, body, request);
}

async function changed({ client, ...request }: WriteOptions, path: string, body: object): Promise<void> {
  await client.put(path, body, request);
}
