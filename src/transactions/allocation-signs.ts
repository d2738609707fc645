/**
 * The amounts of a transaction's allocations, signed so that they add up to what Sage says is allocated of it.
 * Sage's documents do not say whether an item bears the sign of this side, of the other, or none (sage200.md §4.2),
 * so the sum decides; where no reading adds up (the historical list keeps no items, a session may be incomplete) they stay as they came.
 */
export function signedAllocations(amounts: readonly bigint[], allocated: bigint): bigint[] {
  const sum = amounts.reduce((total, amount) => total + amount, 0n);
  if (sum === allocated) return [...amounts];
  if (sum === -allocated) return amounts.map((amount) => -amount);
  const sizes = amounts.map((amount) => (amount < 0n ? -amount : amount));
  const size = sizes.reduce((total, amount) => total + amount, 0n);
  if (size === (allocated < 0n ? -allocated : allocated))
    return sizes.map((amount) => (allocated < 0n ? -amount : amount));
  return [...amounts];
}
