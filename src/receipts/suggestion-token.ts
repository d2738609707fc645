import { Buffer } from 'node:buffer';
import { contentHash } from '../sync/content-hash.js';
import type { InvoiceState } from './invoice-states.js';
import type { PlannedShare } from './match-plan.js';
import { postingKey } from './match-plan.js';
import { receiptKeyText, type ReceiptKey } from './receipt-rows.js';
import type { ReceiptState } from './receipt-states.js';

/** What a suggestion's token says. */
export interface SuggestionToken {
  shares: PlannedShare[];
  /** Of what the receipt and its invoices looked like: `suggestionStamp`. */
  stamp: string;
}

/**
 * A suggestion as a text to hand out and take back. It is no secret and gives no right: whoever makes one up is checked like anybody
 * who names the invoices by hand.
 */
export function suggestionToken(
  key: ReceiptKey,
  allocations: readonly { invoiceLayerId: string; amountMinor: bigint }[],
  stamp: string,
): string {
  const parts = [
    receiptKeyText(key),
    stamp,
    ...allocations.map((one) => [one.invoiceLayerId, String(one.amountMinor)]),
  ];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Null for what is no token of this receipt. */
export function readSuggestionToken(key: ReceiptKey, token: string): SuggestionToken | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length < 3 || parts[0] !== receiptKeyText(key)) return null;
    const [, stamp, ...allocations] = parts as [string, unknown, ...unknown[]];
    if (typeof stamp !== 'string' || !allocations.every(isAllocation)) return null;
    const shares = allocations.map(([invoiceLayerId, minor]) => ({
      invoiceLayerId,
      lineLayerId: null,
      amountMinor: BigInt(minor),
    }));
    return { stamp, shares };
  } catch {
    return null;
  }
}

const isAllocation = (part: unknown): part is [string, string] =>
  Array.isArray(part) && part.length === 2 && typeof part[0] === 'string' && /^[1-9]\d{0,15}$/.test(String(part[1]));

/** Stands for all that a suggestion rests on: as soon as receipt or invoice is used, changed, queried or allocated otherwise, it differs. */
export function suggestionStamp(receipt: ReceiptState, invoices: readonly InvoiceState[]): string {
  const { row, transaction, pairs } = receipt;
  return contentHash([
    row.status,
    String(row.amountMinor),
    String(pairs.usedMinor),
    String(row.allocatedMinor),
    transaction?.queried ?? null,
    row.accountSageId,
    ...invoices.map((invoice) => [
      invoice.row.layerId,
      invoice.row.contentHash,
      String(invoice.row.grossMinor),
      String(invoice.pairs.usedMinor),
      String(invoice.outstandingMinor),
      postingKey(invoice),
      invoice.posting?.queried ?? null,
    ]),
  ]);
}
