// The query string of a GET: which options there are, and what each may hold (sage200.md §2.1).
import { Refusal } from '../ledger/refusal.js';
import { expandOf, fieldOf, type Resource, type Shape } from '../resources/resource.js';
import { unknownProperty } from './filter-sql.js';
import { parseFilter, type Filter } from './filter.js';

export const DEFAULT_TOP = 500;
/** More is an error here rather than cut down in silence: a client that relies on either must be seen (sage200.md §8.2). */
export const MAX_TOP = 5000;

export interface QueryOptions {
  readonly shape: Shape;
  readonly filter?: Filter;
  readonly orderBy: readonly { readonly field: string; readonly isDescending: boolean }[];
  readonly top: number;
  readonly skip: number;
  readonly isCounted: boolean;
  readonly isMetadata: boolean;
}

const KNOWN = new Set([
  '$select',
  '$filter',
  '$orderby',
  '$top',
  '$skip',
  '$expand',
  '$count',
  '$metadata',
  '$ageingdatetype',
  '$periodnumber',
]);

export function readQueryOptions(resource: Resource, query: URLSearchParams): QueryOptions {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !KNOWN.has(name)) throw new Refusal(`The query parameter '${name}' is not supported.`);
  }
  const filter = query.get('$filter');
  const orderBy = readOrderBy(resource, query.get('$orderby'));
  if (query.has('$skip') && orderBy.length === 0) {
    throw new Refusal("The query option '$skip' must be used together with '$orderby'.");
  }
  return {
    shape: readShape(resource, query.get('$select'), query.get('$expand')),
    filter: filter === null ? undefined : parseFilter(filter),
    orderBy,
    top: readCount(query, '$top', DEFAULT_TOP, MAX_TOP),
    skip: readCount(query, '$skip', 0, Number.MAX_SAFE_INTEGER),
    isCounted: readFlag(query, '$count'),
    isMetadata: readFlag(query, '$metadata'),
  };
}

function readOrderBy(resource: Resource, source: string | null): QueryOptions['orderBy'] {
  if (source === null) return [];
  return source.split(',').map((part) => {
    const [field = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    if (!fieldOf(resource, field)) throw unknownProperty(field, resource);
    if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc'))
      throw new Refusal(`Syntax error in $orderby at '${part}'.`);
    return { field, isDescending: direction === 'desc' };
  });
}

function readCount(query: URLSearchParams, name: string, fallback: number, maximum: number): number {
  const source = query.get(name);
  if (source === null) return fallback;
  if (!/^\d+$/.test(source))
    throw new Refusal(`Invalid value '${source.slice(0, 40)}' for ${name} query option found.`);
  const value = Number(source);
  if (value > maximum) throw new Refusal(`The limit of '${maximum}' for ${name} query has been exceeded.`);
  return value;
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value === null || value === 'false') return false;
  if (value === 'true') return true;
  throw new Refusal(`Invalid value '${value.slice(0, 40)}' for ${name} query option found.`);
}

interface MutableShape {
  fields: Set<string> | null;
  nested: Map<string, MutableShape>;
}
const mutableShape = (): MutableShape => ({ fields: null, nested: new Map() });

function readShape(resource: Resource, select: string | null, expand: string | null): Shape {
  const shape = mutableShape();
  for (const path of list(expand)) {
    let at = resource;
    let into = shape;
    for (const name of path.split(/[./]/)) {
      const found = expandOf(at, name);
      if (!found) throw unknownProperty(path, resource);
      const nested = into.nested.get(name) ?? mutableShape();
      into.nested.set(name, nested);
      at = found.resource();
      into = nested;
    }
  }
  const selected = list(select);
  if (selected.length > 0) shape.fields = new Set();
  for (const path of selected) selectPath(resource, shape, path);
  return shape;
}

/** `a` or, for what is expanded, `a.b` (sage200.md §2.1). */
function selectPath(resource: Resource, shape: MutableShape, path: string): void {
  const names = path.split(/[./]/);
  let at = resource;
  let into = shape;
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    if (isLast && fieldOf(at, name)) {
      into.fields ??= new Set();
      into.fields.add(name);
      return;
    }
    const expand = expandOf(at, name);
    const nested = into.nested.get(name);
    if (!expand || !nested) throw unknownProperty(path, resource);
    at = expand.resource();
    into = nested;
  }
}

const list = (source: string | null): string[] =>
  source === null
    ? []
    : source
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
