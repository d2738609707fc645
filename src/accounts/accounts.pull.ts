import type { Clock } from '../common/clock.js';
import { currencyCodes } from '../companies/currency-codes.js';
import type { CompanyDirectory } from '../companies/company-directory.js';
import { readBalances, readCustomers, type SageCustomer } from '../sage/customers.js';
import { newestUpdate } from '../sage/newest-update.js';
import { readPages, type PageRequest } from '../sage/pages.js';
import type { SageClients } from '../sage/sage-clients.js';
import type { Pull, PullPage, PullTarget, RejectedRow, Run } from '../sync/pull.js';
import type { Database } from '../database/database.js';
import { isSameBalance, readBalancesInRange } from './cached-balances.js';
import { markAccountsDeleted, storeAccounts } from './store-accounts.js';

const PAGE_SIZE = 1_000;
/** Sage's own bound (sage200.md §2.1): a row of two fields is short. */
const MAX_PAGE_SIZE = 5_000;

/**
 * Sage's customers with their contacts. A delta shows what people change (hold, limit, name). A balance may move without
 * `date_time_updated` moving (sage200.md §2.1): accounts that new transactions touch are refreshed by the transactions' pull,
 * and the sweep reads all of them.
 */
export class AccountsPull implements Pull {
  readonly resource = 'CUSTOMERS' as const;
  readonly scope = 'company' as const;
  readonly needs = [] as const;
  readonly hasDelta = true;
  /** Accounts that a full run did not find, until it is settled. */
  private readonly missing = new WeakMap<Run, number[]>();
  /** When Sage was asked for a page: its balances have all that was posted before. */
  private readonly askedAt = new WeakMap<PullPage<SageCustomer>, number>();

  constructor(
    private readonly sage: SageClients,
    private readonly companies: CompanyDirectory,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  readonly passes = [
    {
      name: 'customers',
      inDelta: true,
      quarantineKey: (row: SageCustomer) => String(row.id),
      pages: (target: PullTarget, from: { afterId: number; updatedSince: string | null; signal: AbortSignal }) =>
        this.pages(target, {
          afterId: from.afterId,
          updatedSince: from.updatedSince ?? undefined,
          signal: from.signal,
        }),
      apply: async (
        transaction: Parameters<typeof storeAccounts>[0],
        target: PullTarget,
        page: PullPage<SageCustomer>,
        range: Parameters<typeof storeAccounts>[4],
        run: Run,
      ): Promise<RejectedRow[]> => {
        const currencies = await currencyCodes(transaction, target);
        const { missing, refused } = await storeAccounts(
          transaction,
          target,
          page,
          currencies,
          range,
          this.askedAt.get(page) ?? run.startedAt,
        );
        if (missing.length > 0) this.missing.set(run, [...(this.missing.get(run) ?? []), ...missing]);
        return refused;
      },
    },
  ];

  async newestUpdate(target: PullTarget, signal: AbortSignal): Promise<string | null> {
    const { client, company } = await this.open(target);
    return newestUpdate(client, company, 'customers', signal);
  }

  /** Asks Sage once more for what the sweep did not find, and marks what is gone indeed. */
  async settle(target: PullTarget, run: Run, signal: AbortSignal): Promise<void> {
    const missing = this.missing.get(run);
    if (!missing) return;
    const found = new Set(await this.refresh(target, missing, signal));
    const gone = missing.filter((id) => !found.has(id));
    await this.database.transaction((transaction) => markAccountsDeleted(transaction, target, gone, run.startedAt));
  }

  /** Reads these accounts from Sage now; answers with the ids that Sage knows. */
  async refresh(target: PullTarget, ids: readonly number[], signal?: AbortSignal): Promise<number[]> {
    return ids.length === 0 ? [] : this.storePages(target, { ids }, signal);
  }

  /** Reads all balances of the company now, and the accounts whose balance has moved. */
  async refreshMoved(target: PullTarget, signal?: AbortSignal): Promise<void> {
    const { client, company } = await this.open(target);
    const read = (request: PageRequest) => readBalances(client, company, request);
    let afterId = 0;
    for await (const page of readPages(read, { top: MAX_PAGE_SIZE, from: {}, signal })) {
      const range = { afterId, uptoId: page.complete ? null : page.lastId };
      const cached = await readBalancesInRange(this.database, target, range);
      const moved = page.rows.filter(({ id, balance }) => !isSameBalance(balance, cached.get(id)));
      await this.refresh(
        target,
        moved.map(({ id }) => id),
        signal,
      );
      afterId = page.lastId ?? afterId;
    }
  }

  private async storePages(
    target: PullTarget,
    from: Pick<PageRequest, 'ids'>,
    signal?: AbortSignal,
  ): Promise<number[]> {
    const found: number[] = [];
    const startedAt = this.clock.now().getTime();
    for await (const page of this.pages(target, { ...from, signal })) {
      await this.database.transaction(async (transaction) => {
        const currencies = await currencyCodes(transaction, target);
        await storeAccounts(transaction, target, page, currencies, null, this.askedAt.get(page) ?? startedAt);
      });
      found.push(...page.rows.map(({ id }) => id), ...page.rejected.map(({ key }) => Number(key)));
    }
    return found;
  }

  private async *pages(
    target: PullTarget,
    { signal, ...from }: { afterId?: number; updatedSince?: string; ids?: readonly number[]; signal?: AbortSignal },
  ): AsyncGenerator<PullPage<SageCustomer>> {
    const { client, company } = await this.open(target);
    const read = async (request: PageRequest) => {
      const askedAt = this.clock.now().getTime();
      const page = await readCustomers(client, company, request);
      this.askedAt.set(page, askedAt);
      return page;
    };
    yield* readPages(read, { top: PAGE_SIZE, from, signal });
  }

  private async open(target: PullTarget) {
    const { siteId, sageCompanyId } = await this.companies.company(target.instanceId, target.companyId);
    return { client: this.sage.client(target.instanceId), company: { siteId, companyId: sageCompanyId } };
  }
}
