import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { type AccountRow, readAccountsByKey, readAccountsOfCustomers } from './account-rows.js';
import type { OpenItem } from './ageing.js';
import { readOpenItems } from './open-items.js';

export interface AccountKey {
  companyId: number;
  sageId: number;
}

const textOf = ({ companyId, sageId }: AccountKey) => `${companyId}:${sageId}`;

/** Accounts and what is outstanding on them, read in lists: no field costs a statement per row. */
export class AccountLoader {
  constructor(private readonly database: Database) {}

  readonly byKey = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<AccountKey, AccountRow | null, string>(
        async (keys) => {
          const rows = await readAccountsByKey(this.database, instanceId, keys);
          const byKey = new Map(rows.map((row) => [textOf(row), row]));
          return keys.map((key) => byKey.get(textOf(key)) ?? null);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );

  /** Of a Layer customer, by CustomerId. */
  readonly ofCustomer = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, AccountRow[]>(
        async (layerIds) => {
          const rows = await readAccountsOfCustomers(this.database, instanceId, layerIds);
          return layerIds.map((layerId) => rows.filter((row) => row.customerLayerId === layerId));
        },
        { maxBatchSize: 900 },
      ),
  );

  readonly openItems = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<AccountKey, OpenItem[], string>(
        async (keys) => {
          const itemsByKey = new Map<string, OpenItem[]>();
          for (const companyId of new Set(keys.map((key) => key.companyId))) {
            const ids = keys.filter((key) => key.companyId === companyId).map(({ sageId }) => sageId);
            const found = await readOpenItems(this.database, instanceId, companyId, ids);
            for (const [sageId, items] of found) itemsByKey.set(textOf({ companyId, sageId }), items);
          }
          return keys.map((key) => itemsByKey.get(textOf(key)) ?? []);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );
}
