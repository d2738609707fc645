import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import type { Log } from '../common/log.js';

export interface SandboxProcess {
  /** Root of the sandbox's server; sign-in hangs below it. */
  url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const RESTART_MS = 1_000;

/**
 * Starts the built-in Sage 200 as a process of its own, and starts it again should it die. It ends with its parent.
 * Throws with what it said when it cannot start.
 */
export async function startSandboxProcess(config: Config, log: Log): Promise<SandboxProcess> {
  let isStopping = false;
  let child: ChildProcess;
  const start = async (): Promise<string> => {
    const started = await launch(config);
    child = started.child;
    child.once('exit', (code) => {
      if (isStopping) return;
      log.warn({ code }, 'sandbox: it has ended and is started again');
      setTimeout(
        () => void start().catch((error) => log.error({ err: error }, 'sandbox: it does not start again')),
        RESTART_MS,
      ).unref();
    });
    return started.url;
  };
  const url = await start();
  return {
    url,
    stop: () => {
      isStopping = true;
      if (child.exitCode !== null) return Promise.resolve();
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function launch(config: Config): Promise<{ child: ChildProcess; url: string }> {
  const program = fileURLToPath(new URL('../sandbox/main.js', import.meta.url));
  const settings: Record<string, string | number | undefined> = {
    SANDBOX_PORT: config.SANDBOX_PORT,
    SANDBOX_SEED: config.SANDBOX_SEED,
    SANDBOX_CUSTOMERS: config.SANDBOX_CUSTOMERS,
    SANDBOX_TRANSACTIONS: config.SANDBOX_TRANSACTIONS,
    SANDBOX_DATA: config.DATA_DIRECTORY,
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const child = fork(program, {
    env: { PATH: process.env.PATH, ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
    const timer = setTimeout(
      () => reject(new Error('The built-in Sage 200 sandbox does not start.')),
      START_TIMEOUT_MS,
    );
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve({ child, url: (message as { url: string }).url });
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(said.trim() || 'The built-in Sage 200 sandbox ended at once.'));
    });
  });
}
