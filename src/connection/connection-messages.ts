/** What an operator reads: what is wrong, and what to do. */
export const NOT_CONNECTED_MESSAGE =
  'Nobody has signed in to Sage yet. An operator opens the sign-in link and signs in with the Sage ID that the gateway shall work as.';

export const LAPSED_MESSAGE =
  'The sign-in to Sage has run out or was withdrawn. An operator opens the sign-in link and signs in again. Until then nothing is read or sent; what waits is kept.';

export const SEALED_OTHERWISE_MESSAGE =
  'The stored sign-in to Sage was sealed with another key than the gateway was given. Put the key that was in use into ENCRYPTION_KEY or ENCRYPTION_KEY_PREVIOUS and start the gateway again. If it is lost, an operator opens the sign-in link and signs in again.';

export const NO_COMPANY_MESSAGE =
  'Sage lists no company for this sign-in. Its server has most likely lost its registration: check in Sage 200 System Administration that the API is registered and the connector runs. The gateway keeps trying.';

/** `detail` is what was in the way. */
export function noAccessMessage(detail: string): string {
  return `The access to Sage cannot be renewed just now. The gateway keeps trying; what waits is kept. (${detail})`.slice(
    0,
    500,
  );
}

/** `detail` is what was in the way. */
export function unreachableMessage(detail: string): string {
  return `Sage's server does not answer. Check that the Sage 200 server, its SQL Server and its connector run. The gateway keeps trying; what waits is kept. (${detail})`.slice(
    0,
    500,
  );
}

export function expiringMessage(expiresAt: Date, now: Date): string {
  const day = expiresAt.toISOString().slice(0, 10);
  return expiresAt > now
    ? `The sign-in to Sage runs out on ${day}. Sign in again before that, so that nothing has to wait.`
    : `The sign-in to Sage was due to run out on ${day}. Sign in again soon, so that nothing has to wait.`;
}
