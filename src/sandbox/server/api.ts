// One request to the API, from its headers to its answer; the same order of checks as Sage's own (sage200.md §1.2, §2.2).
import { Refusal } from '../ledger/refusal.js';
import type { Ledger } from '../ledger/ledger.js';
import { toDate } from '../ledger/time.js';
import type { TokenStore } from '../oauth/token-store.js';
import { readQueryOptions } from '../odata/query-options.js';
import { parseBody } from '../posting/input.js';
import type { PostingRules } from '../posting/posting-context.js';
import { agedDebtorDetail, agedDebtorSummary, agedTransactionPeriods, ageingFrom } from '../resources/ageing.js';
import { LISTED_DOCUMENTS, SINGLE_DOCUMENTS, sitesText } from '../resources/documents.js';
import { readOne, readPage, type Scope } from '../resources/read-page.js';
import { NESTED, READ_BY_ID, RESOURCES } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import { denied, empty, jsonText, message, type Reply } from './reply.js';
import type { SandboxRequest } from './request.js';
import type { LateRows } from '../ledger/late-rows.js';
import { writeFor } from './writes.js';

export const API_ROOT = '/uk/sage200extra/accounts/v1';
/** IIS's own limit for a query string lies near here; what Sage does is not known (sage200.md §8.2). */
const MAX_URL_LENGTH = 8192;

export interface Api {
  readonly ledger: Ledger;
  readonly tokens: TokenStore;
  /** Replaced as a whole when a test changes them. */
  rules: PostingRules;
  readonly createdStatus: 200 | 201;
  readonly now: () => number;
  readonly lateRows: LateRows;
}

/** What faults change about one request. */
export interface Twist {
  readonly isPeriodClosed?: boolean;
  readonly hideForMs?: number;
}

export function answer(api: Api, request: SandboxRequest, path: string, twist: Twist): Reply {
  const refused = checkToken(api, request);
  if (refused) return refused;
  if (request.urlLength > MAX_URL_LENGTH) return empty(414);
  if (path === '/sites') return request.method === 'GET' ? jsonText(sitesText(api.ledger)) : noRoute(request, path);
  const companyId = companyOf(api, request);
  if (companyId === null) return empty(401);
  try {
    return route(api, request, path, companyId, twist) ?? noRoute(request, path);
  } catch (error) {
    if (error instanceof Refusal) return message(error.status, error.message);
    throw error;
  }
}

function checkToken({ tokens }: Api, { headers }: SandboxRequest): Reply | null {
  const header = headers.authorization ?? '';
  if (!/^bearer /i.test(header)) return denied();
  return tokens.isAccessTokenGood(header.slice('bearer '.length)) ? null : empty(401);
}

function companyOf({ ledger }: Api, { headers }: SandboxRequest): number | null {
  const company = String(headers['x-company'] ?? '');
  if (!/^\d{1,9}$/.test(company)) return null;
  const [found] = ledger.column<number>(
    'select company_id from companies where company_id = ? and site_id = ? collate nocase',
    [Number(company), String(headers['x-site'] ?? '')],
  );
  return found ?? null;
}

const noRoute = ({ method }: SandboxRequest, path: string): Reply =>
  message(404, `No HTTP resource was found that matches the request ${method} '${path}'.`);

function route(api: Api, request: SandboxRequest, path: string, companyId: number, twist: Twist): Reply | null {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const ids: number[] = [];
  for (const segment of segments.filter((_, index) => index % 2 === 1)) {
    if (!/^\d{1,15}$/.test(segment)) return null;
    ids.push(Number(segment));
  }
  const names = segments.filter((_, index) => index % 2 === 0);
  if (request.method === 'GET') return read(api, request, names, ids, companyId);
  const write = writeFor(request.method, segments.map((segment, index) => (index % 2 === 1 ? '#' : segment)).join('/'));
  if (!write) return null;
  checkParents(api, names, ids, companyId, names.length > 1);
  const body = request.method === 'DELETE' ? {} : parseBody(request.body);
  const context = {
    ledger: api.ledger,
    companyId,
    nowMs: api.now(),
    rules: api.rules,
    userName: 'Sandbox User',
    isPeriodClosed: twist.isPeriodClosed === true,
  };
  const written = api.ledger.transaction(() => write(context, ids, body));
  if (written.row && twist.hideForMs) api.lateRows.hide({ companyId, ...written.row }, api.now() + twist.hideForMs);
  return written.body === '' ? empty(200) : jsonText(written.body, request.method === 'POST' ? api.createdStatus : 200);
}

function read(
  api: Api,
  request: SandboxRequest,
  names: readonly string[],
  ids: readonly number[],
  companyId: number,
): Reply | null {
  const { ledger } = api;
  const name = names.at(-1) as string;
  const ownId = ids.length === names.length ? (ids.at(-1) as number) : undefined;
  const document = names.length === 1 ? documentText(api, name, companyId, ownId) : null;
  if (document !== null) return jsonText(document);
  const resource =
    names.length === 1 && ownId === undefined ? ageingResource(api, name, companyId, request.query) : undefined;
  const found = resource ?? RESOURCES.get(name);
  if (!found) return null;
  const scope: Scope = {
    companyId,
    conditions: parentConditions(api, names, ids, companyId),
    hiddenIds: api.lateRows.hiddenIds(companyId, api.now()),
  };
  if (ownId === undefined) return jsonText(readPage(ledger, found, scope, readQueryOptions(found, request.query)));
  if (!READ_BY_ID.has(name)) return null;
  const conditions = [...(scope.conditions ?? []), { sql: idSql(found), value: ownId }];
  const row = readOne(ledger, found, { ...scope, conditions }, readQueryOptions(found, request.query).shape);
  return row === undefined ? message(404, 'The requested resource was not found.') : jsonText(row);
}

const idSql = (resource: Resource): string => `${resource.fields.find(({ name }) => name === 'id')?.sql ?? '~.id'} = ?`;

function documentText({ ledger }: Api, name: string, companyId: number, id: number | undefined): string | null {
  const single = SINGLE_DOCUMENTS[name];
  if (single && id === undefined) return single(ledger, { companyId });
  const listed = LISTED_DOCUMENTS[name];
  if (!listed || (id !== undefined && id !== 1)) return null;
  const text = listed(ledger, { companyId });
  return id === undefined ? `[${text}]` : text;
}

function ageingResource(api: Api, name: string, companyId: number, query: URLSearchParams): Resource | undefined {
  const make = {
    sales_aged_debtor_summary_views: agedDebtorSummary,
    sales_aged_debtor_detailed_views: agedDebtorDetail,
    sales_aged_transaction_period_views: agedTransactionPeriods,
  }[name];
  return make?.(ageingFrom(query, toDate(api.now()), ageingPeriods(api.ledger, companyId)));
}

export function ageingPeriods(ledger: Ledger, companyId: number): number[] {
  const [text = '{}'] = ledger.column<string>('select settings from companies where company_id = ?', [companyId]);
  const { ageing_periods: periods = [] } = JSON.parse(text) as {
    ageing_periods?: { days_period_starts_after: number }[];
  };
  return periods.map((period) => period.days_period_starts_after);
}

function parentConditions(
  api: Api,
  names: readonly string[],
  ids: readonly number[],
  companyId: number,
): { sql: string; value: number }[] {
  checkParents(api, names, ids, companyId);
  if (names.length < 2) return [];
  const condition = NESTED[names.at(-2) as string]?.[names.at(-1) as string];
  if (!condition) throw new Refusal('The requested resource was not found.', 404);
  return [{ sql: condition, value: ids[names.length - 2] as number }];
}

/** Every id of the path must be there, and belong to the one before; the last one is left to the read itself unless asked for. */
function checkParents(
  { ledger }: Api,
  names: readonly string[],
  ids: readonly number[],
  companyId: number,
  isLastChecked = false,
): void {
  const count = isLastChecked ? ids.length : names.length - 1;
  for (let index = 0; index < count; index += 1) {
    const resource = RESOURCES.get(names[index] as string);
    const nested = index > 0 ? NESTED[names[index - 1] as string]?.[names[index] as string] : undefined;
    const conditions = [
      { sql: '~.id = ?', value: ids[index] as number },
      ...(nested ? [{ sql: nested, value: ids[index - 1] as number }] : []),
    ];
    const isThere =
      resource && readOne(ledger, resource, { companyId, conditions }, { fields: new Set(), nested: new Map() });
    if (!isThere) throw new Refusal('The requested resource was not found.', 404);
  }
}
