// POST sales_receipts and sales_payments; a sales payment is the refund to a customer (sage200.md §5.3).
import { Refusal } from '../ledger/refusal.js';
import { share, toBase } from '../ledger/money.js';
import { RECEIPT, REFUND } from '../ledger/transaction-types.js';
import { instant, integer, money, rate, text } from '../resources/field.js';
import { readCashNominalLines } from './analysis.js';
import { dateOf } from './documents.js';
import { readValues, required, type Body, type Values } from './input.js';
import { postTransaction, type Posted } from './post-transaction.js';
import {
  checkAccount,
  checkDate,
  checkRates,
  customerOf,
  today,
  type CustomerRow,
  type PostingContext,
} from './posting-context.js';

const RATE_ONE = 1_000_000;
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
  checkRates(values, ['exchange_rate', 'bank_exchange_rate', 'cheque_exchange_rate']);
  const discount = (values['settlement_discount_value'] ?? 0) as number;
  if (discount < 0) throw new Refusal("The value of 'settlement_discount_value' must not be negative.");
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
    discount,
    rateMicro: (values['exchange_rate'] ?? customer.rate) as number,
    taxLines: [],
    nominalLines: readCashNominalLines(context, body, `${type === RECEIPT ? 'SR' : 'SP'} / ${customer.reference}`),
    source: 'Cash Book',
    bank: { id: bankId, chequeValue, value: bankValue(context, values, { bank, customer, chequeCurrencyId, value }) },
  });
}

/** What moves on the bank, in the bank's own currency: the cheque itself, or the customer's value by the rate. */
function bankValue(
  { ledger, companyId }: PostingContext,
  values: Values,
  cash: { bank: { currency_id: number }; customer: CustomerRow; chequeCurrencyId: number; value: number },
): number {
  const bankCurrencyId = cash.bank.currency_id;
  if (bankCurrencyId === cash.chequeCurrencyId) return values['cheque_value'] as number;
  if (bankCurrencyId === cash.customer.currency_id) return cash.value;
  const asked = values['bank_exchange_rate'] as number | null | undefined;
  if (asked) return share(cash.value, asked, RATE_ONE);
  const [bankRate = RATE_ONE] = ledger.column<number>(
    'select core_rate from currencies where company_id = ? and id = ?',
    [companyId, bankCurrencyId],
  );
  return share(toBase(cash.value, cash.customer.rate), bankRate, RATE_ONE);
}
