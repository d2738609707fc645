import { type Dispatcher, request } from 'undici';
import type { ConnectionService } from './connection.service.js';

/** Who goes the way and who comes back are one and the same here. */
const BROWSER = 'demo';

/**
 * Signs the demo in to the built-in sandbox by the ordinary round trip, as a browser would that is signed in to Sage already
 * (`prompt=none`). Does nothing where a sign-in stands. Throws when the sandbox does not play along.
 */
export async function signInToSandbox(
  connections: ConnectionService,
  instanceId: number,
  dispatcher: Dispatcher,
): Promise<void> {
  const { state } = await connections.status(instanceId);
  if (state !== 'NOT_CONNECTED' && state !== 'SIGN_IN_NEEDED') return;
  const ticket = new URL(await connections.beginSignIn(instanceId, 'demo')).searchParams.get('ticket') ?? '';
  const authorizeUrl = new URL(await connections.redirectToSage(ticket, BROWSER));
  authorizeUrl.searchParams.set('prompt', 'none');
  const { headers, body } = await request(authorizeUrl, { dispatcher });
  await body.dump();
  const location = new URL(String(headers.location ?? ''), authorizeUrl);
  const { searchParams } = location;
  await connections.completeSignIn(searchParams.get('state') ?? '', BROWSER, searchParams.get('code') ?? '');
}
