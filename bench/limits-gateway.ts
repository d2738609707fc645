// A gateway that bench/limits.ts asks: the usual one, or with BENCH_BARE the same one without limits.
import 'reflect-metadata';
import { silentLog } from '../src/common/log.js';
import { readConfig } from '../src/config/config.js';
import { startGateway } from '../src/server/gateway.js';
import { linkedAccounts } from '../test/support/store-receipts.js';
import { createBareServer } from './bare-server.js';

const createServer = process.env.BENCH_BARE ? createBareServer : undefined;
const gateway = await startGateway({ config: readConfig(process.env), log: silentLog, createServer });
const accounts = await linkedAccounts(gateway.database, 50);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000 });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: gateway.url, customers: accounts.map(({ customerLayerId }) => customerLayerId) });
