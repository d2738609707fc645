import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

const SERVER = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';

/** Measures on an empty SQLite file, then on an empty database of MySQL or MariaDB; both, and the directory for what else is written, are gone afterwards. */
export async function onBothDatabases(
  measure: (name: string, url: string, directory: string) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
  try {
    await measure('SQLite', `sqlite:${join(directory, 'gateway.sqlite')}`, directory);
    const database = `gateway_bench_${process.pid}`;
    await onServer(`CREATE DATABASE ${database}`);
    try {
      await measure('MariaDB', `${SERVER}/${database}`, directory);
    } finally {
      await onServer(`DROP DATABASE ${database}`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function onServer(sql: string): Promise<void> {
  const connection = await createConnection(SERVER);
  await connection.query(sql);
  await connection.end();
}
