import { Buffer } from 'node:buffer';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { UserError } from '../common/user-error.type.js';
import { LineCounter } from './line-counter.js';

export const MAX_CSV_BYTES = 10 * 1024 * 1024;
export const MAX_CSV_ROWS = 100_000;
/** Parsed in pieces, so that a long upload does not keep every other request waiting. */
const PIECE_BYTES = 16 * 1024;

export const COLUMNS = {
  customerId: 'CustomerId',
  companyName: 'SageCompanyName',
  siteId: 'SageSiteId',
  accountNumber: 'SageAccountNumber',
  sageCustomerId: 'SageCustomerId',
} as const;
type Column = keyof typeof COLUMNS;
const COLUMN_KEYS = Object.keys(COLUMNS) as Column[];

/** One row of the upload; a value that is not there is ''. */
export interface UploadRow extends Record<Column, string> {
  /** The line on which it begins, the header being line 1. */
  line: number;
  /** Values beyond the header's: most often a comma that wanted quotes. */
  surplus: number;
}

type Upload = { rows: UploadRow[]; fault: null } | { rows: null; fault: UserError };

/** Reads the customers upload. What makes the whole of it unreadable is a fault, with the place. */
export async function parseCustomerLinks(csv: string): Promise<Upload> {
  if (Buffer.byteLength(csv) > MAX_CSV_BYTES) {
    return fault('CSV_TOO_LARGE', 'The file is larger than 10 MB.', 'Upload it in parts, each with the header.');
  }
  const text = Buffer.from(csv);
  const lines = new LineCounter(text);
  const rows: UploadRow[] = [];
  let header: Header | null = null;
  let rowCount = 0;

  const take = (values: string[], endOffset: number) => {
    const line = lines.next();
    lines.advance(endOffset);
    // what a spreadsheet makes of an empty row: commas alone
    if (values.every((value) => value.trim() === '')) return;
    if (!header) {
      header = readHeader(values, line);
      return;
    }
    rowCount += 1;
    if (rowCount <= MAX_CSV_ROWS && header.columns) rows.push(rowOf(header, values, line));
  };
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    on_record: (values: string[], { bytes }) => {
      take(values, bytes);
      return null;
    },
  });
  parser.resume();
  try {
    await pipeline(pieces(text), parser);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fault('BAD_CSV', quotingMessage(error, lines.next()), QUOTING_REMEDY);
  }
  // TypeScript does not see the assignment inside take()
  const found = header as Header | null;
  if (!found) return fault('BAD_CSV', 'The file is empty.', `Begin with a header line: ${HEADER_EXAMPLE}.`);
  if (!found.columns) return { rows: null, fault: found.fault };
  if (rowCount === 0) {
    return fault('BAD_CSV', 'The file has a header, but no rows.', 'Add a row for each customer that is to be linked.');
  }
  if (rowCount > MAX_CSV_ROWS) {
    const message = `The file has ${rowCount} rows; at most ${MAX_CSV_ROWS} are taken at once.`;
    return fault('CSV_TOO_LARGE', message, 'Upload it in parts, each with the header.');
  }
  return { rows, fault: null };
}

type Header =
  { columns: Partial<Record<Column, number>>; width: number; fault: null } | { columns: null; fault: UserError };

const HEADER_EXAMPLE = 'CustomerId,SageCompanyName,SageSiteId,SageAccountNumber';

function readHeader(values: readonly string[], line: number): Header {
  const refuse = (message: string, remedy: string): Header => ({ columns: null, ...fault('BAD_CSV', message, remedy) });
  const names = values.map((value) => value.trim().toLowerCase());
  const columns: Partial<Record<Column, number>> = {};
  for (const key of COLUMN_KEYS) {
    const name = COLUMNS[key].toLowerCase();
    const place = names.indexOf(name);
    if (place < 0) continue;
    if (names.lastIndexOf(name) !== place) {
      return refuse(`Line ${line}: the column ${COLUMNS[key]} stands there twice.`, 'Keep one of them.');
    }
    columns[key] = place;
  }
  const missing: string[] = (['customerId', 'companyName', 'siteId'] as const)
    .filter((key) => columns[key] === undefined)
    .map((key) => COLUMNS[key]);
  if (columns.accountNumber === undefined && columns.sageCustomerId === undefined) {
    missing.push('SageAccountNumber or SageCustomerId');
  }
  if (missing.length === 0) return { columns, width: values.length, fault: null };
  const isOtherSeparator = values.length === 1 && /[;\t]/.test(values[0] ?? '');
  return refuse(
    `Line ${line}: the header lacks the column ${missing.join(', and ')}.`,
    `${isOtherSeparator ? 'Separate the values with commas' : 'Add it'}; a header is, for example, ${HEADER_EXAMPLE}.`,
  );
}

function rowOf(header: Extract<Header, { fault: null }>, values: readonly string[], line: number): UploadRow {
  const row = { line, surplus: surplusOf(values, header.width) } as UploadRow;
  for (const key of COLUMN_KEYS) {
    const place = header.columns[key];
    row[key] = place === undefined ? '' : (values[place] ?? '').trim();
  }
  return row;
}

/** Values behind the header's last column; commas alone at the end of a row are none. */
function surplusOf(values: readonly string[], width: number): number {
  return Math.max(0, values.findLastIndex((value) => value.trim() !== '') + 1 - width);
}

const QUOTING_REMEDY =
  'Put a value that has commas, quotes or line breaks in double quotes, and write each quote inside it twice. Nothing was changed.';

function quotingMessage(error: CsvError, line: number): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `Line ${line}: the row that begins here has a quoted value that never ends.`;
    case 'INVALID_OPENING_QUOTE':
      return `Line ${line}: the row that begins here has a quote in the middle of a value.`;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return `Line ${line}: the row that begins here has text behind a closing quote.`;
    default:
      return `Line ${line}: the row that begins here cannot be read.`;
  }
}

function fault(code: string, message: string, remedy: string): { rows: null; fault: UserError } {
  return { rows: null, fault: { code, message, remedy, field: ['csv'] } };
}

async function* pieces(text: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < text.length; from += PIECE_BYTES) {
    yield text.subarray(from, from + PIECE_BYTES);
    await setImmediate();
  }
}
