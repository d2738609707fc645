import { groupBy } from '../common/group-by.js';
import { chunks } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { readPostings } from '../documents/document-postings.js';
import { readAllocations, readTransactionsByKey, type TransactionRow } from '../transactions/transaction-rows.js';
import { type MatchRow, readMatchesOfReceipts } from './match-rows.js';
import { receiptKeyText, type ReceiptRow } from './receipt-rows.js';
import { Pairs } from './used-amounts.js';

/** A receipt and all that has been taken of it, in The Layer and in Sage. */
export interface ReceiptState {
  row: ReceiptRow;
  /** Its row of the ledger; null once Sage has deleted it. */
  transaction: TransactionRow | null;
  /** Standing and undone, oldest first. */
  matches: readonly MatchRow[];
  /** By the transactions that it pays, keyed as receiptKeyText. */
  pairs: Pairs;
}

/** What has been taken of these receipts. */
export async function readReceiptStates(
  database: Queryable,
  instanceId: number,
  receipts: readonly ReceiptRow[],
): Promise<Map<string, ReceiptState>> {
  const transactions = await transactionsOf(database, instanceId, receipts);
  const matches = groupBy(await readMatchesOfReceipts(database, instanceId, receipts), receiptKeyText);
  const states = new Map<string, ReceiptState>(
    receipts.map((row) => {
      const key = receiptKeyText(row);
      return [
        key,
        {
          row,
          transaction: transactions.get(key) ?? null,
          matches: matches.get(key) ?? [],
          pairs: new Pairs(),
        },
      ];
    }),
  );
  await addMatches(database, instanceId, states);
  for (const [companyId, rows] of groupBy(receipts, (row) => row.companyId)) {
    const allocated = rows.filter(({ allocatedMinor }) => allocatedMinor !== 0n).map(({ urn }) => urn);
    for (const chunk of chunks(allocated)) {
      for (const { urn, otherUrn, amountMinor } of await readAllocations(database, instanceId, companyId, chunk)) {
        states
          .get(receiptKeyText({ companyId, urn }))
          ?.pairs.addSage(receiptKeyText({ companyId, urn: otherUrn }), amountMinor);
      }
    }
  }
  return states;
}

async function transactionsOf(
  database: Queryable,
  instanceId: number,
  receipts: readonly ReceiptRow[],
): Promise<Map<string, TransactionRow>> {
  const byKey = new Map<string, TransactionRow>();
  for (const chunk of chunks(receipts)) {
    for (const row of await readTransactionsByKey(database, instanceId, chunk)) byKey.set(receiptKeyText(row), row);
  }
  return byKey;
}

async function addMatches(
  database: Queryable,
  instanceId: number,
  states: ReadonlyMap<string, ReceiptState>,
): Promise<void> {
  const standing = [...states.values()].flatMap(({ matches }) => matches.filter(({ undoneAt }) => undoneAt === null));
  const invoices = [...new Set(standing.map(({ invoiceLayerId }) => invoiceLayerId))];
  const postings = await readPostings(
    database,
    instanceId,
    invoices.map((layerId) => ({ kind: 'INVOICE', layerId })),
  );
  const keyOf = new Map(
    postings.map((posting, index) => {
      const isPosted = posting && posting.companyId !== null && posting.urn !== null;
      return [invoices[index], isPosted ? `${posting.companyId}:${posting.urn}` : null];
    }),
  );
  for (const match of standing) {
    const state = states.get(receiptKeyText(match));
    state?.pairs.addLayer(keyOf.get(match.invoiceLayerId) ?? null, match.amountMinor);
  }
}
