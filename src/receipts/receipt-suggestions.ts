import { Turns } from '../common/turns.js';
import type { Queryable } from '../database/database.js';
import { readDocuments } from '../documents/document-rows.js';
import { readCustomerInvoices } from './customer-invoices.js';
import { receiptFault } from './check-matches.js';
import { type InvoiceState, readInvoiceStates } from './invoice-states.js';
import type { PlannedShare } from './match-plan.js';
import type { SuggestionToShow } from './match-suggestion.type.js';
import { matchingFactsOf, receiptToMatch } from './matching-facts-of.js';
import { suggestMatches } from './matching/suggest-matches.js';
import { readPaidBefore } from './paid-before.js';
import { type CustomerReceipt, readPossibleDoubles } from './possible-doubles.js';
import { receiptKeyText } from './receipt-rows.js';
import { readReceiptStates, type ReceiptState } from './receipt-states.js';
import { readSageShares } from './sage-shares.js';
import { suggestionStamp, suggestionToken } from './suggestion-token.js';

type Untold = Omit<SuggestionToShow, 'token'>;

/**
 * What receipts may pay, by receiptKeyText, best first, each with a token that holds until receipt or invoices change. What Sage has
 * allocated already and nobody has taken over comes first. None for a receipt that cannot be matched now. The number of statements
 * does not grow with the receipts.
 */
export async function readSuggestions(
  database: Queryable,
  instanceId: number,
  receipts: readonly CustomerReceipt[],
): Promise<Map<string, SuggestionToShow[]>> {
  const states = await readReceiptStates(
    database,
    instanceId,
    receipts.map(({ row }) => row),
  );
  const open = receipts.flatMap(({ row, customerLayerId }) => {
    const receipt = states.get(receiptKeyText(row));
    return !receipt || receiptFault(receipt, customerLayerId) ? [] : [{ row, receipt, customerLayerId }];
  });
  if (open.length === 0) return new Map();
  const own = open.map(({ receipt }) => receipt);
  const [fromSage, customers, doubles, paidBefore] = await Promise.all([
    readSageShares(database, instanceId, own),
    readCustomerInvoices(
      database,
      instanceId,
      open.map(({ customerLayerId }) => customerLayerId),
    ),
    readPossibleDoubles(database, instanceId, open),
    readPaidBefore(database, instanceId, own),
  ]);
  const found: { receipt: ReceiptState; key: string; all: Untold[] }[] = [];
  const turns = new Turns();
  for (const { receipt, customerLayerId } of open) {
    await turns.share();
    const key = receiptKeyText(receipt.row);
    const invoices = customers.get(customerLayerId) ?? { open: [], settledNumbers: [] };
    const facts = matchingFactsOf(receipt, invoices, doubles.get(key) ?? [], paidBefore.has(key));
    const { suggestions, isSearchComplete } = suggestMatches(receiptToMatch(receipt), facts);
    const all: Untold[] = [
      ...suggestionOfSage(fromSage.get(key)?.shares ?? []),
      ...suggestions.map((one) => (isSearchComplete ? one : withLimit(one))),
    ];
    found.push({ receipt, key, all });
  }
  const invoices = await statesOf(
    database,
    instanceId,
    [...customers.values()].flatMap((customer) => customer.open),
    found.flatMap(({ all }) => all),
  );
  return new Map(
    found.map(({ receipt, key, all }) => [
      key,
      all.map((suggestion) => ({ ...suggestion, token: tokenOf(receipt, suggestion, invoices) })),
    ]),
  );
}

/** Said only where it matters: of what is named nothing else is sought. */
function withLimit<S extends Untold & { isTied: boolean }>(suggestion: S): S {
  if (suggestion.isTied) return suggestion;
  return { ...suggestion, reasonsAgainst: [...suggestion.reasonsAgainst, SEARCH_LIMIT] };
}

const SEARCH_LIMIT = 'There are too many open invoices to try every set of them: another may add up too.';

function suggestionOfSage(shares: readonly PlannedShare[]): Untold[] {
  if (shares.length === 0) return [];
  return [
    {
      allocations: shares,
      score: 1,
      confidence: 'HIGH',
      reasonsFor: ['Sage has allocated it like this already: nothing will be sent.'],
      reasonsAgainst: [],
      ambiguous: false,
    },
  ];
}

/** Of what Sage has allocated The Layer may have nothing open: these are read once more. */
async function statesOf(
  database: Queryable,
  instanceId: number,
  open: readonly InvoiceState[],
  suggestions: readonly Untold[],
): Promise<Map<string, InvoiceState>> {
  const states = new Map(open.map((invoice) => [invoice.row.layerId, invoice]));
  const missing = suggestions
    .flatMap(({ allocations }) => allocations.map(({ invoiceLayerId }) => invoiceLayerId))
    .filter((layerId) => !states.has(layerId));
  if (missing.length === 0) return states;
  const rows = await readDocuments(database, instanceId, 'INVOICE', missing);
  for (const [layerId, state] of await readInvoiceStates(database, instanceId, rows)) states.set(layerId, state);
  return states;
}

function tokenOf(receipt: ReceiptState, { allocations }: Untold, states: ReadonlyMap<string, InvoiceState>): string {
  const invoices = allocations.flatMap(({ invoiceLayerId }) => states.get(invoiceLayerId) ?? []);
  return suggestionToken(receipt.row, allocations, suggestionStamp(receipt, invoices));
}
