import { asRow, requiredInteger, requiredUrn, type Row, RowFault, text } from './decode.js';
import { odataText, type Query } from './odata.js';
import type { SageClient, SageRequest } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer, SageError, type SageErrorKind } from './sage-error.js';
import { type SageTransaction, transactionOf } from './transactions.js';

export type PostingKind = 'INVOICE' | 'CREDIT_NOTE' | 'PAYMENT' | 'REFUND';
type WriteRequest = Pick<SageRequest, 'signal' | 'beforeSend'>;

/** Where each kind is posted, and what it is in the ledger (sage200.md §4.1, §5.3: Sage's "sales payment" is the refund). */
const POSTINGS: Readonly<Record<PostingKind, { path: string; type: string }>> = {
  INVOICE: { path: '/sales_invoices', type: 'TradingAccountEntryTypeInvoice' },
  CREDIT_NOTE: { path: '/sales_credit_notes', type: 'TradingAccountEntryTypeCreditNote' },
  PAYMENT: { path: '/sales_receipts', type: 'TradingAccountEntryTypePurchasePaymentSalesReceipt' },
  REFUND: { path: '/sales_payments', type: 'TradingAccountEntryTypePurchaseReceiptSalesPayment' },
};

export const postingPath = (kind: PostingKind): string => POSTINGS[kind].path;

/** Posts a document, once; answers its URN (a number or a text: sage200.md §1.6). Throws SageError. */
export async function postDocument(
  client: SageClient,
  company: SageCompanyRef,
  kind: PostingKind,
  body: unknown,
  request: WriteRequest,
): Promise<{ urn: string }> {
  const { path } = POSTINGS[kind];
  const answer = await client.post(path, body, { company, ...request });
  return { urn: understood(path, () => requiredUrn(asRow(answer), 'urn')) };
}

/** Asks Sage to look through an invoice without saving it (sage200.md §5.1). Throws SageError, `refused` with Sage's reason. */
export async function tryInvoice(
  client: SageClient,
  company: SageCompanyRef,
  body: unknown,
  signal?: AbortSignal,
): Promise<void> {
  await client.post('/sales_invoices_new', body, { company, signal });
}

/**
 * The postings of an account that bear this second reference: current and archived ones, as rows move from one list to the other
 * (sage200.md §4.4). Each once.
 */
export async function findPostings(
  client: SageClient,
  company: SageCompanyRef,
  posting: { kind: PostingKind; customerId: number; secondReference: string },
  signal?: AbortSignal,
): Promise<SageTransaction[]> {
  const { kind, customerId, secondReference } = posting;
  const $filter = `customer_id eq ${customerId} and trader_transaction_type eq ${odataText(POSTINGS[kind].type)} and second_reference eq ${odataText(secondReference)}`;
  const query = { $filter, $orderby: 'id asc', $top: 50 };
  // in this order: a row moves from the current list to the archived one, and must not slip through in between
  const current = await readRows(client, company, '/sales_posted_transactions', query, signal);
  const archived = await readArchived(client, company, query, signal);
  const found = new Map<string, SageTransaction>();
  for (const row of [...current, ...archived]) {
    // a server that compares loosely, or ignores the filter, must not pass off another posting as ours
    if (row.secondReference.trim() === secondReference && row.customerId === customerId) found.set(row.urn, row);
  }
  return [...found.values()];
}

/** A release that lacks the endpoint has archived nothing. */
async function readArchived(
  client: SageClient,
  company: SageCompanyRef,
  query: Query,
  signal?: AbortSignal,
): Promise<SageTransaction[]> {
  try {
    return await readRows(client, company, '/sales_historical_transactions', query, signal);
  } catch (error) {
    if (error instanceof SageError && error.kind === 'not_found') return [];
    throw error;
  }
}

/** Current transactions by URN, with their allocations. What is archived or not visible yet is left out. */
export async function readTransactionsByUrn(
  client: SageClient,
  company: SageCompanyRef,
  urns: readonly string[],
  signal?: AbortSignal,
): Promise<SageTransaction[]> {
  const rows: SageTransaction[] = [];
  const wanted = [...new Set(urns)];
  for (let from = 0; from < wanted.length; from += MAX_URNS) {
    const some = wanted.slice(from, from + MAX_URNS);
    const query = {
      $filter: some.map((urn) => `urn eq ${urn}`).join(' or '),
      $expand: 'allocation_session_items',
      $orderby: 'id asc',
      $top: some.length + 1,
    };
    const found = await readRows(client, company, '/sales_posted_transactions', query, signal);
    rows.push(...found.filter(({ urn }) => some.includes(urn)));
  }
  return rows;
}

/** As many as keep the URL short: how long one may be is not known (sage200.md §8). */
const MAX_URNS = 50;

export interface AllocationLine {
  transactionId: number;
  /** A JSON number: positive on debits, negative on credits; all lines add up to 0 (sage200.md §5.4). */
  value: unknown;
}

/** Allocates, in one call. The date is left to Sage's own setting. Sage answers with no id. Throws SageError. */
export async function postAllocation(
  client: SageClient,
  company: SageCompanyRef,
  customerId: number,
  lines: readonly AllocationLine[],
  request: WriteRequest,
): Promise<void> {
  const body = {
    customer_id: customerId,
    allocation_lines: lines.map(({ transactionId, value }) => ({
      posted_tran_id: transactionId,
      value_to_allocate: value,
    })),
  };
  await client.post('/sales_allocations', body, { company, ...request });
}

/**
 * Whether the sales ledger takes postings of this date. Null: this release has no such check, or cannot carry it out; the posting
 * itself then shows. Throws SageError where Sage cannot be reached.
 */
export async function isDateOpen(
  client: SageClient,
  company: SageCompanyRef,
  date: string,
  signal?: AbortSignal,
): Promise<{ isOpen: boolean; message: string | null } | null> {
  const body = { date: `${date}T00:00:00Z`, ledger_type: 'LedgerSales' };
  try {
    const answer = asRow(await client.post('/transaction_date_validation', body, { company, signal }));
    // the enum's exact words are not known (sage200.md §3.4): Normal, Acceptable, Unacceptable, perhaps with more around it
    const classification = text(answer, 'classification') ?? '';
    return { isOpen: !/unaccept/i.test(classification), message: text(answer, 'message') };
  } catch (error) {
    if (error instanceof SageError && NO_CHECK.has(error.kind)) return null;
    if (error instanceof RowFault) return null;
    throw error;
  }
}

const NO_CHECK: ReadonlySet<SageErrorKind> = new Set([
  'not_found',
  'refused',
  'forbidden',
  'server_error',
  'bad_answer',
]);

export interface AccountState {
  onHold: boolean;
  isActive: boolean;
  /** False for balance-forward and automatic-allocation accounts (sage200.md §5.4). */
  isOpenItem: boolean;
  reason: string | null;
}

/** How an account stands in Sage now; null when it is gone. */
export async function readAccountState(
  client: SageClient,
  company: SageCompanyRef,
  customerId: number,
  signal?: AbortSignal,
): Promise<AccountState | null> {
  const query = {
    $filter: `id eq ${customerId}`,
    $select: 'id,on_hold,account_status_type,account_type,status_reason',
    $orderby: 'id asc',
    $top: 2,
  };
  const rows = (await client.list('/customers', { company, query, signal })) as Row[];
  return understood('/customers', () => {
    const row = rows.map(asRow).find((one) => requiredInteger(one, 'id') === customerId);
    if (!row) return null;
    return {
      onHold: row.on_hold === true,
      isActive: (text(row, 'account_status_type') ?? 'AccountStatusActive') === 'AccountStatusActive',
      isOpenItem: (text(row, 'account_type') ?? 'TradingAccountTypeOpenItem') === 'TradingAccountTypeOpenItem',
      reason: text(row, 'status_reason'),
    };
  });
}

async function readRows(
  client: SageClient,
  company: SageCompanyRef,
  path: string,
  query: Query,
  signal?: AbortSignal,
): Promise<SageTransaction[]> {
  const rows = await client.list(path, { company, query, signal });
  return understood(path, () =>
    rows.flatMap((row) => {
      const transaction = transactionOf(asRow(row), path.includes('historical'));
      return transaction === null ? [] : [transaction];
    }),
  );
}

/** An answer that cannot be read says nothing: whoever asked must go on as if nothing had been said. */
function understood<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`Sage's answer to ${path} cannot be read: ${error.message}.`);
    throw error;
  }
}
