import { createLog, type Log } from '../../src/common/log.js';
import type { Database } from '../../src/database/database.js';

/** Of callers, and of the sandbox: both have three parts. */
const JWT = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;
const MAX_ROWS = 500;

const open = new Set<SecretWatch>();

/** What any gateway under test has sent over a socket: nobody knows here which. */
export function lookAtFrame(frame: string): void {
  for (const watch of open) watch.look('a frame', frame);
}

/**
 * Watches a test's gateway for secrets where none may be: in its log, in errors and frames that it answers, in its database. Every
 * test that starts a gateway does so; what is found makes it fail.
 */
export class SecretWatch {
  /** At trace: what a line would hold in the worst case. */
  readonly log: Log;
  private readonly found: string[] = [];

  constructor(
    private readonly secrets: readonly string[],
    onLine: (line: string) => void = () => undefined,
  ) {
    open.add(this);
    this.log = createLog('trace', {
      write: (line: string) => {
        this.look('the log', line);
        onLine(line);
      },
    });
  }

  look(where: string, text: string): void {
    const secret = this.secrets.find((one) => one !== '' && text.includes(one)) ?? JWT.exec(text)?.[0];
    if (secret === undefined) return;
    const at = text.indexOf(secret);
    this.found.push(`${where}: …${text.slice(Math.max(0, at - 200), at)}[${secret.slice(0, 8)}…]`);
  }

  /** The first rows of every table; a database that is gone already holds nothing. */
  async lookInto(database: Database): Promise<void> {
    try {
      this.look('the database', await databaseText(database, MAX_ROWS));
    } catch {
      return;
    }
  }

  /** Throws when a secret was seen. */
  end(): void {
    open.delete(this);
    if (this.found.length > 0) throw new Error(`A secret stands in ${this.found.join('\n')}`);
  }
}

/** Of what a gateway is told by its environment. */
export function secretsOf(variables: Record<string, string>): string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    /SECRET|TOKEN|ENCRYPTION_KEY/.test(name) ? [value] : [],
  );
}

/** Rows of every table, each text as it is stored. */
export async function databaseText(database: Database, maxRows?: number): Promise<string> {
  const texts: string[] = [];
  for (const { tableName, columns } of database.dataSource.entityMetadatas) {
    const names = columns.filter(({ type }) => /char|text/.test(String(type))).map(({ databaseName }) => databaseName);
    if (names.length === 0) continue;
    const limit = maxRows === undefined ? '' : ` LIMIT ${maxRows}`;
    texts.push(JSON.stringify(await database.query(`SELECT ${names.join(', ')} FROM ${tableName}${limit}`)));
  }
  return texts.join('\n');
}
