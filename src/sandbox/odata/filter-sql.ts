// A parsed filter as SQL with parameters. Field names come from the resource, values are always bound.
import { Refusal } from '../ledger/refusal.js';
import type { SqlValue } from '../ledger/ledger.js';
import { scaledFromText } from '../ledger/money.js';
import type { Field } from '../resources/field.js';
import { expandOf, fieldOf, withAlias, type Resource } from '../resources/resource.js';
import type { Comparison, Filter, Literal, TextFunction } from './filter.js';

export interface Sql {
  readonly text: string;
  readonly params: readonly SqlValue[];
}

const OPERATORS: Readonly<Record<Comparison, string>> = { eq: '=', ne: 'is not', gt: '>', ge: '>=', lt: '<', le: '<=' };

export function filterSql(resource: Resource, alias: string, filter: Filter): Sql {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => filterSql(resource, alias, part));
      return {
        text: `(${parts.map(({ text }) => text).join(` ${filter.kind} `)})`,
        params: parts.flatMap(({ params }) => params),
      };
    }
    case 'not': {
      const { text, params } = filterSql(resource, alias, filter.part);
      return { text: `(not coalesce(${text}, 0))`, params };
    }
    case 'compare': {
      const { field, sql } = resolve(resource, alias, filter.field);
      return compareSql(field, sql, filter.by, filter.literal);
    }
    case 'text': {
      const { field, sql } = resolve(resource, alias, filter.field);
      return textSql(field, sql, filter.by, filter.value);
    }
  }
}

/** A field of the row, or with a dot a field of a nested object; nested lists cannot be filtered (sage200.md §2.1). */
function resolve(resource: Resource, alias: string, path: string): { field: Field; sql: string } {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const field = fieldOf(resource, name);
    if (field) return { field, sql: withAlias(field.sql, alias) };
    if (expandOf(resource, name)) throw new Refusal(`The property '${name}' cannot be used in $filter.`);
  }
  const expand = rest.length === 1 ? expandOf(resource, name) : undefined;
  if (expand?.isMany) throw new Refusal(`The collection '${name}' cannot be used in $filter.`);
  const field = expand && fieldOf(expand.resource(), rest[0] as string);
  if (!expand || !field) throw unknownProperty(path, resource);
  if (!expand.on) return { field, sql: withAlias(field.sql, alias) };
  const nested = `${alias}_f`;
  const on = withAlias(expand.on, alias).replaceAll('^', nested);
  const from = withAlias(expand.resource().from, nested);
  return { field, sql: `(select ${withAlias(field.sql, nested)} from ${from} where ${on} limit 1)` };
}

export const unknownProperty = (name: string, resource: Resource): Refusal =>
  new Refusal(`Could not find a property named '${name}' on type '${resource.name}'.`);

function compareSql(field: Field, sql: string, by: Comparison, literal: Literal): Sql {
  if (literal.kind === 'null') {
    if (by !== 'eq' && by !== 'ne') throw mismatch(field);
    return { text: `${sql} is ${by === 'eq' ? '' : 'not '}null`, params: [] };
  }
  const [left, value] = comparable(field, sql, literal);
  return { text: `${left} ${OPERATORS[by]} ?`, params: [value] };
}

function comparable(
  { kind, ...field }: Field,
  sql: string,
  literal: Exclude<Literal, { kind: 'null' }>,
): [string, SqlValue] {
  if (typeof kind === 'object' && literal.kind === 'string') {
    // An enumeration takes its name or its number, in quotes either way (sage200.md §2.1).
    const index = /^\d+$/.test(literal.value) ? Number(literal.value) : kind.values.indexOf(literal.value);
    if (index < 0)
      throw new Refusal(`The string '${literal.value}' is not a valid enumeration value of '${field.name}'.`);
    return [sql, index];
  }
  if (kind === 'text' && literal.kind === 'string') return [sql, literal.value];
  if (kind === 'boolean' && literal.kind === 'boolean') return [sql, literal.value ? 1 : 0];
  if (kind === 'integer' && literal.kind === 'number') return scaled(sql, literal.value, 0);
  if ((kind === 'money' || kind === 'baseMoney') && literal.kind === 'number') return scaled(sql, literal.value, 2);
  if (kind === 'rate' && literal.kind === 'number') return scaled(sql, literal.value, 6);
  if (kind === 'instant' && literal.kind === 'date') return [sql, `${literal.value}T00:00:00.000Z`];
  if (kind === 'instant' && literal.kind === 'instant') return [sql, literal.value];
  if (kind === 'date' && literal.kind === 'date') return [sql, literal.value];
  if (kind === 'date' && literal.kind === 'instant') {
    if (literal.value.endsWith('T00:00:00.000Z')) return [sql, literal.value.slice(0, 10)];
    return [`(${sql} || 'T00:00:00.000Z')`, literal.value];
  }
  throw mismatch({ kind, ...field });
}

/** More decimals than the column keeps: the column is scaled up, so the comparison stays exact. */
function scaled(sql: string, value: string, places: number): [string, SqlValue] {
  const decimals = Math.max(places, (value.split('.')[1] ?? '').length);
  const number = scaledFromText(value, decimals);
  if (number === null || number > 9_000_000_000_000_000n || number < -9_000_000_000_000_000n) {
    throw new Refusal(`The number '${value.slice(0, 40)}' is out of range.`);
  }
  return [decimals === places ? sql : `(${sql} * ${10n ** BigInt(decimals - places)})`, Number(number)];
}

function textSql(field: Field, sql: string, by: TextFunction, value: string): Sql {
  if (field.kind !== 'text') throw mismatch(field);
  const left = `lower(${sql})`;
  const needle = value.toLowerCase();
  if (needle === '') return { text: `${sql} is not null`, params: [] };
  switch (by) {
    case 'contains':
      return { text: `instr(${left}, ?) > 0`, params: [needle] };
    case 'startswith':
      return { text: `substr(${left}, 1, length(?)) = ?`, params: [needle, needle] };
    case 'endswith':
      return { text: `substr(${left}, -length(?)) = ?`, params: [needle, needle] };
  }
}

const mismatch = (field: Field): Refusal =>
  new Refusal(`A binary operator with incompatible types was detected at property '${field.name}'.`);
