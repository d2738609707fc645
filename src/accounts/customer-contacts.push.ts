import { isSameTelephone } from '../common/telephone.js';
import type { ContactDocument, CustomerDocument } from '../customers/customer-document.js';
import type { ContactRecord } from '../sage/customer-contacts.js';
import type { ContactLink } from './contact-links.js';
import { telephoneBody } from './customer-bodies.push.js';
import { type CustomerFacts, stepKey } from './customer-facts.push.js';
import {
  ACCOUNTS_CONTACT,
  findContact,
  hasEmail,
  hasTelephone,
  isSameName,
  wantedContacts,
} from './wanted-contacts.js';

/** What is known when contacts are compared. */
export interface ContactsSeen {
  companyId: number;
  accountId: number;
  document: CustomerDocument;
  /** As Sage has them now. */
  records: readonly ContactRecord[];
  links: ReadonlyMap<string, ContactLink>;
  /** Keys of the steps that Sage has taken. */
  done: ReadonlySet<string>;
}

export interface ContactsPlan {
  /** Contacts that stand in Sage and were not known to: to be remembered. */
  found: ContactLink[];
  next: CustomerFacts | null;
}

/** Which contacts stand in Sage, and what is to be sent next. Contacts that are not stated are left alone. Pure. */
export function planContacts(seen: ContactsSeen): ContactsPlan {
  const wanted = wantedContacts(seen.document, seen.records);
  const { standing, found } = standingContacts(wanted, seen);
  const taken = [...standing.values()].map(({ record }) => record.id);
  for (const contact of wanted) {
    const at = standing.get(contact.layerId);
    const steps: CustomerFacts[] = at
      ? partsOf(contact, at.record, at.link, seen)
      : [{ step: 'CONTACT', companyId: seen.companyId, accountId: seen.accountId, contact, taken }];
    const next = steps.find((facts) => !seen.done.has(stepKey(facts)));
    if (next) return { found, next };
  }
  return { found, next: null };
}

function standingContacts(wanted: readonly ContactDocument[], { records, links }: ContactsSeen) {
  const standing = new Map<string, { record: ContactRecord; link: ContactLink }>();
  const found: ContactLink[] = [];
  const free = new Map(records.map((record) => [record.id, record]));
  // one that is linked is nobody else's, also when The Layer no longer states it
  for (const link of links.values()) {
    const record = free.get(link.sageContactId);
    if (!record) continue;
    free.delete(record.id);
    standing.set(link.contactLayerId, { record, link });
  }
  for (const contact of wanted) {
    if (standing.has(contact.layerId)) continue;
    const record = findContact(contact, [...free.values()]);
    if (!record) continue;
    free.delete(record.id);
    const { email, telephone } = contact;
    const link = {
      contactLayerId: contact.layerId,
      sageContactId: record.id,
      email: email !== null && hasEmail(record, email) ? email : null,
      telephone: telephone !== null && hasTelephone(record, telephone) ? telephone : null,
    };
    standing.set(contact.layerId, { record, link });
    found.push(link);
  }
  return { standing, found };
}

/** The parts of a contact that Sage has otherwise, one request each. */
function partsOf(
  contact: ContactDocument,
  record: ContactRecord,
  link: ContactLink,
  { companyId, accountId }: ContactsSeen,
): CustomerFacts[] {
  const of = { companyId, accountId, contactLayerId: contact.layerId, contactId: record.id };
  const { firstName, lastName, email, telephone } = contact;
  const parts: CustomerFacts[] = [];
  if (contact.layerId !== ACCOUNTS_CONTACT && !isSameName(mergedName(contact, record), record)) {
    const body = {
      ...(firstName !== null && firstName !== record.firstName && { first_name: firstName }),
      ...(lastName !== null && lastName !== record.lastName && { last_name: lastName }),
    };
    parts.push({ step: 'NAME', ...of, body });
  }
  if (email !== null && !hasEmail(record, email)) {
    const detailId = idOfValue(record.emails, link.email);
    const body = { email, ...(detailId === null && { is_default: true }) };
    parts.push({ step: 'EMAIL', ...of, detailId, value: email, body });
  }
  if (telephone !== null && !hasTelephone(record, telephone)) {
    const own = record.telephones.find(
      ({ value }) => link.telephone !== null && isSameTelephone(value, link.telephone),
    );
    const detailId = own?.id ?? null;
    const body = { ...telephoneBody(telephone), ...(detailId === null && { is_default: true }) };
    parts.push({ step: 'TELEPHONE', ...of, detailId, value: telephone, body });
  }
  return parts;
}

/** A part of the name that is not stated stays as Sage has it. */
const mergedName = (contact: ContactDocument, record: ContactRecord): ContactDocument => ({
  ...contact,
  firstName: contact.firstName ?? record.firstName,
  lastName: contact.lastName ?? record.lastName,
});

function idOfValue(details: ContactRecord['emails'], value: string | null): number | null {
  if (value === null) return null;
  return details.find((detail) => detail.value.toLowerCase() === value.toLowerCase())?.id ?? null;
}
