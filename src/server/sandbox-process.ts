import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import type { Log } from '../common/log.js';

export interface SandboxProcess {
  /** Root of the sandbox's server; sign-in hangs below it. */
  url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const FIRST_RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;

export interface SandboxProcessOptions {
  config: Config;
  clock: Clock;
  log: Log;
  /** What to run; the sandbox's main.js beside this file unless told otherwise. */
  program?: string;
}

/**
 * Starts the built-in Sage 200 as a process of its own, and starts it again whenever it ends, later each time that it does not last.
 * It ends with its parent. Throws with what it said when it cannot start.
 */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const stopping = new AbortController();
  let running = await launch(options);
  const { url } = running;
  const kept = keep();

  async function keep(): Promise<void> {
    const { clock, log } = options;
    for (let delayMs = FIRST_RESTART_MS; ; delayMs = Math.min(2 * delayMs, MAX_RESTART_MS)) {
      const startedAt = clock.now().getTime();
      await running.ended;
      if (clock.now().getTime() - startedAt > MAX_RESTART_MS) delayMs = FIRST_RESTART_MS;
      if (!stopping.signal.aborted) log.warn({ delayMs }, 'sandbox: it has ended and is started again');
      await clock.sleep(delayMs, stopping.signal);
      if (stopping.signal.aborted) return;
      await launch(options).then(
        (next) => {
          running = next;
          if (stopping.signal.aborted) next.child.kill('SIGTERM');
        },
        (error: unknown) => log.error({ err: error }, 'sandbox: it does not start again'),
      );
    }
  }

  return {
    url,
    stop: async () => {
      stopping.abort();
      running.child.kill('SIGTERM');
      await running.ended;
      await kept;
    },
  };
}

interface Running {
  child: ChildProcess;
  url: string;
  ended: Promise<void>;
}

async function launch({ config, clock, program = SANDBOX }: SandboxProcessOptions): Promise<Running> {
  const child = fork(program, { env: settingsOf(config), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
  // "close" comes after the last of what it said; "exit" may come before
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const waiting = new AbortController();
  const url = await Promise.race([
    new Promise<string>((resolve) => child.once('message', (message: { url: string }) => resolve(message.url))),
    ended.then(() => null),
    clock.sleep(START_TIMEOUT_MS, waiting.signal).then(() => null),
  ]);
  waiting.abort();
  if (url !== null) return { child, url, ended };
  child.kill('SIGKILL');
  await ended;
  throw new Error(said.trim() || 'The built-in Sage 200 sandbox does not start.');
}

const SANDBOX = fileURLToPath(new URL('../sandbox/main.js', import.meta.url));

/** All of its environment: it reads nothing else of the gateway's. */
function settingsOf(config: Config): Record<string, string> {
  const settings = {
    SANDBOX_PORT: config.SANDBOX_PORT,
    SANDBOX_SEED: config.SANDBOX_SEED,
    SANDBOX_CUSTOMERS: config.SANDBOX_CUSTOMERS,
    SANDBOX_TRANSACTIONS: config.SANDBOX_TRANSACTIONS,
    SANDBOX_DATA: config.DATA_DIRECTORY,
    SANDBOX_LEDGER: ledgerOf(config.DATABASE_URL),
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** A gateway's database and the ledger of its sandbox belong together, at whatever port that listens: `sandbox-data-gateway.sqlite`. */
function ledgerOf(databaseUrl: string): string {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : new URL(databaseUrl).pathname;
  const name = path
    .replace(/\.\w+$/, '')
    .replaceAll(/\W+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `sandbox-${name}.sqlite`;
}
