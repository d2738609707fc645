import { Turns } from '../common/turns.js';
import type { Transaction } from '../database/database.js';
import type { BulkRule } from './bulk-matches.js';
import { readCustomerInvoices } from './customer-invoices.js';
import type { PlannedShare } from './match-plan.js';
import { leftOf, matchingFactsOf, receiptToMatch } from './matching-facts-of.js';
import { isAutomatic } from './matching/is-automatic.js';
import { suggestMatches } from './matching/suggest-matches.js';
import { readPossibleDoubles } from './possible-doubles.js';
import { receiptKeyText } from './receipt-rows.js';
import type { ReceiptState } from './receipt-states.js';

export interface AutoRuleParts {
  instanceId: number;
  /** The subject of the token. */
  who: string;
  isDryRun?: boolean;
}

/** The one rule that matches with nobody looking: sure, unambiguous, named in the reference, exact (reconciliation.md, rule 6). */
export function autoRule({ instanceId, who, isDryRun = false }: AutoRuleParts): BulkRule {
  // what a dry run would have taken of each invoice, as nothing is stored that would say so
  const taken = new Map<string, bigint>();
  return {
    name: 'REFERENCE_AND_AMOUNT',
    who,
    allocateInSage: true,
    isDryRun,
    choose: (transaction, receipts) => chooseAutomatic(transaction, instanceId, receipts, isDryRun ? taken : new Map()),
  };
}

async function chooseAutomatic(
  transaction: Transaction,
  instanceId: number,
  receipts: readonly { receipt: ReceiptState; customerLayerId: string }[],
  taken: Map<string, bigint>,
): Promise<Map<string, readonly PlannedShare[]>> {
  const customers = receipts.map(({ customerLayerId }) => customerLayerId);
  const invoices = await readCustomerInvoices(transaction, instanceId, customers);
  const doubles = await readPossibleDoubles(
    transaction,
    instanceId,
    receipts.map(({ receipt, customerLayerId }) => ({ row: receipt.row, customerLayerId })),
  );
  const chosen = new Map<string, readonly PlannedShare[]>();
  const turns = new Turns();
  for (const { receipt, customerLayerId } of receipts) {
    await turns.share();
    const ofCustomer = invoices.get(customerLayerId);
    if (!ofCustomer) continue;
    const own = receiptToMatch(receipt);
    const facts = matchingFactsOf(
      receipt,
      ofCustomer,
      doubles.get(receiptKeyText(receipt.row)) ?? [],
      false,
      (invoice) => leftOf(invoice) - (taken.get(invoice.row.layerId) ?? 0n),
    );
    const found = suggestMatches(own, facts).suggestions.find((suggestion) => isAutomatic(suggestion, own));
    if (!found) continue;
    for (const { invoiceLayerId, amountMinor } of found.allocations)
      taken.set(invoiceLayerId, (taken.get(invoiceLayerId) ?? 0n) + amountMinor);
    chosen.set(
      receiptKeyText(receipt.row),
      found.allocations.map((share) => ({ ...share, lineLayerId: null })),
    );
  }
  return chosen;
}
