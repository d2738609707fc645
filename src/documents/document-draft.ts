import { contentHash } from '../sync/content-hash.js';
import type { DocumentKind } from './document-kind.js';

export interface DraftLine {
  layerId: string;
  description: string;
  nominalCode: string;
  vatCode: string;
  /** Decimal text. */
  net: string;
  vat: string;
}

export interface DraftShare {
  invoiceLayerId: string;
  lineLayerId: string | null;
  amount: string;
}

/** A document as The Layer sends it, whichever kind: amounts are still decimal text, as their currency may not be told yet. */
export interface DocumentDraft {
  kind: DocumentKind;
  layerId: string;
  /** The human one: the number of an invoice or credit note, the reference of a payment or refund. */
  reference: string | null;
  customerLayerId: string;
  subCompanyLayerId: string | null;
  /** Of payments and refunds. */
  paymentMethodLayerId: string | null;
  datedOn: string;
  dueOn: string | null;
  /** Null: the account's. */
  currency: string | null;
  /** Of payments and refunds. */
  amount: string | null;
  lines: readonly DraftLine[];
  shares: readonly DraftShare[];
  /** Of a refund, what it gives back: at most one of the two. */
  returns: Readonly<Record<'CREDIT_NOTE' | 'PAYMENT', string | null>>;
}

export const NOTHING_RETURNED = { CREDIT_NOTE: null, PAYMENT: null } as const;

/** 100.0 and 100.00 are equal. */
function canonicalDecimal(text: string): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length).split('.');
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`.replace(/\.$/, '');
  return digits === '0' ? digits : sign + digits;
}

/**
 * By which the same content is known again, however its decimals were written. The currency is no part of it: left out it means
 * the one that the document has.
 */
export function draftHash(draft: DocumentDraft): string {
  return contentHash([
    draft.kind,
    draft.reference,
    draft.customerLayerId,
    draft.subCompanyLayerId,
    draft.paymentMethodLayerId,
    draft.datedOn,
    draft.dueOn,
    draft.amount === null ? null : canonicalDecimal(draft.amount),
    draft.lines.map(({ layerId, description, nominalCode, vatCode, net, vat }) => [
      layerId,
      description,
      nominalCode,
      vatCode,
      canonicalDecimal(net),
      canonicalDecimal(vat),
    ]),
    draft.shares.map(({ invoiceLayerId, lineLayerId, amount }) => [
      invoiceLayerId,
      lineLayerId,
      canonicalDecimal(amount),
    ]),
    [draft.returns.CREDIT_NOTE, draft.returns.PAYMENT],
  ]);
}
