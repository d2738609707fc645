import type { Clock } from '../common/clock.js';
import type { UserError } from '../common/user-error.type.js';
import type { Transaction } from '../database/database.js';
import { recordAudit } from '../events/audit-trail.js';
import { recordEvents } from '../events/record-events.js';
import { RECEIPT_UNKNOWN } from './match-receipt.js';
import { receiptNodeId } from './receipt-node-id.js';
import { lockReceipts, type ReceiptKey, type ReceiptRow } from './receipt-rows.js';
import { receiptStatus } from './receipt-status.js';

/** What became of a receipt that is of no concern to The Layer, or of concern again. */
export interface AsideOrder {
  key: ReceiptKey;
  /** The subject of the token. */
  who: string;
  /** Null: it is taken back into the list. */
  reason: string | null;
}

/** Ignores a receipt that nothing is matched with, or restores it. The same again changes nothing and is no fault. */
export async function setReceiptAside(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  { key, who, reason }: AsideOrder,
): Promise<ReceiptRow | { refused: UserError }> {
  const [row] = await lockReceipts(transaction, instanceId, [key]);
  if (!row) return { refused: { ...RECEIPT_UNKNOWN, field } };
  const isIgnored = reason !== null;
  const fault = isIgnored ? ignoreFault(row) : null;
  if (fault) return { refused: fault };
  if ((row.status === 'IGNORED') === isIgnored) return row;
  const ignoredAt = isIgnored ? clock.now().getTime() : null;
  const after: ReceiptRow = { ...row, ignoredAt, status: receiptStatus({ ...row, ignoredAt }) };
  // by primary key
  await transaction.execute(
    'UPDATE receipt SET ignored_at = ?, status = ? WHERE instance_id = ? AND company_id = ? AND urn = ?',
    [ignoredAt, after.status, instanceId, row.companyId, row.urn],
  );
  await recordAudit(transaction, clock, instanceId, {
    who,
    action: isIgnored ? 'RECEIPT_IGNORED' : 'RECEIPT_RESTORED',
    subjectId: receiptNodeId(instanceId, row),
    reason,
    summary: `The receipt with URN ${row.urn} was ${isIgnored ? 'set aside: it needs no match' : 'taken back into the list'}.`,
  });
  const { urn, companyId, accountSageId } = row;
  recordEvents(transaction, clock, instanceId, [{ kind: 'RECEIPT_CHANGED', subject: urn, companyId, accountSageId }]);
  return after;
}

const field = ['id'];

function ignoreFault({ status, urn, kind }: ReceiptRow): UserError | null {
  switch (status) {
    case 'MATCHED':
    case 'PARTLY_MATCHED':
      return {
        code: 'ALREADY_MATCHED',
        message: `The receipt with URN ${urn} is matched with invoices.`,
        remedy: 'Undo its matches first, if it is of no concern here.',
        field,
      };
    case 'NO_MATCH_NEEDED':
      return {
        code: 'NO_MATCH_NEEDED',
        message:
          kind === 'REFUND'
            ? `URN ${urn} is a refund, which needs no match.`
            : `The receipt with URN ${urn} was posted by the gateway, and needs no match.`,
        remedy: 'Nothing needs to be done: it waits for nobody.',
        field,
      };
    case 'UNMATCHED':
    case 'IGNORED':
      return null;
    default:
      return status satisfies never;
  }
}
