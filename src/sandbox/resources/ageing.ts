// Aged debt. A period that starts after N days holds what is MORE than N days old; what lies ahead is "future".
import { date, integer, money, baseMoney, text, type Field } from './field.js';
import type { Resource } from './resource.js';
import { Refusal } from '../ledger/refusal.js';

export interface Ageing {
  /** YYYY-MM-DD */
  readonly today: string;
  /** days_period_starts_after, ascending */
  readonly periods: readonly number[];
  readonly by: 'transactiondate' | 'duedate' | 'calendarmonth';
}

const SLOTS = 8;

export function ageingFrom(query: URLSearchParams, today: string, periods: readonly number[]): Ageing {
  const by = query.get('$ageingdatetype') ?? 'transactiondate';
  if (by !== 'transactiondate' && by !== 'duedate' && by !== 'calendarmonth') {
    throw new Refusal(`Invalid value '${by.slice(0, 40)}' for $ageingdatetype query option found.`);
  }
  return { today, periods, by };
}

/** SQL: -1 future, 0 current, 1… the periods. */
function bucketSql({ today, periods, by }: Ageing): string {
  if (by === 'calendarmonth') {
    const [year = 0, month = 0] = today.split('-').map(Number);
    const monthOf =
      'cast(substr(transaction_date, 1, 4) as integer) * 12 + cast(substr(transaction_date, 6, 2) as integer)';
    return `max(-1, min(${periods.length}, ${year * 12 + month} - (${monthOf})))`;
  }
  const column = by === 'duedate' ? 'due_date' : 'transaction_date';
  const age = `cast(julianday('${today}') - julianday(${column}) as integer)`;
  const arms = [...periods].map((days, index) => `when ${age} > ${days} then ${index + 1}`).toReversed();
  return `case when ${age} < 0 then -1 ${arms.join(' ')} else 0 end`;
}

const openRows = (ageing: Ageing): string =>
  `select company_id, customer_id, id, gross - allocated as doc, base_gross - base_allocated as base, ${bucketSql(ageing)} as bucket ` +
  'from transactions where is_archived = 0 and gross <> allocated';

const slots = Array.from({ length: SLOTS }, (_, index) => index + 1);

function debtorFields(ageing: Ageing): Field[] {
  const labels = slots.flatMap((slot) => {
    const days = ageing.periods[slot - 1];
    const label = ageing.by === 'calendarmonth' ? `${slot} month` : String(days);
    return days === undefined ? [] : [text(`aged_period_${slot}`, 20, `'${label}'`)];
  });
  return [
    money('doc_past', '0'),
    money('doc_future', '~.doc_x'),
    money('doc_current', '~.doc_0'),
    ...slots.map((slot) => money(`doc_period_${slot}`, `~.doc_${slot}`)),
    baseMoney('base_past', '0'),
    baseMoney('base_future', '~.base_x'),
    baseMoney('base_current', '~.base_0'),
    ...slots.map((slot) => baseMoney(`base_period_${slot}`, `~.base_${slot}`)),
    ...labels,
  ];
}

function debtorFrom(ageing: Ageing, group: string, extra: string): string {
  const column = (side: string, bucket: number, name: string): string =>
    `sum(iif(bucket = ${bucket}, ${side}, 0)) as ${side}_${name}`;
  const columns = ['doc', 'base'].flatMap((side) => [
    column(side, -1, 'x'),
    column(side, 0, '0'),
    ...slots.map((slot) => column(side, slot, String(slot))),
  ]);
  return `(select company_id, customer_id${extra}, ${columns.join(', ')} from (${openRows(ageing)}) group by ${group}) ~`;
}

export const agedDebtorSummary = (ageing: Ageing): Resource => ({
  name: 'sales_aged_debtor_summary_views',
  from: debtorFrom(ageing, 'company_id, customer_id', ''),
  fields: [integer('customer_id'), ...debtorFields(ageing)],
  orderBy: '~.customer_id',
});

export const agedDebtorDetail = (ageing: Ageing): Resource => ({
  name: 'sales_aged_debtor_detailed_views',
  from: debtorFrom(ageing, 'company_id, id', ', id'),
  fields: [integer('customer_id'), integer('posted_customer_transaction_id', '~.id'), ...debtorFields(ageing)],
  orderBy: '~.id',
});

/** Only the period that is asked for by nobody else: today's. Other periods than 0 are not kept by the sandbox. */
export const agedTransactionPeriods = (ageing: Ageing): Resource => {
  const names = [...ageing.periods.entries()].map(([index, days]) => `when ${index + 1} then '${days}'`).join(' ');
  return {
    name: 'sales_aged_transaction_period_views',
    from:
      `(select company_id, customer_id, sum(base) as base, case bucket when -1 then 'Future' when 0 then 'Current' ${names} end as name ` +
      `from (${openRows(ageing)}) group by company_id, customer_id, bucket) ~`,
    fields: [
      integer('customer_id'),
      baseMoney('base_outstanding_value', '~.base'),
      text('ageing_period_name', 7, '~.name'),
      date('ageing_date', `'${ageing.today}'`),
    ],
    orderBy: '~.customer_id, ~.name desc',
  };
};
