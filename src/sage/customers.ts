import { type ListResource, type PageRequest, readPage, type SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import {
  child,
  flag,
  optionalDecimal,
  optionalInstant,
  optionalText,
  requiredDecimal,
  requiredId,
  requiredText,
  rows,
  text,
  type WireRow,
} from './wire.js';

export interface SageAddress {
  line1: string;
  line2: string;
  line3: string;
  line4: string;
  city: string;
  county: string;
  postcode: string;
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

/** A customer of Sage's sales ledger (sage200.md §3.1). Amounts are decimal text in the customer's currency. */
export interface SageCustomer {
  id: number;
  reference: string;
  name: string;
  shortName: string | null;
  balance: string;
  /** "0": no limit. */
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
  updatedAt: string | null;
}

const CUSTOMERS: ListResource<SageCustomer> = {
  path: '/customers',
  expand: 'contacts,main_address',
  decode: decodeCustomer,
};

export function readCustomers(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<SageCustomer>> {
  return readPage(client, company, CUSTOMERS, request);
}

const BALANCES: ListResource<{ id: number; balance: string }> = {
  path: '/customers',
  select: 'id,balance',
  decode: (row) => ({ id: requiredId(row, 'id'), balance: requiredDecimal(row, 'balance') }),
};

/** Only ids and balances: what moves without the customer's `date_time_updated` moving. */
export function readBalances(
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
): Promise<SagePage<{ id: number; balance: string }>> {
  return readPage(client, company, BALANCES, request);
}

function decodeCustomer(row: WireRow): SageCustomer {
  return {
    id: requiredId(row, 'id'),
    reference: requiredText(row, 'reference'),
    name: requiredText(row, 'name'),
    shortName: optionalText(row, 'short_name'),
    balance: requiredDecimal(row, 'balance'),
    creditLimit: optionalDecimal(row, 'credit_limit') ?? '0',
    onHold: flag(row, 'on_hold'),
    statusReason: optionalText(row, 'status_reason'),
    isActive: text(row, 'account_status_type') !== 'AccountStatusHidden',
    currencyId: requiredId(row, 'currency_id'),
    telephone: joinNumber(row, 'telephone'),
    fax: joinNumber(row, 'fax'),
    website: optionalText(row, 'website'),
    vatNumber: optionalText(row, 'vat_number'),
    address: decodeAddress(child(row, 'main_address')),
    contacts: rows(row, 'contacts').map(decodeContact),
    updatedAt: optionalInstant(row, 'date_time_updated'),
  };
}

function joinNumber(row: WireRow, kind: 'telephone' | 'fax'): string | null {
  const parts = ['country_code', 'area_code', 'subscriber_number'].map((part) => text(row, `${kind}_${part}`).trim());
  return parts.filter((part) => part !== '').join(' ') || null;
}

function decodeAddress(row: WireRow | null): SageAddress | null {
  if (!row) return null;
  return {
    line1: text(row, 'address_1'),
    line2: text(row, 'address_2'),
    line3: text(row, 'address_3'),
    line4: text(row, 'address_4'),
    city: text(row, 'city'),
    county: text(row, 'county'),
    postcode: text(row, 'postcode'),
  };
}

function decodeContact(row: WireRow): SageContact {
  return {
    id: requiredId(row, 'id'),
    firstName: optionalText(row, 'first_name'),
    lastName: optionalText(row, 'last_name'),
    name: optionalText(row, 'name'),
    email: optionalText(row, 'default_email'),
    telephone: optionalText(row, 'default_telephone'),
    isDefault: flag(row, 'is_default'),
  };
}
