import type { SageError } from './sage-error.js';

/** What a request says about the way to Sage's server. */
export interface ContactOutcome {
  reached: boolean;
  /** What was in the way, for an operator; null when it was reached. */
  message: string | null;
  /** What was in the way is the sign-in, not the ledger's server. */
  isSignInFault?: boolean;
}

/** What a request that failed for good says, or null when it says nothing: one slow page is no lost connection. */
export function contactOf(error: SageError, timeoutsInARow: number): ContactOutcome | null {
  const lost = { reached: false, message: error.message };
  if (error.isSignInFault) {
    return error.kind === 'sign_in_needed' || error.kind === 'rate_limited' ? null : { ...lost, isSignInFault: true };
  }
  switch (error.kind) {
    case 'unreachable':
      return lost;
    case 'timeout':
      return timeoutsInARow > 1 ? lost : null;
    case 'server_error':
      // 500 comes from the customer's server; 502 and above from what stands before it (sage200.md §2.2)
      return (error.httpStatus ?? 500) > 501 ? lost : { reached: true, message: null };
    case 'refused':
    case 'forbidden':
    case 'not_found':
      return error.provablyNotApplied ? { reached: true, message: null } : null;
    default:
      return null;
  }
}
