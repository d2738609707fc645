import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { CustomerSyncStatus } from './customer-sync-status.js';

/** A Layer customer as the resolvers see it. */
export interface CustomerRow {
  layerId: string;
  name: string;
  /** The sort key of the list. */
  nameFolded: string;
  email: string | null;
  website: string | null;
  telephone: string | null;
  fax: string | null;
  vatNumber: string | null;
  syncStatus: CustomerSyncStatus;
}

export interface ContactRow {
  customerLayerId: string;
  layerId: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  telephone: string | null;
  /** Whether it stands in Sage, in whichever company. */
  inSage: boolean;
}

/** Columns of a customer; `c` is the table's alias. */
export const CUSTOMER_COLUMNS = `c.layer_id AS layerId, c.name AS name, c.name_folded AS nameFolded, c.email AS email,
  c.website AS website, c.telephone AS telephone, c.fax AS fax, c.vat_number AS vatNumber, c.sync_status AS syncStatus`;

/**
 * Customers by exactly these ids. By primary key. The ids are compared once more here, because MySQL pads with blanks
 * when it compares: to it, "C1 " is "C1".
 */
export async function readCustomers(
  database: Queryable,
  instanceId: number,
  layerIds: readonly string[],
): Promise<Map<string, CustomerRow>> {
  const wanted = new Set(layerIds);
  const found = new Map<string, CustomerRow>();
  for (const chunk of chunks([...wanted])) {
    const rows = await database.query<CustomerRow>(
      `SELECT ${CUSTOMER_COLUMNS} FROM customer c WHERE c.instance_id = ? AND c.layer_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk],
    );
    for (const row of rows) if (wanted.has(row.layerId)) found.set(row.layerId, row);
  }
  return found;
}

/** The contacts of these customers, each customer's by the contact's id. Both by primary key. */
export async function readContacts(
  database: Queryable,
  instanceId: number,
  layerIds: readonly string[],
): Promise<ContactRow[]> {
  const rows = await database.query<Omit<ContactRow, 'inSage'> & { inSage: number | string }>(
    `SELECT c.customer_layer_id AS customerLayerId, c.layer_id AS layerId, c.first_name AS firstName, c.last_name AS lastName,
            c.email AS email, c.telephone AS telephone,
            CASE WHEN EXISTS (SELECT 1 FROM customer_contact_link k WHERE k.instance_id = c.instance_id
              AND k.customer_layer_id = c.customer_layer_id AND k.contact_layer_id = c.layer_id) THEN 1 ELSE 0 END AS inSage
       FROM customer_contact c WHERE c.instance_id = ? AND c.customer_layer_id IN (${placeholders(layerIds.length)})
      ORDER BY c.customer_layer_id, c.layer_id`,
    [instanceId, ...layerIds],
  );
  return rows.map((row) => ({ ...row, inSage: Number(row.inSage) === 1 }));
}
