// The floor to compare with: bare multi-row upserts of the rows of an imported database into an empty one of the same tables.
// Arguments: the imported database's URL, the empty one's. Prints one line of JSON.
import 'reflect-metadata';
import { migrations } from '../migrations/index.js';
import { bulkUpsert } from '../src/database/bulk.js';
import { openDatabase } from '../src/database/open-database.js';
import { TRANSACTION_TABLE } from '../src/transactions/store-transactions.js';

const PAGE = 2_000;
const [fromUrl, toUrl] = process.argv.slice(2) as [string, string];
const from = await openDatabase({ url: fromUrl, entities: [], migrations });
const to = await openDatabase({ url: toUrl, entities: [], migrations });
await to.dataSource.runMigrations();

let rows = 0;
let writingMs = 0;
let last = { company_id: 0, place: 0, sage_id: 0 };
for (;;) {
  const page = await from.query<Record<string, never>>(
    `SELECT ${TRANSACTION_TABLE.columns.join(',')} FROM sage_transaction
      WHERE instance_id = 1 AND (company_id > ? OR company_id = ? AND (place > ? OR place = ? AND sage_id > ?))
      ORDER BY company_id, place, sage_id LIMIT ${PAGE}`,
    [last.company_id, last.company_id, last.place, last.place, last.sage_id],
  );
  if (page.length === 0) break;
  const values = page.map((row) => TRANSACTION_TABLE.columns.map((column) => row[column]));
  const startedAt = performance.now();
  await to.transaction((transaction) => bulkUpsert(transaction, TRANSACTION_TABLE, values));
  writingMs += performance.now() - startedAt;
  rows += page.length;
  last = page.at(-1) as never;
}
console.log(JSON.stringify({ rows, seconds: writingMs / 1_000 }));
await from.close();
await to.close();
process.exit(0);
