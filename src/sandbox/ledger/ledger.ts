// The sandbox's database: a thin, synchronous layer over SQLite with a bounded cache of prepared statements.
import Database from 'libsql';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

export type SqlValue = string | number | bigint | null;
type Statement = ReturnType<Database.Database['prepare']>;

const MAX_CACHED_STATEMENTS = 500;

export class Ledger {
  private readonly database: Database.Database;
  private readonly statements = new Map<string, Statement>();
  private isInTransaction = false;

  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    this.database = new Database(file);
    try {
      // The sandbox is a test double: losing the last commit at a power cut is no harm, a slow start is.
      this.database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -65536;');
    } catch (error) {
      if (!/locked|busy/i.test((error as Error).message)) throw error;
      throw new Error(
        `The ledger ${file} is in use, perhaps by a gateway that runs already. Stop that one, or give this one a DATABASE_URL and ports of its own`,
        { cause: error },
      );
    }
  }

  /** Nobody else opens the file as long as this process has it: two sandboxes on one ledger would give away the same numbers. */
  keepForItself(): void {
    this.database.exec('pragma locking_mode = exclusive; begin immediate; commit;');
  }

  exec(sql: string): void {
    this.database.exec(sql);
  }

  /** Rows as objects, keyed by column name. */
  rows<Row>(sql: string, ...params: SqlValue[]): Row[] {
    return this.prepared(sql).raw(false).all(params) as Row[];
  }

  row<Row>(sql: string, ...params: SqlValue[]): Row | undefined {
    return this.rows<Row>(sql, ...params)[0];
  }

  /** The first column of every row. */
  column<Value>(sql: string, params: readonly SqlValue[]): Value[] {
    const rows = this.prepared(sql)
      .raw(true)
      .all([...params]) as unknown as Value[][];
    return rows.map((row) => row[0] as Value);
  }

  run(sql: string, ...params: SqlValue[]): number {
    return this.prepared(sql).run(params).changes;
  }

  /** All or nothing; calls within a call join the outer one. */
  transaction<Result>(work: () => Result): Result {
    if (this.isInTransaction) return work();
    this.database.exec('begin immediate');
    this.isInTransaction = true;
    try {
      const result = work();
      this.database.exec('commit');
      return result;
    } catch (error) {
      this.database.exec('rollback');
      throw error;
    } finally {
      this.isInTransaction = false;
    }
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private prepared(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement) {
      this.statements.delete(sql);
    } else {
      statement = this.database.prepare(sql);
      if (this.statements.size >= MAX_CACHED_STATEMENTS) {
        this.statements.delete(this.statements.keys().next().value as string);
      }
    }
    this.statements.set(sql, statement);
    return statement;
  }
}
