import type { AccountsPull } from '../accounts/accounts.pull.js';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { PullTarget } from '../sync/pull.js';
import type { TransactionsPull } from './transactions.pull.js';

export interface Touched {
  /** Sage's ids. */
  accountIds: readonly number[];
  urns: readonly string[];
}

interface Pending extends PullTarget {
  accountIds: Set<number>;
  urns: Set<string>;
  /** How often the URNs were asked for in vain. */
  tries: Map<string, number>;
}

/** What lands within so long is asked for in one list: at 8 requests a second every look-up counts. */
const GATHER_MS = 150;
/** A new posting may show late; what these tries miss the next pull brings. */
const TRY_AGAIN_MS = [1_000, 3_000, 9_000];

/** Reads from Sage at once what a push has changed there, so that the widget shows it within seconds. Failing is no harm: the pulls come. */
export class TouchedRefresh {
  private readonly pending = new Map<string, Pending>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly accounts: Pick<AccountsPull, 'refresh'>,
    private readonly transactions: Pick<TransactionsPull, 'refreshUrns'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  touch(instanceId: number, companyId: number, touched: Touched): void {
    if (this.stopping.signal.aborted || touched.accountIds.length + touched.urns.length === 0) return;
    const key = `${instanceId}:${companyId}`;
    const pending = this.pending.get(key) ?? {
      instanceId,
      companyId,
      accountIds: new Set(),
      urns: new Set(),
      tries: new Map(),
    };
    this.pending.set(key, pending);
    for (const id of touched.accountIds) pending.accountIds.add(id);
    for (const urn of touched.urns) pending.urns.add(urn);
    if (this.running.has(key)) return;
    this.running.set(
      key,
      this.run(key).finally(() => this.running.delete(key)),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.running.values());
  }

  private async run(key: string): Promise<void> {
    let waitMs = GATHER_MS;
    while (!this.stopping.signal.aborted) {
      await this.clock.sleep(waitMs, this.stopping.signal);
      const batch = this.pending.get(key);
      this.pending.delete(key);
      if (!batch || this.stopping.signal.aborted) return;
      try {
        waitMs = await this.refresh(key, batch);
      } catch (error) {
        this.log.info({ err: error }, 'what a push has changed could not be read now; the next pull reads it');
        waitMs = GATHER_MS;
      }
      if (!this.pending.has(key)) return;
    }
  }

  /** Answers how long to wait before what was not visible yet is asked for again. */
  private async refresh(key: string, { instanceId, companyId, accountIds, urns, tries }: Pending): Promise<number> {
    const target = { instanceId, companyId };
    const { signal } = this.stopping;
    const found = await this.transactions.refreshUrns(target, [...urns], signal);
    await this.accounts.refresh(target, [...new Set([...accountIds, ...found.accountIds])], signal);
    const missing = [...urns].filter((urn) => !found.urns.has(urn) && (tries.get(urn) ?? 0) < TRY_AGAIN_MS.length);
    if (missing.length === 0) return GATHER_MS;
    const next = this.pending.get(key) ?? { ...target, accountIds: new Set(), urns: new Set(), tries: new Map() };
    for (const urn of missing) {
      next.urns.add(urn);
      next.tries.set(urn, (tries.get(urn) ?? 0) + 1);
    }
    for (const id of accountIds) next.accountIds.add(id);
    this.pending.set(key, next);
    return TRY_AGAIN_MS[Math.max(0, Math.max(...missing.map((urn) => tries.get(urn) ?? 0)))] ?? GATHER_MS;
  }
}
