import { contentHash } from '../sync/content-hash.js';

/** A contact as The Layer sends it. Null: not stated. */
export interface ContactDocument {
  layerId: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  telephone: string | null;
}

export interface AddressDocument {
  line1: string | null;
  line2: string | null;
  line3: string | null;
  line4: string | null;
  city: string | null;
  county: string | null;
  postcode: string | null;
  countryCode: string | null;
}

/**
 * A customer as The Layer sends it, checked and tidied (see checkCustomer): the payload of its push. Null is "not stated", and never
 * "erase".
 */
export interface CustomerDocument {
  layerId: string;
  name: string;
  email: string | null;
  website: string | null;
  telephone: string | null;
  fax: string | null;
  vatNumber: string | null;
  address: AddressDocument | null;
  currency: string | null;
  accountNumber: string | null;
  /** By their ids. */
  contacts: ContactDocument[] | null;
  subCompanyLayerId: string | null;
  /** Set when the account is wanted in this very company, whatever the sub-company is mapped to. */
  companyId: number | null;
}

/** Of what is stated, not of where it goes: the same content for the same company is the same push. */
export function customerHash({ subCompanyLayerId: _sub, companyId: _company, ...content }: CustomerDocument): string {
  const { contacts, address, ...plain } = content;
  return contentHash([
    Object.entries(plain).sort(byKey),
    address && Object.entries(address).sort(byKey),
    contacts && contacts.map((contact) => Object.entries(contact).sort(byKey)),
  ]);
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : Number(a > b));

export function parseCustomerDocument(payload: string | null): CustomerDocument {
  if (payload === null) throw new Error('A customer’s push has no payload.');
  return JSON.parse(payload) as CustomerDocument;
}
