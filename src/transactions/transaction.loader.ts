import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { type AllocationRow, readAllocations, readTransactionsByKey, type TransactionRow } from './transaction-rows.js';

export interface TransactionKey {
  companyId: number;
  urn: string;
}

const textOf = ({ companyId, urn }: TransactionKey) => `${companyId}:${urn}`;

/** Transactions and their allocations, read in lists. */
export class TransactionLoader {
  constructor(private readonly database: Database) {}

  readonly byKey = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<TransactionKey, TransactionRow | null, string>(
        async (keys) => {
          const rows = await readTransactionsByKey(this.database, instanceId, keys);
          const byKey = new Map(rows.map((row) => [textOf(row), row]));
          return keys.map((key) => byKey.get(textOf(key)) ?? null);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );

  readonly allocations = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<TransactionKey, AllocationRow[], string>(
        async (keys) => {
          const byKey = new Map<string, AllocationRow[]>(keys.map((key) => [textOf(key), []]));
          for (const companyId of new Set(keys.map((key) => key.companyId))) {
            const urns = keys.filter((key) => key.companyId === companyId).map(({ urn }) => urn);
            for (const row of await readAllocations(this.database, instanceId, companyId, urns)) {
              byKey.get(textOf(row))?.push(row);
            }
          }
          return keys.map((key) => byKey.get(textOf(key)) ?? []);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );
}
