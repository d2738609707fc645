import 'reflect-metadata';
import { readConfig } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { printBanner } from './server/banner.js';
import { startDemo } from './server/demo.js';
import { type Gateway, startGateway } from './server/gateway.js';
import { StartError } from './server/start-error.js';
import { createLog, type Log } from './common/log.js';
import { errorText } from './common/logged-error.js';

const DRAIN_MS = 10_000;

try {
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  const gateway = await startGateway({ config, log });
  endOnSignal(gateway, log);
  endOnMistake(log);
  if (gateway.sandboxUrl && config.production)
    log.warn('sage: this is the built-in sandbox, nothing goes to a real Sage. Set SAGE_CLIENT_ID for that');
  if (gateway.sandboxUrl) await startDemo(gateway, log);
  log.info({ url: gateway.url, roles: config.ROLES, sage: config.SAGE_MODE }, 'gateway: ready');
  await printBanner(config, gateway);
} catch (error) {
  // what a person can put right is said in plain words; anything else keeps its stack
  const isExpected = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${isExpected ? (error as Error).message : errorText(error)}\n`);
  process.exit(1);
}

function endOnSignal(gateway: Gateway, log: Log): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'gateway: stopping; what is under way is finished');
      setTimeout(() => {
        log.warn({ afterMs: DRAIN_MS }, 'gateway: stopped before everything was finished');
        process.exit(1);
      }, DRAIN_MS).unref();
      gateway.close().then(
        () => {
          log.info('gateway: stopped');
          process.exit(0);
        },
        (error: unknown) => {
          log.error({ err: error }, 'gateway: stopped with an error');
          process.exit(1);
        },
      );
    });
  }
}

/** Node would print all that hangs on the error, the values of a statement among it. */
function endOnMistake(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'gateway: ended by an error that nobody has caught');
    process.stderr.write(`${errorText(error)}\n`, () => process.exit(1));
  });
}
