import { upsertSql } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';

/** A contact of The Layer, or ('') the one that carries the customer's own e-mail, as it stands in Sage. */
export interface ContactLink {
  contactLayerId: string;
  sageContactId: number;
  /** What the gateway has put there last: only that is changed; what somebody typed in Sage stays beside it. */
  email: string | null;
  telephone: string | null;
}

interface ContactsOf {
  instanceId: number;
  companyId: number;
  customerLayerId: string;
}

const LINK_TABLE = {
  name: 'customer_contact_link',
  key: ['instance_id', 'customer_layer_id', 'contact_layer_id', 'company_id'],
  columns: [
    'instance_id',
    'customer_layer_id',
    'contact_layer_id',
    'company_id',
    'sage_contact_id',
    'email',
    'telephone',
  ],
};

/** By primary key. */
export async function readContactLinks(database: Queryable, of: ContactsOf): Promise<Map<string, ContactLink>> {
  const rows = await database.query<ContactLink>(
    `SELECT contact_layer_id AS contactLayerId, sage_contact_id AS sageContactId, email, telephone
       FROM customer_contact_link WHERE instance_id = ? AND customer_layer_id = ? AND company_id = ?`,
    [of.instanceId, of.customerLayerId, of.companyId],
  );
  return new Map(rows.map((row) => [row.contactLayerId, { ...row, sageContactId: Number(row.sageContactId) }]));
}

export async function storeContactLink(transaction: Transaction, of: ContactsOf, link: ContactLink): Promise<void> {
  await transaction.query(upsertSql(transaction.dialect, LINK_TABLE, 1), [
    of.instanceId,
    of.customerLayerId,
    link.contactLayerId,
    of.companyId,
    link.sageContactId,
    link.email,
    link.telephone,
  ]);
}

/** Remembers what the gateway has put into Sage last. By primary key. */
export async function rememberDetail(
  transaction: Transaction,
  of: ContactsOf,
  contactLayerId: string,
  detail: { email: string } | { telephone: string },
): Promise<void> {
  const [[column, value] = ['email', null]] = Object.entries(detail);
  await transaction.query(
    `UPDATE customer_contact_link SET ${column === 'email' ? 'email' : 'telephone'} = ?
      WHERE instance_id = ? AND customer_layer_id = ? AND contact_layer_id = ? AND company_id = ?`,
    [value, of.instanceId, of.customerLayerId, contactLayerId, of.companyId],
  );
}

/** Of a customer whose account in this company is no longer its own. */
export async function removeContactLinks(transaction: Transaction, of: ContactsOf): Promise<void> {
  await transaction.query(
    'DELETE FROM customer_contact_link WHERE instance_id = ? AND customer_layer_id = ? AND company_id = ?',
    [of.instanceId, of.customerLayerId, of.companyId],
  );
}
