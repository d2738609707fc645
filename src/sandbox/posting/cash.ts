// POST sales_receipts and sales_payments; a sales payment is the refund to a customer (sage200.md §5.3).
import { Refusal } from '../ledger/refusal.js';
import { RECEIPT, REFUND } from '../ledger/transaction-types.js';
import { instant, integer, money, rate, text } from '../resources/field.js';
import { readCashNominalLines } from './analysis.js';
import { dateOf } from './documents.js';
import { readValues, required, type Body } from './input.js';
import { postTransaction, type Posted } from './post-transaction.js';
import { checkAccount, checkDate, customerOf, today, type PostingContext } from './posting-context.js';

const FIELDS = [
  integer('customer_id'),
  integer('bank_id'),
  integer('cheque_currency_id'),
  money('cheque_value'),
  money('customer_cheque_value'),
  instant('transaction_date'),
  rate('exchange_rate'),
  rate('bank_exchange_rate'),
  rate('cheque_exchange_rate'),
  money('settlement_discount_value'),
  text('reference', 20),
  text('second_reference', 20),
];

export const postReceipt = (context: PostingContext, body: Body): Posted => postCash(context, RECEIPT, body);
export const postRefund = (context: PostingContext, body: Body): Posted => postCash(context, REFUND, body);

function postCash(context: PostingContext, type: number, body: Body): Posted {
  const { ledger, companyId } = context;
  const values = readValues(FIELDS, body);
  const customer = customerOf(context, required<number>(values, 'customer_id'));
  const bankId = required<number>(values, 'bank_id');
  const chequeValue = required<number>(values, 'cheque_value');
  checkAccount(context, customer, false);
  const bank = ledger.row<{ status: number; currency_id: number; code: string }>(
    'select status, currency_id, code from banks where company_id = ? and id = ?',
    companyId,
    bankId,
  );
  if (!bank) throw new Refusal(`The bank account with id ${bankId} was not found.`);
  if (bank.status !== 0) throw new Refusal(`The bank account ${bank.code} is hidden.`);
  if (chequeValue <= 0) throw new Refusal("The value of 'cheque_value' must be greater than zero.");
  const date = dateOf(values, 'transaction_date') ?? today(context);
  checkDate(context, date);
  const chequeCurrencyId = (values['cheque_currency_id'] ?? customer.currency_id) as number;
  const [currencyExists] = ledger.column('select 1 from currencies where company_id = ? and id = ?', [
    companyId,
    chequeCurrencyId,
  ]);
  if (!currencyExists) throw new Refusal(`The currency with id ${chequeCurrencyId} was not found.`);
  let value = chequeValue;
  if (chequeCurrencyId !== customer.currency_id) {
    value = required<number>(values, 'customer_cheque_value');
    if (value <= 0) throw new Refusal("The value of 'customer_cheque_value' must be greater than zero.");
  }
  return postTransaction(context, {
    type,
    customer,
    reference: (values['reference'] ?? '') as string,
    secondReference: (values['second_reference'] ?? '') as string,
    date,
    dueDate: date,
    goods: value,
    tax: 0,
    rateMicro: (values['exchange_rate'] ?? customer.rate) as number,
    taxLines: [],
    nominalLines: readCashNominalLines(context, body),
    source: 'Cash Book',
    bank: { id: bankId, chequeValue },
  });
}
