import type { SageError } from './sage-error.js';

interface RetryRule {
  /** All tries, the first included. */
  tries: number;
  /** The wait before the second try; it doubles from there. */
  firstWaitMs: number;
}

const MAX_WAIT_MS = 8_000;

/**
 * Which faults of a GET are tried again here, and how often; what is not in the table is not. Nothing but a GET ever is
 * (reliability.md, "The life of a push"). A time-out is left to readPages, which asks for less.
 */
const RULES: Readonly<Record<string, RetryRule>> = {
  unreachable: { tries: 3, firstWaitMs: 400 },
  broken_answer: { tries: 3, firstWaitMs: 400 },
  '429': { tries: 4, firstWaitMs: 1_000 },
  '500': { tries: 3, firstWaitMs: 500 },
  '502': { tries: 3, firstWaitMs: 500 },
  '503': { tries: 3, firstWaitMs: 1_000 },
  '504': { tries: 2, firstWaitMs: 1_000 },
  // Cloudflare's own: it could not reach Sage, or not understand it
  '52x': { tries: 3, firstWaitMs: 500 },
};

/** How long to wait before GET number `triesMade` + 1, or null when it must not be tried again. `fraction` in [0, 1) is the jitter. */
export function retryWaitMs(error: SageError, triesMade: number, fraction: number): number | null {
  const rule = RULES[ruleOf(error)];
  if (!rule || triesMade >= rule.tries) return null;
  const waitMs = Math.min(MAX_WAIT_MS, rule.firstWaitMs * 2 ** (triesMade - 1));
  const jittered = Math.round(waitMs * (0.5 + fraction / 2));
  return error.kind === 'server_error' ? Math.max(jittered, Math.min(error.retryAfterMs ?? 0, 30_000)) : jittered;
}

export function isCloudflareFault(status: number): boolean {
  return status >= 520 && status <= 530;
}

function ruleOf(error: SageError): string {
  if (error.kind === 'unreachable') return 'unreachable';
  if (error.kind === 'bad_answer') return error.retryable ? 'broken_answer' : '';
  const status = error.httpStatus ?? 0;
  return isCloudflareFault(status) ? '52x' : String(status);
}
