// Reads a list, or one row, of a resource as finished JSON text.
import type { Ledger, SqlValue } from '../ledger/ledger.js';
import type { LateTable } from '../ledger/late-rows.js';
import { filterSql } from '../odata/filter-sql.js';
import type { QueryOptions } from '../odata/query-options.js';
import { fieldOf, rowSql, withAlias, WHOLE, type Resource, type Shape } from './resource.js';

export interface Scope {
  readonly companyId: number;
  /** More conditions, e.g. `~.customer_id = ?`. */
  readonly conditions?: readonly { readonly sql: string; readonly value: SqlValue }[];
  /** Rows that do not show yet (a fault). */
  readonly hiddenIds?: ReadonlyMap<LateTable, readonly number[]>;
}

const ALIAS = 't';

export function readPage(ledger: Ledger, resource: Resource, scope: Scope, options: QueryOptions): string {
  if (options.isMetadata) return metadata(resource);
  const where = whereSql(resource, scope);
  const params: SqlValue[] = [...where.params];
  let condition = where.text;
  if (options.filter) {
    const filter = filterSql(resource, ALIAS, options.filter);
    condition += ` and ${filter.text}`;
    params.push(...filter.params);
  }
  const from = withAlias(resource.from, ALIAS);
  const order =
    options.orderBy
      .map(
        ({ field, isDescending }) =>
          `${withAlias(fieldOf(resource, field)?.sql ?? '', ALIAS)}${isDescending ? ' desc' : ''}`,
      )
      .join(', ') || withAlias(resource.orderBy, ALIAS);
  const sql = `select ${rowSql(resource, ALIAS, options.shape)} from ${from} where ${condition} order by ${order} limit ? offset ?`;
  const rows = `[${ledger.column<string>(sql, [...params, options.top, options.skip]).join(',')}]`;
  if (!options.isCounted) return rows;
  const [count] = ledger.column<number>(`select count(*) from ${from} where ${condition}`, params);
  // The answer's shape for $count is not documented (sage200.md §8.2); this is OData's own.
  return `{"@odata.count":${count},"value":${rows}}`;
}

/** One row's JSON text, or undefined. */
export function readOne(ledger: Ledger, resource: Resource, scope: Scope, shape: Shape = WHOLE): string | undefined {
  const where = whereSql(resource, scope);
  const from = withAlias(resource.from, ALIAS);
  const [row] = ledger.column<string>(
    `select ${rowSql(resource, ALIAS, shape)} from ${from} where ${where.text} limit 1`,
    where.params,
  );
  return row;
}

function whereSql(resource: Resource, scope: Scope): { text: string; params: SqlValue[] } {
  const parts: string[] = [];
  const params: SqlValue[] = [];
  if (resource.isPerCompany !== false) {
    parts.push('~.company_id = ?');
    params.push(scope.companyId);
  }
  if (resource.where) parts.push(resource.where);
  for (const { sql, value } of scope.conditions ?? []) {
    parts.push(sql);
    params.push(value);
  }
  const hidden = (resource.late && scope.hiddenIds?.get(resource.late.table)) ?? [];
  if (resource.late && hidden.length > 0) parts.push(`${resource.late.idSql} not in (${hidden.join(', ')})`);
  return { text: parts.length === 0 ? '1' : withAlias(parts.join(' and '), ALIAS), params };
}

function metadata(resource: Resource): string {
  const fields = resource.fields.map(({ name, kind, maxLength }) => ({
    name,
    type:
      typeof kind === 'object'
        ? 'enum'
        : kind === 'baseMoney'
          ? 'decimal'
          : kind === 'money' || kind === 'rate'
            ? 'decimal'
            : kind,
    ...(maxLength === undefined ? {} : { max_length: maxLength }),
    sortable: true,
    filterable: true,
  }));
  const nested = (resource.expands ?? []).map(({ name, isMany }) => ({
    name,
    type: isMany ? 'collection' : 'object',
    sortable: false,
    filterable: false,
  }));
  return JSON.stringify([...fields, ...nested]);
}
