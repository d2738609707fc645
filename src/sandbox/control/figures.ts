// What every account stands at, from the raw ledger rows and from nothing else: the yardstick for whoever shows these figures.
import type { Ledger } from '../ledger/ledger.js';
import { minorToText } from '../ledger/money.js';
import { daysBetween } from '../ledger/time.js';

export interface AgedAmount {
  /** "Current", or the days that the period starts after. */
  readonly label: string;
  readonly fromDays: number;
  /** Null: without end. */
  readonly toDays: number | null;
  readonly amount: string;
}

export interface AccountFigures {
  readonly customerId: number;
  readonly reference: string;
  readonly name: string;
  /** ISO code. */
  readonly currency: string;
  readonly balance: string;
  /** Null where there is no limit (0 in Sage). */
  readonly creditLimit: string | null;
  readonly availableCredit: string | null;
  readonly isOverCreditLimit: boolean;
  readonly onHold: boolean;
  readonly statusReason: string;
  readonly isActive: boolean;
  /** Outstanding debits whose due date lies before today; credits do not lessen it. */
  readonly overdue: string;
  /** What receipts and credit notes still have to give, as a positive amount. */
  readonly unallocatedCredit: string;
  readonly agedByDueDate: readonly AgedAmount[];
  readonly agedByTransactionDate: readonly AgedAmount[];
}

interface OpenRow {
  readonly customer_id: number;
  readonly outstanding: number;
  readonly transaction_date: string;
  readonly due_date: string;
}

interface AccountRow {
  readonly id: number;
  readonly reference: string;
  readonly name: string;
  readonly code: string;
  readonly credit_limit: number | null;
  readonly on_hold: number;
  readonly status_reason: string | null;
  readonly account_status_type: number;
}

export function accountFigures(
  ledger: Ledger,
  companyId: number,
  today: string,
  periods: readonly number[],
): AccountFigures[] {
  const accounts = ledger.rows<AccountRow>(
    `select u.id, u.reference, u.name, i.code, u.credit_limit, u.on_hold, u.status_reason, u.account_status_type
     from customers u join currencies c on c.company_id = u.company_id and c.id = u.currency_id
     join currency_iso_codes i on i.company_id = u.company_id and i.id = c.iso_code_id
     where u.company_id = ? order by u.id`,
    companyId,
  );
  // Outstanding from the allocation rows themselves, not from the column that the API shows.
  const open = ledger.rows<OpenRow>(
    `select * from (
       select t.customer_id, t.transaction_date, t.due_date, t.goods + t.tax - coalesce((
         select sum(a.value) from allocations a where a.company_id = t.company_id and a.transaction_id = t.id), 0) as outstanding
       from transactions t where t.company_id = ? and t.is_archived = 0) where outstanding <> 0`,
    companyId,
  );
  const byCustomer = new Map<number, OpenRow[]>();
  for (const row of open) {
    const rows = byCustomer.get(row.customer_id);
    if (rows) rows.push(row);
    else byCustomer.set(row.customer_id, [row]);
  }
  return accounts.map((account) => figuresOf(account, byCustomer.get(account.id) ?? [], today, periods));
}

function figuresOf(
  account: AccountRow,
  open: readonly OpenRow[],
  today: string,
  periods: readonly number[],
): AccountFigures {
  const balance = sum(open);
  const limit = account.credit_limit ?? 0;
  return {
    customerId: account.id,
    reference: account.reference,
    name: account.name,
    currency: account.code,
    balance: minorToText(balance),
    creditLimit: limit === 0 ? null : minorToText(limit),
    availableCredit: limit === 0 ? null : minorToText(limit - balance),
    isOverCreditLimit: limit !== 0 && balance > limit,
    onHold: account.on_hold === 1,
    statusReason: account.status_reason ?? '',
    isActive: account.account_status_type === 0,
    overdue: minorToText(sum(open.filter(({ outstanding, due_date: due }) => outstanding > 0 && due < today))),
    unallocatedCredit: minorToText(-sum(open.filter(({ outstanding }) => outstanding < 0))),
    agedByDueDate: aged(open, 'due_date', today, periods),
    agedByTransactionDate: aged(open, 'transaction_date', today, periods),
  };
}

const sum = (rows: readonly OpenRow[]): number => rows.reduce((total, { outstanding }) => total + outstanding, 0);

/** A period holds what is more than its days old; what lies ahead counts as current. */
function aged(
  open: readonly OpenRow[],
  by: 'due_date' | 'transaction_date',
  today: string,
  periods: readonly number[],
): AgedAmount[] {
  const starts = [-1, ...periods];
  return starts.map((startsAfter, index) => {
    const toDays = starts[index + 1] ?? null;
    const rows = open.filter((row) => {
      const days = Math.max(0, daysBetween(row[by], today));
      return days > startsAfter && (toDays === null || days <= toDays);
    });
    return {
      label: index === 0 ? 'Current' : String(startsAfter),
      fromDays: startsAfter + 1,
      toDays,
      amount: minorToText(sum(rows)),
    };
  });
}
