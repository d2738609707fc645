export const RECEIPT_STATUSES = ['UNMATCHED', 'PARTLY_MATCHED', 'MATCHED', 'IGNORED', 'NO_MATCH_NEEDED'] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];

/** What a receipt's status follows from. Amounts in minor units, positive for money in. */
export interface ReceiptStanding {
  kind: 'RECEIPT' | 'REFUND';
  origin: 'SAGE' | 'LAYER';
  amountMinor: bigint;
  matchedMinor: bigint;
  /** Epoch ms. */
  ignoredAt: number | null;
}

/** A match outlives everything else: what was matched by hand stays so, also when the gateway turns out to have posted it. */
export function receiptStatus({ kind, origin, amountMinor, matchedMinor, ignoredAt }: ReceiptStanding): ReceiptStatus {
  if (matchedMinor > 0n) return matchedMinor >= amountMinor ? 'MATCHED' : 'PARTLY_MATCHED';
  if (kind === 'REFUND' || origin === 'LAYER') return 'NO_MATCH_NEEDED';
  return ignoredAt === null ? 'UNMATCHED' : 'IGNORED';
}
