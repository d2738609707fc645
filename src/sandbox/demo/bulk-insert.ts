import type { Ledger, SqlValue } from '../ledger/ledger.js';

const ROWS_PER_STATEMENT = 100;

/** Gathers rows and writes a hundred with each statement: a call into SQLite costs more than a row. */
export class BulkInsert {
  private pending: SqlValue[] = [];
  private readonly head: string;
  private readonly row: string;

  constructor(
    private readonly ledger: Ledger,
    table: string,
    private readonly columns: readonly string[],
  ) {
    this.head = `insert into ${table} (${columns.join(', ')}) values `;
    this.row = `(${columns.map(() => '?').join(', ')})`;
  }

  add(...values: readonly SqlValue[]): void {
    for (const value of values) this.pending.push(value);
    if (this.pending.length === this.columns.length * ROWS_PER_STATEMENT) this.flush();
  }

  addObject(values: Readonly<Record<string, SqlValue | undefined>>): void {
    this.add(...this.columns.map((column) => values[column] ?? null));
  }

  flush(): void {
    const count = this.pending.length / this.columns.length;
    if (count === 0) return;
    this.ledger.run(this.head + Array.from({ length: count }, () => this.row).join(','), ...this.pending);
    this.pending = [];
  }
}
