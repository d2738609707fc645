import { Money } from '../common/money.js';
import type { Queryable } from '../database/database.js';
import { type DocumentPosting, readPostings } from '../documents/document-postings.js';
import type { MatchRow } from './match-rows.js';
import { readReceipts, receiptKeyText } from './receipt-rows.js';
import { readReceiptStates, type ReceiptState } from './receipt-states.js';

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
  const states = await readReceiptStates(database, instanceId, await readReceipts(database, instanceId, undone));
  const invoices = undone.map(({ invoiceLayerId }) => ({ kind: 'INVOICE' as const, layerId: invoiceLayerId }));
  const postings = await readPostings(database, instanceId, invoices);
  return new Map(
    undone.flatMap((match, index) => {
      const state = states.get(receiptKeyText(match));
      const leftMinor = state ? leftInSage(state, match, postings[index] ?? null) : 0n;
      if (leftMinor === 0n) return [];
      const { amount, currency } = Money.ofMinor(leftMinor, match.currency);
      const receipt = namedPosting(state?.transaction?.reference ?? '', match.urn);
      const invoice = namedPosting(postings[index]?.reference ?? match.invoiceLayerId, postings[index]?.urn ?? null);
      const sentence = `Take the allocation of ${amount} ${currency} between receipt ${receipt} and invoice ${invoice} off in Sage.`;
      return [[match.id, sentence] as const];
    }),
  );
}

/**
 * How much of an undone match Sage still has beyond what matches that stand account for: of several between the two, the newest is
 * taken off first. All of it as long as the ledger was not read since.
 */
function leftInSage({ pairs, matches }: ReceiptState, match: MatchRow, posting: DocumentPosting | null): bigint {
  const { layerMinor, sageMinor } = pairs.of(`${posting?.companyId}:${posting?.urn}`);
  let left = sageMinor - layerMinor;
  if (left <= 0n) return match.amountMinor;
  const flagged = matches.filter((one) => one.isToUndoInSage && one.invoiceLayerId === match.invoiceLayerId);
  for (const { id, amountMinor } of flagged.toReversed()) {
    const part = amountMinor < left ? amountMinor : left;
    if (id === match.id) return part;
    left -= part;
  }
  return 0n;
}

function namedPosting(reference: string, urn: string | null): string {
  if (urn === null) return reference;
  return reference === '' ? `URN ${urn}` : `${reference} (URN ${urn})`;
}
