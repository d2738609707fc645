import { CreditNoteConnection, CreditNoteType } from './credit-note.type.js';
import { InvoiceConnection, InvoiceType } from './invoice.type.js';
import { PaymentConnection, PaymentType } from './payment.type.js';
import { RefundConnection, RefundType } from './refund.type.js';

export const INVOICES = { kind: 'INVOICE', connection: InvoiceConnection, node: InvoiceType } as const;
export const PAYMENTS = { kind: 'PAYMENT', connection: PaymentConnection, node: PaymentType } as const;
export const CREDIT_NOTES = { kind: 'CREDIT_NOTE', connection: CreditNoteConnection, node: CreditNoteType } as const;
export const REFUNDS = { kind: 'REFUND', connection: RefundConnection, node: RefundType } as const;
