import { Money } from '../common/money.js';
import type { UserError } from '../common/user-error.type.js';
import type { DocumentLineRow, DocumentShareRow } from '../documents/document-rows.js';
import { invoiceUnknown, leftWords, nameOf, useAtMost } from '../documents/share-words.js';
import { type PlannedShare, postingKey } from './match-plan.js';
import type { InvoiceState } from './invoice-states.js';
import { receiptKeyText } from './receipt-rows.js';
import type { ReceiptState } from './receipt-states.js';
import type { Pairs } from './used-amounts.js';

/**
 * Why a receipt cannot be matched with anything now; null when it can. `isInSage`: what Sage has allocated is only taken over, and a
 * query mark blocks nothing of it.
 */
export function receiptFault(
  receipt: ReceiptState,
  customerLayerId: string | null,
  isInSage = false,
): UserError | null {
  const { row, transaction } = receipt;
  const field = ['receiptId'];
  const what = `The receipt with URN ${row.urn}`;
  if (!transaction)
    return {
      code: 'RECEIPT_GONE',
      message: `${what} is no longer in Sage's ledger.`,
      remedy: 'Find out in Sage what became of it.',
      field,
    };
  switch (row.status) {
    case 'NO_MATCH_NEEDED':
      return {
        code: 'NO_MATCH_NEEDED',
        message:
          row.kind === 'REFUND'
            ? `${what} is a refund: money that went back to the customer pays nothing.`
            : `${what} was posted by the gateway for a payment of The Layer, which says what it pays.`,
        remedy: 'Choose a receipt that was entered in Sage.',
        field,
      };
    case 'IGNORED':
      return {
        code: 'RECEIPT_IGNORED',
        message: `${what} is ignored.`,
        remedy: 'Restore it first (restoreReceipt); auditTrail says who ignored it and why.',
        field,
      };
    case 'MATCHED':
      return {
        code: 'ALREADY_MATCHED',
        message: `${what} is matched already, with all of it.`,
        remedy: 'Look at its matches. Undo one first if it is wrong.',
        field,
      };
    case 'UNMATCHED':
    case 'PARTLY_MATCHED':
      break;
    default:
      return row.status satisfies never;
  }
  if (transaction.queried && !isInSage)
    return {
      code: 'TRANSACTION_QUERIED',
      message: `${what} is under query in Sage, which blocks allocation.`,
      remedy: 'Take the query flag off in Sage. After the next sync it can be matched.',
      field,
    };
  if (customerLayerId === null)
    return {
      code: 'CUSTOMER_NOT_LINKED',
      message: `${what} is in a Sage account that is linked to no customer of The Layer.`,
      remedy: 'Link the account to its customer first (linkCustomer).',
      field,
    };
  return null;
}

export interface SharesToCheck {
  receipt: ReceiptState;
  customerLayerId: string;
  shares: readonly PlannedShare[];
  invoices: ReadonlyMap<string, InvoiceState>;
  lines: ReadonlyMap<string, readonly DocumentLineRow[]>;
  /** What others have of the invoices. */
  taken: ReadonlyMap<string, readonly DocumentShareRow[]>;
  /** What Sage has allocated is only taken over. */
  isInSage?: boolean;
}

/**
 * Whether a receipt may be used like that: its customer's invoices, in its currency, and never more than receipt, invoice or line has
 * left, in The Layer and in Sage. Takes each share from what is left, so that the next one finds less.
 */
export function shareFaults(check: SharesToCheck): UserError[] {
  const lineRoom = new LineRoom(check);
  return check.shares.flatMap((share, index) => {
    const at = (name: string) => ['invoices', String(index), name];
    const invoice = check.invoices.get(share.invoiceLayerId);
    if (!invoice) return [{ ...invoiceUnknown(share.invoiceLayerId), field: at('invoiceLayerId') }];
    const stranger = strangerFault(check, invoice, at('invoiceLayerId'));
    if (stranger) return [stranger];
    const known = lineRoom.knows(share);
    if (!known)
      return [
        {
          code: 'LINE_UNKNOWN',
          message: `The ${nameOf(invoice.row)} has no line ${share.lineLayerId}.`,
          remedy: 'Name a line of the invoice, or leave it out.',
          field: at('lineLayerId'),
        },
      ];
    const fault = amountFault(check, share, invoice, lineRoom);
    return fault ? [{ ...fault, field: at('amount') }] : [];
  });
}

function strangerFault(
  { receipt, customerLayerId, isInSage }: SharesToCheck,
  { row, posting }: InvoiceState,
  field: string[],
): UserError | null {
  if (row.customerLayerId !== customerLayerId)
    return {
      code: 'OTHER_CUSTOMER',
      message: `The ${nameOf(row)} is another customer's.`,
      remedy: 'Name invoices of the customer whose receipt it is.',
      field,
    };
  if (row.currency !== receipt.row.currency)
    return {
      code: 'CURRENCY_MISMATCH',
      message: `The ${nameOf(row)} is in ${row.currency}, and the receipt in ${receipt.row.currency}.`,
      remedy: 'Name invoices of the same currency.',
      field,
    };
  if (posting?.queried && !isInSage)
    return {
      code: 'TRANSACTION_QUERIED',
      message: `The ${nameOf(row)} is under query in Sage, which blocks allocation.`,
      remedy: 'Take the query flag off in Sage. After the next sync it can be matched.',
      field,
    };
  return null;
}

/** Takes the amount from receipt, invoice and line, or says which of them has less. */
function amountFault(
  { receipt }: SharesToCheck,
  share: PlannedShare,
  invoice: InvoiceState,
  lineRoom: LineRoom,
): Omit<UserError, 'field'> | null {
  const receiptKey = receiptKeyText(receipt.row);
  const invoiceKey = postingKey(invoice);
  const { currency, amountMinor } = receipt.row;
  const short =
    shortOf(`The receipt with URN ${receipt.row.urn}`, receipt.pairs, invoiceKey, amountMinor, share, currency) ??
    shortOf(`The ${nameOf(invoice.row)}`, invoice.pairs, receiptKey, invoice.row.grossMinor, share, currency) ??
    lineRoom.take(share, invoice);
  receipt.pairs.addLayer(invoiceKey, share.amountMinor);
  invoice.pairs.addLayer(receiptKey, share.amountMinor);
  return short;
}

function shortOf(
  what: string,
  pairs: Pairs,
  otherKey: string | null,
  totalMinor: bigint,
  share: PlannedShare,
  currency: string,
): Omit<UserError, 'field'> | null {
  const room = pairs.roomFor(otherKey, totalMinor);
  if (share.amountMinor <= room) return null;
  const elsewhere = pairs.onlyInSage().filter(({ key }) => key !== otherKey);
  const inSage = elsewhere.reduce((sum, { minor }) => sum + minor, 0n);
  const words =
    inSage === 0n
      ? ''
      : ` Sage has allocated ${Money.ofMinor(inSage, currency).inWords} of it to ${elsewhere.map(({ key }) => `URN ${key.split(':')[1]}`).join(', ')}.`;
  return {
    code: 'AMOUNT_EXCEEDED',
    message: `${leftWords(what, room, share.amountMinor, currency)}${words}`,
    remedy: `${useAtMost(room, currency, 'Leave the invoice out')}${
      inSage === 0n ? '' : ', take over what Sage has allocated (takeOverSageAllocations), or undo it in Sage'
    }.`,
  };
}

/** What lines have left for shares that name them; what names no line goes to the others. */
class LineRoom {
  private readonly named = new Map<string, bigint>();

  constructor(private readonly check: SharesToCheck) {
    for (const shares of check.taken.values()) for (const share of shares) this.add(share);
  }

  knows({ invoiceLayerId, lineLayerId }: PlannedShare): boolean {
    return lineLayerId === null || this.lineOf(invoiceLayerId, lineLayerId) !== undefined;
  }

  take(share: PlannedShare, { row }: InvoiceState): Omit<UserError, 'field'> | null {
    const { invoiceLayerId, lineLayerId, amountMinor } = share;
    if (lineLayerId === null) return null;
    const line = this.lineOf(invoiceLayerId, lineLayerId);
    const worth = line ? line.netMinor + line.vatMinor : 0n;
    const rest = worth - (this.named.get(keyOf(share)) ?? 0n);
    const left = rest > 0n ? rest : 0n;
    this.add(share);
    if (amountMinor <= left) return null;
    return {
      code: 'AMOUNT_EXCEEDED',
      message: leftWords(`Line ${lineLayerId} of the ${nameOf(row)}`, left, amountMinor, row.currency),
      remedy: `${useAtMost(left, row.currency, 'Name another line')}, or name no line.`,
    };
  }

  private add(share: Pick<PlannedShare, 'invoiceLayerId' | 'lineLayerId' | 'amountMinor'>): void {
    const key = keyOf(share);
    if (share.lineLayerId !== null) this.named.set(key, (this.named.get(key) ?? 0n) + share.amountMinor);
  }

  private lineOf(invoiceLayerId: string, lineLayerId: string): DocumentLineRow | undefined {
    return this.check.lines.get(invoiceLayerId)?.find(({ layerId }) => layerId === lineLayerId);
  }
}

const keyOf = ({ invoiceLayerId, lineLayerId }: Pick<PlannedShare, 'invoiceLayerId' | 'lineLayerId'>) =>
  JSON.stringify([invoiceLayerId, lineLayerId]);
