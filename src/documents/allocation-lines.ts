/** Money of one transaction that goes to another, as an allocation names it. */
export interface AllocationPlan {
  /** URN of the document's own posting: the payer. */
  payerUrn: string;
  /** What it gives to each of the others, in minor units, always positive. */
  shares: readonly { urn: string; amountMinor: bigint; haveMinor: bigint }[];
  /** +1 when the payer is a debit (a refund), -1 when it is a credit (a receipt, a credit note). */
  payerSign: 1 | -1;
  /** What each transaction had left before it was sent, in minor units, signed, by URN. Empty: not remembered. */
  leftBefore: ReadonlyMap<string, bigint>;
}

/** A transaction as Sage has it, in minor units, signed as in the ledger. */
export interface LedgerRow {
  urn: string;
  id: number;
  outstandingMinor: bigint;
  /** By the URN of the other side, added up, without sign: Sage's is not documented (sage200.md §4.2). */
  allocatedTo: ReadonlyMap<string, bigint>;
}

/** What is allocated between two transactions, by whichever of the two says more. */
export function allocatedBetween(rows: ReadonlyMap<string, LedgerRow>, one: string, other: string): bigint {
  const a = rows.get(one)?.allocatedTo.get(other) ?? 0n;
  const b = rows.get(other)?.allocatedTo.get(one) ?? 0n;
  return a > b ? a : b;
}

/**
 * Whether every share stands in Sage on top of what stood there before it was sent: as the transactions list it, or, should they list
 * nothing of it, as all of them have just that much less left.
 */
export function isAllocated(plan: AllocationPlan, rows: ReadonlyMap<string, LedgerRow>): boolean {
  const isListed = plan.shares.every(
    ({ urn, amountMinor, haveMinor }) => allocatedBetween(rows, plan.payerUrn, urn) >= haveMinor + amountMinor,
  );
  return isListed || hasLessLeft(plan, rows);
}

function hasLessLeft(plan: AllocationPlan, rows: ReadonlyMap<string, LedgerRow>): boolean {
  return allocationLines(plan).every(({ urn, valueMinor }) => {
    const before = plan.leftBefore.get(urn);
    const now = rows.get(urn)?.outstandingMinor;
    return before !== undefined && now !== undefined && before - now === valueMinor;
  });
}

/** The lines of the one call: positive on debits, negative on credits, adding up to 0 (sage200.md §5.4). */
export function allocationLines(plan: AllocationPlan): { urn: string; valueMinor: bigint }[] {
  const total = plan.shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const sign = BigInt(plan.payerSign);
  return [
    ...plan.shares.map(({ urn, amountMinor }) => ({ urn, valueMinor: -sign * amountMinor })),
    { urn: plan.payerUrn, valueMinor: sign * total },
  ];
}

/** The first transaction that has less left than the plan takes, or null. */
export function shortOf(plan: AllocationPlan, rows: ReadonlyMap<string, LedgerRow>): string | null {
  for (const { urn, valueMinor } of allocationLines(plan)) {
    const left = rows.get(urn)?.outstandingMinor ?? 0n;
    const isShort = valueMinor > 0n ? left < valueMinor : left > valueMinor;
    if (isShort) return urn;
  }
  return null;
}
