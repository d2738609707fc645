import { Money } from '../common/money.js';
import type { Queryable } from '../database/database.js';
import { readPostings } from '../documents/document-postings.js';
import { readTransactionsByKey } from '../transactions/transaction-rows.js';
import type { MatchRow } from './match-rows.js';
import { receiptKeyText } from './receipt-rows.js';

/**
 * What a person must still take off in Sage, whose API cannot: one sentence for each of these matches that was undone here and whose
 * allocation still stands there, by the match's id.
 */
export async function readToDoInSage(
  database: Queryable,
  instanceId: number,
  matches: readonly MatchRow[],
): Promise<Map<string, string>> {
  const undone = matches.filter(({ isToUndoInSage }) => isToUndoInSage);
  if (undone.length === 0) return new Map();
  const receipts = await readTransactionsByKey(database, instanceId, undone, true);
  const referenceOf = new Map(receipts.map((row) => [receiptKeyText(row), row.reference]));
  const invoices = undone.map(({ invoiceLayerId }) => ({ kind: 'INVOICE' as const, layerId: invoiceLayerId }));
  const postings = await readPostings(database, instanceId, invoices);
  return new Map(
    undone.map((match, index) => {
      const { amount, currency } = Money.ofMinor(match.amountMinor, match.currency);
      const receipt = namedPosting(referenceOf.get(receiptKeyText(match)) ?? '', match.urn);
      const invoice = namedPosting(postings[index]?.reference ?? match.invoiceLayerId, postings[index]?.urn ?? null);
      return [
        match.id,
        `Take the allocation of ${amount} ${currency} between receipt ${receipt} and invoice ${invoice} off in Sage.`,
      ];
    }),
  );
}

function namedPosting(reference: string, urn: string | null): string {
  if (urn === null) return reference;
  return reference === '' ? `URN ${urn}` : `${reference} (URN ${urn})`;
}
