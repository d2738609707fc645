import { bulkUpsert, type BulkTable, chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { type PageRequest, readPages, type SagePage, unlessLacking } from '../sage/pages.js';
import type { SageClient } from '../sage/sage-client.js';
import type { SageClients } from '../sage/sage-clients.js';
import type { SageCompanyRef } from '../sage/sage-company-ref.js';
import type { PageRange, PullPage, PullPass, PullTarget, RejectedRow } from '../sync/pull.js';
import { currencyCodes } from './currency-codes.js';
import type { CompanyDirectory } from './company-directory.js';
import type { ReferenceChanges } from './reference-changes.js';

const PAGE_SIZE = 1_000;

export interface ReferenceList<Row extends { id: number }> {
  name: string;
  /** Its key is (instance_id, company_id, sage_id), and it has a column is_active. */
  table: BulkTable;
  read(client: SageClient, company: SageCompanyRef, request: PageRequest): Promise<SagePage<Row>>;
  /** Nothing is posted to it: a release that lacks it (sage200.md §1.1) is read without. */
  isOptional?: boolean;
  /** The values of a row, in the order of the table's columns; null for a row that cannot be stored, with the reason. */
  values(target: PullTarget, row: Row, lookUp: ReadonlyMap<number, string>): unknown[] | { reason: string };
}

/** A short list that is read whole each time: new and changed rows are written, and what Sage no longer lists is marked inactive. */
export function referencePass<Row extends { id: number }>(
  sage: SageClients,
  companies: CompanyDirectory,
  list: ReferenceList<Row>,
  changes: ReferenceChanges,
): PullPass<Row> {
  return {
    name: list.name,
    inDelta: true,
    quarantineKey: (row) => String(row.id),
    async *pages(target, { afterId, signal }) {
      const { siteId, sageCompanyId } = await companies.company(target.instanceId, target.companyId);
      const client = sage.client(target.instanceId);
      const read = (request: PageRequest) => list.read(client, { siteId, companyId: sageCompanyId }, request);
      const pages = readPages(read, { top: PAGE_SIZE, from: { afterId }, signal });
      yield* list.isOptional ? unlessLacking(pages) : pages;
    },
    async apply(transaction, target, page, range) {
      const currencies = await currencyCodes(transaction, target);
      const stored: unknown[][] = [];
      const refused: RejectedRow[] = [];
      for (const row of page.rows) {
        const values = list.values(target, row, currencies);
        if (Array.isArray(values)) stored.push(values);
        else refused.push({ key: String(row.id), reason: values.reason, row });
      }
      const changed = await changedRows(transaction, target, list.table, stored);
      await bulkUpsert(transaction, list.table, changed);
      const gone = range ? await deactivateMissing(transaction, list.table.name, target, page, range) : 0;
      if (changed.length + gone > 0) await changes.changed(transaction, target.instanceId);
      return refused;
    },
  };
}

/** Those that are new or differ from the cache. By primary key. */
async function changedRows(
  transaction: Transaction,
  target: PullTarget,
  table: BulkTable,
  rows: readonly unknown[][],
): Promise<unknown[][]> {
  const idAt = table.columns.indexOf('sage_id');
  const cached = new Map<string, string>();
  for (const chunk of chunks(rows)) {
    const found = await transaction.query<Record<string, unknown>>(
      `SELECT ${table.columns.join(', ')} FROM ${table.name}
        WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk.map((row) => row[idAt])],
    );
    for (const row of found) cached.set(String(row.sage_id), contentOf(table.columns.map((column) => row[column])));
  }
  return rows.filter((row) => cached.get(String(row[idAt])) !== contentOf(row));
}

/** The same text for what is the same value to a column: the drivers hand numbers and flags back in several shapes. */
function contentOf(values: readonly unknown[]): string {
  return JSON.stringify(values.map((value) => (value === null || value === undefined ? null : String(value))));
}

/** Answers how many. */
async function deactivateMissing<Row extends { id: number }>(
  transaction: Transaction,
  table: string,
  target: PullTarget,
  page: PullPage<Row>,
  range: PageRange,
): Promise<number> {
  const cached = await transaction.query<{ sageId: number | string }>(
    `SELECT sage_id AS sageId FROM ${table} WHERE instance_id = ? AND company_id = ? AND sage_id > ? AND sage_id <= ? AND is_active = 1`,
    [target.instanceId, target.companyId, range.afterId, range.uptoId ?? Number.MAX_SAFE_INTEGER],
  );
  const listed = new Set([...page.rows.map(({ id }) => String(id)), ...page.rejected.map(({ key }) => key)]);
  const missing = cached.map(({ sageId }) => String(sageId)).filter((id) => !listed.has(id));
  for (const chunk of chunks(missing)) {
    await transaction.query(
      `UPDATE ${table} SET is_active = 0 WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk],
    );
  }
  return missing.length;
}
