import 'reflect-metadata';
import { systemClock } from './common/clock.js';
import { readConfig } from './config/config.js';
import { migrate } from './database/migrate.js';
import { openOrExplain } from './server/open-migrated.js';

// npm run migrate: brings the database of DATABASE_URL up to date.
try {
  const database = await openOrExplain(readConfig(process.env).DATABASE_URL, systemClock);
  const run = await migrate(database);
  await database.close();
  process.stdout.write(run.length === 0 ? 'The database is up to date.\n' : `Run: ${run.join(', ')}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
