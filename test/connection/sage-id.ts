import { randomBytes } from 'node:crypto';
import type { SeenRequest, Step } from '../sage/scripted-server.js';

/** Sage ID as the gateway sees it: refresh tokens rotate, and the old one is dead at once. */
export class SageId {
  /** How often a refresh token was redeemed with success. */
  redemptions = 0;
  refusals = 0;
  expiresInSeconds = 28_800;
  delayMs = 0;
  readonly issued: string[] = [];
  readonly forms: Record<string, string>[] = [];
  private readonly good = new Set<string>();
  private readonly codes = new Set<string>();

  /** A refresh token that is good for one redemption. */
  issueRefreshToken(): string {
    const token = `canary-refresh-${randomBytes(8).toString('hex')}`;
    this.good.add(token);
    this.issued.push(token);
    return token;
  }

  issueCode(): string {
    const code = `canary-code-${randomBytes(8).toString('hex')}`;
    this.codes.add(code);
    this.issued.push(code);
    return code;
  }

  revokeAll(): void {
    this.good.clear();
  }

  /** Answers POST /oauth/token. */
  readonly answer = (request: SeenRequest): Step => {
    const form = Object.fromEntries(new URLSearchParams(request.body));
    this.forms.push(form);
    const [held, given] =
      form['grant_type'] === 'refresh_token' ? [this.good, form['refresh_token']] : [this.codes, form['code']];
    if (form['client_secret'] !== 'canary-client-secret') return { status: 401, json: { error: 'invalid_client' } };
    if (given === undefined || !held.delete(given)) {
      this.refusals += 1;
      const description = `Unknown or invalid refresh token: ${given}`;
      return { status: 403, json: { error: 'invalid_grant', error_description: description }, delayMs: this.delayMs };
    }
    this.redemptions += 1;
    const accessToken = `canary-access-${randomBytes(8).toString('hex')}`;
    this.issued.push(accessToken);
    const json = {
      access_token: accessToken,
      refresh_token: this.issueRefreshToken(),
      expires_in: this.expiresInSeconds,
      token_type: 'Bearer',
    };
    return { json, delayMs: this.delayMs };
  };
}
