// A field of a resource: how SQLite computes it, and how SQLite prints it as JSON text.
// Rows leave the database as finished JSON: it is faster than building objects, and no decimal ever becomes a float.

export type Kind =
  | 'integer'
  | 'text'
  | 'boolean'
  | 'money'
  | 'baseMoney'
  | 'rate'
  | 'date'
  | 'instant'
  | 'json'
  | { readonly values: readonly string[] };

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** SQL expression; `~` stands for the alias of the row. */
  readonly sql: string;
  readonly maxLength?: number;
  readonly isReadOnly?: boolean;
}

type Maker = (name: string, sql?: string) => Field;
const maker =
  (kind: Kind): Maker =>
  (name, sql = `~.${name}`) => ({ name, kind, sql });

export const integer = maker('integer');
export const boolean = maker('boolean');
export const money = maker('money');
export const baseMoney = maker('baseMoney');
export const rate = maker('rate');
export const date = maker('date');
export const instant = maker('instant');
export const json = maker('json');
export const text = (name: string, maxLength: number, sql = `~.${name}`): Field => ({
  name,
  kind: 'text',
  sql,
  maxLength,
});
export const choice = (name: string, values: readonly string[], sql = `~.${name}`): Field => ({
  name,
  kind: { values },
  sql,
  maxLength: 60,
});
export const readOnly = (field: Field): Field => ({ ...field, isReadOnly: true });

/** SQL that prints `value` (an SQL expression) as JSON text; NULL stays NULL. */
export function printedSql(kind: Kind, value: string): string {
  if (typeof kind === 'object') {
    const arms = kind.values.map((name, index) => `when ${index} then '"${name}"'`).join(' ');
    return `case ${value} ${arms} end`;
  }
  switch (kind) {
    case 'integer':
    case 'json':
      return value;
    case 'text':
      return `iif(${value} is null, null, json_quote(${value}))`;
    case 'boolean':
      return `iif(${value}, 'true', iif(${value} is null, null, 'false'))`;
    case 'money':
      return twoPlaces(value);
    case 'baseMoney':
      // The wire prints base values without trailing zeros beside document values with them (sage200.md §1.6).
      return `iif(${value} % 10 = 0, ${sign(value)} || printf('%d.%d', abs(${value}) / 100, abs(${value}) / 10 % 10), ${twoPlaces(value)})`;
    case 'rate':
      return `iif(${value} is null, null, printf('%d.%06d', ${value} / 1000000, ${value} % 1000000))`;
    case 'date':
      return `'"' || ${value} || 'T00:00:00Z"'`;
    case 'instant':
      return `'"' || rtrim(rtrim(substr(${value}, 1, 23), '0'), '.') || 'Z"'`;
  }
}

const sign = (value: string): string => `iif(${value} < 0, '-', iif(${value} is null, null, ''))`;
const twoPlaces = (value: string): string =>
  `${sign(value)} || printf('%d.%02d', abs(${value}) / 100, abs(${value}) % 100)`;
