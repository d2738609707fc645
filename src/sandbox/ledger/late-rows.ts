// New rows that lists do not show yet: Sage's lists may lag behind what was posted, and a client must bear it (a fault).
export type LateTable = 'transactions' | 'customers' | 'contacts' | 'nominal_codes';

export interface RowKey {
  readonly companyId: number;
  readonly table: LateTable;
  readonly id: number;
}

interface LateRow extends RowKey {
  readonly untilMs: number;
}

export class LateRows {
  private rows: LateRow[] = [];

  hide(row: RowKey, untilMs: number): void {
    this.rows.push({ ...row, untilMs });
  }

  /** Ids by table; a row whose time has come is forgotten. */
  hiddenIds(companyId: number, nowMs: number): ReadonlyMap<LateTable, readonly number[]> {
    this.rows = this.rows.filter(({ untilMs }) => untilMs > nowMs);
    const hidden = new Map<LateTable, number[]>();
    for (const row of this.rows) {
      if (row.companyId !== companyId) continue;
      hidden.set(row.table, [...(hidden.get(row.table) ?? []), row.id]);
    }
    return hidden;
  }
}
