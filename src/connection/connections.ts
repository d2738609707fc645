import type { Dispatcher } from 'undici';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Database } from '../database/database.js';
import { RequestLimiter } from '../sage/request-limiter.js';
import { SageClient } from '../sage/sage-client.js';
import type { SageClients } from '../sage/sage-clients.js';
import { AccessTokens } from './access-tokens.js';
import type { ConnectionState } from './connection-state.js';
import { ConnectionService } from './connection.service.js';
import { SageOAuth } from './oauth.js';
import { SecretBox } from './secret-box.js';
import { SignInTickets } from './sign-in-tickets.js';

export interface ConnectionsOptions {
  database: Database;
  dispatcher: Dispatcher;
  clock: Clock;
  random: Random;
  log: Log;
  /** Where browsers reach the gateway, without a slash at the end. */
  publicUrl: string;
  /** SAGE_API_URL, SAGE_AUTH_URL and the credentials. */
  apiUrl: string;
  authUrl: string;
  clientId: string;
  clientSecret: string;
  redirectUrl: string;
  requestTimeoutMs: number;
  maxConcurrency: number;
  maxRequestsPerSecond: number;
  /** 32 bytes in base64. */
  encryptionKey: string;
  encryptionKeyPrevious?: string;
  onStateChange?: (instanceId: number, state: ConnectionState) => void;
}

const MAX_TOKEN_CALL_MS = 30_000;
/** What a process needs around a token call to store what came of it. */
const LEASE_MARGIN_MS = 15_000;

/** Everything between the gateway's instances and Sage, put together. One for the process. */
export function createConnections(options: ConnectionsOptions): { service: ConnectionService; clients: SageClients } {
  const { database, dispatcher, clock, random, log } = options;
  const limiter = once((_instanceId) => new RequestLimiter(options));
  const timeoutMs = Math.min(options.requestTimeoutMs, MAX_TOKEN_CALL_MS);
  const oauth = new SageOAuth({ ...options, timeoutMs });
  const secrets = new SecretBox(options.encryptionKey, random, options.encryptionKeyPrevious);
  const tokens = new AccessTokens({
    database,
    oauth,
    secrets,
    clock,
    random,
    log,
    limiter,
    leaseMs: timeoutMs + LEASE_MARGIN_MS,
    onLapsed: (instanceId) => options.onStateChange?.(instanceId, 'SIGN_IN_NEEDED'),
  });
  const tickets = new SignInTickets(database, clock, random);
  const service = new ConnectionService({
    ...options,
    hasPreviousKey: options.encryptionKeyPrevious !== undefined,
    tokens,
    oauth,
    secrets,
    tickets,
    limiter,
  });
  const client = once(
    (instanceId) =>
      new SageClient({
        ...options,
        dispatcher,
        tokens: tokens.of(instanceId),
        log: log.child({ instanceId }),
        limiter: limiter(instanceId),
        onContact: (outcome) => void service.reportContact(instanceId, outcome),
      }),
  );
  const clients = {
    client,
    reportEmptySites: (instanceId: number) => service.reportEmptySites(instanceId),
    reportSites: (instanceId: number) => service.reportSites(instanceId),
  };
  return { service, clients };
}

function once<T>(make: (instanceId: number) => T): (instanceId: number) => T {
  const made = new Map<number, T>();
  return (instanceId) => {
    const value = made.get(instanceId) ?? make(instanceId);
    made.set(instanceId, value);
    return value;
  };
}
