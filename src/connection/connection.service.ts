import { createHash } from 'node:crypto';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Database } from '../database/database.js';
import type { ContactOutcome } from '../sage/contact-outcome.js';
import type { RequestLimiter } from '../sage/request-limiter.js';
import { SageError } from '../sage/sage-error.js';
import { type AccessTokens, identity } from './access-tokens.js';
import {
  expiringMessage,
  NO_COMPANY_MESSAGE,
  noAccessMessage,
  NOT_CONNECTED_MESSAGE,
  SEALED_OTHERWISE_MESSAGE,
  unreachableMessage,
} from './connection-messages.js';
import { type ConnectionRow, ensureConnection, readConnection, storeContact, storeSignIn } from './connection-rows.js';
import { type ConnectionState, nextState } from './connection-state.js';
import { InvalidGrantError, type SageOAuth } from './oauth.js';
import type { SecretBox } from './secret-box.js';
import { sealAnew } from './seal-anew.js';
import { SignInCookie } from './sign-in-cookie.js';
import { signInLink, type SignInTickets } from './sign-in-tickets.js';

export interface ConnectionStatus {
  state: ConnectionState;
  signInExpiresAt: Date | null;
  lastContactAt: Date | null;
  /** What an operator should do; null when all is well. */
  message: string | null;
}

export type SignInFault = 'ticket_invalid' | 'state_invalid' | 'refused' | 'unreachable';

/** The sign-in could not be completed. The message is for the person at the browser. */
export class SignInError extends Error {
  constructor(
    readonly fault: SignInFault,
    message: string,
  ) {
    super(message);
    this.name = 'SignInError';
  }
}

export interface ConnectionServiceOptions {
  database: Database;
  tokens: AccessTokens;
  oauth: SageOAuth;
  secrets: SecretBox;
  tickets: SignInTickets;
  clock: Clock;
  random: Random;
  log: Log;
  limiter: (instanceId: number) => RequestLimiter;
  /** Whether ENCRYPTION_KEY_PREVIOUS was given. */
  hasPreviousKey: boolean;
  /** Where browsers reach the gateway, without a slash at the end. */
  publicUrl: string;
  /** Told after the state of an instance has changed. */
  onStateChange?: (instanceId: number, state: ConnectionState) => void;
}

const DAY_MS = 86_400_000;
/** Counted from the person's sign-in, not from the last refresh (sage200.md §1.3). */
const SIGN_IN_LIFE_MS = 90 * DAY_MS;
const WARN_BEFORE_MS = 14 * DAY_MS;
const CONTACT_EVERY_MS = 5_000;

/** How each instance stands with Sage, and the sign-in that makes it so. */
export class ConnectionService {
  private readonly noted = new Map<number, { at: number; reached: boolean }>();

  /** What ties a round trip to a browser. */
  readonly cookie: SignInCookie;

  constructor(private readonly options: ConnectionServiceOptions) {
    this.cookie = new SignInCookie(options.publicUrl, options.random);
  }

  async status(instanceId: number): Promise<ConnectionStatus> {
    const row = await readConnection(this.options.database, instanceId);
    if (!row || row.state === 'NOT_CONNECTED') {
      return { state: 'NOT_CONNECTED', signInExpiresAt: null, lastContactAt: null, message: NOT_CONNECTED_MESSAGE };
    }
    return {
      state: row.state,
      signInExpiresAt: row.signInExpiresAt === null ? null : new Date(row.signInExpiresAt),
      lastContactAt: row.lastContactAt === null ? null : new Date(row.lastContactAt),
      message: this.sealingFault(row) ?? row.message ?? this.expiryWarning(row),
    };
  }

  /**
   * Connects without a browser. A token is used once: only when none is stored, or when the stored sign-in has lapsed and this
   * is another token than the one it was given then. True when it was taken. Sage is not asked.
   */
  async connectWithRefreshToken(instanceId: number, refreshToken: string): Promise<boolean> {
    const { database, secrets } = this.options;
    const givenTokenHash = createHash('sha256').update(refreshToken).digest('hex');
    const isTaken = await database.transaction(async (transaction) => {
      await ensureConnection(transaction, instanceId);
      const row = await readConnection(transaction, instanceId);
      const isLapsed = row?.state === 'SIGN_IN_NEEDED' && row.givenTokenHash !== givenTokenHash;
      if (row?.refreshToken && !isLapsed) return false;
      const sealed = secrets.seal(refreshToken, identity(instanceId, 'refresh_token'));
      const tokens = { refreshToken: sealed, accessToken: null, accessExpiresAt: null, accessRefreshAt: null };
      const at = this.now();
      await storeSignIn(transaction, instanceId, tokens, { at, expiresAt: at + SIGN_IN_LIFE_MS, givenTokenHash });
      return true;
    });
    if (isTaken) this.signedIn(instanceId);
    return isTaken;
  }

  /** At start: what the previous key sealed is sealed with the present one, and the operator is told how the keys stand. */
  sealAnew(instanceIds: readonly number[]): Promise<void> {
    return sealAnew(this.options, instanceIds);
  }

  /** Where to send a person: a link with a ticket for one use within ten minutes, made for this caller. */
  async beginSignIn(instanceId: number, subject: string): Promise<string> {
    const ticket = await this.options.tickets.issue({ instanceId, subject });
    return signInLink(this.options.publicUrl, ticket);
  }

  /** Uses up the ticket; answers with Sage's own sign-in page, for the browser that has this secret. Throws SignInError. */
  async redirectToSage(ticket: string, browser: string): Promise<string> {
    const state = await this.options.tickets.exchange(ticket, browser);
    if (state === null) {
      throw new SignInError('ticket_invalid', 'This sign-in link was used already, or is older than ten minutes.');
    }
    return this.options.oauth.authorizeUrl(state);
  }

  /** Ends the round trip: uses up the state, redeems the code, stores the tokens. Throws SignInError. */
  async completeSignIn(state: string, browser: string, code: string): Promise<{ instanceId: number }> {
    const { database, tokens, log } = this.options;
    const holder = await this.options.tickets.consumeState(state, browser);
    if (holder === null) {
      throw new SignInError(
        'state_invalid',
        'This sign-in was not begun in this browser, is completed already, or took over ten minutes.',
      );
    }
    const { instanceId, subject } = holder;
    const sealed = await this.redeemCode(instanceId, code);
    const at = this.now();
    await database.transaction((transaction) =>
      storeSignIn(transaction, instanceId, sealed, { at, expiresAt: at + SIGN_IN_LIFE_MS, givenTokenHash: null }),
    );
    tokens.forget(instanceId);
    log.info({ instanceId, subject }, 'signed in to Sage');
    this.signedIn(instanceId);
    return { instanceId };
  }

  /** The person, or Sage for them, said no: the state is used up. */
  async abandonSignIn(state: string, browser: string): Promise<void> {
    await this.options.tickets.consumeState(state, browser);
  }

  /** Notes whether Sage's server was reached; at most one write in five seconds unless that changes. Never throws. */
  async reportContact(instanceId: number, { reached, message, isSignInFault }: ContactOutcome): Promise<void> {
    const noted = this.noted.get(instanceId);
    const now = this.now();
    if (noted && noted.reached === reached && now - noted.at < CONTACT_EVERY_MS) return;
    this.noted.set(instanceId, { at: now, reached });
    const messageOf = isSignInFault ? noAccessMessage : unreachableMessage;
    const lostMessage = reached ? null : messageOf(message ?? 'no answer');
    await this.note(instanceId, reached, lostMessage);
  }

  /** Sage answers, but lists no company: its server has lost its registration (sage200.md §1.4). Never throws. */
  async reportEmptySites(instanceId: number): Promise<void> {
    this.noted.set(instanceId, { at: this.now(), reached: false });
    await this.note(instanceId, false, NO_COMPANY_MESSAGE);
  }

  /** Sage lists companies (again). Never throws. */
  async reportSites(instanceId: number): Promise<void> {
    await this.note(instanceId, true, null, true);
  }

  private async note(
    instanceId: number,
    reached: boolean,
    lostMessage: string | null,
    isSitesListed = false,
  ): Promise<void> {
    const { database, log, onStateChange } = this.options;
    try {
      const changed = await database.transaction(async (transaction) => {
        const row = await readConnection(transaction, instanceId);
        // that some call is answered does not bring the companies back: only a list of sites that has some does
        if (!row || (reached && !isSitesListed && row.message === NO_COMPANY_MESSAGE)) return null;
        const state = nextState(row.state, reached ? 'contact_made' : 'contact_lost');
        const message = state === 'UNREACHABLE' ? lostMessage : state === 'CONNECTED' ? null : row.message;
        const lastContactAt = reached ? this.now() : row.lastContactAt;
        const isStored = await storeContact(transaction, instanceId, row.state, { state, lastContactAt, message });
        return isStored && state !== row.state ? state : null;
      });
      if (changed === null) return;
      log.info({ instanceId, state: changed }, 'the connection to Sage has changed');
      onStateChange?.(instanceId, changed);
    } catch (error) {
      this.noted.delete(instanceId);
      log.error({ instanceId, err: error }, 'a contact with Sage could not be noted');
    }
  }

  private async redeemCode(instanceId: number, code: string) {
    const { oauth, tokens } = this.options;
    const limiter = this.options.limiter(instanceId);
    try {
      const answer = await limiter.run(() => oauth.exchangeCode(code, limiter));
      if (answer.refreshToken === null) {
        throw new SignInError(
          'refused',
          'Sage issued no refresh token: the credentials lack the scope offline_access.',
        );
      }
      return tokens.sealed(instanceId, answer, null);
    } catch (error) {
      if (error instanceof InvalidGrantError) {
        throw new SignInError('refused', 'Sage did not take the sign-in: it was used already, or took too long.');
      }
      if (!(error instanceof SageError)) throw error;
      throw new SignInError(error.kind === 'refused' ? 'refused' : 'unreachable', error.message);
    }
  }

  private signedIn(instanceId: number): void {
    this.noted.delete(instanceId);
    this.options.onStateChange?.(instanceId, 'CONNECTED');
  }

  /** Not stored: another process may have the key. */
  private sealingFault({ refreshToken, state }: ConnectionRow): string | null {
    if (refreshToken === null || state === 'SIGN_IN_NEEDED') return null;
    return this.options.secrets.keyOf(refreshToken) === 'unknown' ? SEALED_OTHERWISE_MESSAGE : null;
  }

  private expiryWarning(row: ConnectionRow): string | null {
    const { signInExpiresAt } = row;
    if (signInExpiresAt === null || this.now() < signInExpiresAt - WARN_BEFORE_MS) return null;
    return expiringMessage(new Date(signInExpiresAt), new Date(this.now()));
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}
