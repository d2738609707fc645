import type { Database } from './database.js';

const LOCK = 'the-layer-sage-200-gateway:migrate';
const LOCK_SECONDS = 120;

/** Brings the tables up to date. Several processes may start at once: one migrates, the others wait for it. */
export async function migrate(database: Database): Promise<string[]> {
  if (database.dialect === 'sqlite') return runPending(database);
  const runner = database.dataSource.createQueryRunner();
  try {
    const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS held', [LOCK, LOCK_SECONDS])) as {
      held: number | string | null;
    }[];
    if (Number(row?.held) !== 1)
      throw new Error('Another process is migrating the database and does not come to an end.');
    return await runPending(database);
  } finally {
    await runner.query('SELECT RELEASE_LOCK(?)', [LOCK]).catch(() => undefined);
    await runner.release();
  }
}

/** Whether migrations wait to be run. */
export function needsMigration(database: Database): Promise<boolean> {
  return database.dataSource.showMigrations();
}

async function runPending(database: Database): Promise<string[]> {
  try {
    return (await database.dataSource.runMigrations()).map(({ name }) => name);
  } catch (error) {
    // on SQLite another process may have been first: then nothing is left to do
    if (database.dialect === 'sqlite' && !(await needsMigration(database))) return [];
    throw error;
  }
}
