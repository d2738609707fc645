import type { AccessTokenSource } from '../../src/sage/access-token-source.js';

/** Signs in to a sandbox by the OAuth round trip, as a browser would, and answers with its tokens. */
export async function signInToSandbox(authUrl: string): Promise<{ accessToken: string; refreshToken: string }> {
  const redirectUri = 'http://127.0.0.1:9/sage/callback';
  const authorize = new URL(`${authUrl}/authorize`);
  authorize.search = new URLSearchParams({
    audience: 's200ukipd/sage200',
    response_type: 'code',
    client_id: 'sandbox-client',
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    state: 'test',
    prompt: 'none',
  }).toString();
  const answer = await fetch(authorize, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const tokens = await fetch(`${authUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
      redirect_uri: redirectUri,
      code,
    }),
  });
  const { access_token: accessToken, refresh_token: refreshToken } = (await tokens.json()) as Record<string, string>;
  return { accessToken: accessToken ?? '', refreshToken: refreshToken ?? '' };
}

/** A token that never changes, for tests of what lies above the sign-in. */
export function fixedToken(accessToken: string): AccessTokenSource {
  return { accessToken: async () => accessToken, refresh: async () => accessToken };
}
