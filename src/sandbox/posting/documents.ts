// POST sales_invoices and sales_credit_notes, and their dry runs (sage200.md §5.1, §5.2).
import { Refusal } from '../ledger/refusal.js';
import { addDays, lastDayOfMonth } from '../ledger/time.js';
import { CREDIT_NOTE, INVOICE } from '../ledger/transaction-types.js';
import { boolean, instant, integer, money, rate, text } from '../resources/field.js';
import { readNominalLines, readTaxLines, type Headline } from './analysis.js';
import { readValues, required, type Body, type Values } from './input.js';
import { postTransaction, type NewTransaction, type Posted } from './post-transaction.js';
import {
  checkAccount,
  checkDate,
  checkRates,
  customerOf,
  today,
  type CustomerRow,
  type PostingContext,
} from './posting-context.js';
import { minorToText } from '../ledger/money.js';

const FIELDS = [
  integer('customer_id'),
  instant('transaction_date'),
  instant('due_date'),
  rate('exchange_rate'),
  text('reference', 20),
  text('second_reference', 20),
  boolean('settled_immediately'),
  money('document_goods_value'),
  money('document_tax_value'),
  money('document_discount_value'),
  money('document_tax_discount_value'),
  money('discount_percent'),
  integer('discount_days'),
  boolean('triangular_transaction'),
];

export const postInvoice = (context: PostingContext, body: Body): Posted => postDocument(context, INVOICE, body);
export const postCreditNote = (context: PostingContext, body: Body): Posted => postDocument(context, CREDIT_NOTE, body);

function postDocument(context: PostingContext, type: number, body: Body): Posted {
  const document = readDocument(context, type, body);
  if (document.goods + document.tax === 0) throw new Refusal('The value of the document must be greater than zero.');
  return postTransaction(context, document);
}

function readDocument(context: PostingContext, type: number, body: Body): NewTransaction {
  const values = readValues(FIELDS, body);
  const customer = customerOf(context, required<number>(values, 'customer_id'));
  checkAccount(context, customer, type === INVOICE);
  const date = dateOf(values, 'transaction_date') ?? today(context);
  checkDate(context, date);
  const headline: Headline = {
    goods: positive(values, 'document_goods_value'),
    tax: positive(values, 'document_tax_value'),
    discount: positive(values, 'document_discount_value'),
    taxDiscount: positive(values, 'document_tax_discount_value'),
  };
  checkRates(values, ['exchange_rate']);
  const narrative = `${type === INVOICE ? 'SI' : 'SC'} / ${customer.reference}`;
  return {
    type,
    customer,
    reference: (values['reference'] ?? '') as string,
    secondReference: (values['second_reference'] ?? '') as string,
    date,
    dueDate: type === CREDIT_NOTE ? date : (dateOf(values, 'due_date') ?? dueDateBy(customer, date)),
    ...headline,
    discountPercent: positive(values, 'discount_percent', customer.early_settlement_discount_percent ?? 0),
    discountDays: positive(values, 'discount_days', customer.early_settlement_discount_days ?? 0),
    rateMicro: (values['exchange_rate'] ?? customer.rate) as number,
    isSettledImmediately: values['settled_immediately'] === 1,
    taxLines: readTaxLines(context, customer, body, headline),
    nominalLines: readNominalLines(context, customer, body, { goods: headline.goods, narrative }),
    source: 'Sales Ledger',
  };
}

function positive(values: Values, name: string, fallback = 0): number {
  const value = (values[name] ?? fallback) as number;
  if (value < 0) throw new Refusal(`The value of '${name}' must not be negative.`);
  return value;
}

export const dateOf = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value.slice(0, 10) : undefined;
};

export function dueDateBy(customer: CustomerRow, date: string): string {
  const days = customer.payment_terms_days ?? 0;
  switch (customer.payment_terms_basis) {
    case 1: // from the end of the month
      return addDays(lastDayOfMonth(date), days);
    case 2: // from the start of the month
      return addDays(`${date.slice(0, 7)}-01`, days);
    default:
      return addDays(date, days);
  }
}

/**
 * The dry run: the body with defaults filled in, nothing saved. It shows tax `code` where posting wants `id`, and no customer_id,
 * as recorded (sage200.md §5.1): it cannot be posted back as it is.
 */
export function previewDocument(context: PostingContext, type: number, body: Body): string {
  const document = readDocument(context, type, body);
  // The time of day that was sent comes back, though a posting drops it.
  const sent = readValues(FIELDS, body)['transaction_date'] ?? `${document.date}T00:00:00.000Z`;
  const number = (minor: number): string => minorToText(minor).replace(/(\.\d)0$/, '$1');
  const nominal = document.nominalLines.map(
    (line) =>
      `{"code":${JSON.stringify(line.code)},"cost_centre":${JSON.stringify(line.costCentre)},"department":${JSON.stringify(line.department)},"name":"",` +
      `"narrative":${JSON.stringify(line.narrative)},"value":${number(line.value)},"type":"NominalAccountTypePosting","nominal_code_id":0,"transaction_analysis_code":""}`,
  );
  const tax = document.taxLines.map((line) => {
    const [code] = context.ledger.column<number>('select code from tax_codes where company_id = ? and id = ?', [
      context.companyId,
      line.id,
    ]);
    return `{"code":${code},"goods_amount":${number(line.goods)},"tax_amount":${number(line.tax)},"tax_discount_amount":0.0,"discount_amount":0.0,"details":""}`;
  });
  const dueDate = type === INVOICE ? `"due_date":"${document.dueDate}T00:00:00Z",` : '';
  return (
    `{"is_eu_trader":false,"triangular_transaction":false,"reference":${JSON.stringify(document.reference)},` +
    `"second_reference":${JSON.stringify(document.secondReference)},"transaction_date":"${String(sent).replace(/\.?0*Z$/, 'Z')}",${dueDate}` +
    `"document_goods_value":${number(document.goods)},"document_tax_value":${number(document.tax)},"document_discount_value":${number(document.discount ?? 0)},` +
    `"discount_percent":${number(document.discountPercent ?? 0)},"discount_days":${document.discountDays ?? 0},"document_tax_discount_value":0.0,` +
    `"settled_immediately":${document.isSettledImmediately === true},"nominal_analysis_items":[${nominal.join(',')}],"tax_analysis_items":[${tax.join(',')}]}`
  );
}
