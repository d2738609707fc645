import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { type PendingAmount, readPendingAmounts } from './pending-amounts.js';

/** An account of a customer, with the time of its balance. */
export interface PendingKey {
  companyId: number;
  customerLayerId: string;
  currency: string;
  /** When Sage last stated the balance, epoch ms. */
  balanceReadAt: number;
}

/** What pushes will still do to balances, read in lists. */
export class PendingAmountLoader {
  constructor(private readonly database: Database) {}

  /** Minor units of the account's currency, by which the balance will rise (or fall, when negative). */
  readonly of = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<PendingKey, bigint, string>(
        async (keys) => {
          const customers = [...new Set(keys.map(({ customerLayerId }) => customerLayerId))];
          const amounts = await readPendingAmounts(this.database, instanceId, customers);
          const byAccount = new Map<string, PendingAmount[]>();
          for (const amount of amounts) {
            const ofAccount = byAccount.get(accountOf(amount));
            if (ofAccount) ofAccount.push(amount);
            else byAccount.set(accountOf(amount), [amount]);
          }
          return keys.map((key) =>
            (byAccount.get(accountOf(key)) ?? [])
              .filter(({ postedAt }) => postedAt === null || postedAt > key.balanceReadAt)
              .reduce((sum, { minor }) => sum + minor, 0n),
          );
        },
        { cacheKeyFn: (key) => JSON.stringify([accountOf(key), key.balanceReadAt]), maxBatchSize: 900 },
      ),
  );
}

const accountOf = ({
  companyId,
  customerLayerId,
  currency,
}: Pick<PendingKey, 'companyId' | 'customerLayerId' | 'currency'>) =>
  JSON.stringify([companyId, customerLayerId, currency]);
