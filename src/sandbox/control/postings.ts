// The sales ledger as it stands in the tables, past the API and its faults: what a test holds against what a client believes.
import type { Ledger } from '../ledger/ledger.js';
import { minorToText } from '../ledger/money.js';
import { TRANSACTION_TYPES } from '../ledger/transaction-types.js';

export interface PostingsFilter {
  readonly customerId?: number;
  /** As it was sent, to the letter. */
  readonly secondReference?: string;
}

/** Amounts are signed as in the ledger, debits positive, in the customer's currency unless their name says base. */
export interface LedgerPosting {
  readonly id: number;
  readonly urn: number;
  readonly customerId: number;
  readonly type: string;
  readonly reference: string;
  readonly secondReference: string;
  readonly queried: string;
  readonly transactionDate: string;
  readonly dueDate: string;
  readonly goods: string;
  readonly tax: string;
  readonly gross: string;
  readonly discount: string;
  readonly baseGross: string;
  /** Six decimals, document units per base unit. */
  readonly exchangeRate: string;
  readonly allocated: string;
  readonly outstanding: string;
  readonly fullSettlementDate: string | null;
  readonly isArchived: boolean;
  readonly taxLines: readonly { readonly taxCodeId: number; readonly goods: string; readonly tax: string }[];
  readonly nominalLines: readonly {
    readonly code: string;
    readonly costCentre: string;
    readonly department: string;
    readonly narrative: string;
    readonly value: string;
    readonly baseValue: string;
  }[];
  readonly bank: { readonly id: number; readonly chequeValue: string } | null;
  /** The other side's URN, null where Account Maintenance deleted it; the value as it counts on this row. */
  readonly allocations: readonly { readonly urn: number | null; readonly value: string; readonly date: string }[];
  readonly userName: string;
}

interface Row {
  readonly id: number;
  readonly urn: number;
  readonly customer_id: number;
  readonly type: number;
  readonly reference: string;
  readonly second_reference: string;
  readonly queried: string;
  readonly transaction_date: string;
  readonly due_date: string;
  readonly goods: number;
  readonly tax: number;
  readonly discount: number;
  readonly base_gross: number;
  readonly exchange_rate: number;
  readonly full_settlement_date: string | null;
  readonly is_archived: number;
  readonly tax_lines: string;
  readonly nominal_lines: string;
  readonly bank_id: number | null;
  readonly cheque_value: number | null;
  readonly user_name: string;
}

interface Match {
  readonly transaction_id: number;
  readonly urn: number | null;
  readonly value: number;
  readonly allocation_date: string;
}

export function ledgerPostings(ledger: Ledger, companyId: number, which: PostingsFilter): LedgerPosting[] {
  const conditions = ['t.company_id = ?'];
  const params: (string | number)[] = [companyId];
  if (which.customerId !== undefined) {
    conditions.push('t.customer_id = ?');
    params.push(which.customerId);
  }
  if (which.secondReference !== undefined) {
    // The index is for text without case; the letter decides.
    conditions.push('t.second_reference = ? and t.second_reference = ? collate binary');
    params.push(which.secondReference, which.secondReference);
  }
  const where = conditions.join(' and ');
  const rows = ledger.rows<Row>(`select t.* from transactions t where ${where} order by t.id`, ...params);
  const matches = ledger.rows<Match>(
    `select a.transaction_id, o.urn, a.value, a.allocation_date
     from transactions t join allocations a on a.company_id = t.company_id and a.transaction_id = t.id
     left join transactions o on o.company_id = a.company_id and o.id = a.counterpart_id
     where ${where} order by a.id`,
    ...params,
  );
  const byTransaction = new Map<number, Match[]>();
  for (const match of matches) {
    byTransaction.set(match.transaction_id, [...(byTransaction.get(match.transaction_id) ?? []), match]);
  }
  return rows.map((row) => postingOf(row, byTransaction.get(row.id) ?? []));
}

type TaxLine = [id: number, goods: number, tax: number];
type NominalLine = [string, string, string, narrative: string, value: number, base: number];

function postingOf(row: Row, matches: readonly Match[]): LedgerPosting {
  const gross = row.goods + row.tax;
  // From the allocation rows, not from the column that the API shows.
  const allocated = matches.reduce((sum, { value }) => sum + value, 0);
  return {
    id: row.id,
    urn: row.urn,
    customerId: row.customer_id,
    type: TRANSACTION_TYPES[row.type] ?? String(row.type),
    reference: row.reference,
    secondReference: row.second_reference,
    queried: row.queried,
    transactionDate: row.transaction_date,
    dueDate: row.due_date,
    goods: minorToText(row.goods),
    tax: minorToText(row.tax),
    gross: minorToText(gross),
    discount: minorToText(row.discount),
    baseGross: minorToText(row.base_gross),
    exchangeRate: `${Math.floor(row.exchange_rate / 1_000_000)}.${String(row.exchange_rate % 1_000_000).padStart(6, '0')}`,
    allocated: minorToText(allocated),
    outstanding: minorToText(gross - allocated),
    fullSettlementDate: row.full_settlement_date,
    isArchived: row.is_archived === 1,
    taxLines: (JSON.parse(row.tax_lines) as TaxLine[]).map(([taxCodeId, goods, tax]) => ({
      taxCodeId,
      goods: minorToText(goods),
      tax: minorToText(tax),
    })),
    nominalLines: (JSON.parse(row.nominal_lines) as NominalLine[]).map(
      ([code, costCentre, department, narrative, value, base]) => ({
        code,
        costCentre,
        department,
        narrative,
        value: minorToText(value),
        baseValue: minorToText(base),
      }),
    ),
    bank: row.bank_id === null ? null : { id: row.bank_id, chequeValue: minorToText(row.cheque_value ?? 0) },
    allocations: matches.map(({ urn, value, allocation_date: date }) => ({ urn, value: minorToText(value), date })),
    userName: row.user_name,
  };
}
