import 'reflect-metadata';
import { systemClock } from './common/clock.js';
import { systemRandom } from './common/random.js';
import { readConfig } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { parseInstanceArguments, USAGE, UsageError } from './server/instance-arguments.js';
import { InstanceCommandError, runInstanceCommand } from './server/instance-command.js';
import { openMigrated } from './server/open-migrated.js';
import { StartError } from './server/start-error.js';

// npm run instance -- …: makes, shows, disables, enables and limits instances. Ends with 0, 1 (a fault) or 2 (bad usage).
process.exitCode = await run(process.argv.slice(2)).catch((error: Error) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  const isExpected = [ConfigError, StartError, InstanceCommandError].some((expected) => error instanceof expected);
  process.stderr.write(`${isExpected ? error.message : error.stack}\n`);
  return 1;
});

async function run(args: string[]): Promise<number> {
  const order = parseInstanceArguments(args);
  if (order.verb === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const config = readConfig(process.env);
  const database = await openMigrated(config, systemClock);
  try {
    process.stdout.write(
      await runInstanceCommand({ database, config, clock: systemClock, random: systemRandom }, order),
    );
    return 0;
  } finally {
    await database.close();
  }
}
