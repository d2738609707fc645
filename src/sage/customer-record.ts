import { isSameTelephone } from '../common/telephone.js';
import { asRow, integer, nested, requiredInteger, requiredText, type Row, RowFault, text } from './decode.js';
import { odataText, type Query } from './odata.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer } from './sage-error.js';

/** The three columns of a number, or none of them. */
type NumberFields<Kind extends 'telephone' | 'fax'> = {
  [K in `${Kind}_${'country_code' | 'area_code' | 'subscriber_number'}`]?: string;
};

export interface AddressBody {
  address_1?: string;
  address_2?: string;
  address_3?: string;
  address_4?: string;
  city?: string;
  county?: string;
  postcode?: string;
  address_country_code_id?: number;
}

/**
 * The fields of a customer that the gateway writes, named as Sage names them: it ignores others in silence (sage200.md §1.6). What is
 * left out stays as it is in Sage.
 */
export interface CustomerBody extends NumberFields<'telephone'>, NumberFields<'fax'> {
  name?: string;
  website?: string;
  vat_number?: string;
  country_code_id?: number;
  main_address?: AddressBody;
}

/** An account's own record, as Sage has it now. */
export interface CustomerRecord {
  id: number;
  reference: string;
  name: string;
  row: Row;
}

/** Null when Sage has no such account. */
export async function readCustomerRecord(
  client: SageClient,
  company: SageCompanyRef,
  id: number,
  signal?: AbortSignal,
): Promise<CustomerRecord | null> {
  const records = await readRecords(client, company, `id eq ${id}`, signal);
  return records.find((record) => record.id === id) ?? null;
}

/** The accounts with this number; Sage compares without regard to case, and so does the answer. */
export async function findCustomersByReference(
  client: SageClient,
  company: SageCompanyRef,
  reference: string,
  signal?: AbortSignal,
): Promise<CustomerRecord[]> {
  const records = await readRecords(client, company, `reference eq ${odataText(reference)}`, signal);
  return records.filter((record) => record.reference.trim().toUpperCase() === reference.toUpperCase());
}

async function readRecords(
  client: SageClient,
  company: SageCompanyRef,
  filter: string,
  signal?: AbortSignal,
): Promise<CustomerRecord[]> {
  const query: Query = { $filter: filter, $expand: 'main_address', $orderby: 'id asc', $top: 20 };
  const answer = await client.list('/customers', { company, query, signal });
  try {
    return answer.map((value) => {
      const row = asRow(value);
      return {
        id: requiredInteger(row, 'id'),
        reference: requiredText(row, 'reference'),
        name: requiredText(row, 'name'),
        row,
      };
    });
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`A customer of Sage's cannot be read: ${error.message}.`);
    throw error;
  }
}

/** Of what is wanted, what Sage has otherwise; empty when nothing differs. Pure. */
export function differenceFrom(record: CustomerRecord, wanted: CustomerBody): CustomerBody {
  const { main_address: address, ...fields } = wanted;
  const plain = Object.entries(fields).filter(([name]) => !/^(telephone|fax)_/.test(name));
  const addressFields = Object.entries(address ?? {});
  const recordAddress = nested(record.row, 'main_address') ?? {};
  const differingAddress = addressFields.filter(([name, value]) => !isSame(recordAddress, name, value));
  return {
    ...Object.fromEntries(plain.filter(([name, value]) => !isSame(record.row, name, value))),
    ...numberDifference(record.row, fields, 'telephone'),
    ...numberDifference(record.row, fields, 'fax'),
    ...(differingAddress.length > 0 && { main_address: Object.fromEntries(differingAddress) }),
  };
}

function isSame(row: Row, name: string, value: string | number): boolean {
  if (typeof value === 'number') return integer(row, name) === value;
  return (text(row, name) ?? '').normalize('NFC').trim() === value;
}

/** A number differs as a whole: its parts may be cut otherwise. */
function numberDifference(row: Row, wanted: object, kind: 'telephone' | 'fax'): object {
  const names = ['country_code', 'area_code', 'subscriber_number'].map((part) => `${kind}_${part}`);
  const parts = Object.entries(wanted).filter(([name]) => names.includes(name)) as [string, string][];
  if (parts.length === 0) return {};
  const has = names.map((name) => text(row, name) ?? '').join(' ');
  return isSameTelephone(has, parts.map(([, value]) => value).join(' ')) ? {} : Object.fromEntries(parts);
}
