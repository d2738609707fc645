/** How often a push is tried again by itself after one code, and what becomes of it then. */
export interface RetryRule {
  /** Tries in a row before it is put aside; Infinity: as long as it takes. */
  tries: number;
  /** The wait before the second try; it doubles from there. */
  firstWaitMs: number;
  maxWaitMs: number;
  endsIn: 'HELD' | 'FAILED';
  /** While HELD, it is looked at again by itself after that long; null: when something else releases it. */
  lookAgainMs: number | null;
  remedy: string;
}

const MINUTE_MS = 60_000;
const ASK_AGAIN = 'Nothing needs to be done: the gateway goes on by itself.';

/**
 * One row for each error code that the way to Sage can give (reliability.md, "The life of a push", 7). What is not in the table is
 * permanent: FAILED at once. An outcome that is unknown is not in it, either: it is looked up, never tried again on a guess.
 */
export const RETRY_TABLE: Readonly<Record<string, RetryRule>> = {
  CONNECTION_LOST: {
    tries: 4,
    firstWaitMs: 1_000,
    maxWaitMs: 10_000,
    endsIn: 'HELD',
    lookAgainMs: MINUTE_MS,
    remedy: 'It goes by itself once Sage can be reached; sageConnection says how the connection stands.',
  },
  RATE_LIMITED: {
    tries: Number.POSITIVE_INFINITY,
    firstWaitMs: 1_000,
    maxWaitMs: MINUTE_MS,
    endsIn: 'HELD',
    lookAgainMs: null,
    remedy: ASK_AGAIN,
  },
  SIGN_IN_NEEDED: {
    tries: 1,
    firstWaitMs: 0,
    maxWaitMs: 0,
    endsIn: 'HELD',
    lookAgainMs: null,
    remedy: 'Ask an operator to sign in to Sage again (sageConnection.signInUrl). It goes by itself after that.',
  },
  COMPANY_REFUSED: {
    tries: 1,
    firstWaitMs: 0,
    maxWaitMs: 0,
    endsIn: 'HELD',
    lookAgainMs: 5 * MINUTE_MS,
    remedy: 'Give the Sage user of the sign-in access to this company in Sage. It goes by itself after that.',
  },
  /** Posted, and not to be seen in Sage yet: its row id is needed for what comes next. */
  NOT_VISIBLE_YET: {
    tries: Number.POSITIVE_INFINITY,
    firstWaitMs: 1_000,
    maxWaitMs: 30_000,
    endsIn: 'HELD',
    lookAgainMs: null,
    remedy: ASK_AGAIN,
  },
  SAGE_REFUSED: {
    tries: 1,
    firstWaitMs: 0,
    maxWaitMs: 0,
    endsIn: 'FAILED',
    lookAgainMs: null,
    remedy: 'Put right what Sage names, here or in Sage, and try again.',
  },
  SAGE_FORBIDDEN: {
    tries: 1,
    firstWaitMs: 0,
    maxWaitMs: 0,
    endsIn: 'FAILED',
    lookAgainMs: null,
    remedy: 'Give the role of the signed-in Sage user this module in System Administration, and try again.',
  },
  SAGE_NOT_FOUND: {
    tries: 1,
    firstWaitMs: 0,
    maxWaitMs: 0,
    endsIn: 'FAILED',
    lookAgainMs: null,
    remedy:
      'What it is about was deleted in Sage, or this release of Sage lacks the endpoint. Check it in Sage, and try again.',
  },
};

/** Causes that only a look can clear: how soon each is looked at again while HELD. */
export const HOLD_LOOK_AGAIN_MS: Readonly<Record<string, number>> = {
  PERIOD_CLOSED: MINUTE_MS,
  ACCOUNT_ON_HOLD: 2 * MINUTE_MS,
  ACCOUNT_HIDDEN: 5 * MINUTE_MS,
  TRANSACTION_QUERIED: 5 * MINUTE_MS,
  INTERNAL_ERROR: MINUTE_MS,
};

/**
 * What another change releases is looked at by itself, too, though seldom: the mapping, the account, the prerequisite may have come
 * while it was being stored as HELD, and then told nobody.
 */
export const HELD_LOOK_AGAIN_MS = 10 * MINUTE_MS;
/** The first such look comes soon: what came while it was being stored is there by then. */
export const FIRST_LOOK_AGAIN_MS = 2_000;

export type RetryDecision =
  { kind: 'AGAIN'; waitMs: number } | { kind: 'HELD'; lookAgainMs: number | null } | { kind: 'FAILED' };

/** What comes after try number `failures` (from 1) ended in `code`. `fraction` in [0, 1) is the jitter. */
export function decideRetry(
  code: string,
  failures: number,
  fraction: number,
  retryAfterMs: number | null = null,
): RetryDecision {
  const rule = RETRY_TABLE[code];
  if (!rule) return { kind: 'FAILED' };
  if (failures < rule.tries) {
    const waitMs = Math.min(rule.maxWaitMs, rule.firstWaitMs * 2 ** Math.min(failures - 1, 20));
    return { kind: 'AGAIN', waitMs: Math.round(Math.max(waitMs * (0.5 + fraction / 2), retryAfterMs ?? 0)) };
  }
  return rule.endsIn === 'HELD' ? { kind: 'HELD', lookAgainMs: rule.lookAgainMs } : { kind: 'FAILED' };
}

export function remedyOf(code: string): string {
  return RETRY_TABLE[code]?.remedy ?? 'Look at the history of the push; try again once the reason is gone.';
}
