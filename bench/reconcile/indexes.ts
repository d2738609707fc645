import { groupBy } from '../../src/common/group-by.js';
import { placeholders } from '../../src/database/bulk.js';
import type { Database } from '../../src/database/database.js';

/**
 * Takes the indexes of tables away, all but their primary keys, and answers the statements that bring them back. A million rows are
 * written several times as fast without; and an index that is made of a full table is as one that has grown with it.
 */
export async function takeIndexesAway(database: Database, tables: readonly string[]): Promise<string[]> {
  const { drop, create } =
    database.dialect === 'sqlite' ? await ofSqlite(database, tables) : await ofMysql(database, tables);
  await runEach(database, drop);
  return create;
}

export async function runEach(database: Database, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await database.dataSource.query(sql);
}

interface Statements {
  drop: string[];
  create: string[];
}

async function ofSqlite(database: Database, tables: readonly string[]): Promise<Statements> {
  const indexes = await database.query<{ name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${placeholders(tables.length)})`,
    [...tables],
  );
  return { drop: indexes.map(({ name }) => `DROP INDEX ${name}`), create: indexes.map(({ sql }) => sql) };
}

/** One statement a table: it reads its rows once for all of them. */
async function ofMysql(database: Database, tables: readonly string[]): Promise<Statements> {
  const indexes = await database.query<{ ofTable: string; name: string; isPlain: number | string; columns: string }>(
    `SELECT table_name AS ofTable, index_name AS name, MAX(non_unique) AS isPlain, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
       FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' AND table_name IN (${placeholders(tables.length)})
      GROUP BY table_name, index_name`,
    [...tables],
  );
  const statements: Statements = { drop: [], create: [] };
  for (const [table, own] of groupBy(indexes, ({ ofTable }) => ofTable)) {
    const added = own.map(
      ({ name, isPlain, columns }) => `ADD ${Number(isPlain) === 1 ? '' : 'UNIQUE '}INDEX ${name} (${columns})`,
    );
    statements.drop.push(`ALTER TABLE ${table} ${own.map(({ name }) => `DROP INDEX ${name}`).join(', ')}`);
    statements.create.push(`ALTER TABLE ${table} ${added.join(', ')}`);
  }
  return statements;
}
