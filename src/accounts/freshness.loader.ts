import type { Clock } from '../common/clock.js';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { ConnectionState } from '../connection/connection-state.js';
import type { Database } from '../database/database.js';
import { readCompletedPulls } from '../sync/sync-status.js';
import type { AccountRow } from './account-rows.js';
import { type FreshnessLimits, freshnessOf } from './freshness.js';

/** Freshness of figures, with the state of pulls and connection read once a request. */
export class FreshnessLoader {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly limits: FreshnessLimits,
    private readonly readConnectionState: (instanceId: number) => Promise<ConnectionState>,
  ) {}

  private readonly pulls = perRequest(({ instanceId }: RequestContext) =>
    readCompletedPulls(this.database, instanceId),
  );
  private readonly connection = perRequest(({ instanceId }: RequestContext) => this.readConnectionState(instanceId));

  async of(context: RequestContext, account: Pick<AccountRow, 'companyId' | 'seenAt'>) {
    const [pulls, connection] = await Promise.all([this.pulls(context), this.connection(context)]);
    const completed = pulls.get(account.companyId) ?? { customersAt: null, transactionsAt: null };
    return freshnessOf(completed, account.seenAt, this.limits, connection, this.clock.now().getTime());
  }

  async isLedgerRead(context: RequestContext, companyId: number): Promise<boolean> {
    return ((await this.pulls(context)).get(companyId)?.transactionsAt ?? null) !== null;
  }
}
