/** The documents of The Layer; each is a push of the same kind. */
export const DOCUMENT_KINDS = ['INVOICE', 'PAYMENT', 'CREDIT_NOTE', 'REFUND'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
