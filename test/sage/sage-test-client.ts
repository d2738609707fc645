import { type Clock, systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import type { AccessTokenSource } from '../../src/sage/access-token-source.js';
import type { ContactOutcome } from '../../src/sage/contact-outcome.js';
import { SageClient, type SageClientOptions } from '../../src/sage/sage-client.js';
import { createSageDispatcher } from '../../src/sage/sage-dispatcher.js';

export const COMPANY = { siteId: '00000000-0000-4000-8000-000000000001', companyId: 7 };

/** Tokens token-1, token-2, …; each refresh gives the next. */
export class CountingTokens implements AccessTokenSource {
  refreshes = 0;

  accessToken(): Promise<string> {
    return Promise.resolve(`token-${this.refreshes + 1}`);
  }

  refresh(): Promise<string> {
    this.refreshes += 1;
    return this.accessToken();
  }
}

/**
 * Waits that nothing can break off (between tries, of the limiter) pass at once, and move the time on; they are written down.
 * Time-outs, which come with a signal, take their real time.
 */
export function hastyClock(waits: number[] = []): Clock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    sleep: async (durationMs, signal) => {
      if (signal) return systemClock.sleep(durationMs, signal);
      if (durationMs > 10) waits.push(durationMs);
      aheadMs += durationMs;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export interface TestClient {
  client: SageClient;
  tokens: CountingTokens;
  contacts: ContactOutcome[];
  close(): Promise<void>;
}

export function testClient(apiUrl: string, clock: Clock, options: Partial<SageClientOptions> = {}): TestClient {
  const tokens = new CountingTokens();
  const contacts: ContactOutcome[] = [];
  const dispatcher = createSageDispatcher();
  const client = new SageClient({
    apiUrl,
    tokens,
    dispatcher,
    clock,
    random: { fraction: () => 1, bytes: () => Buffer.alloc(8) },
    log: silentLog,
    requestTimeoutMs: 1_000,
    maxConcurrency: 4,
    maxRequestsPerSecond: 10_000,
    onContact: (outcome) => contacts.push(outcome),
    ...options,
  });
  return { client, tokens, contacts, close: () => dispatcher.destroy() };
}
