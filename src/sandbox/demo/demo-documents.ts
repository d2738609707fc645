// Eighteen months of a telecoms reseller's sales ledger, month by month: the customers pay as they are used to, then are billed again.
import {
  CREDIT_NOTE,
  INVOICE,
  OPENING_CREDIT_NOTE,
  OPENING_INVOICE,
  RECEIPT,
  REFUND,
} from '../ledger/transaction-types.js';
import { addDays, addMonths, lastDayOfMonth } from '../ledger/time.js';
import type { DemoAccount } from './demo-accounts.js';
import type { DemoCompany } from './demo-companies.js';
import type { Random } from './random.js';
import type { DocumentLine, OpenItem, TransactionWriter } from './transaction-writer.js';

export const MONTHS = 18;
/** Rows of the ledger for each invoice: itself, its receipt, now and then a credit note. */
const ROWS_PER_INVOICE = 1.85;
/** Younger receipts are mostly still to be matched: that is the work the gateway helps with. */
const UNMATCHED_DAYS = 45;

interface Product {
  readonly code: string;
  readonly narrative: string;
  readonly from: number;
  readonly to: number;
}
const PRODUCTS: readonly Product[] = [
  { code: '4000', narrative: 'Line rental', from: 1_800, to: 24_000 },
  { code: '4010', narrative: 'Call charges', from: 140, to: 18_000 },
  { code: '4020', narrative: 'Broadband', from: 2_500, to: 9_900 },
  { code: '4030', narrative: 'Mobiles', from: 1_200, to: 60_000 },
  { code: '4040', narrative: 'Hardware', from: 4_500, to: 250_000 },
];

interface Trading {
  readonly account: DemoAccount;
  open: OpenItem[];
  /** Fractions of an invoice carried from month to month. */
  due: number;
  /** Products billed each month. */
  readonly products: readonly Product[];
}

export class DocumentMaker {
  private invoiceNumber = 100_001;
  private readonly trading: Trading[];

  constructor(
    private readonly company: DemoCompany,
    private readonly random: Random,
    private readonly writer: TransactionWriter,
    accounts: readonly DemoAccount[],
    private readonly anchorDate: string,
    private readonly target: number,
  ) {
    this.trading = accounts
      .filter(({ isTrading }) => isTrading)
      .map((account) => ({
        account,
        open: [],
        due: random.next(),
        products: PRODUCTS.slice(0, 4).filter(() => random.chance(0.55)),
      }));
  }

  make(): void {
    if (this.trading.length === 0) return;
    const firstMonth = `${addMonths(this.anchorDate, -(MONTHS - 1)).slice(0, 7)}-01`;
    this.openingBalances(addDays(firstMonth, -1));
    const perMonth = (this.target - this.writer.count) / (ROWS_PER_INVOICE * MONTHS * this.trading.length);
    for (let month = 0; month < MONTHS && !this.isDone(); month += 1) {
      const start = addMonths(firstMonth, month);
      const end = lastDayOfMonth(start) > this.anchorDate ? this.anchorDate : lastDayOfMonth(start);
      for (const trading of this.trading) this.payments(trading, start, end);
      for (const trading of this.trading) this.billing(trading, start, end, perMonth);
    }
    this.peculiarities();
    // The planned number of rows, to the row: what is missing is billed on the anchor date.
    for (let index = 0; !this.isDone(); index += 1) {
      this.invoice(this.trading[index % this.trading.length] as Trading, this.anchorDate);
    }
  }

  private isDone(reserve = 0): boolean {
    return this.writer.count + reserve >= this.target;
  }

  private openingBalances(date: string): void {
    for (const trading of this.trading) {
      if (this.isDone() || !this.random.chance(0.12)) continue;
      const goods = this.random.integer(5_000, 200_000);
      const isCredit = this.random.chance(0.15);
      const item = this.writer.post(trading.account, {
        type: isCredit ? OPENING_CREDIT_NOTE : OPENING_INVOICE,
        reference: 'O/BAL',
        secondReference: '',
        date,
        dueDate: isCredit ? date : addDays(date, trading.account.termsDays),
        goods: isCredit ? Math.floor(goods / 10) : goods,
        tax: 0,
        lines: [],
      });
      if (!isCredit) trading.open.push(item);
    }
  }

  private billing(trading: Trading, start: string, end: string, perMonth: number): void {
    trading.due += perMonth * (0.7 + this.random.next() * 0.6);
    while (trading.due >= 1 && !this.isDone()) {
      trading.due -= 1;
      const day = this.random.chance(0.7) ? start : addDays(start, this.random.integer(0, 27));
      if (day > end) continue;
      const item = this.invoice(trading, day);
      if (!this.isDone(4) && this.random.chance(0.05)) this.creditNote(trading, item, end);
    }
  }

  private invoice(trading: Trading, date: string): OpenItem {
    const { account } = trading;
    const lines = this.lines(trading);
    const goods = lines.reduce((sum, { value }) => sum + value, 0);
    const number = this.invoiceNumber++;
    const item = this.writer.post(account, {
      type: INVOICE,
      // Now and then somebody keyed a blank in front; Sage keeps it (sage200.md §1.6).
      reference: number % 97 === 0 ? ` ${number}` : `INV${number}`,
      secondReference: number % 5 === 0 ? `PO${this.random.integer(1000, 99_999)}` : '',
      date,
      dueDate: addDays(date, account.termsDays),
      goods,
      tax: this.tax(account, goods),
      lines,
    });
    trading.open.push(item);
    return item;
  }

  private lines({ products }: Trading): DocumentLine[] {
    const chosen = products.length > 0 && this.random.chance(0.9) ? products : [PRODUCTS[4] as Product];
    return chosen
      .map(({ code, narrative, from, to }) => ({
        code,
        costCentre: this.random.chance(0.15) ? 'TEL' : '',
        department: '',
        narrative,
        value: this.random.integer(from, to),
      }))
      .map((line) => (line.costCentre ? { ...line, department: 'NTH' } : line));
  }

  private tax({ taxId }: DemoAccount, goods: number): number {
    const rate = Number(this.company.taxCodes.find(([id]) => id === taxId)?.[3]);
    return Math.round((goods * rate) / 10_000);
  }

  private creditNote(trading: Trading, against: OpenItem, end: string): void {
    const goods = Math.max(1, Math.floor((against.gross * this.random.integer(5, 40)) / 120));
    const date = addDays(against.date, 5) > end ? end : addDays(against.date, 5);
    const credit = this.writer.post(trading.account, {
      type: CREDIT_NOTE,
      reference: `CRN${against.reference.trim().replace('INV', '')}`,
      secondReference: against.reference.trim(),
      date,
      dueDate: date,
      goods,
      tax: this.tax(trading.account, goods),
      lines: [{ code: '4000', costCentre: '', department: '', narrative: 'Billing adjustment', value: goods }],
    });
    if (this.random.chance(0.7)) this.writer.allocate(credit, [against], date);
  }

  private payments(trading: Trading, start: string, end: string): void {
    if (trading.open.length === 0 || trading.account.habit === 'never') return;
    const lateDays = { prompt: 0, lump: 5, late: 35, part: 3 }[trading.account.habit];
    const payable = trading.open.filter(({ dueDate, left }) => left > 0 && addDays(dueDate, lateDays) <= end);
    if (payable.length > 0) {
      if (trading.account.habit === 'lump') this.receipt(trading, payable, start, end);
      else for (const item of payable) this.receipt(trading, [item], start, end);
    }
    trading.open = trading.open.filter(({ left }) => left > 0);
  }

  private receipt(trading: Trading, items: readonly OpenItem[], start: string, end: string): void {
    const { account } = trading;
    if (this.isDone(4) || this.random.chance(0.03)) return;
    const total = items.reduce((sum, { left }) => sum + left, 0);
    const isPart = account.habit === 'part' && this.random.chance(0.4);
    const isOver = !isPart && this.random.chance(0.01);
    const amount = isPart ? Math.max(1, Math.floor(total / 2)) : isOver ? total + 5_000 : total;
    const latestDue = items.reduce((latest, { dueDate }) => (dueDate > latest ? dueDate : latest), start);
    const date = addDays(latestDue > end ? end : latestDue, -this.random.integer(0, 2));
    const first = items[0] as OpenItem;
    const receiptDate = date < first.date ? first.date : date;
    const credit = this.writer.post(account, {
      type: RECEIPT,
      reference: this.receiptReference(account, items),
      secondReference: this.random.chance(0.3) ? first.reference.trim() : '',
      date: receiptDate,
      dueDate: receiptDate,
      goods: amount,
      tax: 0,
      lines: [],
      bankId: this.company.bankOfCurrency[account.currencyId],
    });
    const isRecent = receiptDate > addDays(this.anchorDate, -UNMATCHED_DAYS);
    if (this.random.chance(isRecent ? 0.35 : 0.96)) this.writer.allocate(credit, items, receiptDate);
    // Paid, though nobody has matched it: it is not paid again.
    else trading.open = trading.open.filter((item) => isPart || !items.includes(item));
    if (isOver && credit.left >= 5_000 && this.random.chance(0.6)) this.refund(trading, credit, end);
  }

  private receiptReference(account: DemoAccount, items: readonly OpenItem[]): string {
    const [first, second] = items as [OpenItem, OpenItem?];
    const draw = this.random.next();
    if (second && draw < 0.6) return `${first.reference.trim()}/${second.reference.trim().slice(-4)}`.slice(0, 20);
    if (draw < 0.45) return first.reference.trim();
    if (draw < 0.6) return first.reference.trim().replace('INV', '');
    if (draw < 0.75) return 'BACS';
    if (draw < 0.85) return `DD ${first.date.slice(5, 7)}/${first.date.slice(2, 4)}`;
    if (draw < 0.95) return account.name.toUpperCase().slice(0, 18);
    return '';
  }

  private refund(trading: Trading, credit: OpenItem, end: string): void {
    const debit = this.writer.post(trading.account, {
      type: REFUND,
      reference: 'REFUND',
      secondReference: credit.reference.trim().slice(0, 20),
      date: end,
      dueDate: end,
      goods: credit.left,
      tax: 0,
      lines: [],
      bankId: this.company.bankOfCurrency[trading.account.currencyId],
    });
    if (credit.left > 0 && this.random.chance(0.7)) this.writer.allocate(credit, [debit], end);
  }

  /** Rows that every reader should have met once: queried, written off, charged interest, dated ahead. */
  private peculiarities(): void {
    const single = (index: number, reference: string, date: string, queried: string): void => {
      if (this.isDone()) return;
      const { account } = this.trading[index % this.trading.length] as Trading;
      this.writer.post(account, {
        type: INVOICE,
        reference,
        secondReference: '',
        date,
        dueDate: addDays(date, account.termsDays),
        goods: 12_345,
        tax: this.tax(account, 12_345),
        lines: [{ code: '4000', costCentre: '', department: '', narrative: '', value: 12_345 }],
        queried,
      });
    };
    single(3, 'INV-QUERIED', addDays(this.anchorDate, -40), 'Q');
    single(4, 'INV-WRITEOFF', addDays(this.anchorDate, -200), 'W');
    single(5, 'INV-FINANCE', addDays(this.anchorDate, -35), 'F');
    single(6, 'INV-AHEAD', addDays(this.anchorDate, 12), '');
    if (this.isDone()) return;
    const { account } = this.trading[7 % this.trading.length] as Trading;
    this.writer.post(account, {
      type: RECEIPT,
      reference: 'POST-DATED CHEQUE',
      secondReference: '',
      date: addDays(this.anchorDate, 5),
      dueDate: addDays(this.anchorDate, 5),
      goods: 9_900,
      tax: 0,
      lines: [],
      bankId: this.company.bankOfCurrency[account.currencyId],
    });
  }
}
