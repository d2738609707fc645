import type { Database } from '../../src/database/database.js';
import { decodeReceipt, RECEIPT_COLUMNS, type RawReceiptRow } from '../../src/receipts/receipt-rows.js';
import { readSuggestions } from '../../src/receipts/receipt-suggestions.js';
import { COMPANY_ID, INSTANCE } from './company-rows.js';

const MOST_RECEIPTS = 500;
const WARM_UP = 20;

export interface SuggestionTimes {
  receipts: number;
  /** The fewest open invoices that one of their customers has. */
  leastOpen: number;
  /** Milliseconds, shortest first. */
  times: number[];
}

/** How long the suggestions of one receipt take with all that is read for them, for the customers with the most open invoices. */
export async function suggestionTimes(database: Database): Promise<SuggestionTimes> {
  const customers = await database.query<{ customerLayerId: string; open: number | string }>(
    `SELECT customer_layer_id AS customerLayerId, COUNT(*) AS open FROM document
      WHERE instance_id = ? AND kind = 'INVOICE' AND outstanding_minor > 0
      GROUP BY customer_layer_id ORDER BY open DESC LIMIT 40`,
    [INSTANCE],
  );
  const found: { customerLayerId: string; open: number; row: RawReceiptRow }[] = [];
  for (const { customerLayerId, open } of customers) {
    const rows = await database.query<RawReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipt r JOIN customer_link l
          ON l.instance_id = r.instance_id AND l.company_id = r.company_id AND l.account_sage_id = r.account_sage_id
        WHERE r.instance_id = ? AND r.company_id = ? AND l.customer_layer_id = ?`,
      [INSTANCE, COMPANY_ID, customerLayerId],
    );
    found.push(...rows.map((row) => ({ customerLayerId, open: Number(open), row })));
    if (found.length >= MOST_RECEIPTS) break;
  }
  const times: number[] = [];
  for (const { customerLayerId, row } of [...found.slice(0, WARM_UP), ...found]) {
    const startedAt = performance.now();
    await readSuggestions(database, INSTANCE, [{ row: decodeReceipt(row), customerLayerId }]);
    times.push(performance.now() - startedAt);
  }
  return {
    receipts: found.length,
    leastOpen: Math.min(...found.map(({ open }) => open)),
    times: times.slice(WARM_UP).toSorted((one, other) => one - other),
  };
}
