// Opens the sandbox's ledger, and fills it when it is new. A stored ledger is kept: it is the judge's memory.
import { fillDemoLedger, type DemoSize } from '../demo/demo-ledger.js';
import { Ledger } from './ledger.js';
import { CREATE_INDEXES, CREATE_TABLES } from './schema.js';

/** Raised when tables change shape: an older file is refused. */
const VERSION = '1';

export interface OpenedLedger {
  readonly ledger: Ledger;
  /** What the ledger was made from, which is what was asked for, or an older ask. */
  readonly size: DemoSize;
  readonly isNew: boolean;
}

/** `asked.anchorDate` may be missing: then a stored ledger keeps its own, and a new one takes `today`. */
export function openLedger(
  file: string,
  asked: Omit<DemoSize, 'anchorDate'> & { anchorDate?: string },
  today: string,
): OpenedLedger {
  const ledger = new Ledger(file);
  try {
    const stored = readSettings(ledger);
    if (stored) return { ledger, size: checked(stored, asked, file), isNew: false };
    const size: DemoSize = { ...asked, anchorDate: asked.anchorDate ?? today };
    ledger.transaction(() => {
      ledger.exec(CREATE_TABLES);
      fillDemoLedger(ledger, size);
      ledger.exec(CREATE_INDEXES);
      // without statistics SQLite takes the primary key for a contact's details, and reads all of the company's
      ledger.exec('analyze');
      for (const [name, value] of Object.entries({ ...size, version: VERSION })) {
        ledger.run('insert into settings values (?, ?)', name, String(value));
      }
    });
    return { ledger, size, isNew: true };
  } catch (error) {
    ledger.close();
    throw error;
  }
}

function readSettings(ledger: Ledger): Map<string, string> | null {
  const [hasTable] = ledger.column<number>("select 1 from sqlite_master where name = 'settings'", []);
  if (!hasTable) return null;
  const rows = ledger.rows<{ name: string; value: string }>('select name, value from settings');
  return rows.length === 0 ? null : new Map(rows.map(({ name, value }) => [name, value]));
}

function checked(stored: Map<string, string>, asked: Partial<DemoSize>, file: string): DemoSize {
  const differing = Object.entries({ ...asked, version: VERSION }).filter(
    ([name, value]) => value !== undefined && stored.get(name) !== String(value),
  );
  if (differing.length > 0) {
    const list = differing.map(([name, value]) => `${name} ${stored.get(name)} (asked: ${String(value)})`).join(', ');
    throw new Error(`The stored sandbox ledger ${file} was made with ${list}. Delete the file, or ask for the same.`);
  }
  return {
    seed: stored.get('seed') ?? '',
    anchorDate: stored.get('anchorDate') ?? '',
    customers: Number(stored.get('customers')),
    transactions: Number(stored.get('transactions')),
  };
}
