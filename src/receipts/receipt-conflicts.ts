import { Money } from '../common/money.js';
import type { Queryable } from '../database/database.js';
import { readTransactionsByKey } from '../transactions/transaction-rows.js';
import { receiptKeyText, type ReceiptRow } from './receipt-rows.js';
import { readReceiptStates, type ReceiptState } from './receipt-states.js';

/**
 * What Sage's ledger says against the matches of receipts, in plain words, by receiptKeyText: that the money has gone elsewhere there,
 * as when it was reversed, or that it is there no more.
 */
export async function readConflicts(
  database: Queryable,
  instanceId: number,
  receipts: readonly ReceiptRow[],
): Promise<Map<string, string>> {
  const states = await readReceiptStates(
    database,
    instanceId,
    receipts.filter(({ matchedMinor }) => matchedMinor > 0n),
  );
  const gone = [...states.values()].filter(({ transaction }) => transaction === null).map(({ row }) => row);
  const deleted = gone.length === 0 ? [] : await readTransactionsByKey(database, instanceId, gone, true);
  // what was settled is what account maintenance takes away
  const unsettled = new Set(deleted.filter(({ outstandingMinor }) => outstandingMinor !== 0n).map(receiptKeyText));
  const conflicts = new Map<string, string>();
  for (const [key, state] of states) {
    const conflict = unsettled.has(key) ? goneInWords(state) : elsewhereInWords(state);
    if (conflict !== null) conflicts.set(key, conflict);
  }
  return conflicts;
}

const goneInWords = ({ row }: ReceiptState) =>
  `Sage has this receipt no more, and ${inWords(row.matchedMinor, row.currency)} of it is matched here. Find out in Sage what became of it; if the money did not come, undo its matches.`;

/** Null while Sage has left enough of it for all that is matched here. */
function elsewhereInWords({ row, pairs }: ReceiptState): string | null {
  const shortMinor = pairs.usedMinor - row.amountMinor;
  if (shortMinor <= 0n) return null;
  const elsewhere = pairs
    .onlyInSage()
    .map(({ key, minor }) => `${inWords(minor, row.currency)} to URN ${key.split(':')[1]}`);
  return `Sage has allocated ${elsewhere.join(', ')}, which leaves ${inWords(shortMinor, row.currency)} less than is matched here. If it was reversed or used on something else, undo the matches that are wrong.`;
}

function inWords(minor: bigint, currency: string): string {
  const { amount } = Money.ofMinor(minor, currency);
  return `${amount} ${currency}`;
}
