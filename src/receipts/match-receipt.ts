import type { Clock } from '../common/clock.js';
import type { UserError } from '../common/user-error.type.js';
import { readAccountsByKey } from '../accounts/account-rows.js';
import type { Queryable, Transaction } from '../database/database.js';
import { readDocuments, readLines, readSharesOfInvoices } from '../documents/document-rows.js';
import { receiptFault, shareFaults } from './check-matches.js';
import { readInvoiceStates } from './invoice-states.js';
import { leftForSage, type MatchPlan, planMatches, type PlannedShare } from './match-plan.js';
import { lockReceipts, type ReceiptKey, receiptKeyText, type ReceiptRow } from './receipt-rows.js';
import { readReceiptStates, type ReceiptState } from './receipt-states.js';
import { type MadeMatch, storeMatches } from './store-matches.js';

/** What somebody, or a rule, wants a receipt to be used on. */
export interface MatchOrder extends Pick<MatchPlan, 'origin' | 'rule' | 'who' | 'allocateInSage'> {
  key: ReceiptKey;
  /** What Sage has allocated is only taken over. */
  isInSage?: boolean;
  /** By the receipt's currency; what was typed is read by whoever knows it (`readShares`). */
  readShares(receipt: ReceiptRow): PlannedShare[] | UserError[];
}

export type MatchOutcome = { made: MadeMatch[]; toDoInSage: string[] } | { refused: UserError[] };

/**
 * Matches one receipt with invoices, in one transaction with all that hangs on it, or says why not and changes nothing. Locks the
 * receipt, then its invoices: of two people at once, the second finds what the first has left.
 */
export async function matchReceipt(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  order: MatchOrder,
): Promise<MatchOutcome> {
  const found = await lockState(transaction, instanceId, order.key);
  if (!found) return { refused: [RECEIPT_UNKNOWN] };
  const customerLayerId = await customerOf(transaction, instanceId, found.row);
  const fault = receiptFault(found, customerLayerId);
  if (fault || customerLayerId === null) return { refused: fault ? [fault] : [] };
  const shares = order.readShares(found.row);
  if (isRefusal(shares)) return { refused: shares };
  const plan = await planOf(transaction, instanceId, { receipt: found, customerLayerId, shares }, order);
  if ('refused' in plan) return plan;
  return { made: await storeMatches(transaction, clock, instanceId, [plan]), toDoInSage: leftForSage(plan) };
}

/** The receipt whole, locked until the transaction ends; null for an unknown one. */
export async function lockState(
  transaction: Transaction,
  instanceId: number,
  key: ReceiptKey,
): Promise<ReceiptState | null> {
  const [row] = await lockReceipts(transaction, instanceId, [key]);
  if (!row) return null;
  return (await readReceiptStates(transaction, instanceId, [row])).get(receiptKeyText(row)) ?? null;
}

/** One receipt and what it is to be used on. */
export interface PlanOrder {
  receipt: ReceiptState;
  customerLayerId: string;
  shares: readonly PlannedShare[];
}

/** The plan of one order, checked against what receipt and invoices have left; the invoices are locked. */
export async function planOf(
  transaction: Transaction,
  instanceId: number,
  order: PlanOrder,
  by: Omit<MatchOrder, 'key' | 'readShares'>,
): Promise<MatchPlan | { refused: UserError[] }> {
  const [plan] = await plansOf(transaction, instanceId, [order], by);
  return plan ?? { refused: [] };
}

/** The plans of several orders, in their order: each finds what those before it have left. */
export async function plansOf(
  transaction: Transaction,
  instanceId: number,
  orders: readonly PlanOrder[],
  { origin, rule, who, allocateInSage, isInSage }: Omit<MatchOrder, 'key' | 'readShares'>,
): Promise<(MatchPlan | { refused: UserError[] })[]> {
  const lock = transaction.dialect === 'mysql' ? ' FOR UPDATE' : '';
  const ids = orders.flatMap(({ shares }) => shares.map(({ invoiceLayerId }) => invoiceLayerId));
  const rows = await readDocuments(transaction, instanceId, 'INVOICE', ids, lock);
  const known = rows.map(({ layerId }) => layerId);
  const invoices = await readInvoiceStates(transaction, instanceId, rows);
  const [lines, taken] = [
    await readLines(transaction, instanceId, 'INVOICE', known),
    await readSharesOfInvoices(transaction, instanceId, known),
  ];
  return orders.map(({ receipt, customerLayerId, shares }) => {
    if (shares.length === 0) return { refused: [NO_INVOICES] };
    // before the check, which takes each share from what is left
    const matches = planMatches(receipt, shares, invoices);
    const refused = shareFaults({ receipt, customerLayerId, shares, invoices, lines, taken, isInSage });
    if (refused.length > 0) return { refused };
    return { receipt, customerLayerId, matches, origin, rule, who, allocateInSage };
  });
}

/** The Layer customer of a receipt's account; null while it is linked to none. */
export async function customerOf(
  database: Queryable,
  instanceId: number,
  { companyId, accountSageId }: ReceiptRow,
): Promise<string | null> {
  const [account] = await readAccountsByKey(database, instanceId, [{ companyId, sageId: accountSageId }]);
  return account?.customerLayerId ?? null;
}

const isRefusal = (shares: PlannedShare[] | UserError[]): shares is UserError[] =>
  shares.some((share) => 'code' in share);

export const RECEIPT_UNKNOWN: UserError = {
  code: 'RECEIPT_UNKNOWN',
  message: 'There is no receipt with this id.',
  remedy: 'Take the id from receipts.',
  field: ['receiptId'],
};

const NO_INVOICES: UserError = {
  code: 'INVOICES_NEEDED',
  message: 'No invoice was named.',
  remedy: 'Name at least one invoice and the amount that it gets.',
  field: ['invoices'],
};
