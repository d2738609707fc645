import { flag, requiredInteger, type Row, rows, text } from './decode.js';
import { pageReader } from './page-reader.js';
import { readPages } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';

export interface ContactDetail {
  /** Null when Sage names only the contact's default, without its record: that can be read, but not be changed. */
  id: number | null;
  /** The e-mail, or the full number. */
  value: string;
  isDefault: boolean;
}

/** A contact with the ids of its e-mails and telephones, which are written one by one (sage200.md §3.3). */
export interface ContactRecord {
  id: number;
  firstName: string;
  lastName: string;
  emails: ContactDetail[];
  telephones: ContactDetail[];
}

const readContactPage = pageReader<ContactRecord>({
  path: '/customer_contacts',
  expand: 'emails,telephones',
  decode: contactOf,
});

/** Every contact of an account, by id. */
export async function listContacts(
  client: SageClient,
  company: SageCompanyRef,
  customerId: number,
  signal?: AbortSignal,
): Promise<ContactRecord[]> {
  const contacts: ContactRecord[] = [];
  const read = readPages((request) => readContactPage(client, company, request), {
    top: 500,
    signal,
    from: { customerId },
  });
  for await (const page of read) contacts.push(...page.rows);
  return contacts;
}

function contactOf(row: Row): ContactRecord {
  return {
    id: requiredInteger(row, 'id'),
    firstName: (text(row, 'first_name') ?? '').trim(),
    lastName: (text(row, 'last_name') ?? '').trim(),
    emails: rows(row, 'emails')
      .map((email) => detailOf(email, text(email, 'email') ?? ''))
      .concat(defaultOf(row, 'emails', 'default_email')),
    telephones: rows(row, 'telephones')
      .map((telephone) => detailOf(telephone, numberOf(telephone)))
      .concat(defaultOf(row, 'telephones', 'default_telephone')),
  };
}

/** Where the expansion brought no list, the contact's own row still tells its default. */
function defaultOf(row: Row, list: 'emails' | 'telephones', field: string): ContactDetail[] {
  const value = (text(row, field) ?? '').trim();
  return rows(row, list).length > 0 || value === '' ? [] : [{ id: null, value, isDefault: true }];
}

function detailOf(row: Row, value: string): ContactDetail {
  return { id: requiredInteger(row, 'id'), value: value.trim(), isDefault: flag(row, 'is_default') };
}

function numberOf(row: Row): string {
  const parts = ['country_code', 'area_code', 'subscriber_number'].map((name) => (text(row, name) ?? '').trim());
  const joined = parts.filter((part) => part !== '').join(' ');
  return joined === '' ? (text(row, 'full_number') ?? '') : joined;
}
