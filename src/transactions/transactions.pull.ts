import type { AccountsPull } from '../accounts/accounts.pull.js';
import type { Clock } from '../common/clock.js';
import type { CompanyDirectory } from '../companies/company-directory.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Database, Queryable, Transaction } from '../database/database.js';
import { newestUpdate } from '../sage/newest-update.js';
import { type PageRequest, readPages, unlessLacking } from '../sage/pages.js';
import { readTransactionsByUrn } from '../sage/postings.js';
import type { SageClients } from '../sage/sage-clients.js';
import { readHistoricalTransactions, readPostedTransactions, type SageTransaction } from '../sage/transactions.js';
import type { PageRange, PagesFrom, Pull, PullPage, PullPass, PullTarget, RejectedRow, Run } from '../sync/pull.js';
import {
  missingReceipts,
  missingSageIds,
  PLACE,
  settleMissing,
  type StoredReceipt,
  storeTransactions,
} from './store-transactions.js';

/** A multiple of the 512 rows that one statement bears (bulk.ts). */
const PAGE_SIZE = 2_048;
/** As many as one request names; above, one request or a few for all balances of the company cost less. */
const MAX_ACCOUNTS_BY_ID = 60;

/** What else happens when the ledger was read; handed in, as it is the business of features above. */
export interface LedgerHooks {
  /** Receipts and refunds that are new or changed, in the transaction that stores them. `readAt`: when Sage was asked, epoch ms. */
  onStored?(
    transaction: Transaction,
    target: PullTarget,
    receipts: readonly StoredReceipt[],
    readAt: number,
  ): Promise<void>;
  /** Receipts and refunds that Sage turns out to have no more, by URN, in the transaction that marks them as deleted. */
  onDeleted?(transaction: Transaction, target: PullTarget, urns: readonly string[]): Promise<void>;
  /** A sweep has read the whole ledger of a company. */
  onSwept?(target: PullTarget, startedAt: number): Promise<unknown>;
}

/**
 * Sage's sales ledger: posted transactions with their allocations, and (on full runs, as archiving leaves no trace that a delta
 * could read) the historical ones. Accounts that changed transactions touch are read again in the same run, because a posting
 * moves a balance without moving the customer's `date_time_updated` (sage200.md §2.1).
 */
export class TransactionsPull implements Pull {
  readonly resource = 'TRANSACTIONS' as const;
  readonly scope = 'company' as const;
  readonly needs = ['CUSTOMERS'] as const;
  readonly hasDelta = true;
  readonly passes: readonly PullPass<SageTransaction>[];
  private readonly touched = new WeakMap<Run, Set<number>>();
  private readonly currencies = new Map<string, Map<number, string>>();

  constructor(
    private readonly sage: SageClients,
    private readonly companies: CompanyDirectory,
    private readonly accounts: Pick<AccountsPull, 'refresh' | 'refreshMoved'>,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly hooks: LedgerHooks = {},
  ) {
    this.passes = [
      this.pass('posted', PLACE.posted, readPostedTransactions),
      this.pass('historical', PLACE.historical, readHistoricalTransactions),
    ];
  }

  async newestUpdate(target: PullTarget, signal: AbortSignal): Promise<string | null> {
    const { client, company } = await this.open(target);
    return newestUpdate(client, company, 'sales_posted_transactions', signal);
  }

  async settle(target: PullTarget, run: Run, signal: AbortSignal): Promise<void> {
    if (run.isFull) await this.settleMissing(target, run, signal);
    const touched = [...(this.touched.get(run) ?? [])];
    if (run.isResumed || touched.length > MAX_ACCOUNTS_BY_ID) await this.accounts.refreshMoved(target, signal);
    else await this.accounts.refresh(target, touched, signal);
    if (run.isFull) await this.hooks.onSwept?.(target, run.startedAt);
  }

  /** Reads what is new of one account now. */
  async refreshAccount(
    target: PullTarget,
    accountId: number,
    updatedSince: string | undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    const from = { customerId: accountId, updatedSince };
    const run = { isFull: false, isResumed: false, startedAt: this.clock.now().getTime() };
    for await (const page of this.pages(target, readPostedTransactions, from, signal)) {
      await this.database.transaction((transaction) => this.store(transaction, target, page, PLACE.posted, null, run));
    }
  }

  /** Reads these transactions of Sage's current ledger now; answers which it found, and whose they are. */
  async refreshUrns(
    target: PullTarget,
    urns: readonly string[],
    signal: AbortSignal,
  ): Promise<{ urns: Set<string>; accountIds: number[] }> {
    if (urns.length === 0) return { urns: new Set(), accountIds: [] };
    const { client, company } = await this.open(target);
    const rows = await readTransactionsByUrn(client, company, urns, signal);
    await this.fetchUnknownAccounts(target, rows, signal);
    const page = { rows, rejected: [], lastId: null, complete: true };
    const run = { isFull: false, isResumed: false, startedAt: this.clock.now().getTime() };
    await this.database.transaction((transaction) => this.store(transaction, target, page, PLACE.posted, null, run));
    return { urns: new Set(rows.map(({ urn }) => urn)), accountIds: rows.map(({ customerId }) => customerId) };
  }

  private pass(name: string, place: 0 | 1, read: typeof readPostedTransactions): PullPass<SageTransaction> {
    return {
      name,
      inDelta: place === PLACE.posted,
      quarantineKey: (row) => String(row.id),
      pages: (target, { afterId, updatedSince, signal }: PagesFrom) =>
        place === PLACE.historical
          ? unlessLacking(this.pages(target, read, { afterId }, signal))
          : this.pages(target, read, { afterId, updatedSince: updatedSince ?? undefined }, signal),
      prepare: (target, rows, signal) => this.fetchUnknownAccounts(target, rows, signal),
      apply: (transaction, target, page, range, run) => this.store(transaction, target, page, place, range, run),
    };
  }

  private async store(
    transaction: Transaction,
    target: PullTarget,
    page: PullPage<SageTransaction>,
    place: 0 | 1,
    range: PageRange | null,
    run: Run,
  ): Promise<RejectedRow[]> {
    const { currency: baseCurrency } = await this.companies.company(target.instanceId, target.companyId);
    const currencies = await this.currenciesOf(transaction, target, page.rows);
    const seenAt = run.startedAt;
    const stored = await storeTransactions(transaction, {
      target,
      page,
      currencies,
      baseCurrency,
      place,
      range,
      seenAt,
    });
    const touched = this.touched.get(run) ?? new Set();
    await this.hooks.onStored?.(transaction, target, stored.receipts, seenAt);
    for (const id of stored.touchedAccounts) touched.add(id);
    this.touched.set(run, touched);
    return stored.refused;
  }

  /** A customer may be younger than the last pull of customers: the ledger's rows need its currency. */
  private async fetchUnknownAccounts(
    target: PullTarget,
    rows: readonly SageTransaction[],
    signal: AbortSignal,
  ): Promise<void> {
    const known = await this.currenciesOf(this.database, target, rows);
    const unknown = [...new Set(rows.map(({ customerId }) => customerId))].filter((id) => !known.has(id));
    if (unknown.length > 0) await this.accounts.refresh(target, unknown, signal);
  }

  /** An account's currency cannot be changed in Sage (sage200.md §3.1): what was read once is kept. */
  private async currenciesOf(
    database: Queryable,
    target: PullTarget,
    rows: readonly SageTransaction[],
  ): Promise<ReadonlyMap<number, string>> {
    const key = `${target.instanceId}:${target.companyId}`;
    const known = this.currencies.get(key) ?? new Map<number, string>();
    this.currencies.set(key, known);
    const unknown = [...new Set(rows.map(({ customerId }) => customerId))].filter((id) => !known.has(id));
    for (const [id, currency] of await readAccountCurrencies(database, target, unknown)) known.set(id, currency);
    return known;
  }

  /** Asks Sage once more for what the sweep found in neither list, before it is called deleted. */
  private async settleMissing(target: PullTarget, run: Run, signal: AbortSignal): Promise<void> {
    const ids = await missingSageIds(this.database, target);
    if (ids.length === 0) return;
    for await (const page of this.pages(target, readPostedTransactions, { ids }, signal)) {
      await this.database.transaction((transaction) => this.store(transaction, target, page, PLACE.posted, null, run));
    }
    await this.database.transaction(async (transaction) => {
      const receipts = await missingReceipts(transaction, target);
      await settleMissing(transaction, target, this.clock.now().getTime());
      await this.hooks.onDeleted?.(transaction, target, receipts);
    });
  }

  private async *pages(
    target: PullTarget,
    read: typeof readPostedTransactions,
    from: Pick<PageRequest, 'afterId' | 'updatedSince' | 'ids' | 'customerId'>,
    signal?: AbortSignal,
  ): AsyncGenerator<PullPage<SageTransaction>> {
    const { client, company } = await this.open(target);
    yield* readPages((request) => read(client, company, request), { top: PAGE_SIZE, from, signal });
  }

  private async open(target: PullTarget) {
    const { siteId, sageCompanyId } = await this.companies.company(target.instanceId, target.companyId);
    return { client: this.sage.client(target.instanceId), company: { siteId, companyId: sageCompanyId } };
  }
}

async function readAccountCurrencies(
  database: Queryable,
  target: PullTarget,
  accountIds: readonly number[],
): Promise<Map<number, string>> {
  const currencies = new Map<number, string>();
  for (const chunk of chunks(accountIds)) {
    const found = await database.query<{ id: number | string; currency: string }>(
      `SELECT sage_id AS id, currency FROM sage_account
        WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk],
    );
    for (const row of found) currencies.set(Number(row.id), row.currency);
  }
  return currencies;
}
