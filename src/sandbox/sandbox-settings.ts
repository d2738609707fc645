// The program's variables; a bad one ends the start with one line.
import { join } from 'node:path';
import { DEFAULT_SIZE, type SandboxOptions } from './sandbox.js';

const MAX_CUSTOMERS = 50_000;
const MAX_TRANSACTIONS = 1_000_000;

export function readSandboxSettings(
  environment: Readonly<Record<string, string | undefined>>,
): SandboxOptions & { port: number } {
  const faults: string[] = [];
  const whole = (name: string, fallback: number, from: number, to: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    faults.push(`${name} must be a whole number from ${from} to ${to}, not '${text}'`);
    return fallback;
  };
  const port = whole('SANDBOX_PORT', 4100, 0, 65_535);
  const customers = whole('SANDBOX_CUSTOMERS', DEFAULT_SIZE.customers, 1, MAX_CUSTOMERS);
  const transactions = whole('SANDBOX_TRANSACTIONS', DEFAULT_SIZE.transactions, 0, MAX_TRANSACTIONS);
  const anchorDate = environment['SANDBOX_ANCHOR_DATE'] || undefined;
  if (anchorDate !== undefined && !isDate(anchorDate))
    faults.push(`SANDBOX_ANCHOR_DATE must be YYYY-MM-DD, not '${anchorDate}'`);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return {
    port,
    customers,
    transactions,
    anchorDate,
    seed: environment['SANDBOX_SEED'] || DEFAULT_SIZE.seed,
    keepsDataFile: true,
    dataFile: join(environment['SANDBOX_DATA'] || 'data', environment['SANDBOX_LEDGER'] || `sandbox-${port}.sqlite`),
  };
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
