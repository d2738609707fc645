import { foldText } from '../../src/common/search-words.js';
import { foldReference } from '../../src/transactions/store-transactions.js';
import type { LedgerCustomer, LedgerReceipt } from '../matching/generated-ledger.js';

export const INSTANCE = 1;
export const COMPANY_ID = 1;
const HASH = '0123456789abcdef';

export interface InvoiceRow {
  urn: number;
  number: string;
  customerLayerId: string;
  issuedOn: string;
  dueOn: string;
  currency: string;
  grossMinor: bigint;
  outstandingMinor: bigint;
}

export const invoiceLayerId = (urn: number) => `INV${urn}`;
export const paymentLayerId = (urn: number) => `PAY${urn}`;
export const customerLayerIdOf = (accountId: number) => `C${accountId}`;

export function customerValues(customer: LedgerCustomer, accountId: number) {
  const layerId = customerLayerIdOf(accountId);
  const number = `A${accountId}`;
  const name = foldText(customer.name);
  return {
    account: [
      INSTANCE,
      COMPANY_ID,
      accountId,
      number,
      foldText(number),
      customer.name,
      customer.currency,
      0,
      0,
      0,
      0,
      1,
      HASH,
      1,
    ],
    customer: [INSTANCE, layerId, customer.name, name, 'SYNCED', 1, 1],
    link: [INSTANCE, COMPANY_ID, accountId, layerId, 1, 'bench'],
  };
}

export function invoiceValues(row: InvoiceRow): unknown[] {
  const { customerLayerId, issuedOn, dueOn, currency, grossMinor, outstandingMinor } = row;
  const vatMinor = grossMinor / 6n;
  const layerId = invoiceLayerId(row.urn);
  return [
    ...[
      INSTANCE,
      'INVOICE',
      layerId,
      foldText(layerId),
      row.number,
      foldReference(row.number),
      customerLayerId,
      issuedOn,
      dueOn,
    ],
    ...[currency, 1, grossMinor - vatMinor, vatMinor, grossMinor, HASH, layerId, 1, 1, outstandingMinor],
  ];
}

export interface PaymentRow {
  urn: number;
  reference: string;
  customerLayerId: string;
  paidOn: string;
  currency: string;
  amountMinor: bigint;
}

export function paymentValues({
  urn,
  reference,
  customerLayerId,
  paidOn,
  currency,
  amountMinor,
}: PaymentRow): unknown[] {
  const layerId = paymentLayerId(urn);
  return [
    ...[
      INSTANCE,
      'PAYMENT',
      layerId,
      foldText(layerId),
      reference,
      foldReference(reference),
      customerLayerId,
      paidOn,
      null,
    ],
    ...[currency, 1, amountMinor, 0, amountMinor, HASH, layerId, 1, 1, 0],
  ];
}

export function receiptValues({ receipt }: LedgerReceipt, urn: number, accountId: number) {
  const { reference, secondReference, receivedOn, currency, leftMinor } = receipt;
  return {
    transaction: [
      ...[INSTANCE, COMPANY_ID, String(urn), urn, accountId, 'RECEIPT', reference, foldReference(reference)],
      ...[
        secondReference,
        foldReference(secondReference),
        receivedOn,
        currency,
        -leftMinor,
        -leftMinor,
        0,
        0,
        -leftMinor,
      ],
      ...['', 1, 0, HASH, 1],
    ],
    receipt: [
      ...[INSTANCE, COMPANY_ID, String(urn), 'RECEIPT', 'SAGE', accountId, receivedOn, currency, leftMinor, 0, 0],
      'UNMATCHED',
    ],
  };
}
