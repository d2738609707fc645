import { LosslessNumber } from 'lossless-json';
import { isCalendarDate } from '../common/calendar.js';
import { decimalText } from './decimal-text.js';

/** A row of Sage's as it came. */
export type Row = Readonly<Record<string, unknown>>;

/** Why a row cannot be taken: it goes into the quarantine with this reason. */
export class RowFault extends Error {}

export function asRow(value: unknown): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RowFault('is no object');
  return value as Row;
}

/** Whole and safe, or null when absent. */
export function integer(row: Row, field: string): number | null {
  const value = row[field];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw fault(field, 'is no whole number', value);
}

export function requiredInteger(row: Row, field: string): number {
  return integer(row, field) ?? missing(field);
}

/** As it came, not trimmed (sage200.md §1.6), or null when absent. A number is taken for its digits. */
export function text(row: Row, field: string): string | null {
  const value = row[field];
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return String(value);
  if (value instanceof LosslessNumber) return value.value;
  throw fault(field, 'is no text', value);
}

export function requiredText(row: Row, field: string): string {
  return text(row, field) ?? missing(field);
}

/** A URN, which is a number or a text on the wire (sage200.md §1.6): its digits, without the zeros that a text may be filled up with. */
export function requiredUrn(row: Row, field: string): string {
  return requiredText(row, field)
    .trim()
    .replace(/^0+(?=\d)/, '');
}

/** False when absent. */
export function flag(row: Row, field: string): boolean {
  const value = row[field];
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return false;
  throw fault(field, 'is neither true nor false', value);
}

/** Plain decimal text, or null when absent. */
export function decimal(row: Row, field: string): string | null {
  const value = row[field];
  if (value === undefined || value === null) return null;
  return decimalText(value) ?? fail(fault(field, 'is no decimal', value));
}

export function requiredDecimal(row: Row, field: string): string {
  return decimal(row, field) ?? missing(field);
}

/** Dates of a ledger repeat by the thousand: each is checked once. */
const knownDays = new Set<string>();
const MAX_KNOWN_DAYS = 50_000;

function isKnownDay(day: string): boolean {
  if (knownDays.has(day)) return true;
  if (!isCalendarDate(day)) return false;
  if (knownDays.size >= MAX_KNOWN_DAYS) knownDays.clear();
  knownDays.add(day);
  return true;
}

/** YYYY-MM-DD, or null when absent. On the wire it is midnight, with or without Z (sage200.md §2.1). */
export function date(row: Row, field: string): string | null {
  const value = row[field];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw fault(field, 'is no date', value);
  const day = value.slice(0, 10);
  if (!isKnownDay(day) || (value.length > 10 && value[10] !== 'T')) throw fault(field, 'is no date', value);
  return day;
}

export function requiredDate(row: Row, field: string): string {
  return date(row, field) ?? missing(field);
}

const TIME = /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?Z?$/;

/** ISO 8601 with Z and milliseconds, or null when absent. Without a zone it is UTC (sage200.md §2.1). */
export function instant(row: Row, field: string): string | null {
  const value = row[field];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw fault(field, 'is no instant', value);
  if (!TIME.test(value.slice(10)) || !isKnownDay(value.slice(0, 10))) {
    return zonedInstant(value) ?? fail(fault(field, 'is no instant', value));
  }
  const fraction = value.length > 20 ? value.slice(20, 23).replace('Z', '').padEnd(3, '0') : '000';
  return `${value.slice(0, 19)}.${fraction}Z`;
}

function zonedInstant(value: string): string | null {
  const at = /T.*[+-]\d\d:\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The rows of a nested list; empty when absent. */
export function rows(row: Row, field: string): Row[] {
  const value = row[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw fault(field, 'is no list', value);
  return value.map(asRow);
}

/** A nested object, or null when absent. */
export function nested(row: Row, field: string): Row | null {
  const value = row[field];
  return value === undefined || value === null ? null : asRow(value);
}

function missing(field: string): never {
  throw new RowFault(`${field} is missing`);
}

/** The type only: values may be personal, and reasons are shown. */
function fault(field: string, what: string, value: unknown): RowFault {
  return new RowFault(`${field} ${what} (${Array.isArray(value) ? 'array' : typeof value})`);
}

function fail(error: Error): never {
  throw error;
}
