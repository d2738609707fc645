import 'reflect-metadata';
import { migrations } from '../migrations/index.js';
import { readConfig } from './config/config.js';
import { entities } from './server/entities.js';
import { migrate } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';

// npm run migrate: brings the database of DATABASE_URL up to date.
try {
  const database = await openDatabase({ url: readConfig(process.env).DATABASE_URL, entities, migrations });
  const run = await migrate(database);
  await database.close();
  process.stdout.write(run.length === 0 ? 'The database is up to date.\n' : `Run: ${run.join(', ')}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
