import { Money } from '../common/money.js';
import type { InvoiceState } from './invoice-states.js';
import type { MatchOrigin } from './match-rows.js';
import { receiptKeyText } from './receipt-rows.js';
import type { ReceiptState } from './receipt-states.js';

/** A part of an invoice that a receipt is to pay. Positive, in minor units. */
export interface PlannedShare {
  invoiceLayerId: string;
  /** Null: on the oldest lines that are not paid. */
  lineLayerId: string | null;
  amountMinor: bigint;
}

/** One receipt on one invoice, checked and ready to be stored. */
export interface PlannedMatch {
  invoice: InvoiceState;
  shares: readonly PlannedShare[];
  amountMinor: bigint;
  /** Sage has allocated all of it between the two already. */
  isInSage: boolean;
  /** Sage can allocate it: the two are, or will be, in one account. */
  isAllocatable: boolean;
}

/** What one receipt is to be used on, in one go: the allocation of it is one call to Sage. */
export interface MatchPlan {
  receipt: ReceiptState;
  customerLayerId: string;
  matches: readonly PlannedMatch[];
  origin: Exclude<MatchOrigin, 'SAGE'>;
  rule: string | null;
  /** The subject of the token. */
  who: string;
  allocateInSage: boolean;
}

/** Puts the shares of each invoice together, in the order in which the invoices are named. */
export function planMatches(
  receipt: ReceiptState,
  shares: readonly PlannedShare[],
  invoices: ReadonlyMap<string, InvoiceState>,
): PlannedMatch[] {
  const ids = [...new Set(shares.map(({ invoiceLayerId }) => invoiceLayerId))];
  return ids.flatMap((layerId) => {
    const invoice = invoices.get(layerId);
    if (!invoice) return [];
    const own = shares.filter(({ invoiceLayerId }) => invoiceLayerId === layerId);
    const amountMinor = own.reduce((sum, share) => sum + share.amountMinor, 0n);
    const key = postingKey(invoice);
    const pair = key === null ? null : receipt.pairs.of(key);
    return [
      {
        invoice,
        shares: own,
        amountMinor,
        isInSage: pair !== null && pair.sageMinor >= pair.layerMinor + amountMinor,
        isAllocatable: isAllocatable(receipt, invoice),
      },
    ];
  });
}

/** The key of an invoice's posting; null until it is posted. */
export function postingKey({ posting }: InvoiceState): string | null {
  if (!posting || posting.urn === null) return null;
  return receiptKeyText({ companyId: posting.companyId, urn: posting.urn });
}

/** Sage allocates within one account only (sage200.md §5.4); of what is not in the cache yet it is found out when it is sent. */
export function isAllocatable({ row }: ReceiptState, { posting, pushStatus }: InvoiceState): boolean {
  if (pushStatus === 'SKIPPED') return false;
  if (!posting) return true;
  if (posting.companyId !== row.companyId) return false;
  return posting.accountSageId === null || posting.accountSageId === row.accountSageId;
}

/** The matches of a plan that the gateway has to allocate in Sage. */
export function toAllocate({ matches, allocateInSage }: MatchPlan): PlannedMatch[] {
  return allocateInSage ? matches.filter(({ isInSage, isAllocatable }) => !isInSage && isAllocatable) : [];
}

/** What a person has to do in Sage after such a plan, as Sage cannot allocate it. */
export function leftForSage({ receipt, matches, allocateInSage }: MatchPlan): string[] {
  if (!allocateInSage) return [];
  return matches
    .filter(({ isInSage, isAllocatable: can }) => !isInSage && !can)
    .map(({ invoice, amountMinor }) => {
      const { amount, currency } = Money.ofMinor(amountMinor, receipt.row.currency);
      const what = `${amount} ${currency} of the receipt with URN ${receipt.row.urn}`;
      return invoice.pushStatus === 'SKIPPED'
        ? `Invoice ${invoice.row.reference ?? invoice.row.layerId} never goes to Sage: ${what} stays unallocated there.`
        : `Sage cannot allocate across accounts: move ${what} to the account of invoice ${invoice.row.reference ?? invoice.row.layerId} in Sage, and allocate it there.`;
    });
}
