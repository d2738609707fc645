import { lengthOf } from '../common/layer-id.js';
import { foldText, typedWords, wordsOf } from '../common/search-words.js';
import { bulkUpsert, chunks, placeholders, upsertSql } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import type { ContactDocument } from './customer-document.js';
import type { CustomerSyncStatus } from './customer-sync-status.js';

export { layerIdFault, MAX_LAYER_ID_LENGTH } from '../common/layer-id.js';
export const MAX_CUSTOMER_NAME_LENGTH = 255;

/** What The Layer says of a customer. */
export interface CustomerContent {
  layerId: string;
  name: string;
  email?: string | null;
  website?: string | null;
  telephone?: string | null;
  fax?: string | null;
  vatNumber?: string | null;
}

export interface CustomerToStore extends CustomerContent {
  syncStatus: CustomerSyncStatus;
}

const CUSTOMER_TABLE = {
  name: 'customer',
  key: ['instance_id', 'layer_id'],
  columns: [
    'instance_id',
    'layer_id',
    'name',
    'name_folded',
    'email',
    'website',
    'telephone',
    'fax',
    'vat_number',
    'sync_status',
    'created_at',
    'updated_at',
  ],
  insertOnly: ['created_at'],
};
const ADD_ONLY = { ...CUSTOMER_TABLE, insertOnly: CUSTOMER_TABLE.columns };
const CONTACT_TABLE = {
  name: 'customer_contact',
  key: ['instance_id', 'customer_layer_id', 'layer_id'],
  columns: ['instance_id', 'customer_layer_id', 'layer_id', 'first_name', 'last_name', 'email', 'telephone'],
};
const WORD_TABLE = {
  name: 'customer_word',
  key: ['instance_id', 'word', 'layer_id'],
  columns: ['instance_id', 'word', 'layer_id'],
};

/** Why a text cannot be a customer's name, as the end of a sentence; null when it can. */
export function customerNameFault(name: string): string | null {
  if (name.trim() === '') return 'is empty';
  return lengthOf(name) > MAX_CUSTOMER_NAME_LENGTH ? `is longer than ${MAX_CUSTOMER_NAME_LENGTH} characters` : null;
}

/** Writes customers, new or changed, with the words by which they are found. Each id once; ids and names free of faults. */
export async function storeCustomers(
  transaction: Transaction,
  instanceId: number,
  customers: readonly CustomerToStore[],
  now: Date,
): Promise<void> {
  await bulkUpsert(transaction, CUSTOMER_TABLE, rowsOf(instanceId, customers, now));
  for (const chunk of chunks(customers)) {
    await transaction.query(
      `DELETE FROM customer_word WHERE instance_id = ? AND layer_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk.map(({ layerId }) => layerId)],
    );
  }
  await storeWords(transaction, instanceId, customers);
}

/** Adds those of the customers that are not known yet; the known ones stay as they are. Each id once. */
export async function addMissingCustomers(
  transaction: Transaction,
  instanceId: number,
  customers: readonly CustomerToStore[],
  now: Date,
): Promise<void> {
  const known = await namesOf(transaction, instanceId, customers);
  const missing = customers.filter(({ layerId }) => !known.has(layerId));
  if (missing.length === 0) return;
  // not by bulkUpsert, which keeps one statement for each table: here the rows that are there stay as they are
  for (const rows of chunks(rowsOf(instanceId, missing, now))) {
    await transaction.query(upsertSql(transaction.dialect, ADD_ONLY, rows.length), rows.flat());
  }
  // somebody else may have added one in the meantime, under another name and with its words
  const stored = await namesOf(transaction, instanceId, missing);
  await storeWords(
    transaction,
    instanceId,
    missing.filter(({ layerId, name }) => stored.get(layerId) === name),
  );
}

/**
 * Makes sure that the customer's row is there, and locks it until the transaction ends: whoever decides about the customer's pushes
 * does so alone. On SQLite a writer is alone anyway.
 */
export async function lockCustomer(
  transaction: Transaction,
  instanceId: number,
  customer: Pick<CustomerToStore, 'layerId' | 'name'>,
  now: Date,
): Promise<void> {
  await addMissingCustomers(transaction, instanceId, [{ ...customer, syncStatus: 'NEVER_SYNCED' }], now);
  if (transaction.dialect !== 'mysql') return;
  await transaction.query('SELECT layer_id FROM customer WHERE instance_id = ? AND layer_id = ? FOR UPDATE', [
    instanceId,
    customer.layerId,
  ]);
}

/** Puts these contacts in place of those that the customer had. By primary key. */
export async function replaceContacts(
  transaction: Transaction,
  instanceId: number,
  layerId: string,
  contacts: readonly ContactDocument[],
): Promise<void> {
  await transaction.query('DELETE FROM customer_contact WHERE instance_id = ? AND customer_layer_id = ?', [
    instanceId,
    layerId,
  ]);
  await bulkUpsert(
    transaction,
    CONTACT_TABLE,
    contacts.map((contact) => [
      instanceId,
      layerId,
      contact.layerId,
      contact.firstName,
      contact.lastName,
      contact.email,
      contact.telephone,
    ]),
  );
}

/** The sort key: blanks at the ends would be compared differently by the two databases. */
export function foldedName(name: string): string {
  return Array.from(foldText(name).replace(/\s+/g, ' ').trim()).slice(0, MAX_CUSTOMER_NAME_LENGTH).join('').trim();
}

function rowsOf(instanceId: number, customers: readonly CustomerToStore[], now: Date): unknown[][] {
  return customers.map((customer) => [
    instanceId,
    customer.layerId,
    customer.name,
    foldedName(customer.name),
    customer.email ?? null,
    customer.website ?? null,
    customer.telephone ?? null,
    customer.fax ?? null,
    customer.vatNumber ?? null,
    customer.syncStatus,
    now.getTime(),
    now.getTime(),
  ]);
}

async function namesOf(
  transaction: Transaction,
  instanceId: number,
  customers: readonly CustomerToStore[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const chunk of chunks(customers)) {
    const rows = await transaction.query<{ layerId: string; name: string }>(
      `SELECT layer_id AS layerId, name FROM customer WHERE instance_id = ? AND layer_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk.map(({ layerId }) => layerId)],
    );
    for (const { layerId, name } of rows) names.set(layerId, name);
  }
  return names;
}

async function storeWords(
  transaction: Transaction,
  instanceId: number,
  customers: readonly CustomerContent[],
): Promise<void> {
  const rows = customers.flatMap((customer) =>
    searchWords(customer).map((word) => [instanceId, word, customer.layerId]),
  );
  await bulkUpsert(transaction, WORD_TABLE, rows);
}

/** The words of the name, and the id as a person types it: of an id only its beginning finds. */
function searchWords({ layerId, name }: CustomerContent): string[] {
  return [...new Set([...wordsOf(name), ...typedWords(layerId)])];
}
