import { createLocalJWKSet, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import type { Log } from '../common/log.js';
import { readKeySet } from './read-key-set.js';

/** Whatever comes, the address is asked once in so long: unknown keys, failures and answers that hang included. */
const ASK_EVERY_MS = 30_000;
/** A set is read again after so long: a key that was taken out of it is refused from then on. */
const MAX_AGE_MS = 300_000;
/** While the address is away the set that was read last is good for so long. */
const MAX_OUTAGE_MS = 4 * 3_600_000;

type KeySet = ReturnType<typeof createLocalJWKSet>;
type Key = Awaited<ReturnType<KeySet>>;

/** Nothing can be said of any token. */
export class NoKeySet extends errors.JWKSNoMatchingKey {}

export interface RemoteKeysOptions {
  url: string;
  nowMs(): number;
  log: Log;
  /** Told whenever a set was read: what was found good by the one before may be so no longer. */
  onRead(): unknown;
}

/**
 * The public keys at a JWKS address. jose's own keeper of such a set asks the address again for every token while it fails, and
 * has no use for an old set once it is past its age; this one bounds both.
 */
export class RemoteKeys {
  private known: { keys: KeySet; readAtMs: number } | null = null;
  private askedAtMs: number | null = null;
  private hasFailed = false;
  private reading: Promise<void> | null = null;

  constructor(private readonly options: RemoteKeysOptions) {}

  /** The key that a token says it is signed with. Throws one of jose's errors when there is none. */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<Key> {
    if (this.ageMs() >= MAX_AGE_MS) {
      const reading = this.readSoon();
      // an address that failed the last time keeps nobody waiting while there are keys to go on with
      if (!this.hasFailed || this.usable() === null) await reading;
    }
    try {
      return await this.find(header, token);
    } catch (error) {
      // a key that is new: the set may have changed since
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.readSoon())) throw error;
      return this.find(header, token);
    }
  }

  private async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<Key> {
    const keys = this.usable();
    if (!keys) throw new NoKeySet('No set of keys could be read.');
    return keys(header, token);
  }

  private usable(): KeySet | null {
    return this.ageMs() < MAX_AGE_MS + MAX_OUTAGE_MS ? (this.known?.keys ?? null) : null;
  }

  private ageMs(): number {
    return this.known ? this.options.nowMs() - this.known.readAtMs : Infinity;
  }

  /** Joins the read under way, or begins one where one may begin; false when neither. Never throws. */
  private async readSoon(): Promise<boolean> {
    if (!this.reading) {
      const now = this.options.nowMs();
      const sinceMs = this.askedAtMs === null ? Infinity : now - this.askedAtMs;
      // a clock that was set back must not stop it for good
      if (sinceMs >= 0 && sinceMs < ASK_EVERY_MS) return false;
      this.askedAtMs = now;
      this.reading = this.read(now).finally(() => (this.reading = null));
    }
    await this.reading;
    return true;
  }

  private async read(now: number): Promise<void> {
    const { url, log, onRead } = this.options;
    try {
      this.known = { keys: createLocalJWKSet(await readKeySet(url)), readAtMs: now };
      this.hasFailed = false;
      onRead();
    } catch (error) {
      this.hasFailed = true;
      log.warn({ url, err: error }, 'tokens: the keys at AUTH_JWKS_URL cannot be read');
    }
  }
}
