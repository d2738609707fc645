import { migrations } from '../../migrations/index.js';
import type { Clock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import type { Database } from '../database/database.js';
import { migrate, needsMigration } from '../database/migrate.js';
import { openDatabase } from '../database/open-database.js';
import { entities } from './entities.js';
import { StartError } from './start-error.js';

/** What to look at, by the code of the error. */
const LOOK_AT: Readonly<Record<string, string>> = {
  ER_BAD_DB_ERROR: 'Create the database first.',
  ER_ACCESS_DENIED_ERROR: 'Are its user and password right?',
  ER_DBACCESS_DENIED_ERROR: 'Does the database exist, and may this user use it?',
  ECONNREFUSED: 'Is the database server running?',
  ETIMEDOUT: 'Is the database server running?',
  ENOTFOUND: 'Is its host right?',
  EEXIST: 'A file stands where its folder should be.',
  ENOTDIR: 'A file stands where its folder should be.',
  EACCES: 'Is the folder writable?',
  EROFS: 'Is the folder writable?',
};

/** The database of a DATABASE_URL, as it is. Throws StartError, which says what to look at. */
export function openOrExplain(url: string, clock: Clock): Promise<Database> {
  return openDatabase({ url, entities, migrations, clock }).catch((error) => {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    // a host of several addresses is refused at each: an error without words of its own
    const words = `The database of DATABASE_URL cannot be opened: ${message || code}`;
    // libsql has no code for a file that it cannot open
    const lookAt = message.startsWith('ConnectionFailed') ? 'Is it a file in a writable folder?' : LOOK_AT[code];
    throw new StartError(lookAt ? `${words}. ${lookAt}` : words);
  });
}

/** The database of DATABASE_URL, up to date. Throws StartError when it cannot be opened, or is to be brought up to date by hand. */
export async function openMigrated(config: Pick<Config, 'DATABASE_URL' | 'MIGRATE'>, clock: Clock): Promise<Database> {
  const database = await openOrExplain(config.DATABASE_URL, clock);
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
