import type { Instances } from '../auth/instances.js';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Config } from '../config/config.js';
import type { ConnectionService } from '../connection/connection.service.js';
import type { Database } from '../database/database.js';
import { PushEngine } from '../pushes/push-engine.js';
import { readSyncStates } from '../sync/sync-state.sql.js';
import type { Features } from './features.js';

export interface PushEngineParts {
  config: Config;
  database: Database;
  clock: Clock;
  random: Random;
  log: Log;
  features: Pick<Features, 'pushHandlers' | 'touched'>;
  instances: Instances;
  connections: ConnectionService;
}

/** Twice as many customers as requests at once: while one is being stored, another's request is on its way. */
const LANES_PER_REQUEST = 2;

export function createPushEngine(parts: PushEngineParts): PushEngine {
  const { config, database, clock, random, log, features, instances, connections } = parts;
  return new PushEngine({
    database,
    clock,
    random,
    log,
    handlers: features.pushHandlers,
    resendAfterMs: (config.SAGE_MAX_RUN_SECONDS + config.PUSH_MARGIN_SECONDS) * 1_000,
    maxLookAgainMs: config.PUSH_LOOK_AGAIN_SECONDS * 1_000,
    isLedgerRead: ledgerReadSince(database, clock.now().getTime()),
    onLanded: (instanceId, companyId, touched) => features.touched.touch(instanceId, companyId, touched),
    instances: async () =>
      Promise.all(
        (await instances.enabledIds()).map(async (id) => ({ id, state: (await connections.status(id)).state })),
      ),
    pollMs: config.PUSH_POLL_MS,
    leaseMs: config.PUSH_LEASE_SECONDS * 1_000,
    maxLanes: LANES_PER_REQUEST * config.SAGE_MAX_CONCURRENCY,
  });
}

/** Whether a pull of the company's ledger has begun and ended well since `startedAt`. Once true it stays so. */
function ledgerReadSince(database: Database, startedAt: number) {
  const read = new Set<string>();
  return async (instanceId: number, companyId: number): Promise<boolean> => {
    const key = `${instanceId}:${companyId}`;
    if (read.has(key)) return true;
    const states = await readSyncStates(database, instanceId);
    const ledger = states.find((state) => state.company_id === companyId && state.resource === 'TRANSACTIONS');
    if (Number(ledger?.completed_start_at ?? 0) < startedAt) return false;
    read.add(key);
    return true;
  };
}
