import { createHash } from 'node:crypto';
import type { Clock } from '../common/clock.js';
import type { Random } from '../common/random.js';
import type { Database, Transaction } from '../database/database.js';

type TicketKind = 'ticket' | 'state';

export interface TicketHolder {
  instanceId: number;
  /** The caller whom the ticket was made for. */
  subject: string;
}

const LIFE_MS = 600_000;
const KEPT_MS = 86_400_000;

/** Where a person with a ticket begins. */
export const signInLink = (publicUrl: string, ticket: string) => `${publicUrl}/sage/sign-in?ticket=${ticket}`;

/** Random texts for one use within ten minutes. The database keeps their hashes only; the text names its instance, so that every query can. */
export class SignInTickets {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  issue(holder: TicketHolder): Promise<string> {
    return this.database.transaction((transaction) => this.insert(transaction, 'ticket', holder));
  }

  /** Whom a state was made for; null when it is unknown, used, run out, or another browser's. */
  consumeState(text: string, browser: string): Promise<TicketHolder | null> {
    return this.database.transaction((transaction) => this.take(transaction, 'state', text, browser));
  }

  /** Takes a ticket and issues the state of the way to Sage, both or neither. `browser`: the secret of the one that goes that way. */
  exchange(ticket: string, browser: string): Promise<string | null> {
    return this.database.transaction(async (transaction) => {
      const holder = await this.take(transaction, 'ticket', ticket);
      return holder === null ? null : this.insert(transaction, 'state', holder, browser);
    });
  }

  private async insert(
    transaction: Transaction,
    kind: TicketKind,
    { instanceId, subject }: TicketHolder,
    browser = '',
  ): Promise<string> {
    const now = this.clock.now().getTime();
    const text = `${instanceId}.${this.random.bytes(32).toString('base64url')}`;
    await transaction.execute('DELETE FROM sign_in_ticket WHERE instance_id = ? AND expires_at < ?', [
      instanceId,
      now - KEPT_MS,
    ]);
    await transaction.execute(
      'INSERT INTO sign_in_ticket (instance_id, ticket_hash, kind, subject, expires_at) VALUES (?, ?, ?, ?, ?)',
      [instanceId, hashOf(text, browser), kind, subject.slice(0, 255), now + LIFE_MS],
    );
    return text;
  }

  private async take(
    transaction: Transaction,
    kind: TicketKind,
    text: string,
    browser = '',
  ): Promise<TicketHolder | null> {
    const instanceId = Number(/^(\d{1,9})\.[\w-]{43}$/.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(instanceId)) return null;
    const now = this.clock.now().getTime();
    const key = [instanceId, hashOf(text, browser)];
    const taken = await transaction.execute(
      `UPDATE sign_in_ticket SET used_at = ?
        WHERE instance_id = ? AND ticket_hash = ? AND kind = ? AND used_at IS NULL AND expires_at > ?`,
      [now, ...key, kind, now],
    );
    if (taken !== 1) return null;
    const [row] = await transaction.query<{ subject: string }>(
      'SELECT subject FROM sign_in_ticket WHERE instance_id = ? AND ticket_hash = ?',
      key,
    );
    return { instanceId, subject: row?.subject ?? '' };
  }
}

/** Of the text and the browser's secret together: neither is good without the other. */
function hashOf(text: string, browser: string): string {
  return createHash('sha256').update(`${text}${browser}`).digest('hex');
}
