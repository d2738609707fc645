import type { Clock } from '../common/clock.js';
import { Money } from '../common/money.js';
import { orderedId } from '../common/ordered-id.js';
import { bulkUpsert } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { documentNodeId } from '../documents/document-node-id.js';
import type { DocumentRow } from '../documents/document-rows.js';
import { refreshOutstanding } from '../documents/refresh-outstanding.js';
import { SHARE_TABLE } from '../documents/store-document.js';
import { type AuditRecord, recordAudits } from '../events/audit-trail.js';
import { recordEvents } from '../events/record-events.js';
import { foldReference } from '../transactions/store-transactions.js';
import { enqueueAllocation } from './allocation-content.js';
import { allocatedInSage } from './allocated-in-sage.js';
import { type MatchPlan, type PlannedMatch, postingKey, toAllocate } from './match-plan.js';
import type { MatchRow } from './match-rows.js';
import { receiptNodeId } from './receipt-node-id.js';
import { receiptStatus } from './receipt-status.js';
import { sagePaymentId } from './sage-payment.js';

/** A match and the payment that it makes. */
export interface MadeMatch {
  match: MatchRow;
  payment: DocumentRow;
}

const PAYMENT_TABLE = {
  name: 'document',
  key: ['instance_id', 'kind', 'layer_id'],
  columns: [
    'instance_id',
    'kind',
    'layer_id',
    'layer_id_folded',
    'reference',
    'reference_folded',
    'customer_layer_id',
    'dated_on',
    'currency',
    'is_currency_given',
    'net_minor',
    'vat_minor',
    'gross_minor',
    'registered_company_id',
    'registered_urn',
    'content_hash',
    'origin',
    'created_at',
    'updated_at',
  ],
};
const MATCH_TABLE = {
  name: 'receipt_match',
  key: ['instance_id', 'id'],
  columns: [
    'instance_id',
    'id',
    'company_id',
    'urn',
    'invoice_layer_id',
    'currency',
    'amount_minor',
    'origin',
    'rule',
    'matched_by',
    'matched_at',
    'push_id',
    'is_to_undo_in_sage',
  ],
};

/** What a plan would make, without its push. */
export function madeMatches(clock: Clock, instanceId: number, plan: MatchPlan): MadeMatch[] {
  return plan.matches.map((planned) => madeMatch(clock, instanceId, plan, planned));
}

function madeMatch(clock: Clock, instanceId: number, plan: MatchPlan, planned: PlannedMatch): MadeMatch {
  const { row, transaction } = plan.receipt;
  const { companyId, urn, currency } = row;
  const invoiceLayerId = planned.invoice.row.layerId;
  const id = orderedId(clock, instanceId, 'RECEIPT_MATCH', companyId, urn, invoiceLayerId);
  const { amountMinor } = planned;
  const match: MatchRow = {
    id,
    companyId,
    urn,
    invoiceLayerId,
    currency,
    amountMinor,
    origin: planned.isInSage ? 'SAGE' : plan.origin,
    rule: plan.rule,
    matchedBy: plan.who,
    matchedAt: clock.now().getTime(),
    pushId: null,
    undoneAt: null,
    undoneBy: null,
    undoReason: null,
    isToUndoInSage: false,
  };
  const payment: DocumentRow = {
    kind: 'PAYMENT',
    layerId: sagePaymentId(id),
    reference: transaction?.reference ?? null,
    customerLayerId: plan.customerLayerId,
    subCompanyLayerId: null,
    paymentMethodLayerId: null,
    datedOn: row.receivedOn,
    dueOn: null,
    currency,
    isCurrencyGiven: true,
    netMinor: amountMinor,
    vatMinor: 0n,
    grossMinor: amountMinor,
    returnsKind: null,
    returnsLayerId: null,
    registeredCompanyId: companyId,
    registeredUrn: urn,
    contentHash: '',
    pushId: null,
    origin: 'SAGE',
    reversedAt: null,
  };
  return { match, payment };
}

/**
 * Stores checked plans in the transaction that has locked their receipts and invoices: the payments with their shares, the matches,
 * what receipts and invoices have left, the allocations to be sent, the audit trail and the events.
 */
export async function storeMatches(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  plans: readonly MatchPlan[],
): Promise<MadeMatch[]> {
  const all: MadeMatch[] = [];
  for (const plan of plans) {
    const made = madeMatches(clock, instanceId, plan);
    const allocated = new Set(toAllocate(plan));
    const own = made.filter((_, index) => allocated.has(plan.matches[index] as PlannedMatch));
    const pushId = await enqueueAllocation(transaction, clock, instanceId, plan, own);
    for (const { match } of own) match.pushId = pushId;
    all.push(...made);
  }
  await storePayments(transaction, clock, instanceId, plans, all);
  for (const plan of plans) {
    await storeUse(transaction, instanceId, plan);
    await settleRematched(transaction, instanceId, plan);
  }
  await refreshOutstanding(
    transaction,
    instanceId,
    all.map(({ match }) => match.invoiceLayerId),
  );
  await recordAudits(
    transaction,
    clock,
    instanceId,
    all.flatMap(({ match }) => auditsOf(instanceId, match)),
  );
  recordEvents(
    transaction,
    clock,
    instanceId,
    plans.map(({ receipt: { row } }) => ({
      kind: 'RECEIPT_CHANGED',
      subject: row.urn,
      companyId: row.companyId,
      accountSageId: row.accountSageId,
    })),
  );
  return all;
}

async function storePayments(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  plans: readonly MatchPlan[],
  made: readonly MadeMatch[],
): Promise<void> {
  const now = clock.now().getTime();
  const planned = plans.flatMap(({ matches }) => matches);
  await bulkUpsert(
    transaction,
    PAYMENT_TABLE,
    made.map(({ payment }) => [
      instanceId,
      payment.kind,
      payment.layerId,
      // nobody searches for an id that The Layer does not know
      '',
      payment.reference,
      foldReference(payment.reference ?? ''),
      payment.customerLayerId,
      payment.datedOn,
      payment.currency,
      1,
      payment.netMinor,
      0,
      payment.grossMinor,
      payment.registeredCompanyId,
      payment.registeredUrn,
      payment.contentHash,
      'SAGE',
      now,
      now,
    ]),
  );
  await bulkUpsert(
    transaction,
    SHARE_TABLE,
    made.flatMap(({ payment }, index) =>
      (planned[index]?.shares ?? []).map((share, shareNo) => [
        instanceId,
        'PAYMENT',
        payment.layerId,
        shareNo,
        share.invoiceLayerId,
        share.lineLayerId,
        share.amountMinor,
      ]),
    ),
  );
  await bulkUpsert(
    transaction,
    MATCH_TABLE,
    made.map(({ match }) => [
      instanceId,
      match.id,
      match.companyId,
      match.urn,
      match.invoiceLayerId,
      match.currency,
      match.amountMinor,
      match.origin,
      match.rule,
      match.matchedBy,
      match.matchedAt,
      match.pushId,
      0,
    ]),
  );
}

/** The receipt's row is locked: what is read of it is what stands. By primary key. */
async function storeUse(transaction: Transaction, instanceId: number, { receipt, matches }: MatchPlan): Promise<void> {
  const { row } = receipt;
  const matchedMinor = matches.reduce((sum, { amountMinor }) => sum + amountMinor, row.matchedMinor);
  await transaction.execute(
    'UPDATE receipt SET matched_minor = ?, status = ? WHERE instance_id = ? AND company_id = ? AND urn = ?',
    [matchedMinor, receiptStatus({ ...row, matchedMinor }), instanceId, row.companyId, row.urn],
  );
}

/**
 * What was undone here and stands in Sage needs no undoing there once other matches account for it. The check of the plan has added
 * its shares to the receipt's pairs. By primary key.
 */
async function settleRematched(
  transaction: Transaction,
  instanceId: number,
  { receipt, matches }: MatchPlan,
): Promise<void> {
  for (const { invoice } of matches) {
    const invoiceLayerId = invoice.row.layerId;
    const key = postingKey(invoice);
    const flagged = receipt.matches.filter((one) => one.isToUndoInSage && one.invoiceLayerId === invoiceLayerId);
    if (flagged.length === 0 || key === null) continue;
    const inSage = await allocatedInSage(transaction, instanceId, receipt, { key, invoiceLayerId });
    if (inSage > receipt.pairs.of(key).layerMinor) continue;
    for (const { id } of flagged) {
      await transaction.execute('UPDATE receipt_match SET is_to_undo_in_sage = 0 WHERE instance_id = ? AND id = ?', [
        instanceId,
        id,
      ]);
    }
  }
}

/** One for the receipt's trail, one for the invoice's. */
function auditsOf(instanceId: number, match: MatchRow): AuditRecord[] {
  const { amount, currency } = Money.ofMinor(match.amountMinor, match.currency);
  const by = match.rule === null ? '' : ` by the rule ${match.rule}`;
  const from = match.origin === 'SAGE' ? ', as Sage has allocated it' : '';
  const record = {
    who: match.matchedBy,
    action: 'RECEIPT_MATCHED',
    summary: `${amount} ${currency} of the receipt with URN ${match.urn} was matched with invoice ${match.invoiceLayerId}${by}${from}.`,
  };
  return [
    { ...record, subjectId: receiptNodeId(instanceId, match) },
    { ...record, subjectId: documentNodeId(instanceId, { kind: 'INVOICE', layerId: match.invoiceLayerId }) },
  ];
}
