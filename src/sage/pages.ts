import { isLosslessNumber } from 'lossless-json';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { SageError } from './sage-error.js';
import { WireError, type WireRow, wireRow } from './wire.js';

/** One page of a list, in the order of ids. */
export interface PageRequest {
  /** At most 5,000: Sage's own bound. */
  top: number;
  /** Exclusive; left out: from the first. */
  afterId?: number;
  /** Only rows that Sage changed at or after this instant (UTC with Z). */
  updatedSince?: string | null;
  /** Only these rows. */
  ids?: readonly number[];
  /** Only rows of this customer. */
  customerId?: number;
  signal?: AbortSignal;
}

export interface RejectedRow {
  /** Sage's id, where it can be read. */
  key: string | null;
  reason: string;
  row: unknown;
}

export interface SagePage<Row> {
  rows: Row[];
  /** Rows that do not decode, with the reason. */
  rejected: RejectedRow[];
  /** The largest id of the answer, rejected rows included. */
  lastId: number | null;
  /** Nothing comes after this page. */
  complete: boolean;
}

/** Sage's silent default page: a server that ignores $top answers with so many (sage200.md §2.1). */
const DEFAULT_PAGE_SIZE = 500;
const MIN_PAGE_SIZE = 50;

export interface ListResource<Row> {
  path: string;
  /** Left out: the resource has no children to ask for. */
  expand?: string;
  /** Left out: every field. */
  select?: string;
  /** Throws WireError for a row that cannot be used; null for one that is to be passed over. */
  decode(row: WireRow): Row | null;
}

/** Reads one page. Throws SageError. */
export async function readPage<Row>(
  client: SageClient,
  company: SageCompanyRef,
  resource: ListResource<Row>,
  request: PageRequest,
): Promise<SagePage<Row>> {
  const filter = filterOf(request);
  const answer = await client.getList(
    company,
    resource.path,
    {
      ...(filter === '' ? {} : { $filter: filter }),
      ...(resource.expand ? { $expand: resource.expand } : {}),
      ...(resource.select ? { $select: resource.select } : {}),
      $orderby: 'id asc',
      $top: String(request.top),
    },
    request.signal,
  );
  return decodePage(answer, resource, request);
}

function filterOf({ afterId, updatedSince, ids, customerId }: PageRequest): string {
  const parts: string[] = [];
  if (afterId !== undefined && afterId > 0) parts.push(`id gt ${afterId}`);
  if (updatedSince) parts.push(`date_time_updated ge ${updatedSince}`);
  if (customerId !== undefined) parts.push(`customer_id eq ${customerId}`);
  if (ids) parts.push(ids.length === 1 ? `id eq ${ids[0]}` : `(${ids.map((id) => `id eq ${id}`).join(' or ')})`);
  return parts.join(' and ');
}

function decodePage<Row>(answer: readonly unknown[], resource: ListResource<Row>, request: PageRequest): SagePage<Row> {
  const page: SagePage<Row> = {
    rows: [],
    rejected: [],
    lastId: null,
    complete: answer.length < Math.min(request.top, DEFAULT_PAGE_SIZE),
  };
  const seen = new Set<number>();
  for (const item of answer) {
    const id = idOf(item);
    if (id !== null) {
      // the server's order and filter are not relied on: nothing is taken twice
      if (seen.has(id) || id <= (request.afterId ?? 0)) continue;
      seen.add(id);
      page.lastId = Math.max(page.lastId ?? 0, id);
    }
    try {
      const row = resource.decode(wireRow(item));
      if (row !== null) page.rows.push(row);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      page.rejected.push({ key: id === null ? null : String(id), reason: error.message, row: item });
    }
  }
  if (answer.length > 0 && seen.size === 0 && !page.complete) {
    throw new SageError('bad_answer', `Sage answers ${resource.path} with rows that were not asked for.`);
  }
  return page;
}

function idOf(item: unknown): number | null {
  const id = (item as { id?: unknown } | null)?.id;
  const number =
    typeof id === 'number' ? id : typeof id === 'string' || isLosslessNumber(id) ? Number(String(id)) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

type ReadPage<Row> = (request: PageRequest) => Promise<SagePage<Row>>;

export interface ReadPagesOptions {
  top: number;
  from: Pick<PageRequest, 'afterId' | 'updatedSince' | 'ids' | 'customerId'>;
  signal?: AbortSignal;
}

/**
 * Reads page after page by the ids. While one page is stored the next is on its way.
 * A page that times out is asked for again at half the size, which grows back slowly.
 */
export async function* readPages<Row>(read: ReadPage<Row>, options: ReadPagesOptions): AsyncGenerator<SagePage<Row>> {
  if (options.from.ids) {
    yield* readByIds(read, options, options.from.ids);
    return;
  }
  const sizes = new PageSize(options.top);
  const ask = (afterId: number) =>
    sizes.adapt((top) => read({ ...options.from, afterId, top, signal: options.signal }));
  let afterId = options.from.afterId ?? 0;
  let next: Promise<SagePage<Row>> | null = ask(afterId);
  while (next) {
    const page: SagePage<Row> = await next;
    afterId = page.lastId ?? afterId;
    next = page.complete ? null : ask(afterId);
    // a rejection is seen when it is awaited; until then it must not end the process
    next?.catch(() => undefined);
    yield page;
  }
}

/** So many ids that the address stays far below the shortest limit known of proxies (2,048 characters in all). */
const IDS_PER_REQUEST = 60;

async function* readByIds<Row>(
  read: ReadPage<Row>,
  options: ReadPagesOptions,
  ids: readonly number[],
): AsyncGenerator<SagePage<Row>> {
  const unique = [...new Set(ids)];
  for (let from = 0; from < unique.length; from += IDS_PER_REQUEST) {
    const chunk = unique.slice(from, from + IDS_PER_REQUEST);
    const page = await read({ ...options.from, ids: chunk, top: DEFAULT_PAGE_SIZE, signal: options.signal });
    yield { ...page, complete: from + IDS_PER_REQUEST >= unique.length };
  }
}

class PageSize {
  private size: number;

  constructor(private readonly top: number) {
    this.size = top;
  }

  async adapt<T>(read: (top: number) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await read(this.size);
        this.size = Math.min(this.top, this.size + Math.ceil(this.top / 10));
        return result;
      } catch (error) {
        const tooSlow = error instanceof SageError && (error.kind === 'timeout' || error.httpStatus === 504);
        if (!tooSlow || this.size <= MIN_PAGE_SIZE) throw error;
        this.size = Math.max(MIN_PAGE_SIZE, Math.floor(this.size / 2));
      }
    }
  }
}
