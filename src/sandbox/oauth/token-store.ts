// Codes and tokens. Only their hashes are stored. A family is one interactive sign-in: its refresh tokens end 90 days after it,
// however often they were rotated (sage200.md §1.3).
import { createHash, randomBytes } from 'node:crypto';
import type { Ledger } from '../ledger/ledger.js';

export interface TokenLives {
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
}

export interface Grant {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly token_type: 'Bearer';
}

const CODE_LIFE_MS = 10 * 60_000;
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
const secret = (): string => randomBytes(32).toString('base64url');

export class TokenStore {
  constructor(
    private readonly ledger: Ledger,
    private readonly lives: TokenLives,
    private readonly now: () => number,
  ) {}

  issueCode(redirectUri: string, scope: string): string {
    const code = secret();
    const familyId = randomBytes(9).toString('base64url');
    this.ledger.run(
      "insert into oauth_families values (?, 'sandbox-client', 'sandbox.user', ?, 0)",
      familyId,
      this.now(),
    );
    this.ledger.run(
      'insert into oauth_codes values (?, ?, ?, ?, ?, 0)',
      hashOf(code),
      familyId,
      redirectUri,
      scope,
      this.now() + CODE_LIFE_MS,
    );
    return code;
  }

  redeemCode(code: string, redirectUri: string): Grant | null {
    const row = this.ledger.row<{
      family_id: string;
      redirect_uri: string;
      scope: string;
      expires_at_ms: number;
      is_used: number;
    }>('select family_id, redirect_uri, scope, expires_at_ms, is_used from oauth_codes where hash = ?', hashOf(code));
    if (!row || row.is_used || row.expires_at_ms <= this.now() || row.redirect_uri !== redirectUri) return null;
    this.ledger.run('update oauth_codes set is_used = 1 where hash = ?', hashOf(code));
    return this.issue(row.family_id, row.scope);
  }

  /** The old refresh token dies as the new one is made. */
  refresh(refreshToken: string): Grant | null {
    return this.ledger.transaction(() => {
      const row = this.find(refreshToken, 'refresh');
      if (!row) return null;
      this.ledger.run('update oauth_tokens set is_dead = 1 where hash = ?', hashOf(refreshToken));
      return this.issue(row.family_id, row.scope);
    });
  }

  isAccessTokenGood(accessToken: string): boolean {
    return this.find(accessToken, 'access') !== undefined;
  }

  /** `access`: the next call is answered 401. `all`: somebody must sign in again. */
  revoke(what: 'access' | 'refresh' | 'all'): void {
    if (what === 'all') this.ledger.run('update oauth_families set is_revoked = 1');
    this.ledger.run("update oauth_tokens set is_dead = 1 where ? = 'all' or kind = ?", what, what);
  }

  private find(token: string, kind: 'access' | 'refresh'): { family_id: string; scope: string } | undefined {
    return this.ledger.row<{ family_id: string; scope: string }>(
      `select t.family_id, t.scope from oauth_tokens t join oauth_families f on f.id = t.family_id
       where t.hash = ? and t.kind = ? and t.is_dead = 0 and t.expires_at_ms > ? and f.is_revoked = 0`,
      hashOf(token),
      kind,
      this.now(),
    );
  }

  private issue(familyId: string, scope: string): Grant {
    const signedIn =
      this.ledger.row<{ at: number }>('select signed_in_at_ms at from oauth_families where id = ?', familyId)?.at ?? 0;
    const accessToken = this.jwtLike(scope);
    const refreshToken = scope.split(' ').includes('offline_access') ? secret() : undefined;
    const store = (token: string, kind: string, expiresAtMs: number): void => {
      this.ledger.run(
        'insert into oauth_tokens values (?, ?, ?, ?, ?, 0)',
        hashOf(token),
        familyId,
        kind,
        scope,
        expiresAtMs,
      );
    };
    store(accessToken, 'access', this.now() + this.lives.accessTokenSeconds * 1000);
    if (refreshToken) store(refreshToken, 'refresh', signedIn + this.lives.refreshTokenSeconds * 1000);
    return {
      access_token: accessToken,
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      expires_in: this.lives.accessTokenSeconds,
      scope,
      token_type: 'Bearer',
    };
  }

  /** Three parts as a JWT has them; nobody is meant to verify the third. */
  private jwtLike(scope: string): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const issuedAt = Math.floor(this.now() / 1000);
    const claims = {
      iss: 'https://id.sage.com/',
      sub: 'auth0|sandbox',
      aud: ['s200ukipd/sage200', 'https://id-shadow.sage.com/userinfo'],
      iat: issuedAt,
      exp: issuedAt + this.lives.accessTokenSeconds,
      azp: 'sandbox-client',
      scope,
    };
    return `${part({ alg: 'RS256', typ: 'JWT', kid: 'sandbox' })}.${part(claims)}.${secret()}`;
  }
}
