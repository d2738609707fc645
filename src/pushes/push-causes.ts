import { LAPSED_MESSAGE, NOT_CONNECTED_MESSAGE } from '../connection/connection-messages.js';
import type { PushFault } from './fault-of-sage.push.js';
import type { PushCause } from './push-cause.js';
import type { Sighting } from './push-handler.js';
import type { PushRow } from './push-rows.js';
import { remedyOf } from './retry-table.js';

// Why pushes rest, in the engine's own words. Features have theirs.

const CONNECTION = { key: 'CONNECTION', subject: 'the connection to Sage' } as const;
/** What Sage says of one document; all other faults are about the way to Sage, and one row of the error queue. */
const OF_THE_PUSH_ALONE = new Set(['SAGE_REFUSED', 'SAGE_NOT_FOUND', 'NOT_VISIBLE_YET']);

export function causeOfFault({ code, message }: PushFault): PushCause {
  const about = OF_THE_PUSH_ALONE.has(code) ? { key: '', subject: null } : CONNECTION;
  return { code, ...about, message, remedy: remedyOf(code) };
}

export function unknownCause(message: string): PushCause {
  return {
    code: 'OUTCOME_UNKNOWN',
    key: '',
    subject: null,
    message: `Sage may or may not have it: ${message}`,
    remedy: 'Nothing needs to be done: Sage is being asked, and nothing is sent again before it is certain.',
  };
}

export function duplicateCause(push: PushRow, found: readonly Sighting[]): PushCause {
  const urns = found.flatMap(({ urn }) => (urn ? [urn] : []));
  return {
    code: 'DUPLICATE_IN_SAGE',
    key: '',
    subject: null,
    message: `Sage has ${found.length} of ${push.sageReference}${urns.length > 0 ? `: URN ${urns.join(', ')}` : ''}.`,
    remedy:
      'Look at them in Sage, and reverse what is one too many. Then skip this push: it is never repaired by itself.',
  };
}

/** In the words of the connection, so that it is one cause wherever it is read. */
export function signInCause(state: 'NOT_CONNECTED' | 'SIGN_IN_NEEDED'): PushCause {
  return {
    code: 'SIGN_IN_NEEDED',
    ...CONNECTION,
    message: state === 'NOT_CONNECTED' ? NOT_CONNECTED_MESSAGE : LAPSED_MESSAGE,
    remedy: remedyOf('SIGN_IN_NEEDED'),
  };
}

export function mistakeCause(): PushCause {
  return {
    code: 'INTERNAL_ERROR',
    key: '',
    subject: null,
    message: 'The gateway made a mistake with this push, and tries again by itself.',
    remedy: 'If it stays, give the id of the push to support.',
  };
}
