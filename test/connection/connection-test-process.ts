import { pino } from 'pino';
import { type Clock, systemClock } from '../../src/common/clock.js';
import { systemRandom } from '../../src/common/random.js';
import type { ConnectionState } from '../../src/connection/connection-state.js';
import { type ConnectionsOptions, createConnections } from '../../src/connection/connections.js';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open-database.js';
import { createSageDispatcher } from '../../src/sage/sage-dispatcher.js';
import { CreateSageConnection1764000002000 } from '../../migrations/1764000002000-create-sage-connection.js';

export const KEY = Buffer.alloc(32, 7).toString('base64');
export const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');

/** A clock that runs by itself and can be set forward. */
export class MovableClock implements Clock {
  aheadMs = 0;
  now = () => new Date(Date.now() + this.aheadMs);
  sleep = systemClock.sleep;
}

export const openConnectionDatabase = (url: string): Promise<Database> =>
  openDatabase({ url, entities: [], migrations: [CreateSageConnection1764000002000], poolSize: 3 });

export type ProcessOptions = Partial<ConnectionsOptions>;
export type GatewayProcess = Awaited<ReturnType<typeof startProcess>>;

/** The gateway's connection as one process has it: its own database connections, caches and limiters. */
export async function startProcess(databaseUrl: string, sageUrl: string, options: ProcessOptions = {}) {
  const database = options.database ?? (await openConnectionDatabase(databaseUrl));
  const dispatcher = createSageDispatcher();
  const lines: string[] = [];
  const states: [number, ConnectionState][] = [];
  const { service, clients } = createConnections({
    database,
    dispatcher,
    clock: systemClock,
    random: systemRandom,
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    publicUrl: 'https://gateway.example',
    apiUrl: `${sageUrl}/v1`,
    authUrl: sageUrl,
    clientId: 'client-1',
    clientSecret: 'canary-client-secret',
    redirectUrl: 'https://gateway.example/sage/callback',
    requestTimeoutMs: 1_000,
    maxConcurrency: 4,
    maxRequestsPerSecond: 1_000,
    encryptionKey: KEY,
    onStateChange: (instanceId, state) => states.push([instanceId, state]),
    ...options,
  });
  const close = async () => {
    await dispatcher.destroy();
    if (!options.database) await database.close();
  };
  return { database, service, clients, lines, states, close };
}
