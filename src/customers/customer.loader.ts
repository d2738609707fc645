import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { type ContactRow, readContacts, readCustomers } from './customer-rows.js';
import { CustomerType } from './customer.type.js';

/** Customers and their contacts, read in lists: no field costs a statement per row. */
export class CustomerLoader {
  constructor(private readonly database: Database) {}

  /** By The Layer's CustomerId, exactly; null for one that the gateway has never been told of. */
  readonly byLayerId = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, CustomerType | null>(
        async (layerIds) => {
          const rows = await readCustomers(this.database, instanceId, layerIds);
          return layerIds.map((layerId) => {
            const row = rows.get(layerId);
            return row ? new CustomerType(instanceId, row) : null;
          });
        },
        { maxBatchSize: 900 },
      ),
  );

  readonly contactsOf = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, ContactRow[]>(
        async (layerIds) => {
          const byCustomer = new Map<string, ContactRow[]>(layerIds.map((layerId) => [layerId, []]));
          for (const contact of await readContacts(this.database, instanceId, layerIds)) {
            byCustomer.get(contact.customerLayerId)?.push(contact);
          }
          return layerIds.map((layerId) => byCustomer.get(layerId) ?? []);
        },
        { maxBatchSize: 900 },
      ),
  );
}
