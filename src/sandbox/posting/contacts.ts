// Contacts and their e-mails, numbers and websites: written with the customer, alone, or one by one.
import { Refusal } from '../ledger/refusal.js';
import { DETAIL_KINDS, detailPlural, type DetailKind } from '../resources/contacts.js';
import { boolean, integer, text, type Field } from '../resources/field.js';
import { listOf, readValues, type Body, type Values } from './input.js';
import { deleteRow, exists, insertRow, updateRow } from './row-writer.js';
import { stampOf, type PostingContext } from './posting-context.js';

// `name`, `default_telephone`, `default_email` and `is_default` are read-only: sent, they are ignored (sage200.md §1.6).
const CONTACT_FIELDS = [
  integer('salutation_id'),
  text('first_name', 60),
  text('middle_name', 60),
  text('last_name', 60),
];
const NUMBER_FIELDS = [text('country_code', 5), text('area_code', 20), text('subscriber_number', 200)];
const ID_FIELDS = [integer('id'), boolean('is_to_delete')];

export function createContact(context: PostingContext, customerId: number, body: Body): number {
  if (!exists(context, 'customers', customerId)) throw new Refusal('The requested resource was not found.', 404);
  const [hasOther] = context.ledger.column('select 1 from contacts where company_id = ? and customer_id = ? limit 1', [
    context.companyId,
    customerId,
  ]);
  const values = readValues(CONTACT_FIELDS, body);
  const id = insertRow(context, 'contacts', {
    first_name: '',
    middle_name: '',
    last_name: '',
    ...withoutNulls(values),
    customer_id: customerId,
    is_default: hasOther ? 0 : 1,
  });
  writeDetails(context, id, body);
  return id;
}

export function updateContact(context: PostingContext, contactId: number, body: Body): void {
  updateRow(context, 'contacts', contactId, readValues(CONTACT_FIELDS, body));
  writeDetails(context, contactId, body);
}

export function deleteContact(context: PostingContext, contactId: number): void {
  deleteRow(context, 'contacts', contactId);
  for (const table of ['contact_details', 'contact_roles']) {
    context.ledger.run(`delete from ${table} where company_id = ? and contact_id = ?`, context.companyId, contactId);
  }
}

/** The contacts in a customer's body: known by id they are changed, without one they are new, `is_to_delete` removes. */
export function writeContacts(context: PostingContext, customerId: number, body: Body): void {
  for (const item of listOf(body, 'contacts')) {
    const { id, is_to_delete: isToDelete } = readValues(ID_FIELDS, item);
    if (typeof id !== 'number' || id === 0) createContact(context, customerId, item);
    else {
      checkOwner(context, 'contacts', id, 'customer_id', customerId);
      if (isToDelete) deleteContact(context, id);
      else updateContact(context, id, item);
    }
  }
}

function writeDetails(context: PostingContext, contactId: number, body: Body): void {
  for (const kind of DETAIL_KINDS) {
    for (const item of listOf(body, detailPlural(kind))) {
      const { id, is_to_delete: isToDelete } = readValues(ID_FIELDS, item);
      if (typeof id !== 'number' || id === 0) createDetail(context, kind, contactId, item);
      else {
        checkOwner(context, 'contact_details', id, 'contact_id', contactId);
        if (isToDelete) deleteRow(context, 'contact_details', id);
        else updateDetail(context, kind, id, item);
      }
    }
  }
}

function checkOwner(context: PostingContext, table: string, id: number, column: string, owner: number): void {
  const [found] = context.ledger.column<number>(`select ${column} from ${table} where company_id = ? and id = ?`, [
    context.companyId,
    id,
  ]);
  if (found !== owner) throw new Refusal(`The record with id ${id} was not found.`);
}

export function createDetail(context: PostingContext, kind: DetailKind, contactId: number, body: Body): number {
  if (!exists(context, 'contacts', contactId)) throw new Refusal('The requested resource was not found.', 404);
  const [hasOther] = context.ledger.column(
    'select 1 from contact_details where company_id = ? and contact_id = ? and kind = ? limit 1',
    [context.companyId, contactId, kind],
  );
  const values = detailValues(kind, body, {});
  const isDefault = values['is_default'] ?? (hasOther ? 0 : 1);
  if (isDefault) clearDefault(context, kind, contactId);
  const id = insertRow(context, 'contact_details', { ...values, contact_id: contactId, kind, is_default: isDefault });
  touchContact(context, contactId);
  return id;
}

export function updateDetail(context: PostingContext, kind: DetailKind, id: number, body: Body): void {
  const old = context.ledger.row<Values>(
    'select contact_id, value, country_code, area_code, subscriber_number from contact_details where company_id = ? and id = ? and kind = ?',
    context.companyId,
    id,
    kind,
  );
  if (!old) throw new Refusal('The requested resource was not found.', 404);
  const values = detailValues(kind, body, old);
  if (values['is_default']) clearDefault(context, kind, old['contact_id'] as number);
  updateRow(context, 'contact_details', id, values);
  touchContact(context, old['contact_id'] as number);
}

function detailValues(kind: DetailKind, body: Body, old: Values): Values {
  const flag: readonly Field[] = [boolean('is_default')];
  if (kind === 'email' || kind === 'website') {
    const { [kind]: value, ...rest } = readValues([text(kind, 227), ...flag], body);
    return { ...(value === undefined ? {} : { value }), ...rest };
  }
  const values = readValues([...NUMBER_FIELDS, ...flag], body);
  const parts = ['country_code', 'area_code', 'subscriber_number'].map((name) => values[name] ?? old[name] ?? '');
  return { ...values, value: parts.filter((part) => part !== '').join(' ') };
}

function clearDefault({ ledger, companyId }: PostingContext, kind: DetailKind, contactId: number): void {
  ledger.run(
    'update contact_details set is_default = 0 where company_id = ? and contact_id = ? and kind = ?',
    companyId,
    contactId,
    kind,
  );
}

function touchContact(context: PostingContext, contactId: number): void {
  context.ledger.run(
    'update contacts set date_time_updated = ? where company_id = ? and id = ?',
    stampOf(context),
    context.companyId,
    contactId,
  );
}

const withoutNulls = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
