// Inserts and updates of plain rows, by column name.
import { Refusal } from '../ledger/refusal.js';
import { nextNumber, stampOf, type PostingContext } from './posting-context.js';
import type { Values } from './input.js';

/** Stamps the row; `id` comes from the company's counter unless it is given. */
export function insertRow(
  context: PostingContext,
  table: string,
  values: Values,
  id = nextNumber(context, 'other'),
): number {
  const stamp = stampOf(context);
  const row: Values = {
    company_id: context.companyId,
    id,
    ...values,
    date_time_created: stamp,
    date_time_updated: stamp,
  };
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  context.ledger.run(`insert into ${table} (${columns.join(', ')}) values (${marks})`, ...Object.values(row));
  return id;
}

export function updateRow(context: PostingContext, table: string, id: number, values: Values): void {
  const row: Values = { ...values, date_time_updated: stampOf(context) };
  const sets = Object.keys(row)
    .map((column) => `${column} = ?`)
    .join(', ');
  const changes = context.ledger.run(
    `update ${table} set ${sets} where company_id = ? and id = ?`,
    ...Object.values(row),
    context.companyId,
    id,
  );
  if (changes === 0) throw new Refusal('The requested resource was not found.', 404);
}

export function deleteRow({ ledger, companyId }: PostingContext, table: string, id: number): void {
  if (ledger.run(`delete from ${table} where company_id = ? and id = ?`, companyId, id) === 0) {
    throw new Refusal('The requested resource was not found.', 404);
  }
}

export const exists = ({ ledger, companyId }: PostingContext, table: string, id: number): boolean =>
  ledger.column(`select 1 from ${table} where company_id = ? and id = ?`, [companyId, id]).length > 0;

/** A foreign id that is given must be that of a row. */
export function checkForeign(context: PostingContext, table: string, values: Values, name: string): void {
  const id = values[name];
  if (typeof id === 'number' && !exists(context, table, id))
    throw new Refusal(`The value ${id} of '${name}' was not found.`);
}
