// The gateway that bench/subscriptions.ts measures: a process of its own, which stores receipts when told, as a pull would.
import 'reflect-metadata';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../src/common/clock.js';
import { silentLog } from '../src/common/log.js';
import { readConfig } from '../src/config/config.js';
import { startGateway } from '../src/server/gateway.js';
import { linkedAccounts, storeReceipts } from '../test/support/store-receipts.js';

const INSTANCE = 1;
const FIRST_URN = 90_000_000;

export interface Memory {
  heapMb: number;
  externalMb: number;
  residentMb: number;
}

export type ToGateway = { do: 'store'; number: number; count: number } | { do: 'memory' } | { do: 'delay' };
export type FromGateway =
  | { url: string; customers: string[] }
  | { committedAt: string }
  | Memory
  /** The event loop's worst delay since it was asked last. */
  | { worstDelayMs: number };

const gateway = await startGateway({ config: readConfig(process.env), log: silentLog });
const accounts = await linkedAccounts(gateway.database, 25);
const delay = monitorEventLoopDelay({ resolution: 1 });
let committedAt = 0n;
gateway.database.onAnnouncement(() => (committedAt = process.hrtime.bigint()));

const tell = (message: FromGateway) => process.send?.(message);

/** Receipts of the customers in turn, in one transaction. */
async function store(first: number, count: number): Promise<void> {
  const receipts = Array.from({ length: count }, (_, index) => {
    const account = accounts[(first + index) % accounts.length];
    if (!account) throw new Error('No account is linked.');
    return { ...account, urn: FIRST_URN + first + index };
  });
  const target = { instanceId: INSTANCE, companyId: accounts[0]?.companyId ?? 0 };
  await storeReceipts(gateway.database, systemClock, target, receipts);
  tell({ committedAt: String(committedAt) });
}

function memory(): Memory {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const mb = (bytes: number) => Math.round(bytes / 104_857.6) / 10;
  return { heapMb: mb(heapUsed), externalMb: mb(external), residentMb: mb(rss) };
}

function worstDelay(): number {
  const worst = delay.max / 1e6;
  delay.reset();
  return worst;
}

process.on('message', (message: ToGateway) => {
  if (message.do === 'store') void store(message.number, message.count);
  else if (message.do === 'memory') tell(memory());
  else tell({ worstDelayMs: worstDelay() });
});
process.on('disconnect', () => process.exit(0));
delay.enable();
tell({ url: gateway.url ?? '', customers: accounts.map(({ customerLayerId }) => customerLayerId) });
