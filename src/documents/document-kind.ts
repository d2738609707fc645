/** The kinds of documents; each is also a kind of push. */
export const DOCUMENT_KINDS = ['INVOICE', 'PAYMENT', 'CREDIT_NOTE', 'REFUND'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What has a part of an invoice. */
export type PayerKind = 'PAYMENT' | 'CREDIT_NOTE';
export const isPayer = (kind: string): kind is PayerKind => kind === 'PAYMENT' || kind === 'CREDIT_NOTE';

/** What a kind's fields are called in its input, for the paths of userErrors; and the kind in words. */
export const FIELD_NAMES: Readonly<Record<DocumentKind, { words: string; reference: string; datedOn: string }>> = {
  INVOICE: { words: 'invoice', reference: 'number', datedOn: 'issuedOn' },
  CREDIT_NOTE: { words: 'credit note', reference: 'number', datedOn: 'issuedOn' },
  PAYMENT: { words: 'payment', reference: 'reference', datedOn: 'paidOn' },
  REFUND: { words: 'refund', reference: 'reference', datedOn: 'refundedOn' },
};

/** Whether it has lines with VAT and nominal codes; money in and out has an amount and a payment method. */
export const hasLines = (kind: DocumentKind) => kind === 'INVOICE' || kind === 'CREDIT_NOTE';
