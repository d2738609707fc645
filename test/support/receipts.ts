import { COMPANY, invoiceInput, ledgerRows, newCustomer, sent, untilStatus } from './documents.js';
import { pull, type TestGateway, until } from './test-gateway.js';

export const RECEIPT_FIELDS = `id status kind origin reference amount { amount currency } unmatched { amount } toDoInSage
  sageTransaction { urn outstanding { amount } } customer { layerId }
  matches { id amount { amount } origin matchedBy undoneAt undoReason invoice { layerId }
    payment { id layerId origin amount { amount } paidOn reference match { id } } push { id kind status layerId } }`;
const PAYLOAD = `receipt { ${RECEIPT_FIELDS} } matches { id origin push { id } } toDoInSage userErrors { code message remedy field }`;

export interface ShownMatch {
  id: string;
  amount: { amount: string };
  origin: string;
  matchedBy: string;
  undoneAt: string | null;
  undoReason: string | null;
  invoice: { layerId: string };
  payment: { id: string; layerId: string | null; origin: string; match: { id: string } };
  push: { id: string; kind: string; status: string; layerId: string } | null;
}
export interface ShownReceipt {
  id: string;
  status: string;
  amount: { amount: string; currency: string };
  unmatched: { amount: string };
  toDoInSage: string[];
  sageTransaction: { urn: string; outstanding: { amount: string } };
  customer: { layerId: string } | null;
  matches: ShownMatch[];
}
export interface ReconcileAnswer {
  receipt: ShownReceipt | null;
  matches: { id: string; origin: string; push: { id: string } | null }[];
  toDoInSage: string[];
  userErrors: { code: string; message: string; remedy: string | null; field: string[] | null }[];
}

/** The current account of the sandbox's company 1. */
const BANK_ID = 1201;

/** Posts in the sandbox as a Sage user would, in its company 1. */
export function atSage(gateway: TestGateway, action: string, body: Record<string, unknown>): Record<string, unknown> {
  return gateway.sandbox.control.desktop(COMPANY, action, body) as Record<string, unknown>;
}

/** A transaction as the sandbox's own ledger has it. */
export const sageRow = (gateway: TestGateway, customerId: number, urn: string) =>
  ledgerRows(gateway, customerId).find((row) => String(row.urn) === urn);

/** Money in, keyed at Sage's own screen: its URN once the cache has it. */
export async function receiptAtSage(
  gateway: TestGateway,
  customerId: number,
  amount: number,
  reference: string,
  more: object = {},
): Promise<ShownReceipt> {
  const { urn } = atSage(gateway, 'postReceipt', {
    customer_id: customerId,
    reference,
    bank_id: BANK_ID,
    cheque_value: amount,
    ...more,
  });
  let found: ShownReceipt | undefined;
  await until(async () => {
    found = (await receiptsOf(gateway, { search: String(urn) }))[0];
    return found !== undefined;
  }, `the receipt ${reference}`);
  return found as ShownReceipt;
}

export async function receiptsOf(gateway: TestGateway, filter: object): Promise<ShownReceipt[]> {
  const { receipts } = await gateway.data(
    `query ($filter: ReceiptFilter) { receipts(filter: $filter) { nodes { ${RECEIPT_FIELDS} } } }`,
    { filter },
  );
  return receipts.nodes;
}

export async function receiptOf(gateway: TestGateway, id: string): Promise<ShownReceipt> {
  const { node } = await gateway.data(`query ($id: ID!) { node(id: $id) { ... on Receipt { ${RECEIPT_FIELDS} } } }`, {
    id,
  });
  return node;
}

export async function reconcile(
  gateway: TestGateway,
  receiptId: string,
  invoices: object[],
  more: object = {},
): Promise<ReconcileAnswer> {
  const { reconcileReceipt } = await gateway.data(
    `mutation ($input: ReconcileReceiptInput!) { reconcileReceipt(input: $input) { ${PAYLOAD} } }`,
    { input: { receiptId, invoices, ...more } },
  );
  return reconcileReceipt;
}

export async function undo(gateway: TestGateway, matchId: string, reason: string): Promise<ReconcileAnswer> {
  const { undoMatch } = await gateway.data(
    `mutation ($matchId: ID!, $reason: String!) { undoMatch(matchId: $matchId, reason: $reason) { ${PAYLOAD} } }`,
    { matchId, reason },
  );
  return undoMatch;
}

/** A customer with invoices that stand in Sage: 120.00 each unless told otherwise. */
export async function customerWithInvoices(
  gateway: TestGateway,
  layerId: string,
  invoices: readonly (readonly [layerId: string, more?: object])[],
): Promise<{ sageId: number }> {
  const customer = await newCustomer(gateway, layerId);
  for (const [invoiceId, more] of invoices) {
    const push = await sent(gateway, 'INVOICE', invoiceInput(invoiceId, layerId, more));
    await untilStatus(gateway, push, 'SUCCEEDED');
  }
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  return customer;
}

export interface ShownInvoice {
  paid: { amount: string };
  outstanding: { amount: string };
  payments: { id: string; origin: string }[];
  lines: { layerId: string; paid: { amount: string } }[];
}

export async function invoiceOf(gateway: TestGateway, layerId: string): Promise<ShownInvoice> {
  const { invoice } = await gateway.data(
    `query ($layerId: String!) { invoice(layerId: $layerId) { paid { amount } outstanding { amount } payments { id origin }
       lines { layerId paid { amount } } } }`,
    { layerId },
  );
  return invoice;
}

export interface ShownSuggestion {
  token: string;
  confidence: string;
  score: number;
  ambiguous: boolean;
  reasonsFor: string[];
  reasonsAgainst: string[];
  allocations: { amount: { amount: string }; invoice: { layerId: string; outstanding: { amount: string } } }[];
}

export async function suggestionsOf(gateway: TestGateway, id: string): Promise<ShownSuggestion[]> {
  const { node } = await gateway.data(
    `query ($id: ID!) { node(id: $id) { ... on Receipt { suggestions { token confidence score ambiguous reasonsFor reasonsAgainst
       allocations { amount { amount } invoice { layerId outstanding { amount } } } } } } }`,
    { id },
  );
  return node.suggestions;
}

export async function acceptSuggestion(
  gateway: TestGateway,
  receiptId: string,
  token: string,
): Promise<ReconcileAnswer> {
  const { acceptSuggestion: answer } = await gateway.data(
    `mutation ($receiptId: ID!, $token: String!) { acceptSuggestion(receiptId: $receiptId, token: $token) { ${PAYLOAD} } }`,
    { receiptId, token },
  );
  return answer;
}

export interface AutoReconcileAnswer {
  matched: {
    origin: string;
    rule: string;
    matchedBy: string;
    invoice: { layerId: string };
    push: { id: string } | null;
  }[];
  matchedCount: number;
  leftCount: number;
  hasMore: boolean;
  userErrors: { code: string }[];
}

/** The rule over the sandbox's company 1. */
export async function autoReconcile(gateway: TestGateway, dryRun: boolean): Promise<AutoReconcileAnswer> {
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId } }');
  const company = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === COMPANY);
  const { autoReconcile: answer } = await gateway.data(
    `mutation ($id: ID!, $dryRun: Boolean) { autoReconcile(sageCompanyId: $id, dryRun: $dryRun) { matchedCount leftCount hasMore
       matched { origin rule matchedBy invoice { layerId } push { id } } userErrors { code } } }`,
    { id: company.id, dryRun },
  );
  return answer;
}
