import DataLoader from 'dataloader';
import { groupBy } from '../common/group-by.js';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { readTransactionsByKey, type TransactionRow } from '../transactions/transaction-rows.js';
import type { SuggestionToShow } from './match-suggestion.type.js';
import { type MatchRow, readMatches, readMatchesOfReceipts } from './match-rows.js';
import { type CustomerReceipt, type PossibleDouble, readPossibleDoubles } from './possible-doubles.js';
import { readConflicts } from './receipt-conflicts.js';
import { readSuggestions } from './receipt-suggestions.js';
import { readReceipts, type ReceiptKey, receiptKeyText, type ReceiptRow } from './receipt-rows.js';
import { readToDoInSage } from './to-do-in-sage.js';

const IN_LISTS = { cacheKeyFn: receiptKeyText, maxBatchSize: 900 };

/** Receipts and what hangs on them, read in lists: no field costs a statement per row. */
export class ReceiptLoader {
  constructor(private readonly database: Database) {}

  readonly byKey = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<ReceiptKey, ReceiptRow | null, string>(async (keys) => {
        const rows = await readReceipts(this.database, instanceId, keys);
        const byKey = new Map(rows.map((row) => [receiptKeyText(row), row]));
        return keys.map((key) => byKey.get(receiptKeyText(key)) ?? null);
      }, IN_LISTS),
  );

  /** The ledger's row of a receipt, also when Sage has deleted it since: what was matched is still shown. */
  readonly transaction = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<ReceiptKey, TransactionRow | null, string>(async (keys) => {
        const rows = await readTransactionsByKey(this.database, instanceId, keys, true);
        const byKey = new Map(rows.map((row) => [receiptKeyText(row), row]));
        return keys.map((key) => byKey.get(receiptKeyText(key)) ?? null);
      }, IN_LISTS),
  );

  /** Standing and undone, oldest first. */
  readonly matchesOf = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<ReceiptKey, MatchRow[], string>(async (keys) => {
        const byKey = groupBy(await readMatchesOfReceipts(this.database, instanceId, keys), receiptKeyText);
        return keys.map((key) => byKey.get(receiptKeyText(key)) ?? []);
      }, IN_LISTS),
  );

  /** By the id of the row. */
  readonly match = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, MatchRow | null>(
        async (ids) => {
          const rows = await readMatches(this.database, instanceId, ids);
          const byId = new Map(rows.map((row) => [row.id, row]));
          return ids.map((id) => byId.get(id) ?? null);
        },
        { maxBatchSize: 900 },
      ),
  );

  /** What a person must still take off in Sage for a match that was undone; null: nothing. */
  readonly toDoInSage = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<MatchRow, string | null, string>(
        async (matches) => {
          const sentences = await readToDoInSage(this.database, instanceId, matches);
          return matches.map(({ id }) => sentences.get(id) ?? null);
        },
        { cacheKeyFn: ({ id }) => id, maxBatchSize: 900 },
      ),
  );

  /** What Sage says against the matches of a receipt; null: nothing. */
  readonly conflict = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<ReceiptRow, string | null, string>(async (rows) => {
        const conflicts = await readConflicts(this.database, instanceId, rows);
        return rows.map((row) => conflicts.get(receiptKeyText(row)) ?? null);
      }, IN_LISTS),
  );

  readonly possibleDoubles = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<CustomerReceipt, PossibleDouble[], string>(
        async (receipts) => {
          const found = await readPossibleDoubles(this.database, instanceId, receipts);
          return receipts.map(({ row }) => found.get(receiptKeyText(row)) ?? []);
        },
        { cacheKeyFn: ({ row }) => receiptKeyText(row), maxBatchSize: 900 },
      ),
  );

  /** What a receipt may pay, best first. The invoices of so many customers are in memory at once. */
  readonly suggestions = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<CustomerReceipt, SuggestionToShow[], string>(
        async (receipts) => {
          const found = await readSuggestions(this.database, instanceId, receipts);
          return receipts.map(({ row }) => found.get(receiptKeyText(row)) ?? []);
        },
        { cacheKeyFn: ({ row }) => receiptKeyText(row), maxBatchSize: 50 },
      ),
  );
}
