// Reads a request body by a resource's fields. Unknown properties are ignored in silence, as on the wire (sage200.md §1.6);
// a known one of the wrong type, too long or too precise is refused, and only the first fault is named.
import { Refusal } from '../ledger/refusal.js';
import type { SqlValue } from '../ledger/ledger.js';
import { scaledFromNumber } from '../ledger/money.js';
import { isDay } from '../ledger/time.js';
import type { Field, Kind } from '../resources/field.js';

export type Body = Readonly<Record<string, unknown>>;
export type Values = Record<string, SqlValue>;

export function parseBody(source: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw new Refusal('The request body is not valid JSON.');
  }
  return asBody(value, 'body');
}

export function asBody(value: unknown, name: string): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(`The value of '${name}' must be an object.`);
  }
  return value as Body;
}

/** A list of objects; missing or null is an empty list. */
export function listOf(body: Body, name: string): Body[] {
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Refusal(`The value of '${name}' must be an array.`);
  return value.map((item) => asBody(item, name));
}

/** The fields that the body has, as the ledger stores them, by field name. */
export function readValues(fields: readonly Field[], body: Body): Values {
  const values: Values = {};
  for (const field of fields) {
    if (!(field.name in body) || field.isReadOnly) continue;
    values[field.name] = readValue(field, body[field.name]);
  }
  return values;
}

export function readValue({ name, kind, maxLength }: Field, value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  const stored = typed(kind, value);
  if (stored === undefined) throw new Refusal(`Error converting value for '${name}'.`);
  if (kind === 'text' && maxLength !== undefined && String(stored).length > maxLength) {
    throw new Refusal(`The length of '${name}' must not be greater than ${maxLength}.`);
  }
  return stored;
}

function typed(kind: Kind, value: unknown): SqlValue | undefined {
  if (typeof kind === 'object') {
    const index = typeof value === 'string' ? kind.values.indexOf(value) : -1;
    return index < 0 ? undefined : index;
  }
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
    case 'money':
    case 'baseMoney':
      return typeof value === 'number' ? (scaledFromNumber(value, 2) ?? undefined) : undefined;
    case 'rate':
      return typeof value === 'number' ? (scaledFromNumber(value, 6) ?? undefined) : undefined;
    case 'date':
    case 'instant':
      return typeof value === 'string' ? instantOf(value) : undefined;
    case 'json':
      return undefined;
  }
}

/** Bare dates are refused on the wire (sage200.md §2.1). */
function instantOf(value: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?$/.test(value)) return undefined;
  if (!isDay(value.slice(0, 10))) return undefined;
  const epochMs = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(epochMs) ? undefined : new Date(epochMs).toISOString();
}

export function required<Value extends SqlValue>(values: Values, name: string): Exclude<Value, null> {
  const value = values[name];
  if (value === undefined || value === null)
    throw new Refusal(`SageNullFieldException: The field '${name}' cannot be null.`);
  return value as Exclude<Value, null>;
}
