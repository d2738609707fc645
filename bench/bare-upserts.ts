// What to compare with: bare multi-row upserts of an imported ledger's rows (transactions and their allocations) into an empty
// database of the same tables.
// Arguments: the imported database's URL, the empty one's. Prints one line of JSON.
import 'reflect-metadata';
import { migrations } from '../migrations/index.js';
import { type BulkTable, bulkUpsert } from '../src/database/bulk.js';
import { openDatabase } from '../src/database/open-database.js';
import { ALLOCATION_TABLE } from '../src/transactions/store-allocations.js';
import { TRANSACTION_TABLE } from '../src/transactions/store-transactions.js';

const PAGE = 2_048;
const [fromUrl, toUrl] = process.argv.slice(2) as [string, string];
const from = await openDatabase({ url: fromUrl, entities: [], migrations });
const to = await openDatabase({ url: toUrl, entities: [], migrations });
await to.dataSource.runMigrations();

/** Copies a table in the order in which it was imported; only the writing is timed. */
async function copy(table: BulkTable, order: string[]): Promise<{ rows: number; seconds: number }> {
  let rows = 0;
  let writingMs = 0;
  for (;;) {
    const page = await from.query<Record<string, never>>(
      `SELECT ${table.columns.join(',')} FROM ${table.name} WHERE instance_id = 1 ORDER BY ${order.join(',')} LIMIT ${PAGE} OFFSET ${rows}`,
    );
    if (page.length === 0) return { rows, seconds: writingMs / 1_000 };
    const values = page.map((row) => table.columns.map((column) => row[column]));
    const startedAt = performance.now();
    await to.transaction((transaction) => bulkUpsert(transaction, table, values));
    writingMs += performance.now() - startedAt;
    rows += page.length;
  }
}

const transactions = await copy(TRANSACTION_TABLE, ['company_id', 'place', 'sage_id']);
const allocations = await copy(ALLOCATION_TABLE, ['company_id', 'urn', 'line_no']);
console.log(JSON.stringify({ transactions, allocations }));
await from.close();
await to.close();
process.exit(0);
