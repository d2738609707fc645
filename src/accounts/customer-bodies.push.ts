import { splitTelephone } from '../common/telephone.js';
import type { ContactDocument, CustomerDocument } from '../customers/customer-document.js';
import type { AddressBody, CustomerBody } from '../sage/customer-record.js';
import type { ContactBody, TelephoneBody } from '../sage/customer-writer.js';

/** The customer's own fields as Sage names them: what is not stated is left out, and so stays as it is. Pure. */
export function customerBody(document: CustomerDocument, countryId: number | null): CustomerBody {
  const { name, website, vatNumber, telephone, fax } = document;
  const address = addressBody(document, countryId);
  return {
    name,
    ...(website !== null && { website }),
    ...(vatNumber !== null && { vat_number: vatNumber }),
    ...numberBody(telephone, 'telephone'),
    ...numberBody(fax, 'fax'),
    ...(countryId !== null && { country_code_id: countryId }),
    ...(Object.keys(address).length > 0 && { main_address: address }),
  };
}

export function contactBody({ firstName, lastName, email, telephone }: ContactDocument): ContactBody {
  return {
    ...(firstName !== null && { first_name: firstName }),
    ...(lastName !== null && { last_name: lastName }),
    ...(email !== null && { emails: [{ email, is_default: true }] }),
    ...(telephone !== null && { telephones: [{ ...telephoneBody(telephone), is_default: true }] }),
  };
}

/** All three parts, the empty ones too: they stand in place of others. */
export function telephoneBody(telephone: string): TelephoneBody {
  const parts = splitTelephone(telephone);
  if (!parts) throw new Error('A telephone that does not fit was let through.');
  return { country_code: parts.countryCode, area_code: parts.areaCode, subscriber_number: parts.subscriberNumber };
}

function numberBody(number: string | null, kind: 'telephone' | 'fax'): CustomerBody {
  if (number === null) return {};
  return Object.fromEntries(Object.entries(telephoneBody(number)).map(([name, part]) => [`${kind}_${name}`, part]));
}

function addressBody({ address }: CustomerDocument, countryId: number | null): AddressBody {
  const texts: [string, string | null | undefined][] = [
    ['address_1', address?.line1],
    ['address_2', address?.line2],
    ['address_3', address?.line3],
    ['address_4', address?.line4],
    ['city', address?.city],
    ['county', address?.county],
    ['postcode', address?.postcode],
  ];
  return {
    ...Object.fromEntries(texts.filter(([, value]) => value != null)),
    ...(countryId !== null && { address_country_code_id: countryId }),
  };
}
