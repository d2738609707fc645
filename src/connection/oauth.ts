import type { Dispatcher } from 'undici';
import type { Clock } from '../common/clock.js';
import { exchange, ExchangeError, type HttpAnswer } from '../sage/http-exchange.js';
import type { RequestLimiter } from '../sage/request-limiter.js';
import { badAnswer, SageError } from '../sage/sage-error.js';
import { errorOfExchange, requestIdsOf, retryAfterMs } from '../sage/sage-fault.js';

/** Both editions' (sage200.md §1.3). */
const AUDIENCE = 's200ukipd/sage200';
/** Without offline_access no refresh token comes back. */
const SCOPE = 'openid profile email offline_access';
const MAX_BODY_BYTES = 256 * 1024;
/** For an answer that lacks expires_in: short enough to be safe, and the next refresh tells better. */
const UNKNOWN_LIFE_SECONDS = 300;

export interface OAuthOptions {
  /** `/authorize` and `/oauth/token` hang below it. */
  authUrl: string;
  clientId: string;
  clientSecret: string;
  redirectUrl: string;
  dispatcher: Dispatcher;
  clock: Clock;
  timeoutMs: number;
}

export interface TokenAnswer {
  accessToken: string;
  /** Null when Sage issued none: the one in hand stays good. */
  refreshToken: string | null;
  /** Epoch ms, by Sage's own expires_in. */
  expiresAt: number;
}

/** The refresh token or the code is dead: used, revoked or run out. */
export class InvalidGrantError extends Error {}

/** Sage ID's OAuth endpoints. Errors hold the OAuth error code only: descriptions may quote what was sent. */
export class SageOAuth {
  constructor(private readonly options: OAuthOptions) {}

  authorizeUrl(state: string): string {
    const { authUrl, clientId, redirectUrl } = this.options;
    const query = new URLSearchParams({
      audience: AUDIENCE,
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUrl,
      scope: SCOPE,
      state,
    });
    return `${authUrl}/authorize?${query}`;
  }

  /** Throws InvalidGrantError, or SageError for every other fault. Runs in the caller's turn of `limiter`, which a 429 pauses. */
  exchangeCode(code: string, limiter: RequestLimiter): Promise<TokenAnswer> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: this.options.redirectUrl }, limiter);
  }

  /** Throws as `exchangeCode` does. After a time-out or a reset the token may have been redeemed nevertheless. */
  refresh(refreshToken: string, limiter: RequestLimiter): Promise<TokenAnswer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken }, limiter);
  }

  private async token(grant: Record<string, string>, limiter: RequestLimiter): Promise<TokenAnswer> {
    const { authUrl, clientId, clientSecret, dispatcher, clock, timeoutMs } = this.options;
    const askedAt = clock.now().getTime();
    let answer: HttpAnswer;
    try {
      answer = await exchange(dispatcher, clock, {
        method: 'POST',
        url: `${authUrl}/oauth/token`,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret }).toString(),
        timeoutMs,
        maxBytes: MAX_BODY_BYTES,
      });
    } catch (error) {
      throw error instanceof ExchangeError ? errorOfExchange(error, 'Sage ID') : error;
    }
    if (answer.status >= 200 && answer.status <= 299) return tokensIn(answer, askedAt);
    const fault = faultOf(answer, clock);
    if (answer.status === 429 && fault instanceof SageError) limiter.pause(fault.retryAfterMs ?? 0);
    throw fault;
  }
}

function tokensIn(answer: HttpAnswer, askedAt: number): TokenAnswer {
  const body = jsonObject(answer.text);
  const accessToken = body['access_token'];
  const refreshToken = body['refresh_token'];
  const seconds = Number(body['expires_in'] ?? Number.NaN);
  if (answer.broken || typeof accessToken !== 'string' || accessToken === '') {
    throw badAnswer("Sage ID's answer holds no access token.", {
      httpStatus: answer.status,
      retryable: true,
      provablyNotApplied: true,
      isSignInFault: true,
    });
  }
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : null,
    expiresAt: askedAt + (seconds > 0 ? seconds : UNKNOWN_LIFE_SECONDS) * 1_000,
  };
}

function faultOf(answer: HttpAnswer, clock: Clock): Error {
  const { status } = answer;
  const error = jsonObject(answer.text)['error'];
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : null;
  // By its code, not its status: 400 and 403 have both been seen for it
  if (code === 'invalid_grant') return new InvalidGrantError('Sage ID no longer takes this sign-in (invalid_grant).');
  const isServerFault = status >= 500 || status === 429;
  return new SageError({
    kind: status === 429 ? 'rate_limited' : isServerFault ? 'server_error' : 'refused',
    message: isServerFault
      ? `Sage ID fails (HTTP ${status}).`
      : `Sage ID refused the gateway itself (HTTP ${status}${code === null ? '' : `, ${code}`}): check SAGE_CLIENT_ID, SAGE_CLIENT_SECRET and SAGE_REDIRECT_URL.`,
    httpStatus: status,
    requestIds: requestIdsOf(answer.headers),
    retryable: isServerFault,
    provablyNotApplied: true,
    isSignInFault: true,
    retryAfterMs: retryAfterMs([answer.headers['retry-after']].flat()[0] ?? null, clock),
  });
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
