import { migrations } from '../../migrations/index.js';
import type { Clock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import type { Database } from '../database/database.js';
import { migrate, needsMigration } from '../database/migrate.js';
import { openDatabase } from '../database/open-database.js';
import { entities } from './entities.js';
import { StartError } from './start-error.js';

/** The database of DATABASE_URL, up to date. Throws StartError when it cannot be opened, or is to be brought up to date by hand. */
export async function openMigrated(config: Pick<Config, 'DATABASE_URL' | 'MIGRATE'>, clock: Clock): Promise<Database> {
  const database = await openDatabase({ url: config.DATABASE_URL, entities, migrations, clock }).catch((error) => {
    const { message, code } = error as NodeJS.ErrnoException;
    // a host of several addresses is refused at each: an error without words of its own
    throw new StartError(`The database of DATABASE_URL cannot be opened: ${message || code}`);
  });
  try {
    if (database.dialect === 'sqlite' || config.MIGRATE === 'auto') await migrate(database);
    else if (await needsMigration(database))
      throw new StartError('The database is not up to date. Run `npm run migrate`, or set MIGRATE=auto.');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
