import { isCountryCode } from '../common/country.js';
import { unsupportedCharacter } from '../common/sage-text.js';
import { MAX_TELEPHONE_LENGTH, splitTelephone } from '../common/telephone.js';
import type { UserError } from '../common/user-error.type.js';
import type { AddressDocument, ContactDocument, CustomerDocument } from './customer-document.js';
import { layerIdFault } from './store-customer.js';

type Optional<T> = { [K in keyof T]?: T[K] | null };

/** What pushCustomer is handed. */
export interface CustomerToCheck extends Optional<Omit<CustomerDocument, 'layerId' | 'name' | 'address' | 'contacts'>> {
  layerId: string;
  name: string;
  address?: Optional<AddressDocument> | null;
  contacts?: (Optional<ContactDocument> & { layerId: string })[] | null;
}

/** As Sage holds them (sage200.md §3.1, §3.3). What is longer is refused and not cut: a cut name is another name. */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  name: 60,
  email: 227,
  website: 200,
  telephone: MAX_TELEPHONE_LENGTH,
  fax: MAX_TELEPHONE_LENGTH,
  vatNumber: 30,
  accountNumber: 8,
  line1: 60,
  line2: 60,
  line3: 60,
  line4: 60,
  city: 60,
  county: 60,
  postcode: 10,
  firstName: 60,
  lastName: 60,
};
const MAX_CONTACTS = 200;
const EMAIL = /^[^\s@<>(),;:"[\]]+@[^\s@<>(),;:"[\]]+\.[^\s@<>(),;:"[\].]+$/;
const ACCOUNT_NUMBER = /^[A-Z0-9]+$/;

export type CheckedCustomer = { document: CustomerDocument; faults: null } | { document: null; faults: UserError[] };

/** Checks a customer against what Sage can hold, and tidies it: blanks at the ends go, and what is empty is not stated. Pure. */
export function checkCustomer(input: CustomerToCheck): CheckedCustomer {
  const check = new Check();
  const document: CustomerDocument = {
    layerId: input.layerId,
    name: check.text(input.name, ['name']) ?? '',
    email: check.email(input.email, ['email']),
    website: check.text(input.website, ['website']),
    telephone: check.telephone(input.telephone, ['telephone']),
    fax: check.telephone(input.fax, ['fax']),
    vatNumber: check.text(input.vatNumber, ['vatNumber']),
    address: input.address ? checkAddress(check, input.address) : null,
    currency: input.currency ?? null,
    accountNumber: checkAccountNumber(check, input.accountNumber),
    contacts: input.contacts ? checkContacts(check, input.contacts) : null,
    subCompanyLayerId: input.subCompanyLayerId ?? null,
    companyId: null,
  };
  check.id(input.layerId, ['layerId']);
  if (document.subCompanyLayerId !== null) check.id(document.subCompanyLayerId, ['subCompanyLayerId']);
  if (document.name === '' && !check.hasFault('name'))
    check.add('REQUIRED', 'A customer needs a name.', 'Fill in the name.', ['name']);
  return check.faults.length > 0 ? { document: null, faults: check.faults } : { document, faults: null };
}

function checkAddress(check: Check, address: Optional<AddressDocument>): AddressDocument | null {
  const text = (name: keyof AddressDocument) => check.text(address[name], ['address', name]);
  const checked: AddressDocument = {
    line1: text('line1'),
    line2: text('line2'),
    line3: text('line3'),
    line4: text('line4'),
    city: text('city'),
    county: text('county'),
    postcode: text('postcode'),
    countryCode: text('countryCode')?.toUpperCase() ?? null,
  };
  if (checked.countryCode !== null && !isCountryCode(checked.countryCode)) {
    check.add(
      'INVALID_COUNTRY_CODE',
      `"${checked.countryCode.slice(0, 20)}" is no country code.`,
      'Use the two letters of ISO 3166-1, e.g. GB.',
      ['address', 'countryCode'],
    );
  }
  return Object.values(checked).every((value) => value === null) ? null : checked;
}

function checkAccountNumber(check: Check, value: string | null | undefined): string | null {
  const number = check.text(value, ['accountNumber'])?.toUpperCase() ?? null;
  if (number !== null && !ACCOUNT_NUMBER.test(number) && !check.hasFault('accountNumber')) {
    check.add(
      'INVALID_ACCOUNT_NUMBER',
      `"${number}" is no account number.`,
      'Use letters A to Z and digits only, at most 8; or leave it out, and one is made from the name.',
      ['accountNumber'],
    );
  }
  return number;
}

function checkContacts(check: Check, contacts: readonly (Optional<ContactDocument> & { layerId: string })[]) {
  if (contacts.length > MAX_CONTACTS) {
    check.add(
      'TOO_MANY',
      `A customer has at most ${MAX_CONTACTS} contacts.`,
      'Leave out those that Sage need not have.',
      ['contacts'],
    );
    return null;
  }
  const seen = new Set<string>();
  const checked = contacts.map((contact, index): ContactDocument => {
    const path = (name: string) => ['contacts', String(index), name];
    check.id(contact.layerId, path('layerId'));
    if (seen.has(contact.layerId)) {
      check.add(
        'DUPLICATE_CONTACT',
        `Contact ${contact.layerId} is listed twice.`,
        'List each contact once.',
        path('layerId'),
      );
    }
    seen.add(contact.layerId);
    const document = {
      layerId: contact.layerId,
      firstName: check.text(contact.firstName, path('firstName')),
      lastName: check.text(contact.lastName, path('lastName')),
      email: check.email(contact.email, path('email')),
      telephone: check.telephone(contact.telephone, path('telephone')),
    };
    if (document.firstName === null && document.lastName === null && document.email === null) {
      check.add('REQUIRED', 'A contact needs a name or an e-mail.', 'Fill in one of them.', [
        'contacts',
        String(index),
      ]);
    }
    return document;
  });
  return checked.sort((a, b) => (a.layerId < b.layerId ? -1 : Number(a.layerId > b.layerId)));
}

/** The faults found, each with the path of its field. */
class Check {
  readonly faults: UserError[] = [];

  add(code: string, message: string, remedy: string, field: string[]): void {
    this.faults.push({ code, message, remedy, field });
  }

  hasFault(name: string): boolean {
    return this.faults.some(({ field }) => field?.at(-1) === name);
  }

  id(layerId: string, field: string[]): void {
    const fault = layerIdFault(layerId);
    if (fault === null) return;
    this.add(
      'INVALID_LAYER_ID',
      `This id ${fault}.`,
      "Pass The Layer's id: 1 to 64 characters, no blanks at its ends.",
      field,
    );
  }

  text(value: string | null | undefined, field: string[]): string | null {
    const text = value?.normalize('NFC').trim() ?? '';
    if (text === '') return null;
    const limit = MAX_LENGTHS[field.at(-1) ?? ''];
    const unsupported = unsupportedCharacter(text);
    if (unsupported !== null) {
      const message = `Sage cannot hold the character ${unsupported}.`;
      this.add('UNSUPPORTED_CHARACTER', message, 'Leave out emoji, line breaks and control characters.', field);
    } else if (limit !== undefined && text.length > limit) {
      this.tooLong(limit, field);
    }
    return text;
  }

  email(value: string | null | undefined, field: string[]): string | null {
    const email = this.text(value, field);
    if (email !== null && !EMAIL.test(email))
      this.add(
        'INVALID_EMAIL',
        'This is no e-mail address.',
        'Write one address, such as accounts@example.com.',
        field,
      );
    return email;
  }

  telephone(value: string | null | undefined, field: string[]): string | null {
    const telephone = this.text(value, field);
    if (telephone !== null && telephone.length <= MAX_TELEPHONE_LENGTH && splitTelephone(telephone) === null)
      this.tooLong(MAX_TELEPHONE_LENGTH, field);
    return telephone;
  }

  private tooLong(limit: number, field: string[]): void {
    this.add('TOO_LONG', `Sage holds at most ${limit} characters here.`, 'Shorten it in The Layer.', field);
  }
}
