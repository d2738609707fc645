import type { Clock } from '../common/clock.js';
import type { PushCause } from '../pushes/push-cause.js';
import { isDateOpen } from '../sage/postings.js';
import type { SageClient } from '../sage/sage-client.js';
import type { SageCompanyRef } from '../sage/sage-company-ref.js';

/** A period is closed seldom, and a refusal asks again past this memory. */
const OPEN_GOOD_FOR_MS = 300_000;
/** Many documents of one closed period cost one request. */
const CLOSED_GOOD_FOR_MS = 1_000;

interface Company {
  id: number;
  name: string;
}

/** Which dates the sales ledgers take postings of, asked once for many documents (`transaction_date_validation`). */
export class OpenDates {
  private readonly known = new Map<string, { cause: PushCause | null; until: number }>();

  constructor(private readonly clock: Clock) {}

  /** Null: nothing is in the way. `isFresh` asks Sage in any case. Throws SageError. */
  async causeOf(
    where: { instanceId: number; company: Company; ref: SageCompanyRef; client: SageClient },
    date: string,
    { isFresh, signal }: { isFresh: boolean; signal: AbortSignal },
  ): Promise<PushCause | null> {
    const key = `${where.instanceId}:${where.company.id}:${date}`;
    const known = this.known.get(key);
    if (!isFresh && known && known.until > this.now()) return known.cause;
    const answer = await isDateOpen(where.client, where.ref, date, signal);
    const cause = answer === null || answer.isOpen ? null : closedPeriod(where.company, date, answer.message);
    if (this.known.size > 10_000) this.known.clear();
    this.known.set(key, { cause, until: this.now() + (cause ? CLOSED_GOOD_FOR_MS : OPEN_GOOD_FOR_MS) });
    return cause;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

function closedPeriod(company: Company, date: string, message: string | null): PushCause {
  return {
    code: 'PERIOD_CLOSED',
    key: `PERIOD:${date}:${company.id}`,
    subject: `the period of ${date} in Sage company ${company.name}`,
    message: `Sage takes no postings dated ${date}${message ? `: ${message}` : '.'}`,
    remedy:
      'Open the period in Sage (Accounting Periods), or send the document with a date in an open one. It goes by itself then.',
  };
}
