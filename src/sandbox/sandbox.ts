// Starts a Sage 200 sandbox in this process.
import type { AddressInfo } from 'node:net';
import { controlReply, SandboxControl } from './control/control.js';
import { openLedger } from './ledger/open-ledger.js';
import { toDate } from './ledger/time.js';
import { TokenStore } from './oauth/token-store.js';
import type { PostingRules } from './posting/posting-context.js';
import { API_ROOT, type Api } from './server/api.js';
import { Faults } from './server/faults.js';
import { LateRows } from './ledger/late-rows.js';
import { createSandboxServer, type Delayed } from './server/http-server.js';
import { RequestLog } from './server/request-log.js';

export interface SandboxOptions extends Partial<PostingRules> {
  /** 0, which is the default: any free one. */
  readonly port?: number;
  /** ':memory:' (the default) or a path. A stored ledger is kept over restarts; one made from another seed or size is refused. */
  readonly dataFile?: string;
  /** For a program: nobody else opens the file until its process ends. */
  readonly keepsDataFile?: boolean;
  readonly seed?: string;
  /** YYYY-MM-DD; today when a new ledger is made without one. */
  readonly anchorDate?: string;
  readonly customers?: number;
  readonly transactions?: number;
  readonly accessTokenSeconds?: number;
  readonly refreshTokenSeconds?: number;
  readonly createdStatus?: 200 | 201;
  /** Milliseconds since 1970, for tests that travel in time. */
  readonly now?: () => number;
}

export const DEFAULT_SIZE = { seed: 'northgate', customers: 300, transactions: 12_000 };
const EIGHT_HOURS_SECONDS = 28_800;
const NINETY_DAYS_SECONDS = 90 * 86_400;

export interface Sandbox {
  /** Root of the server; `/authorize` and `/oauth/token` hang below it. */
  readonly url: string;
  readonly authUrl: string;
  readonly apiUrl: string;
  readonly control: SandboxControl;
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const asked = {
    seed: options.seed ?? DEFAULT_SIZE.seed,
    customers: options.customers ?? DEFAULT_SIZE.customers,
    transactions: options.transactions ?? DEFAULT_SIZE.transactions,
    ...(options.anchorDate === undefined ? {} : { anchorDate: options.anchorDate }),
  };
  const { ledger, size } = openLedger(options.dataFile ?? ':memory:', asked, toDate(now()));
  if (options.keepsDataFile) ledger.keepForItself();
  const lives = {
    accessTokenSeconds: options.accessTokenSeconds ?? EIGHT_HOURS_SECONDS,
    refreshTokenSeconds: options.refreshTokenSeconds ?? NINETY_DAYS_SECONDS,
  };
  const api: Api = {
    ledger,
    tokens: new TokenStore(ledger, lives, now),
    rules: {
      onHoldPostings: options.onHoldPostings ?? 'accept',
      isCustomerTouchedByPosting: options.isCustomerTouchedByPosting ?? false,
    },
    createdStatus: options.createdStatus ?? 200,
    now,
    lateRows: new LateRows(),
  };
  const faults = new Faults(size.seed);
  const log = new RequestLog();
  const closing = new AbortController();
  const delayed: Delayed = { count: 0, signal: closing.signal };
  const control = new SandboxControl({ api, faults, log, size, apiRoot: API_ROOT, delayed });
  const server = createSandboxServer({
    delayed,
    api,
    faults,
    log,
    control: (request) => controlReply(control, request),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
  } catch (error) {
    ledger.close();
    throw error;
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    authUrl: url,
    apiUrl: `${url}${API_ROOT}`,
    control,
    close: async () => {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      ledger.close();
    },
  };
}
