import { decodeNodeId, encodeNodeId } from '../../src/common/node-id.js';
import { bulkUpsert } from '../../src/database/bulk.js';
import type { Database } from '../../src/database/database.js';

export const OTHER_INSTANCE_ID = 2;
export const OTHER_INSTANCE = 'other';

/** Stands in every text of the other instance that is no key, and in its own keys. No base64 and nothing of the tests' own data holds it. */
export const MARK = 'β';
/** Stands in every number of its own that names something. */
export const NUMBER_MARK = '990077';
const ID_MARK = 'bbbbbb';
const OWN_COMPANY = 500;
const OWN_EVENTS = 1_000_000;

/** Words of the program itself: they mean the same for everybody. */
const PROGRAM_WORDS = new Set(
  `action kind status sync_status currency origin returns_kind needs_kind details rate_percent step pass_name state resource
   content_hash error_code query_letter exchange_rate updated_at updated_since next_updated_since ageing_period_starts iso_code
   dated_on due_on received_on allocated_on transaction_date posted_date due_date`.split(/\s+/),
);
const LAYER_KEYS = /(^|_)layer_id(_folded)?$|^(nominal_code|vat_code|account_number|lane|error_key)$/;
const URNS = /(^|_)urn$/;
const SAGE_IDS = /(^|_)sage_id$|^sage_contact_id$/;
const COMPANIES = /(^|_)company_id$/;
const ONE_ROW_EACH = new Set(['event_sequence', 'sage_connection', 'sign_in_ticket', 'instance', 'migration']);

interface Column {
  name: string;
  isText: boolean;
  /** In characters; null: as many as one likes. */
  length: number | null;
}
interface Table {
  name: string;
  key: string[];
  columns: Column[];
}
type Row = Record<string, unknown>;

/** Every table that has rows of instances, and what its columns hold. */
export function tablesOf(database: Database): Table[] {
  return database.dataSource.entityMetadatas
    .filter(({ columns }) => columns.some(({ databaseName }) => databaseName === 'instance_id'))
    .map(({ tableName, columns, primaryColumns }) => ({
      name: tableName,
      key: primaryColumns.map(({ databaseName }) => databaseName),
      columns: columns.map(({ databaseName, type, length }) => ({
        name: databaseName,
        isText: ['varchar', 'char', 'text'].includes(String(type)),
        length: Number(length) || null,
      })),
    }));
}

/**
 * Gives the other instance all that the default one has, twice: once under the very same keys, and once under keys that nobody else
 * has. Every text bears the mark. Afterwards both event logs stand at the same number.
 */
export async function fillOtherInstance(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('INSERT INTO instance (id, slug, created_at) VALUES (?, ?, 0)', [
      OTHER_INSTANCE_ID,
      OTHER_INSTANCE,
    ]);
    for (const table of tablesOf(database)) {
      const rows = await transaction.query<Row>(`SELECT * FROM ${table.name} WHERE instance_id = 1`);
      const columns = table.columns.map(({ name }) => name);
      const copies = [rows.map((row) => markedRow(table, row, false))];
      if (!ONE_ROW_EACH.has(table.name))
        copies.push(rows.filter(({ company_id: id }) => Number(id) !== 0).map((row) => markedRow(table, row, true)));
      for (const copy of copies)
        await bulkUpsert(
          transaction,
          { name: table.name, key: table.key, columns },
          copy.map((row) => columns.map((column) => row[column])),
        );
    }
    // its own events come after those it has in common
    await transaction.query(
      `UPDATE event SET sequence = sequence - ${OWN_EVENTS} + (SELECT last_sequence FROM event_sequence WHERE instance_id = 1)
        WHERE instance_id = ? AND sequence > ${OWN_EVENTS}`,
      [OTHER_INSTANCE_ID],
    );
    await transaction.query('UPDATE event_sequence SET last_sequence = 2 * last_sequence');
  });
}

function markedRow(table: Table, row: Row, isOwn: boolean): Row {
  const marked: Row = {};
  for (const column of table.columns) {
    const value = row[column.name];
    if (column.name === 'instance_id') marked[column.name] = OTHER_INSTANCE_ID;
    else if (value === null || value === undefined) marked[column.name] = value ?? null;
    else marked[column.name] = markedValue(table.name, column, { value, row, isOwn });
  }
  return marked;
}

function markedValue(
  table: string,
  column: Column,
  { value, row, isOwn }: { value: unknown; row: Row; isOwn: boolean },
) {
  const { name } = column;
  const isCompany = COMPANIES.test(name) || (table === 'sage_company' && name === 'id');
  if (isCompany) return isOwn ? Number(value) + OWN_COMPANY : value;
  if (name === 'sequence') return isOwn ? OWN_EVENTS + Number(value) : value;
  if (SAGE_IDS.test(name)) return isOwn ? ownNumber(value) : value;
  if (!column.isText || PROGRAM_WORDS.has(name)) return value;
  const text = String(value);
  const fitting = (marked: string) => marked.slice(0, column.length ?? undefined);
  if (name === 'subject_id') return otherNodeId(text, isOwn);
  const isId = name === 'push_id' || (name === 'id' && table !== 'sage_company');
  const isIdOfMatch = name.startsWith('layer_id') && row.kind === 'ALLOCATION';
  const isEventOfPush = table === 'event' && name === 'subject' && row.kind === 'PUSH_CHANGED';
  if (isId || isIdOfMatch || isEventOfPush) return isOwn ? ownId(text) : text;
  if (URNS.test(name) || (table === 'event' && name === 'subject')) return isOwn ? ownNumber(text) : text;
  if (LAYER_KEYS.test(name)) return isOwn ? fitting(MARK + text) : text;
  return fitting(/^[[{]/.test(text) ? markedJson(text) : MARK + text);
}

const ownNumber = (value: unknown) => `${NUMBER_MARK}${String(value).padStart(6, '0')}`;
const ownId = (id: string) => ID_MARK + id.slice(ID_MARK.length);

/** Amounts, dates, codes of currencies and words of the program stay readable. */
function markedJson(text: string): string {
  return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
    typeof value === 'string' && !/^([-\d.:TZ]*|[A-Z_]+)$/.test(value) ? MARK + value : value,
  );
}

/** How each part of a node id's key is changed, by type; what is not here has Layer's keys. */
const KEY_PARTS: Record<string, ((part: string) => string)[]> = {
  SageCompany: [ownCompany],
  SageAccount: [ownCompany, ownNumber],
  SageTransaction: [ownCompany, ownNumber],
  Receipt: [ownCompany, ownNumber],
  SageBankAccount: [ownCompany, ownNumber],
  SageNominalAccount: [ownCompany, ownNumber],
  SageTaxCode: [ownCompany, ownNumber],
  SageReportCategory: [ownCompany, ownNumber],
  Push: [ownId],
  ReceiptMatch: [ownId],
  AuditEntry: [ownId],
  ErrorGroup: [String, ownKey, (id) => (id === '' ? id : ownId(id))],
};

function ownCompany(id: string): string {
  return String(Number(id) + OWN_COMPANY);
}

/** A key of The Layer's that only the other instance has, made of one that the default instance has. */
export function ownKey(key: string): string {
  return key === '' ? key : MARK + key;
}

/** The number of something in Sage that only the other instance has. */
export const ownSageNumber = ownNumber;

/** The id, to the other instance, of what this id names: under the same key, or as it has it for itself. */
export function otherNodeId(id: string, isOwn: boolean): string {
  const { type, key } = decodeNodeId(1, id) ?? { type: '', key: [] };
  if (type === '') throw new Error(`${id} is no id of the default instance.`);
  return encodeNodeId(OTHER_INSTANCE_ID, type, ...(isOwn ? ownNodeKey(type, key) : key));
}

/** The id that somebody would make up who knows the other instance's keys. */
export function forgedNodeId(id: string): string {
  const { type, key } = decodeNodeId(1, id) ?? { type: '', key: [] };
  return encodeNodeId(1, type, ...ownNodeKey(type, key));
}

const ownNodeKey = (type: string, key: readonly string[]) =>
  key.map((part, index) => (KEY_PARTS[type]?.[index] ?? ownKey)(part));

/** All that the other instance has, as text: the same text says that nothing of it was changed. */
export async function otherInstanceDump(database: Database): Promise<string[]> {
  const dump: string[] = [];
  for (const { name, key } of tablesOf(database)) {
    const rows = await database.query(`SELECT * FROM ${name} WHERE instance_id = ? ORDER BY ${key.join(', ')}`, [
      OTHER_INSTANCE_ID,
    ]);
    dump.push(`${name} ${JSON.stringify(rows)}`);
  }
  return [...dump, JSON.stringify(await database.query('SELECT * FROM instance WHERE id = ?', [OTHER_INSTANCE_ID]))];
}
