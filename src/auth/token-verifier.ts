import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { AppError } from '../common/errors.js';
import { unauthenticated } from '../common/errors.js';
import type { Log } from '../common/log.js';
import { type Caller, callerKey, type Scope, SCOPES } from './caller.js';
import type { Instances } from './instances.js';
import { NoKeySet, RemoteKeys } from './remote-keys.js';
import { refuseHeader } from './token-header.js';

export interface TokenRules {
  /** HS256 with this secret … */
  secret?: Uint8Array;
  /** … or RS256 and ES256 with the keys found here. */
  jwksUrl?: string;
  issuer?: string;
  audience?: string;
}

export interface TokenVerifierParts {
  instances: Pick<Instances, 'idOf'>;
  now(): Date;
  log: Log;
}

const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_TOKEN_LENGTH = 8_192;
const MAX_SUBJECT_LENGTH = 255;
/** The last instant that a Date can hold, in seconds. */
const MAX_NUMERIC_DATE = 8.64e12;
/** A token that was good is not checked again for so long: the signature costs a tenth of the widget's answer. */
const KEPT_MS = 30_000;
const MAX_KEPT = 1_000;

/** Which of the two it is, is not for whoever has no good token. */
export const NO_INSTANCE = 'This instance does not exist or is disabled. Ask your administrator.';

/** A token that was good. */
interface Kept {
  untilMs: number;
  payload: JWTPayload;
  /** Made of it the last time. */
  caller?: Caller;
}

/**
 * Turns bearer tokens into callers. Whatever is wrong with a token, the answer is UNAUTHENTICATED. That a token was good is
 * remembered for half a minute, never past its end or the next read of the key set; its instance is looked at each time.
 */
export class TokenVerifier {
  private readonly verify: (token: string) => Promise<JWTPayload>;
  private kept = new Map<string, Kept>();

  constructor(
    rules: TokenRules,
    private readonly parts: TokenVerifierParts,
  ) {
    const { now, log } = parts;
    const options = (algorithms: string[]): JWTVerifyOptions => ({
      algorithms,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now(),
      ...(rules.issuer ? { issuer: rules.issuer } : {}),
      ...(rules.audience ? { audience: rules.audience } : {}),
    });
    const { secret, jwksUrl } = rules;
    if (secret) {
      this.verify = async (token) => (await jwtVerify(token, secret, options(['HS256']))).payload;
    } else if (jwksUrl) {
      const onRead = () => (this.kept = new Map());
      const keys = new RemoteKeys({ url: jwksUrl, nowMs: () => now().getTime(), log, onRead });
      const keyOf = keys.keyOf.bind(keys);
      this.verify = async (token) => (await jwtVerify(token, keyOf, options(['RS256', 'ES256']))).payload;
    } else {
      throw new Error('Neither a secret nor a JWKS URL is given.');
    }
  }

  /** `authorization` as the header or connection_init carries it: "Bearer <JWT>". Throws UNAUTHENTICATED. */
  async caller(authorization: string | undefined): Promise<Caller> {
    const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw unauthenticated('Send a token: Authorization: Bearer <JWT>.');
    if (token.length > MAX_TOKEN_LENGTH) throw misissued('The token is too long.');
    const known = await this.known(token);
    const { sub, instance, scope, exp } = known.payload;
    if (typeof sub !== 'string' || sub === '') throw misissued('The token names no subject (sub).');
    if (sub.length > MAX_SUBJECT_LENGTH) throw misissued("The token's subject (sub) is too long.");
    // JSON has numbers that are none here, such as 1e400
    if (typeof exp !== 'number' || !(exp <= MAX_NUMERIC_DATE)) throw misissued('The token has no end (exp).');
    if (typeof instance !== 'string' || instance === '') throw misissued('The token names no instance.');
    const instanceId = await this.parts.instances.idOf(instance);
    if (instanceId === null) throw unauthenticated(NO_INSTANCE);
    if (known.caller?.instanceId !== instanceId) {
      const key = callerKey({ instanceId, subject: sub });
      known.caller = { subject: sub, instance, instanceId, scopes: scopesOf(scope), expiresAt: exp * 1_000, key };
    }
    return known.caller;
  }

  private async known(token: string): Promise<Kept> {
    const nowMs = this.parts.now().getTime();
    // of before the check: should the key set be read meanwhile, its outcome is not kept
    const { kept } = this;
    const known = kept.get(token);
    if (known && nowMs < known.untilMs) return known;
    try {
      refuseHeader(token);
      const payload = await this.verify(token);
      if (kept.size >= MAX_KEPT) kept.clear();
      const good = { payload, untilMs: Math.min(nowMs + KEPT_MS, (payload.exp ?? 0) * 1_000) };
      kept.set(token, good);
      return good;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function refusalOf(error: unknown): AppError {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired. Get a new one.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return misissued(`The token's claim "${error.claim}" is missing or wrong.`);
  if (error instanceof NoKeySet) return unauthenticated('No token can be checked at the moment. Try again shortly.');
  return unauthenticated(
    'The token is not valid here: it is damaged, or was not issued for this gateway. Get a new one.',
  );
}

/** Another one from the same place would be no better. */
const misissued = (what: string) => unauthenticated(`${what} Ask whoever issues your tokens to put it right.`);

function scopesOf(scope: unknown): ReadonlySet<Scope> {
  const words = typeof scope === 'string' ? scope.split(' ') : [];
  return new Set(SCOPES.filter((known) => words.includes(known)));
}
