import { badUserInput } from '../common/errors.js';
import { cursorKey, encodeCursor } from '../common/paging.js';
import type { EventRange } from './event-log.sql.js';

export const eventCursor = ({ sequence }: { sequence: number }): string => encodeCursor([sequence]);

const WITHOUT_SINCE = 'Leave it out to follow from now on, and read the lists for what was missed.';

/** The number that a subscriber goes on after. Throws BAD_USER_INPUT for a cursor that cannot be gone on from. */
export function startAfter(since: string | null | undefined, { newest, pruned }: EventRange): number {
  if (since === null || since === undefined) return newest;
  const [sequence] = cursorKey(since, ['number']) ?? [];
  if (typeof sequence !== 'number' || sequence < 0)
    throw badUserInput('"since" is no cursor of an event. Pass the last cursor seen, or leave it out.');
  if (sequence > newest)
    throw badUserInput(
      `"since" is beyond the newest event: it comes from another gateway, or from before its database was restored. ${WITHOUT_SINCE}`,
    );
  if (sequence < pruned) throw badUserInput(`"since" is older than the events that are kept. ${WITHOUT_SINCE}`);
  return sequence;
}
