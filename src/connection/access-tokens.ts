import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { Database } from '../database/database.js';
import type { AccessTokenSource } from '../sage/access-token-source.js';
import type { RequestLimiter } from '../sage/request-limiter.js';
import { SageError } from '../sage/sage-error.js';
import {
  type ConnectionRow,
  markLapsed,
  readConnection,
  releaseLease,
  type SealedTokens,
  storeRotation,
  takeLease,
} from './connection-rows.js';
import { LAPSED_MESSAGE, NOT_CONNECTED_MESSAGE } from './connection-messages.js';
import { InvalidGrantError, type SageOAuth, type TokenAnswer } from './oauth.js';
import { type SecretBox, SecretBoxError } from './secret-box.js';

export interface AccessTokensOptions {
  database: Database;
  oauth: SageOAuth;
  secrets: SecretBox;
  clock: Clock;
  random: Random;
  log: Log;
  /** The limiter that the instance's client uses too. */
  limiter: (instanceId: number) => RequestLimiter;
  /** How long one process may take over a refresh; longer than the longest token call. */
  leaseMs: number;
  /** Told when the refresh token was refused for good. */
  onLapsed?: (instanceId: number) => void;
}

interface CachedToken {
  token: string;
  /** When it should be renewed, or, where that failed, its end. */
  usableUntil: number;
  expiresAt: number;
  /** When the row is looked at again: a person may have signed in anew. */
  checkAt: number;
}

/** A token is renewed this long before its end, or at nine tenths of a shorter life. */
const RENEW_BEFORE_MS = 60_000;
const CHECK_EVERY_MS = 10_000;
const BUSY_WAIT_MS = 120;
const STORE_TRIES = 6;

/**
 * Sage's access tokens, one holder for all instances. Refresh tokens rotate and the old one dies when the new one is issued, so one
 * process at a time redeems: it takes a lease on the row, asks Sage with no transaction open, and stores the new tokens before anyone
 * uses them (reliability.md, "Tokens of Sage").
 */
export class AccessTokens {
  private readonly cache = new Map<number, CachedToken>();
  private readonly flights = new Map<number, Promise<string>>();
  private readonly owner: string;

  constructor(private readonly options: AccessTokensOptions) {
    this.owner = options.random.bytes(12).toString('hex');
  }

  of(instanceId: number): AccessTokenSource {
    return {
      accessToken: () => this.accessToken(instanceId),
      refresh: (rejectedToken) => this.refresh(instanceId, rejectedToken),
    };
  }

  /** After a sign-in, so that the new tokens are used at once. */
  forget(instanceId: number): void {
    this.cache.delete(instanceId);
  }

  private async accessToken(instanceId: number): Promise<string> {
    const cached = this.cache.get(instanceId);
    const now = this.now();
    if (cached && now < cached.usableUntil && now < cached.checkAt) return cached.token;
    return this.shared(instanceId, null);
  }

  private async refresh(instanceId: number, rejectedToken: string): Promise<string> {
    const token = await this.shared(instanceId, rejectedToken);
    // The flight that we joined may have been begun by a caller whose token was not rejected
    return token === rejectedToken ? this.shared(instanceId, rejectedToken) : token;
  }

  /** One look-up or refresh at a time in this process. */
  private shared(instanceId: number, rejected: string | null): Promise<string> {
    const underWay = this.flights.get(instanceId);
    if (underWay) return underWay;
    const flight = this.obtain(instanceId, rejected).finally(() => this.flights.delete(instanceId));
    this.flights.set(instanceId, flight);
    return flight;
  }

  private async obtain(instanceId: number, rejected: string | null): Promise<string> {
    const { clock, random, leaseMs } = this.options;
    const giveUpAt = this.now() + 2 * leaseMs;
    while (this.now() < giveUpAt) {
      const row = await this.readUsable(instanceId);
      const stored = this.storedToken(instanceId, row, rejected);
      if (stored !== null && this.now() < stored.usableUntil) return this.keep(instanceId, stored);
      // What is good for a moment yet serves while another process renews it, and when renewing fails
      const spare = stored === null ? null : { ...stored, usableUntil: stored.expiresAt };
      if (row.leaseOwner !== null && row.leaseUntil > this.now()) {
        if (spare) return spare.token;
        await clock.sleep(BUSY_WAIT_MS * (0.5 + random.fraction()));
        continue;
      }
      try {
        await this.redeem(instanceId, row);
      } catch (error) {
        if (!spare || !(error instanceof SageError) || error.kind === 'sign_in_needed') throw error;
        this.options.log.warn({ instanceId, kind: error.kind }, 'the access to Sage could not be renewed early');
        return this.keep(instanceId, spare);
      }
    }
    throw new SageError({
      kind: 'timeout',
      message: 'Another process of the gateway took too long to renew the access to Sage.',
      retryable: true,
      provablyNotApplied: true,
      isSignInFault: true,
    });
  }

  /** In one turn of the limiter, so that no waiting eats into the lease. Does nothing when another process was first. */
  private async redeem(instanceId: number, row: ConnectionRow): Promise<void> {
    const { database, oauth, leaseMs } = this.options;
    const limiter = this.options.limiter(instanceId);
    const refreshToken = this.open(instanceId, 'refresh_token', row.refreshToken ?? '');
    await limiter.run(async () => {
      const now = this.now();
      const lease = { version: row.version, owner: this.owner, now, until: now + leaseMs };
      if (!(await database.transaction((transaction) => takeLease(transaction, instanceId, lease)))) return;
      let answer: TokenAnswer;
      try {
        answer = await oauth.refresh(refreshToken, limiter);
      } catch (error) {
        if (error instanceof InvalidGrantError) return this.lapse(instanceId, row.version);
        await database.transaction((transaction) => releaseLease(transaction, instanceId, this.owner));
        throw error;
      }
      await this.store(instanceId, row.version, this.sealed(instanceId, answer, refreshToken));
    });
  }

  /** Read again before believing it: another process may have rotated the token meanwhile. */
  private async lapse(instanceId: number, version: number): Promise<void> {
    const { database, log, onLapsed } = this.options;
    const isLapsed = await database.transaction((transaction) =>
      markLapsed(transaction, instanceId, version, LAPSED_MESSAGE),
    );
    if (!isLapsed) return;
    this.cache.delete(instanceId);
    log.warn({ instanceId }, 'the sign-in to Sage has run out: a person must sign in again');
    onLapsed?.(instanceId);
    throw signInNeeded(LAPSED_MESSAGE);
  }

  /** The old token is dead by now, so a database that is away for a moment must not lose the new one. */
  private async store(instanceId: number, version: number, tokens: SealedTokens): Promise<void> {
    const { database, clock, log } = this.options;
    for (let triesMade = 1; ; triesMade += 1) {
      try {
        const isStored = await database.transaction((transaction) =>
          storeRotation(transaction, instanceId, version, tokens),
        );
        if (!isStored) log.info({ instanceId }, 'a newer sign-in took the place of the one just renewed');
        return;
      } catch (error) {
        if (triesMade >= STORE_TRIES) throw error;
        log.error({ instanceId, triesMade }, 'the renewed sign-in could not be stored yet');
        await clock.sleep(250 * 2 ** triesMade);
      }
    }
  }

  sealed(instanceId: number, answer: TokenAnswer, oldRefreshToken: string | null): SealedTokens {
    const refreshToken = answer.refreshToken ?? oldRefreshToken;
    if (refreshToken === null) throw new Error('Sage issued no refresh token.');
    const { secrets } = this.options;
    return {
      refreshToken: secrets.seal(refreshToken, identity(instanceId, 'refresh_token')),
      accessToken: secrets.seal(answer.accessToken, identity(instanceId, 'access_token')),
      accessExpiresAt: answer.expiresAt,
      accessRefreshAt: answer.expiresAt - Math.min(RENEW_BEFORE_MS, (answer.expiresAt - this.now()) / 10),
    };
  }

  private async readUsable(instanceId: number): Promise<ConnectionRow> {
    const row = await readConnection(this.options.database, instanceId);
    if (!row?.refreshToken) throw signInNeeded(NOT_CONNECTED_MESSAGE);
    if (row.state === 'SIGN_IN_NEEDED') throw signInNeeded(row.message ?? LAPSED_MESSAGE);
    return row;
  }

  private storedToken(instanceId: number, row: ConnectionRow, rejected: string | null): CachedToken | null {
    const now = this.now();
    if (row.accessToken === null || row.accessExpiresAt === null || now >= row.accessExpiresAt) return null;
    const token = this.open(instanceId, 'access_token', row.accessToken);
    if (token === rejected) return null;
    const usableUntil = row.accessRefreshAt ?? row.accessExpiresAt;
    return { token, usableUntil, expiresAt: row.accessExpiresAt, checkAt: now + CHECK_EVERY_MS };
  }

  private open(instanceId: number, column: Parameters<typeof identity>[1], text: string): string {
    try {
      return this.options.secrets.open(text, identity(instanceId, column));
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      throw signInNeeded(`${error.message} Or sign in to Sage again.`);
    }
  }

  private keep(instanceId: number, cached: CachedToken): string {
    this.cache.set(instanceId, cached);
    return cached.token;
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}

/** Which row and column a sealed token belongs to. */
export function identity(instanceId: number, column: 'refresh_token' | 'access_token'): string {
  return `sage_connection.${instanceId}.${column}`;
}

function signInNeeded(message: string): SageError {
  return new SageError({ kind: 'sign_in_needed', message, provablyNotApplied: true });
}
