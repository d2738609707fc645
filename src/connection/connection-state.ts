/** How an instance stands with Sage (contract, SageConnectionState). */
export type ConnectionState = 'NOT_CONNECTED' | 'CONNECTED' | 'UNREACHABLE' | 'SIGN_IN_NEEDED';

export type ConnectionEvent = 'signed_in' | 'contact_made' | 'contact_lost' | 'sign_in_lapsed';

/** The legal moves; an event that a state does not name changes nothing. */
const MOVES: Readonly<Record<ConnectionState, Partial<Record<ConnectionEvent, ConnectionState>>>> = {
  NOT_CONNECTED: { signed_in: 'CONNECTED' },
  CONNECTED: { contact_lost: 'UNREACHABLE', sign_in_lapsed: 'SIGN_IN_NEEDED' },
  UNREACHABLE: { signed_in: 'CONNECTED', contact_made: 'CONNECTED', sign_in_lapsed: 'SIGN_IN_NEEDED' },
  SIGN_IN_NEEDED: { signed_in: 'CONNECTED' },
};

export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return MOVES[state][event] ?? state;
}
