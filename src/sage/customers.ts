import {
  decimal,
  flag,
  instant,
  nested,
  requiredDecimal,
  requiredInteger,
  requiredText,
  type Row,
  rows,
  text,
} from './decode.js';
import { pageReader } from './page-reader.js';

export interface SageAddress {
  line1: string | null;
  line2: string | null;
  line3: string | null;
  line4: string | null;
  city: string | null;
  county: string | null;
  postcode: string | null;
}

export interface SageContact {
  id: number;
  firstName: string | null;
  lastName: string | null;
  name: string | null;
  email: string | null;
  telephone: string | null;
  isDefault: boolean;
}

export interface SageCustomer {
  id: number;
  /** The account number as Sage has it, blanks kept. */
  reference: string;
  name: string;
  shortName: string | null;
  /** Decimal text in the account's currency: what the customer owes. */
  balance: string;
  /** Decimal text; "0" is no limit, and what an absent one is taken for (sage200.md §3.1). */
  creditLimit: string;
  onHold: boolean;
  statusReason: string | null;
  isActive: boolean;
  currencyId: number;
  telephone: string | null;
  fax: string | null;
  website: string | null;
  vatNumber: string | null;
  address: SageAddress | null;
  contacts: SageContact[];
  /** ISO 8601 with Z and milliseconds. */
  updatedAt: string | null;
}

/** Ledger accounts with contacts and main address (sage200.md §3.1, §3.3). */
export const readCustomers = pageReader<SageCustomer>({
  path: '/customers',
  expand: 'contacts,main_address',
  decode: customerOf,
});

/** Only ids and balances: a balance moves without the customer's `date_time_updated` moving. */
export const readBalances = pageReader<{ id: number; balance: string }>({
  path: '/customers',
  select: 'id,balance',
  decode: (row) => ({ id: requiredInteger(row, 'id'), balance: requiredDecimal(row, 'balance') }),
});

export function customerOf(row: Row): SageCustomer {
  return {
    id: requiredInteger(row, 'id'),
    reference: requiredText(row, 'reference'),
    name: requiredText(row, 'name'),
    shortName: text(row, 'short_name'),
    balance: requiredDecimal(row, 'balance'),
    creditLimit: decimal(row, 'credit_limit') ?? '0',
    onHold: flag(row, 'on_hold'),
    statusReason: text(row, 'status_reason'),
    isActive: (text(row, 'account_status_type') ?? 'AccountStatusActive') === 'AccountStatusActive',
    currencyId: requiredInteger(row, 'currency_id'),
    telephone: joined(row, 'telephone'),
    fax: joined(row, 'fax'),
    website: text(row, 'website'),
    vatNumber: text(row, 'vat_number'),
    address: addressOf(nested(row, 'main_address')),
    contacts: rows(row, 'contacts').map(contactOf),
    updatedAt: instant(row, 'date_time_updated'),
  };
}

/** A number comes in three parts, each of which may be blank. */
function joined(row: Row, kind: 'telephone' | 'fax'): string | null {
  const parts = [
    text(row, `${kind}_country_code`),
    text(row, `${kind}_area_code`),
    text(row, `${kind}_subscriber_number`),
  ];
  const number = parts
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
  return number === '' ? null : number;
}

function addressOf(address: Row | null): SageAddress | null {
  if (address === null) return null;
  return {
    line1: text(address, 'address_1'),
    line2: text(address, 'address_2'),
    line3: text(address, 'address_3'),
    line4: text(address, 'address_4'),
    city: text(address, 'city'),
    county: text(address, 'county'),
    postcode: text(address, 'postcode'),
  };
}

function contactOf(contact: Row): SageContact {
  return {
    id: requiredInteger(contact, 'id'),
    firstName: text(contact, 'first_name'),
    lastName: text(contact, 'last_name'),
    name: text(contact, 'name'),
    email: text(contact, 'default_email') ?? defaultOf(contact, 'emails', 'email'),
    telephone: text(contact, 'default_telephone') ?? defaultOf(contact, 'telephones', 'full_number'),
    isDefault: flag(contact, 'is_default'),
  };
}

function defaultOf(contact: Row, list: 'emails' | 'telephones', field: string): string | null {
  const entries = rows(contact, list);
  const entry = entries.find((candidate) => flag(candidate, 'is_default')) ?? entries[0];
  return entry ? text(entry, field) : null;
}
