/** What of an invoice's line is to be paid; a line that is below nothing (a discount) takes no money. */
export interface PayableLine {
  layerId: string;
  netMinor: bigint;
  vatMinor: bigint;
}

export interface LineShare {
  lineLayerId: string | null;
  amountMinor: bigint;
}

/**
 * What of each line has been paid or credited, in the lines' order: first the shares that name a line, then the rest on the oldest
 * lines that are not paid, in their order. Discounts make the other lines worth more than the invoice: of those that come last a
 * part stays unpaid then.
 */
export function paidOfLines(lines: readonly PayableLine[], shares: readonly LineShare[]): bigint[] {
  const paid = lines.map(() => 0n);
  let rest = 0n;
  const roomOf = (index: number) => {
    const line = lines[index];
    const worth = line ? line.netMinor + line.vatMinor : 0n;
    return worth > 0n ? worth - (paid[index] ?? 0n) : 0n;
  };
  const pay = (index: number, amountMinor: bigint) => {
    const room = roomOf(index);
    const taken = amountMinor < room ? amountMinor : room;
    paid[index] = (paid[index] ?? 0n) + taken;
    return amountMinor - taken;
  };
  for (const { lineLayerId, amountMinor } of shares) {
    const index = lineLayerId === null ? -1 : lines.findIndex(({ layerId }) => layerId === lineLayerId);
    rest += index === -1 ? amountMinor : pay(index, amountMinor);
  }
  for (let index = 0; index < lines.length && rest > 0n; index += 1) rest = pay(index, rest);
  return paid;
}
