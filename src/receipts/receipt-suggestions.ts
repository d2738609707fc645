import type { Queryable } from '../database/database.js';
import { readCustomerInvoices } from './customer-invoices.js';
import { receiptFault } from './check-matches.js';
import type { InvoiceState } from './invoice-states.js';
import { readInvoiceStates } from './invoice-states.js';
import type { SuggestionToShow } from './match-suggestion.type.js';
import { matchingFactsOf, receiptToMatch } from './matching-facts-of.js';
import { suggestMatches } from './matching/suggest-matches.js';
import { wasPaidBefore } from './paid-before.js';
import { readPossibleDoubles } from './possible-doubles.js';
import { receiptKeyText, type ReceiptRow } from './receipt-rows.js';
import { readReceiptStates, type ReceiptState } from './receipt-states.js';
import { readSageShares } from './sage-shares.js';
import { suggestionStamp, suggestionToken } from './suggestion-token.js';
import { readDocuments } from '../documents/document-rows.js';

type Untold = Omit<SuggestionToShow, 'token'>;

/**
 * What a receipt may pay, best first, each with a token that holds until receipt or invoices change. What Sage has allocated already
 * and nobody has taken over comes first. None for a receipt that cannot be matched now.
 */
export async function readSuggestions(
  database: Queryable,
  instanceId: number,
  row: ReceiptRow,
  customerLayerId: string | null,
): Promise<SuggestionToShow[]> {
  const receipt = (await readReceiptStates(database, instanceId, [row])).get(receiptKeyText(row));
  if (!receipt || customerLayerId === null || receiptFault(receipt, customerLayerId)) return [];
  const [fromSage, customers, doubles, paidBefore] = await Promise.all([
    suggestionOfSage(database, instanceId, receipt),
    readCustomerInvoices(database, instanceId, [customerLayerId]),
    readPossibleDoubles(database, instanceId, [{ row, customerLayerId }]),
    wasPaidBefore(database, instanceId, receipt),
  ]);
  const invoices = customers.get(customerLayerId) ?? { open: [], settledNumbers: [] };
  const facts = matchingFactsOf(receipt, invoices, doubles.get(receiptKeyText(row)) ?? [], paidBefore);
  const { suggestions, isSearchComplete } = suggestMatches(receiptToMatch(receipt), facts);
  const all: Untold[] = [...fromSage, ...suggestions.map((one) => (isSearchComplete ? one : withLimit(one)))];
  const states = await statesOf(database, instanceId, invoices.open, all);
  return all.map((suggestion) => ({ ...suggestion, token: tokenOf(receipt, suggestion, states) }));
}

/** Said only where it matters: of what is named nothing else is sought. */
function withLimit<S extends Untold & { isTied: boolean }>(suggestion: S): S {
  if (suggestion.isTied) return suggestion;
  return { ...suggestion, reasonsAgainst: [...suggestion.reasonsAgainst, SEARCH_LIMIT] };
}

const SEARCH_LIMIT = 'There are too many open invoices to try every set of them: another may add up too.';

async function suggestionOfSage(database: Queryable, instanceId: number, receipt: ReceiptState): Promise<Untold[]> {
  const found = await readSageShares(database, instanceId, [receipt]);
  const shares = found.get(receiptKeyText(receipt.row))?.shares ?? [];
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
