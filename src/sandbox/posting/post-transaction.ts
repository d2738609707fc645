// Writes one posted transaction and what follows from it at once: the balance, the bank.
import { share, toBase } from '../ledger/money.js';
import { CREDIT_NOTE, RECEIPT } from '../ledger/transaction-types.js';
import { nextNumber, stampOf, today, type CustomerRow, type PostingContext } from './posting-context.js';

export interface NominalLine {
  readonly code: string;
  readonly costCentre: string;
  readonly department: string;
  readonly narrative: string;
  readonly value: number;
  readonly analysisCode: string;
}

export interface TaxLine {
  readonly id: number;
  readonly goods: number;
  readonly tax: number;
  readonly taxDiscount: number;
}

/** Values are positive here; the ledger gives them their sign. */
export interface NewTransaction {
  readonly type: number;
  readonly customer: CustomerRow;
  readonly reference: string;
  readonly secondReference: string;
  readonly date: string;
  readonly dueDate: string;
  readonly goods: number;
  readonly tax: number;
  readonly discount?: number;
  readonly taxDiscount?: number;
  readonly discountPercent?: number;
  readonly discountDays?: number;
  readonly rateMicro: number;
  readonly isSettledImmediately?: boolean;
  readonly taxLines: readonly TaxLine[];
  readonly nominalLines: readonly NominalLine[];
  readonly source: string;
  /** `value` is in the bank's currency, `chequeValue` in the cheque's. */
  readonly bank?: { readonly id: number; readonly chequeValue: number; readonly value: number };
}

export interface Posted {
  readonly id: number;
  readonly urn: number;
}

export function postTransaction(context: PostingContext, posting: NewTransaction): Posted {
  const { ledger, companyId } = context;
  const sign = posting.type === CREDIT_NOTE || posting.type === RECEIPT ? -1 : 1;
  const id = nextNumber(context, 'transactions');
  const urn = nextNumber(context, 'urn');
  const stamp = stampOf(context);
  const goods = sign * posting.goods;
  const tax = sign * posting.tax;
  const base = (minor: number): number => toBase(minor, posting.rateMicro);
  const taxLines = posting.taxLines.map((line) => [
    line.id,
    sign * line.goods,
    sign * line.tax,
    sign * line.taxDiscount,
  ]);
  const nominalLines = posting.nominalLines.map((line) => {
    const value = sign * line.value;
    return [line.code, line.costCentre, line.department, line.narrative, value, base(value), line.analysisCode];
  });
  ledger.run(
    `insert into transactions (company_id, id, customer_id, type, reference, second_reference, queried, transaction_date, posted_date,
       due_date, goods, tax, gross, discount, tax_discount, discount_percent, discount_days, base_goods, base_tax, base_gross, exchange_rate,
       settled_immediately, urn, user_name, source, document_no, bank_id, cheque_value, tax_lines, nominal_lines,
       date_time_created, date_time_updated)
     values (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)`,
    companyId,
    id,
    posting.customer.id,
    posting.type,
    posting.reference,
    posting.secondReference,
    posting.date,
    today(context),
    posting.dueDate,
    goods,
    tax,
    goods + tax,
    sign * (posting.discount ?? 0),
    sign * (posting.taxDiscount ?? 0),
    posting.discountPercent ?? 0,
    posting.discountDays ?? 0,
    base(goods),
    base(tax),
    base(goods) + base(tax),
    posting.rateMicro,
    posting.isSettledImmediately ? 1 : 0,
    urn,
    context.userName,
    posting.source,
    posting.bank?.id ?? null,
    posting.bank?.chequeValue ?? null,
    JSON.stringify(taxLines),
    JSON.stringify(nominalLines),
    stamp,
    stamp,
  );
  if (posting.bank) {
    ledger.run(
      'update banks set opening = opening + ? where company_id = ? and id = ?',
      -sign * posting.bank.value,
      companyId,
      posting.bank.id,
    );
  }
  changeBalance(context, posting.customer.id, goods + tax);
  return { id, urn };
}

function changeBalance(context: PostingContext, customerId: number, minor: number): void {
  const { ledger, companyId } = context;
  ledger.run(
    'update customers set balance = balance + ? where company_id = ? and id = ?',
    minor,
    companyId,
    customerId,
  );
  if (context.rules.isCustomerTouchedByPosting) {
    ledger.run(
      'update customers set date_time_updated = ? where company_id = ? and id = ?',
      stampOf(context),
      companyId,
      customerId,
    );
  }
}

/** Sets what follows from a transaction's allocation rows, and stamps it: an allocated row shows up in delta reads. */
export function settle(context: PostingContext, transactionId: number): void {
  const { ledger, companyId } = context;
  const row = ledger.row<{ gross: number; base_gross: number; value: number | null; last_date: string | null }>(
    `select t.gross, t.base_gross, sum(a.value) as value, max(a.allocation_date) as last_date
     from transactions t left join allocations a on a.company_id = t.company_id and a.transaction_id = t.id
     where t.company_id = ? and t.id = ? group by t.id`,
    companyId,
    transactionId,
  );
  if (!row) return;
  const allocated = row.value ?? 0;
  ledger.run(
    'update transactions set allocated = ?, base_allocated = ?, full_settlement_date = ?, date_time_updated = ? where company_id = ? and id = ?',
    allocated,
    share(row.base_gross, allocated, row.gross),
    allocated === row.gross ? row.last_date : null,
    stampOf(context),
    companyId,
    transactionId,
  );
}
