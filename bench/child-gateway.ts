// A gateway in a process of its own, for the benchmarks that load it from another.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signDemoToken } from '../src/auth/demo-token.js';
import { silentLog } from '../src/common/log.js';
import { readConfig } from '../src/config/config.js';
import { startDemo } from '../src/server/demo.js';
import { startGateway } from '../src/server/gateway.js';

/** As the Customer Sage Balances widget asks. */
export const WIDGET = `query Widget($layerId: String!) { customer(layerId: $layerId) { name sageAccount { accountNumber
  balance { amount currency } creditLimit { amount } availableCredit { amount } isOverCreditLimit onHold statusReason
  overdue { amount } unallocatedCredit { amount } agedDebt { label amount { amount } } freshness { asOf ageSeconds stale } } } }`;

/** A database with customers whose Sage accounts are known and linked: pulled once from a sandbox. Answers what signs tokens. */
export async function fillDatabase(variables: Record<string, string>): Promise<(subject: string) => Promise<string>> {
  const sandbox = { SANDBOX_PORT: '4190', SANDBOX_CUSTOMERS: '300', SANDBOX_TRANSACTIONS: '3000' };
  const config = readConfig({ ...variables, ...sandbox, ROLES: 'api,sync', SAGE_MODE: 'sandbox' });
  const gateway = await startGateway({ config, log: silentLog });
  await startDemo(gateway, silentLog);
  await gateway.close();
  const secret = gateway.demoSecret ?? new Uint8Array();
  return (subject) => signDemoToken(secret, subject);
}

/** `name`: the program beside this file. It only serves: no Sage is asked. */
export function forkGateway(name: string, variables: Record<string, string>, options: string[] = []): ChildProcess {
  const serving = {
    ROLES: 'api',
    SAGE_MODE: 'live',
    SAGE_CLIENT_ID: 'x',
    SAGE_CLIENT_SECRET: 'x',
    SAGE_REDIRECT_URL: 'http://localhost:4000/sage/callback',
  };
  return fork(program(name), {
    env: { PATH: process.env.PATH, ...variables, ...serving },
    execArgv: ['--expose-gc', '--max-semi-space-size=24', ...options],
  });
}

export const program = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  child.send(message);
  return answerOf<Answer>(child);
}

export function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.removeAllListeners('exit').once('exit', () => reject(new Error('A process has ended.')));
    child.once('message', (answer) => resolve(answer as Answer));
  });
}

export async function end(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
}

/** The value below which so great a share of them lies. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const pause = (waitMs: number) => new Promise((resolve) => setTimeout(resolve, waitMs));
