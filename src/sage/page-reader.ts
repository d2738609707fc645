import { asRow, integer, type Row, RowFault } from './decode.js';
import { odataIds, odataInstant, type Query } from './odata.js';
import type { PageRequest, RejectedRow, SagePage } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer } from './sage-error.js';

interface WithId {
  id: number;
}

/** One list of Sage's, and how its rows are read. */
export interface SageResource<T extends WithId> {
  path: string;
  expand?: string;
  /** Left out: every field. */
  select?: string;
  /** Throws RowFault for a row that cannot be taken; null skips one that is none. */
  decode(row: Row): T | null;
}

export type PageReader<T> = (client: SageClient, company: SageCompanyRef, request: PageRequest) => Promise<SagePage<T>>;

/** Sage's silent default page (sage200.md §2.1): an answer of this many rows may have more behind it, whatever was asked for. */
const DEFAULT_PAGE = 500;
const MAX_TOP = 5_000;
const MAX_URL_LENGTH = 1_800;

/** A reader of keyset pages: `id gt …`, ordered by id, always with `$top`. */
export function pageReader<T extends WithId>(resource: SageResource<T>): PageReader<T> {
  return async (client, company, request) => {
    const top = Math.min(Math.max(1, request.top), MAX_TOP);
    if (request.ids) return readByIds(resource, client, company, { ...request, top }, request.ids);
    const query = { ...filtered(resource, request), $top: top };
    const answer = await client.list(resource.path, { company, query, signal: request.signal });
    const { isUnordered, ...page } = decodePage(resource, answer, request.afterId ?? -1);
    const complete = answer.length < Math.min(top, DEFAULT_PAGE);
    if (!complete && isUnordered)
      throw badAnswer(`Sage did not keep the order that ${resource.path} was asked for in.`);
    return { ...page, complete };
  };
}

/** At most `top` ids a call, in as many requests as keep the URL short: how long one may be is not known (sage200.md §8). */
async function readByIds<T extends WithId>(
  resource: SageResource<T>,
  client: SageClient,
  company: SageCompanyRef,
  request: PageRequest,
  ids: readonly number[],
): Promise<SagePage<T>> {
  const afterId = request.afterId ?? -1;
  const wanted = [...new Set(ids)].filter((id) => id > afterId).sort((a, b) => a - b);
  const asked = wanted.slice(0, request.top);
  const page: SagePage<T> = {
    rows: [],
    rejected: [],
    lastId: asked.at(-1) ?? null,
    count: 0,
    complete: asked.length === wanted.length,
  };
  for (let from = 0; from < asked.length;) {
    const chunk = idsThatFit(resource, client, request, asked.slice(from));
    const query = { ...filtered(resource, { ...request, afterId: undefined, ids: chunk }), $top: chunk.length };
    const answer = await client.list(resource.path, { company, query, signal: request.signal });
    const wantedHere = new Set(chunk);
    const decoded = decodePage(
      resource,
      answer.filter((row) => wantedHere.has(idOf(row) ?? -1)),
      afterId,
    );
    page.rows.push(...decoded.rows);
    page.rejected.push(...decoded.rejected);
    page.count += answer.length;
    from += chunk.length;
  }
  return page;
}

function idsThatFit<T extends WithId>(
  resource: SageResource<T>,
  client: SageClient,
  request: PageRequest,
  ids: readonly number[],
): readonly number[] {
  // With each id the URL grows by " or id eq 123", its blanks as %20
  const perId = 'id%20eq%20%20or%20'.length + String(ids.at(-1)).length + 2;
  const bare = client.urlLength(resource.path, { ...filtered(resource, { ...request, ids: [] }), $top: DEFAULT_PAGE });
  const count = Math.max(1, Math.floor((MAX_URL_LENGTH - bare) / perId));
  return ids.slice(0, Math.min(count, DEFAULT_PAGE - 1));
}

function filtered<T extends WithId>(resource: SageResource<T>, request: PageRequest): Query {
  const { afterId, updatedSince, ids, customerId } = request;
  const conditions = [
    afterId === undefined ? null : `id gt ${afterId}`,
    updatedSince === undefined ? null : `date_time_updated ge ${odataInstant(updatedSince)}`,
    ids === undefined ? null : odataIds('id', ids),
    customerId === undefined ? null : `customer_id eq ${customerId}`,
  ].filter((condition) => condition !== null);
  return {
    ...(conditions.length > 0 && { $filter: conditions.join(' and ') }),
    ...(resource.expand && { $expand: resource.expand }),
    ...(resource.select && { $select: resource.select }),
    $orderby: 'id asc',
  };
}

interface DecodedPage<T> {
  rows: T[];
  rejected: RejectedRow[];
  lastId: number | null;
  count: number;
  isUnordered: boolean;
}

/** Rows that were not asked for and rows that came twice are dropped; what does not decode is handed over with the reason. */
function decodePage<T extends WithId>(
  resource: SageResource<T>,
  answer: readonly unknown[],
  afterId: number,
): DecodedPage<T> {
  const page: DecodedPage<T> = { rows: [], rejected: [], lastId: null, count: answer.length, isUnordered: false };
  const seen = new Set<number>();
  for (const value of answer) {
    const id = idOf(value);
    if (id !== null) {
      if (id <= afterId || seen.has(id)) continue;
      seen.add(id);
      if (page.lastId !== null && id < page.lastId) page.isUnordered = true;
      page.lastId = Math.max(page.lastId ?? id, id);
    }
    decodeRow(resource, value, id, page);
  }
  if (page.isUnordered) page.rows.sort((a, b) => a.id - b.id);
  return page;
}

function decodeRow<T extends WithId>(
  resource: SageResource<T>,
  value: unknown,
  id: number | null,
  page: DecodedPage<T>,
): void {
  try {
    const row = resource.decode(asRow(value));
    if (row !== null) page.rows.push(row);
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    page.rejected.push({ key: id === null ? null : String(id), reason: error.message, row: value });
  }
}

function idOf(value: unknown): number | null {
  const id = (value as { id?: unknown } | null)?.id;
  if (typeof id === 'number') return Number.isSafeInteger(id) ? id : null;
  try {
    return integer(asRow(value), 'id');
  } catch {
    return null;
  }
}
