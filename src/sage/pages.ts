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
 * Reads page after page until the list is complete; while a page is being stored the next is on its way.
 * A page that times out is asked for again at half the size, down to 50 rows (contract/environment.md); the size grows back slowly.
 * Throws what the reader throws.
 */
export async function* readPages<Row>(
  read: (request: PageRequest) => Promise<SagePage<Row>>,
  { top, signal, from = {} }: ReadPagesOptions,
): AsyncGenerator<SagePage<Row>, void, undefined> {
  const size = new PageSize(top);
  const ask = (afterId: number | undefined) => {
    const page = size.adapt((rows) => read({ ...from, afterId, top: rows, signal }));
    // it is awaited once the page before it was stored, or never when that failed: until then it must not count as unhandled
    page.catch(() => undefined);
    return page;
  };
  let afterId = from.afterId;
  let next: Promise<SagePage<Row>> | null = ask(afterId);
  while (next) {
    signal?.throwIfAborted();
    const page: SagePage<Row> = await next;
    if (!page.complete && (page.lastId === null || page.lastId <= (afterId ?? -1))) {
      throw badAnswer('Sage answered a page whose rows do not go on from the page before.');
    }
    afterId = page.lastId ?? afterId;
    next = page.complete ? null : ask(afterId);
    yield page;
  }
}

/** The pages of a list that a release may lack (sage200.md §1.1): it has none then. */
export async function* unlessLacking<Page>(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof SageError) || error.kind !== 'not_found') throw error;
  }
}

/** How many rows are asked for at once: fewer after a time-out, and slowly more again. */
class PageSize {
  private size: number;
  private goneWell = 0;

  constructor(private readonly top: number) {
    this.size = top;
  }

  async adapt<T>(read: (top: number) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const page = await read(this.size);
        this.grow();
        return page;
      } catch (error) {
        if (!isTooSlow(error) || this.size <= MIN_TOP) throw error;
        this.size = Math.max(MIN_TOP, Math.ceil(this.size / 2));
        this.goneWell = 0;
      }
    }
  }

  private grow(): void {
    this.goneWell += 1;
    if (this.size === this.top || this.goneWell < PAGES_BEFORE_GROWTH) return;
    this.size = Math.min(this.top, this.size * 2);
    this.goneWell = 0;
  }
}

/** Our own time-out, or the gateway's before Sage's server. */
function isTooSlow(error: unknown): boolean {
  return error instanceof SageError && (error.kind === 'timeout' || error.httpStatus === 504);
}
