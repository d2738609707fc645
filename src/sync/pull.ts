import type { Transaction } from '../database/database.js';
import type { SyncResource } from './sync-resource.js';

/** What a pull is run for: one company of one instance, or (COMPANIES) the instance itself, with companyId 0. */
export interface PullTarget {
  readonly instanceId: number;
  /** The gateway's own company id; 0 for the instance. */
  readonly companyId: number;
}

/** A row that did not decode. It is kept in the quarantine with the reason, and the pull goes on. */
export interface RejectedRow {
  key: string | null;
  reason: string;
  row: unknown;
}

/** One answer of Sage: rows in the order of their ids. */
export interface PullPage<Row> {
  rows: Row[];
  rejected: RejectedRow[];
  /** The largest id in the answer; where the pass goes on after this page. */
  lastId: number | null;
  complete: boolean;
}

/** Where a page stands in its pass. On a full pass every id in the range was asked for: what the cache has there and the page lacks is missing in Sage. */
export interface PageRange {
  /** Exclusive. */
  afterId: number;
  /** Inclusive; null on the last page: no upper bound. */
  uptoId: number | null;
}

export interface PagesFrom {
  afterId: number;
  /** Only what Sage has changed at or after this instant; null for everything. */
  updatedSince: string | null;
  signal: AbortSignal;
}

export interface Run {
  readonly isFull: boolean;
  /** Went on where an earlier worker stopped: what that one knew in memory is gone. */
  readonly isResumed: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** One list of Sage, read page by page in the order of ids. */
export interface PullPass<Row> {
  readonly name: string;
  /** Whether a delta reads it too; the others are read by full runs only. */
  readonly inDelta: boolean;
  pages(target: PullTarget, from: PagesFrom): AsyncIterable<PullPage<Row>>;
  /** Fetches what the page's rows lean on and the cache lacks. Runs before the transaction is opened, so it may ask Sage. */
  prepare?(target: PullTarget, rows: Row[], signal: AbortSignal): Promise<void>;
  /** Stores the page. `range` is null on a delta. Answers with the rows that decoded but could not be taken. */
  apply(
    transaction: Transaction,
    target: PullTarget,
    page: PullPage<Row>,
    range: PageRange | null,
    run: Run,
  ): Promise<RejectedRow[]>;
  /** The key under which the row would stand in the quarantine. */
  quarantineKey(row: Row): string;
}

/** What a feature hands to the sync engine. The engine knows no feature, and the feature no schedule, cursor or lease. */
export interface Pull {
  readonly resource: SyncResource;
  readonly scope: 'instance' | 'company';
  /** Resources of the same company that must have been pulled once before. */
  readonly needs: readonly SyncResource[];
  /** Whether deltas are possible; otherwise every run is full. */
  readonly hasDelta: boolean;
  /** In order. Rows differ from pass to pass; the engine only hands them through. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly passes: readonly PullPass<any>[];
  /** The newest change that Sage knows of, by Sage's clock; read before a run, it is where the next delta begins. */
  newestUpdate?(target: PullTarget, signal: AbortSignal): Promise<string | null>;
  /** After the last page, before the run counts as complete; may ask Sage. */
  settle?(target: PullTarget, run: Run, signal: AbortSignal): Promise<void>;
}
