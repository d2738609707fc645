import type { OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import { type Book, totalOf } from './book.js';
import type { References } from './compose-reference.js';
import { countSets, isCountable } from './count-sets.js';
import type { DeterminedBy, Truth } from './generated-ledger.js';

export const UNKNOWN: Truth = { determinedBy: 'NONE', allocations: [] };

const whole = (invoices: readonly OpenInvoice[]) =>
  invoices.map(({ layerId, openMinor }) => ({ invoiceLayerId: layerId, amountMinor: openMinor }));

export const paysWhole = (determinedBy: DeterminedBy, paid: readonly OpenInvoice[]): Truth => ({
  determinedBy,
  allocations: whole(paid),
});

/** How it can be known that a receipt with these references pays these invoices whole; null where the references lead elsewhere. */
export function truthOf(book: Book, references: References, paid: readonly OpenInvoice[]): Truth | null {
  if (book.namedElsewhere.loosely(...references).length > 0) return null;
  const loose = book.named.loosely(...references);
  const isNamed = isSame(loose, paid);
  if (isNamed && isSame(book.named.strictly(...references), paid)) return paysWhole('REFERENCE', paid);
  if (!isNamed && isTaken(loose, paid)) return null;
  if (!isCountable(book.amounts.length, paid.length)) return null;
  if (countSets(book.amounts, Number(totalOf(paid)), paid.length) === 1) return paysWhole('AMOUNT', paid);
  return isNamed ? null : UNKNOWN;
}

/** Whether the references, read loosely, would tie the receipt's amount to invoices that it does not pay. */
function isTaken(named: readonly OpenInvoice[], paid: readonly OpenInvoice[]): boolean {
  return (
    isTied(
      named.filter((invoice) => !paid.includes(invoice)),
      totalOf(paid),
    ) ||
    (named.length > 0 && totalOf(named) === totalOf(paid))
  );
}

/** Whether invoices that references name, all or one, are exactly an amount. */
export function isTied(named: readonly OpenInvoice[], amountMinor: bigint): boolean {
  return (
    named.some(({ openMinor }) => openMinor === amountMinor) || (named.length > 0 && totalOf(named) === amountMinor)
  );
}

/** The truth of a receipt that names invoices and pays less or more than they have open; null where its amount says something else. */
export function truthOfPart(
  book: Book,
  references: References,
  named: readonly OpenInvoice[],
  amountMinor: bigint,
): Truth | null {
  if (book.namedElsewhere.loosely(...references).length > 0) return null;
  if (!isSame(book.named.loosely(...references), named)) return null;
  if (!isSame(book.named.strictly(...references), named)) return null;
  const isOver = amountMinor > totalOf(named);
  const others = isOver ? Number(amountMinor - totalOf(named)) : Number(amountMinor);
  if (countSets(book.amounts, others, isOver ? 3 : 2) > 0 || countSets(book.amounts, Number(amountMinor), 1) > 0)
    return null;
  if (totalOf(book.customer.invoices) === amountMinor) return null;
  const filled = fill(named, amountMinor);
  return filled && { determinedBy: 'REFERENCE_PART', allocations: filled };
}

/** What falls due first is paid first; null where an invoice would get nothing, or two that fall due on one day share the last of it. */
function fill(named: readonly OpenInvoice[], amountMinor: bigint): Truth['allocations'] | null {
  const byDue = named.toSorted((one, other) => (one.dueOn < other.dueOn ? -1 : 1));
  let left = amountMinor;
  const allocations = byDue.map(({ layerId, openMinor }) => {
    const taken = openMinor < left ? openMinor : left;
    left -= taken;
    return { invoiceLayerId: layerId, amountMinor: taken };
  });
  const isPart = amountMinor < totalOf(named);
  const isShared = isPart && byDue.length > 1 && byDue.at(-1)?.dueOn === byDue.at(-2)?.dueOn;
  return isShared || allocations.some((allocation) => allocation.amountMinor <= 0n) ? null : allocations;
}

const isSame = (one: readonly OpenInvoice[], other: readonly OpenInvoice[]) =>
  one.length === other.length && one.every((invoice) => other.includes(invoice));
