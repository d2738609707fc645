import type { CustomerInvoices } from './customer-invoices.js';
import type { InvoiceState } from './invoice-states.js';
import { isAllocatable } from './match-plan.js';
import type { MatchingFacts, OpenInvoice, ReceiptToMatch } from './matching/matching-facts.js';
import type { PossibleDouble } from './possible-doubles.js';
import type { ReceiptState } from './receipt-states.js';

/** What a receipt says of itself. */
export function receiptToMatch({ row, transaction, pairs }: ReceiptState): ReceiptToMatch {
  const used = pairs.usedMinor;
  return {
    reference: transaction?.reference ?? '',
    secondReference: transaction?.secondReference ?? '',
    receivedOn: row.receivedOn,
    currency: row.currency,
    leftMinor: row.amountMinor - used,
    isWhole: used === 0n,
  };
}

/** What is known of its customer. `openOf` says what an invoice has left. */
export function matchingFactsOf(
  receipt: ReceiptState,
  { open, settledNumbers }: CustomerInvoices,
  doubles: readonly PossibleDouble[],
  paidBefore: boolean,
  openOf: (invoice: InvoiceState) => bigint = leftOf,
): MatchingFacts {
  const invoices: OpenInvoice[] = [];
  const elsewhere: OpenInvoice[] = [];
  const settled = settledNumbers.map((number) => ({ number, how: 'has nothing left to pay' }));
  for (const invoice of open) {
    const openMinor = openOf(invoice);
    const how = openMinor <= 0n ? 'has nothing left to pay' : whyNot(receipt, invoice);
    if (how !== null) settled.push({ number: numberOf(invoice), how });
    else (isAllocatable(receipt, invoice) ? invoices : elsewhere).push(openInvoice(invoice, openMinor));
  }
  return {
    invoices,
    elsewhere,
    settled,
    refused: refusedOf(receipt),
    doubles: doubles.map(({ payment, invoiceNumbers }) => ({
      reference: payment.reference ?? payment.layerId,
      paidOn: payment.datedOn,
      amountMinor: payment.grossMinor,
      invoiceNumbers,
    })),
    paidBefore,
  };
}

/** What neither The Layer nor Sage has taken of an invoice. */
export const leftOf = ({ pairs, row }: InvoiceState) => pairs.roomFor(null, row.grossMinor);

const numberOf = ({ row }: InvoiceState) => row.reference ?? row.layerId;

function whyNot(receipt: ReceiptState, { row, posting }: InvoiceState): string | null {
  if (row.currency !== receipt.row.currency) return `is in ${row.currency}`;
  return posting?.queried ? 'is under query in Sage' : null;
}

const openInvoice = (invoice: InvoiceState, openMinor: bigint): OpenInvoice => ({
  layerId: invoice.row.layerId,
  number: numberOf(invoice),
  issuedOn: invoice.row.datedOn,
  dueOn: invoice.row.dueOn ?? invoice.row.datedOn,
  openMinor,
});

const refusedOf = ({ matches }: ReceiptState) =>
  matches.flatMap(({ invoiceLayerId, undoneAt, undoReason }) =>
    undoneAt === null
      ? []
      : [{ invoiceLayerId, on: new Date(undoneAt).toISOString().slice(0, 10), reason: undoReason ?? '' }],
  );
