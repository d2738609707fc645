import { isSameTelephone } from '../common/telephone.js';
import type { ContactDocument, CustomerDocument } from '../customers/customer-document.js';

/** A contact as it stands in Sage, as far as telling contacts apart needs it. */
export interface StandingContact {
  id: number;
  firstName: string;
  lastName: string;
  emails: readonly { value: string }[];
  telephones: readonly { value: string }[];
}

/** Sage's customer has no e-mail field: the customer's own belongs to a contact, and without one to this (sage200.md §3.1). */
const ACCOUNTS_NAME = 'Accounts';
/** The id under which that contact is remembered: no contact of The Layer has it. */
export const ACCOUNTS_CONTACT = '';

/** The contacts that the customer is to have in Sage: those that are stated, and one for the customer's e-mail where no contact has it. Pure. */
export function wantedContacts(document: CustomerDocument, standing: readonly StandingContact[]): ContactDocument[] {
  const contacts = document.contacts ?? [];
  const { email } = document;
  const accounts = { layerId: ACCOUNTS_CONTACT, firstName: ACCOUNTS_NAME, lastName: null, email, telephone: null };
  const isCarried =
    email === null ||
    contacts.some((contact) => contact.email !== null && isSameEmail(contact.email, email)) ||
    standing.some((contact) => hasEmail(contact, email) && !isSameName(accounts, contact));
  return isCarried ? contacts : [...contacts, accounts];
}

/** The contact that is meant, of those that are nobody else's: by name and e-mail, by name, or without a name by e-mail. Pure. */
export function findContact<T extends StandingContact>(wanted: ContactDocument, contacts: readonly T[]): T | null {
  const { email } = wanted;
  const named = contacts.filter((contact) => isSameName(wanted, contact));
  if (nameOf(wanted) !== '') {
    return named.find((contact) => email !== null && hasEmail(contact, email)) ?? named[0] ?? null;
  }
  return contacts.find((contact) => email !== null && hasEmail(contact, email)) ?? null;
}

export function isSameName(wanted: ContactDocument, contact: StandingContact): boolean {
  return nameOf(wanted).toLowerCase() === nameOf(contact).toLowerCase();
}

export function hasEmail(contact: StandingContact, email: string): boolean {
  return contact.emails.some(({ value }) => isSameEmail(value, email));
}

export function hasTelephone(contact: StandingContact, telephone: string): boolean {
  return contact.telephones.some(({ value }) => isSameTelephone(value, telephone));
}

const isSameEmail = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

const nameOf = ({ firstName, lastName }: { firstName: string | null; lastName: string | null }) =>
  [firstName, lastName]
    .map((part) => part?.normalize('NFC').trim() ?? '')
    .filter((part) => part !== '')
    .join(' ')
    .replace(/\s+/g, ' ');
