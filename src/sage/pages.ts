import { badAnswer, SageError } from './sage-error.js';

export interface PageRequest {
  /** How many rows, or of `ids` how many ids, one call may read; Sage takes up to 5,000. */
  top: number;
  afterId?: number;
  /** An instant, inclusive. */
  updatedSince?: string;
  /** Only these. The page is complete when all of them were asked for. */
  ids?: readonly number[];
  customerId?: number;
  signal?: AbortSignal;
}

/** A row that did not decode: for the quarantine. */
export interface RejectedRow {
  /** Its id, when that at least can be read. */
  key: string | null;
  reason: string;
  row: unknown;
}

export interface SagePage<Row> {
  /** In the order of their ids. */
  rows: Row[];
  rejected: RejectedRow[];
  /** The largest id of all rows that were read, rejected and skipped ones too: where the next page begins. Null when none could be read. */
  lastId: number | null;
  /** How many rows the answer had, before any was rejected or dropped. */
  count: number;
  complete: boolean;
}

/** What readPages is handed: where and what to read. */
export interface ReadPagesOptions {
  top: number;
  signal?: AbortSignal;
  from?: Omit<PageRequest, 'top' | 'signal'>;
}

const MIN_TOP = 50;
/** A size that was too slow once is tried again after this many pages that went well. */
const PAGES_BEFORE_GROWTH = 5;

/**
 * Reads page after page until the list is complete. A page that times out is asked for again at half the size, down to 50 rows
 * (contract/environment.md); the size grows back slowly. Throws what the reader throws.
 */
export async function* readPages<Row>(
  read: (request: PageRequest) => Promise<SagePage<Row>>,
  { top, signal, from = {} }: ReadPagesOptions,
): AsyncGenerator<SagePage<Row>, void, undefined> {
  let afterId = from.afterId;
  let size = top;
  let goneWell = 0;
  for (;;) {
    signal?.throwIfAborted();
    let page: SagePage<Row>;
    try {
      page = await read({ ...from, afterId, top: size, signal });
    } catch (error) {
      if (!isTooSlow(error) || size <= MIN_TOP) throw error;
      size = Math.max(MIN_TOP, Math.ceil(size / 2));
      goneWell = 0;
      continue;
    }
    yield page;
    if (page.complete) return;
    if (page.lastId === null || page.lastId <= (afterId ?? -1)) {
      throw badAnswer('Sage answered a page whose rows do not go on from the page before.');
    }
    afterId = page.lastId;
    goneWell += 1;
    if (size < top && goneWell >= PAGES_BEFORE_GROWTH) {
      size = Math.min(top, size * 2);
      goneWell = 0;
    }
  }
}

/** Our own time-out, or the gateway's before Sage's server. */
function isTooSlow(error: unknown): boolean {
  return error instanceof SageError && (error.kind === 'timeout' || error.httpStatus === 504);
}
