// What a resource of the API is, and how a page of it becomes one SQL statement.
import type { LateTable } from '../ledger/late-rows.js';
import { printedSql, type Field } from './field.js';

export interface Expand {
  readonly name: string;
  readonly isMany: boolean;
  readonly resource: () => Resource;
  /** SQL that joins the row (`~`) with the nested row (`^`). Left out: the nested object is made of the same row. */
  readonly on?: string;
  /** Nested without being asked for. */
  readonly isAlways?: boolean;
}

export interface Resource {
  readonly name: string;
  /** FROM clause; `~` is the row's alias, and in a nested resource `^` is the alias of the row above (in fields, too). */
  readonly from: string;
  readonly fields: readonly Field[];
  readonly expands?: readonly Expand[];
  /** Rows of one company only, unless false. */
  readonly isPerCompany?: boolean;
  readonly where?: string;
  readonly orderBy: string;
  /** Which rows a fault may keep back for a while, and the SQL of their id. */
  readonly late?: { readonly table: LateTable; readonly idSql: string };
}

/** What of a row is wanted: null stands for every field. */
export interface Shape {
  readonly fields: ReadonlySet<string> | null;
  readonly nested: ReadonlyMap<string, Shape>;
}

export const WHOLE: Shape = { fields: null, nested: new Map() };

const fieldIndex = new WeakMap<readonly Field[], Map<string, Field>>();

export function fieldOf(resource: Resource, name: string): Field | undefined {
  let index = fieldIndex.get(resource.fields);
  if (!index) {
    index = new Map(resource.fields.map((field) => [field.name, field]));
    fieldIndex.set(resource.fields, index);
  }
  return index.get(name);
}

export const expandOf = (resource: Resource, name: string): Expand | undefined =>
  resource.expands?.find((expand) => expand.name === name);

export const withAlias = (sql: string, alias: string): string => sql.replaceAll('~', alias);

/** SQL of one row's JSON text. A null field is left out of the row, as on the wire (sage200.md §1.6). */
export function rowSql(resource: Resource, alias: string, shape: Shape): string {
  const parts: string[] = [];
  for (const field of resource.fields) {
    if (shape.fields && !shape.fields.has(field.name)) continue;
    const printed = printedSql(field.kind, withAlias(field.sql, alias));
    parts.push(`coalesce(',"${field.name}":' || ${printed}, '')`);
  }
  for (const expand of resource.expands ?? []) {
    const nested = shape.nested.get(expand.name) ?? (expand.isAlways && !shape.fields ? WHOLE : undefined);
    if (nested) parts.push(nestedSql(expand, alias, nested));
  }
  if (parts.length === 0) return `'{}'`;
  return `'{' || substr(${parts.join(' || ')}, 2) || '}'`;
}

function nestedSql(expand: Expand, parentAlias: string, shape: Shape): string {
  const resource = expand.resource();
  const key = `',"${expand.name}":'`;
  if (!expand.on) return `coalesce(${key} || ${rowSql(resource, parentAlias, shape)}, '')`;
  const alias = `${parentAlias}_${expand.name}`;
  const on = withAlias(expand.on, parentAlias).replaceAll('^', alias);
  const where = resource.where ? `${on} and ${withAlias(resource.where, alias)}` : on;
  const from = `from ${withAlias(resource.from, alias).replaceAll('^', parentAlias)} where ${where}`;
  const row = rowSql(resource, alias, shape).replaceAll('^', parentAlias);
  if (!expand.isMany) return `coalesce(${key} || (select ${row} ${from} limit 1), '')`;
  const order = withAlias(resource.orderBy, alias);
  return `${key} || '[' || coalesce((select group_concat(${row}, ',' order by ${order}) ${from}), '') || ']'`;
}
