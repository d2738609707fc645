import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';
import { identity } from './access-tokens.js';
import { SEALED_OTHERWISE_MESSAGE } from './connection-messages.js';
import { type ConnectionRow, readConnection, storeResealed } from './connection-rows.js';
import { type SecretBox, SecretBoxError } from './secret-box.js';

export interface SealingParts {
  database: Database;
  secrets: SecretBox;
  log: Log;
  /** Whether ENCRYPTION_KEY_PREVIOUS was given. */
  hasPreviousKey: boolean;
}

type Sealing = 'none' | 'present' | 'anew' | 'unreadable';

/** Another process may rotate the tokens in between, each time. */
const TRIES = 5;

/**
 * Seals the sign-ins of these instances with the present key where the previous one sealed them, and tells the operator how things
 * stand: that the previous key is no longer needed, or that a key is missing. Every process does so at its start, so that the last of
 * a rolling restart leaves nothing behind. A sign-in that cannot be opened stays as it is.
 */
export async function sealAnew(parts: SealingParts, instanceIds: readonly number[]): Promise<void> {
  const counts: Record<Sealing, number> = { none: 0, present: 0, anew: 0, unreadable: 0 };
  for (const instanceId of instanceIds) {
    const sealing = await sealOne(parts, instanceId);
    counts[sealing] += 1;
    if (sealing === 'unreadable') parts.log.error({ instanceId }, SEALED_OTHERWISE_MESSAGE);
  }
  const { present, anew, unreadable } = counts;
  if (anew > 0) parts.log.info({ anew, present }, 'connection: sign-ins to Sage were sealed anew with ENCRYPTION_KEY');
  if (parts.hasPreviousKey && unreadable === 0)
    parts.log.info(
      { sealed: anew + present },
      'connection: no sign-in to Sage is sealed with ENCRYPTION_KEY_PREVIOUS any more; once all processes run with this ENCRYPTION_KEY, it may be taken away',
    );
}

async function sealOne({ database, secrets }: SealingParts, instanceId: number): Promise<Sealing> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const row = await readConnection(database, instanceId);
    if (!row?.refreshToken) return 'none';
    const key = secrets.keyOf(row.refreshToken);
    if (key === 'unknown') return 'unreadable';
    if (key === 'present') return 'present';
    const tokens = resealed(secrets, instanceId, { ...row, refreshToken: row.refreshToken });
    if (!tokens) return 'unreadable';
    if (await database.transaction((transaction) => storeResealed(transaction, instanceId, row, tokens))) return 'anew';
  }
  // rotated again and again: whoever does that seals with a key of its own
  return 'present';
}

/** Null for a text that was changed. An access token that does not open is left out: the next refresh brings one. */
function resealed(
  secrets: SecretBox,
  instanceId: number,
  { refreshToken, accessToken }: Pick<ConnectionRow, 'accessToken'> & { refreshToken: string },
) {
  const again = (text: string | null, column: Parameters<typeof identity>[1]): string | null => {
    const place = identity(instanceId, column);
    try {
      return text === null ? null : secrets.seal(secrets.open(text, place), place);
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      return null;
    }
  };
  const sealed = again(refreshToken, 'refresh_token');
  return sealed === null ? null : { refreshToken: sealed, accessToken: again(accessToken, 'access_token') };
}
