// Writes ledger rows in bulk, with ids and URNs in the order of posting.
import type { Ledger } from '../ledger/ledger.js';
import { toBase } from '../ledger/money.js';
import {
  CREDIT_NOTE,
  INVOICE,
  OPENING_CREDIT_NOTE,
  OPENING_INVOICE,
  RECEIPT,
  REFUND,
} from '../ledger/transaction-types.js';
import { toInstant } from '../ledger/time.js';
import { BulkInsert } from './bulk-insert.js';
import type { DemoAccount } from './demo-accounts.js';

export const FIRST_TRANSACTION_ID = 7_400_001;
export const FIRST_URN = 3_000_001;

export interface DocumentLine {
  readonly code: string;
  readonly costCentre: string;
  readonly department: string;
  readonly narrative: string;
  readonly value: number;
}

export interface DemoDocument {
  readonly type: number;
  readonly reference: string;
  readonly secondReference: string;
  readonly date: string;
  readonly dueDate: string;
  /** Positive, minor units. */
  readonly goods: number;
  readonly tax: number;
  readonly lines: readonly DocumentLine[];
  readonly queried?: string;
  readonly bankId?: number;
}

export interface OpenItem {
  readonly id: number;
  readonly reference: string;
  readonly date: string;
  readonly dueDate: string;
  readonly gross: number;
  left: number;
}

const IS_CREDIT = new Set([CREDIT_NOTE, RECEIPT, OPENING_CREDIT_NOTE]);
const PREFIX: Readonly<Record<number, string>> = {
  [INVOICE]: 'SI',
  [CREDIT_NOTE]: 'SC',
  [OPENING_INVOICE]: 'SI',
  [OPENING_CREDIT_NOTE]: 'SC',
};

export class TransactionWriter {
  count = 0;
  private allocationId = 900_001;
  private sessionId = 500_001;
  private readonly transactions: BulkInsert;
  private readonly allocations: BulkInsert;

  constructor(
    ledger: Ledger,
    private readonly companyId: number,
  ) {
    this.transactions = new BulkInsert(ledger, 'transactions', [
      'company_id',
      'id',
      'customer_id',
      'type',
      'reference',
      'second_reference',
      'queried',
      'transaction_date',
      'posted_date',
      'due_date',
      'goods',
      'tax',
      'gross',
      'base_goods',
      'base_tax',
      'base_gross',
      'exchange_rate',
      'urn',
      'user_name',
      'source',
      'document_no',
      'bank_id',
      'cheque_value',
      'tax_lines',
      'nominal_lines',
      'date_time_created',
      'date_time_updated',
    ]);
    this.allocations = new BulkInsert(ledger, 'allocations', [
      ...[
        'company_id',
        'transaction_id',
        'id',
        'session_id',
        'counterpart_id',
        'value',
        'allocation_date',
        'user_name',
      ],
      'date_time_created',
    ]);
  }

  post(account: DemoAccount, document: DemoDocument): OpenItem {
    const id = FIRST_TRANSACTION_ID + this.count;
    const urn = FIRST_URN + this.count;
    this.count += 1;
    const sign = IS_CREDIT.has(document.type) ? -1 : 1;
    const goods = sign * document.goods;
    const tax = sign * document.tax;
    const base = (minor: number): number =>
      account.rateMicro === 1_000_000 ? minor : toBase(minor, account.rateMicro);
    const isCash = document.type === RECEIPT || document.type === REFUND;
    const stamp = this.stampOf(document.date);
    this.transactions.add(
      this.companyId,
      id,
      account.id,
      document.type,
      document.reference,
      document.secondReference,
      document.queried ?? '',
      document.date,
      document.date,
      document.dueDate,
      goods,
      tax,
      goods + tax,
      base(goods),
      base(tax),
      base(goods) + base(tax),
      account.rateMicro,
      urn,
      isCash ? 'Finance Team' : 'Sandbox User',
      isCash ? 'Cash Book' : 'Sales Ledger',
      '',
      document.bankId ?? null,
      isCash ? document.goods : null,
      isCash ? '[]' : `[[${account.taxId},${goods},${tax},0]]`,
      isCash ? '[]' : this.linesText(document, sign, base),
      stamp,
      stamp,
    );
    return {
      id,
      reference: document.reference,
      date: document.date,
      dueDate: document.dueDate,
      gross: document.goods + document.tax,
      left: document.goods + document.tax,
    };
  }

  /** Matches one credit with debits, as far as either reaches. */
  allocate(credit: OpenItem, debits: readonly OpenItem[], date: string): void {
    const sessionId = this.sessionId++;
    const stamp = toInstant(Date.parse(`${date}T16:40:00Z`) + (sessionId % 6_000) * 7);
    for (const debit of debits) {
      const value = Math.min(credit.left, debit.left);
      if (value <= 0) continue;
      credit.left -= value;
      debit.left -= value;
      const common = [date, 'Finance Team', stamp] as const;
      this.allocations.add(this.companyId, debit.id, this.allocationId++, sessionId, credit.id, value, ...common);
      this.allocations.add(this.companyId, credit.id, this.allocationId++, sessionId, debit.id, -value, ...common);
    }
  }

  flush(): void {
    this.transactions.flush();
    this.allocations.flush();
  }

  /** Forty documents of a run share one time stamp: a batch posts them in one moment. */
  private stampOf(date: string): string {
    return toInstant(Date.parse(`${date}T08:00:00Z`) + (Math.floor(this.count / 40) % 30_000) * 1_003);
  }

  private linesText(document: DemoDocument, sign: number, base: (minor: number) => number): string {
    const lines = document.lines.map(({ code, costCentre, department, narrative, value }) => {
      const text = narrative || `${PREFIX[document.type] ?? ''} / ${document.reference}`;
      return `["${code}","${costCentre}","${department}",${JSON.stringify(text)},${sign * value},${base(sign * value)},""]`;
    });
    return `[${lines.join(',')}]`;
  }
}
