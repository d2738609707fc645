import type { Random } from '../common/random.js';
import type { SageError, SageErrorKind } from './sage-error.js';

interface Retry {
  /** Tries in all. */
  attempts: number;
  firstDelayMs: number;
}

/** How often a read is tried again. What is not in the table is permanent. A time-out is not: the page is asked for again at half the size. */
const READ_RETRIES: Partial<Record<SageErrorKind, Retry>> = {
  unreachable: { attempts: 3, firstDelayMs: 300 },
  rate_limited: { attempts: 5, firstDelayMs: 1_000 },
  server_error: { attempts: 3, firstDelayMs: 500 },
  bad_answer: { attempts: 3, firstDelayMs: 300 },
};

const MAX_DELAY_MS = 8_000;

/** How long to wait before a read is tried again, with jitter; null when it is not. `attempt` counts from 1. */
export function retryDelayMs(error: SageError, attempt: number, random: Random): number | null {
  const retry = READ_RETRIES[error.kind];
  if (!retry || !error.retryable || attempt >= retry.attempts) return null;
  const delay = Math.min(retry.firstDelayMs * 2 ** (attempt - 1), MAX_DELAY_MS);
  return Math.max(error.retryAfterMs ?? 0, delay * (0.5 + random.fraction() / 2));
}
