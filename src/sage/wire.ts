import { isLosslessNumber } from 'lossless-json';
import { isCalendarDate } from '../common/calendar.js';
import { decimalText } from './sage-json.js';

/** A row of Sage's JSON. Fields whose value is null are left out; add-on fields may stand beside the known ones (sage200.md §1.6). */
export type WireRow = Record<string, unknown>;

/** A field that matters is missing or of another kind: the row goes into the quarantine with this as the reason. */
export class WireError extends Error {}

export function wireRow(value: unknown): WireRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WireError('It is no object.');
  return value as WireRow;
}

export function requiredId(row: WireRow, field: string): number {
  const id = optionalId(row, field);
  if (id === null) throw new WireError(`${field} is missing or no whole number.`);
  return id;
}

export function optionalId(row: WireRow, field: string): number | null {
  const value = row[field];
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' || isLosslessNumber(value)
        ? Number(String(value))
        : Number.NaN;
  return Number.isSafeInteger(number) && value !== '' ? number : null;
}

/** Text as it came: keys are not trimmed. */
export function optionalText(row: WireRow, field: string): string | null {
  const value = row[field];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || isLosslessNumber(value)) return String(value);
  return null;
}

export function requiredText(row: WireRow, field: string): string {
  const text = optionalText(row, field);
  if (text === null) throw new WireError(`${field} is missing.`);
  return text;
}

export function text(row: WireRow, field: string): string {
  return optionalText(row, field) ?? '';
}

export function flag(row: WireRow, field: string): boolean {
  const value = row[field];
  return value === true || value === 1 || value === 'true';
}

export function optionalDecimal(row: WireRow, field: string): string | null {
  return decimalText(row[field]);
}

export function requiredDecimal(row: WireRow, field: string): string {
  const decimal = decimalText(row[field]);
  if (decimal === null) throw new WireError(`${field} is missing or no number.`);
  return decimal;
}

/** Date-only fields come as midnight, with or without Z: the calendar date is what is meant. */
export function optionalDate(row: WireRow, field: string): string | null {
  const value = row[field];
  if (typeof value !== 'string') return null;
  const date = value.slice(0, 10);
  return isCalendarDate(date) ? date : null;
}

export function requiredDate(row: WireRow, field: string): string {
  const date = optionalDate(row, field);
  if (date === null) throw new WireError(`${field} is missing or no date.`);
  return date;
}

/** UTC with milliseconds and Z; old servers leave the Z out (sage200.md §2.1). */
export function optionalInstant(row: WireRow, field: string): string | null {
  const value = row[field];
  if (typeof value !== 'string') return null;
  const instant = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(instant) ? null : new Date(instant).toISOString();
}

export function rows(row: WireRow, field: string): WireRow[] {
  const value = row[field];
  return Array.isArray(value) ? value.filter((item): item is WireRow => typeof item === 'object' && item !== null) : [];
}

export function child(row: WireRow, field: string): WireRow | null {
  const value = row[field];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireRow) : null;
}
