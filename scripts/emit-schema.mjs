// npm run schema: writes the snapshots in schema/ from what was built. With --check it compares, and says which are out of date.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createConnection } from 'mysql2/promise';
import { migrations } from '../dist/migrations/index.js';
import { openDatabase } from '../dist/src/database/open-database.js';
import { createFeatures } from '../dist/src/server/features.js';
import { buildGatewaySchema } from '../dist/src/server/schema.js';

const HEADER = 'Emitted by `npm run schema`. Do not edit.';
const isCheck = process.argv.includes('--check');
const stale = [];

function put(name, text) {
  const path = new URL(`../schema/${name}`, import.meta.url);
  if (!isCheck) return writeFileSync(path, text);
  let stored = '';
  try {
    stored = readFileSync(path, 'utf8');
  } catch {
    // not there: stale
  }
  if (stored !== text) stale.push(name);
}

function graphqlSchema() {
  // nothing of the parts is used until a field is asked for
  const parts = {
    database: {},
    clock: {},
    sage: {},
    connections: {},
    intervals: {},
    overlapSeconds: 0,
    timeZone: 'UTC',
    wakeSync() {},
  };
  return `# ${HEADER}\n\n${printSchema(lexicographicSortSchema(buildGatewaySchema(createFeatures(parts).resolvers)))}\n`;
}

async function migrated(url) {
  const database = await openDatabase({ url, entities: [], migrations });
  await database.dataSource.runMigrations();
  return database;
}

async function sqliteTables() {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-schema-'));
  const database = await migrated(`sqlite:${join(directory, 'schema.sqlite')}`);
  const rows = await database.query(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
  );
  await database.close();
  rmSync(directory, { recursive: true });
  return `-- ${HEADER}\n\n${rows.map(({ sql }) => `${sql.replace(/[ \t]+$/gm, '')};`).join('\n\n')}\n`;
}

/** Null where no server answers. What differs between versions of MySQL and MariaDB is taken out. */
async function mysqlTables() {
  const server = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
  const name = `gateway_schema_${randomBytes(4).toString('hex')}`;
  const admin = await createConnection({ uri: server, connectTimeout: 3_000 }).catch(() => null);
  if (!admin) return null;
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    const database = await migrated(`${server}/${name}`);
    const tables = await database.query(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
    );
    const statements = [];
    for (const table of tables) {
      const [row] = await database.query(`SHOW CREATE TABLE ${table.name}`);
      statements.push(
        `${row['Create Table']}`
          .replace(/ AUTO_INCREMENT=\d+/, '')
          .replace(/\b(bigint|int)\(\d+\)/g, '$1')
          .replace(/ CHARACTER SET utf8mb4 COLLATE \w+/g, '')
          .replace(/ COLLATE utf8mb4_bin(?=[ ,\n])/g, ''),
      );
    }
    await database.close();
    return `-- ${HEADER}\n\n${statements.map((sql) => `${sql};`).join('\n\n')}\n`;
  } finally {
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  }
}

put('schema.graphql', graphqlSchema());
put('database.sqlite.sql', await sqliteTables());
const mysql = await mysqlTables();
if (mysql) put('database.mysql.sql', mysql);
else console.log('Left out: database.mysql.sql, as no MySQL server answers.');
if (stale.length > 0) {
  console.error(`Out of date: ${stale.map((name) => `schema/${name}`).join(', ')}. Run npm run schema.`);
  process.exit(1);
}
