import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import type { Database } from '../../src/database/database.js';
import { SageError } from '../../src/sage/sage-error.js';
import { ScriptedServer, type SeenRequest, type Step } from '../sage/scripted-server.js';
import { createTestDatabase } from '../support/test-database.js';
import {
  type GatewayProcess,
  MovableClock,
  openConnectionDatabase,
  type ProcessOptions,
  startProcess,
} from './connection-test-process.js';
import { SageId } from './sage-id.js';

export const COMPANY = { siteId: 'site', companyId: 1 };

type Script = (request: SeenRequest) => Step | Promise<Step>;

interface StoredConnection {
  state: string;
  message: string | null;
  refresh_token: string | null;
  access_token: string | null;
  lease_owner: string | null;
  version: number;
}

/**
 * The tests of a file share a database and a server that plays Sage and Sage ID; each has an instance of its own that is not
 * connected, a Sage ID that has issued nothing, and whatever processes it starts.
 */
class ConnectionsUnderTest {
  server!: ScriptedServer;
  database!: Database;
  instanceId = 0;
  sageId!: SageId;
  /** Of every process that is not started with another. */
  clock!: MovableClock;
  /** What Sage answers. */
  api!: Script;
  /** What Sage ID answers. */
  tokenEndpoint!: Script;
  private running: GatewayProcess[] = [];
  private url!: string;
  private drop!: () => Promise<void>;

  async open(): Promise<void> {
    this.server = await ScriptedServer.start();
    ({ url: this.url, drop: this.drop } = await createTestDatabase());
    this.database = await openConnectionDatabase(this.url);
    await this.database.dataSource.runMigrations();
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
    await this.server.stop();
  }

  toNextInstance(): void {
    this.instanceId += 1;
    this.sageId = new SageId();
    this.clock = new MovableClock();
    this.api = () => ({ json: [] });
    this.tokenEndpoint = this.sageId.answer;
    this.server.reset();
    this.server.answer((request) =>
      request.path === '/oauth/token' ? this.tokenEndpoint(request) : this.api(request),
    );
  }

  start = async (options: ProcessOptions = {}): Promise<GatewayProcess> => {
    const process = await startProcess(this.url, this.server.url, {
      clock: this.clock,
      ...this.sharedWriter(),
      ...options,
    });
    this.running.push(process);
    return process;
  };

  stop = async (process: GatewayProcess): Promise<void> => {
    this.running = this.running.filter((other) => other !== process);
    await process.close();
  };

  async stopAll(): Promise<void> {
    for (const process of this.running) await this.stop(process);
  }

  /** Whether the token was taken. */
  connect = (process: GatewayProcess, refreshToken = this.sageId.issueRefreshToken()): Promise<boolean> =>
    process.service.connectWithRefreshToken(this.instanceId, refreshToken);

  clientOf = (process: GatewayProcess) => process.clients.client(this.instanceId);

  statusOf = (process: GatewayProcess) => process.service.status(this.instanceId);

  ask = (process: GatewayProcess, path = '/customers') => this.clientOf(process).get(path, { company: COMPANY });

  /** The access tokens of the requests to Sage but for the first `count` that the server saw. */
  bearersSince = (count: number) =>
    new Set(
      this.server.seen
        .slice(count)
        .filter(({ path }) => path !== '/oauth/token')
        .map(({ headers }) => headers.authorization),
    );

  stored = async (): Promise<StoredConnection> => {
    const [found] = await this.database.query<StoredConnection>('SELECT * FROM sage_connection WHERE instance_id = ?', [
      this.instanceId,
    ]);
    return found as StoredConnection;
  };

  write = (sql: string, values: unknown[]): Promise<number> =>
    this.database.transaction((transaction) => transaction.execute(sql, values));

  endLease = () => this.write('UPDATE sage_connection SET lease_until = 1 WHERE instance_id = ?', [this.instanceId]);

  /**
   * SQLite's driver is synchronous: a second writer in the same thread would wait for a lock that the first, waiting for the
   * thread, can never let go. So there processes share the one writer that SQLite has anyway; each has an object of its own
   * before it, so that what a test does to the database of one is not done to the others.
   */
  private sharedWriter(): ProcessOptions {
    return this.database.dialect === 'sqlite' ? { database: Object.create(this.database) as Database } : {};
  }
}

/** To be called once, at the top of a test file. */
export function connectionsUnderTest(): ConnectionsUnderTest {
  const connections = new ConnectionsUnderTest();
  beforeAll(() => connections.open());
  afterAll(() => connections.close());
  beforeEach(() => connections.toNextInstance());
  afterEach(() => connections.stopAll());
  return connections;
}

export async function faultOf(work: Promise<unknown>): Promise<SageError> {
  const fault: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(SageError);
  return fault as SageError;
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(5);
}

/** What is noted after an answer is written beside it. */
export const settled = () => systemClock.sleep(60);
