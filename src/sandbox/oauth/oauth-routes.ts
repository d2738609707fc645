// Sage ID's two endpoints: /authorize and /oauth/token (sage200.md §1.3).
import { html, json, redirect, type Reply } from '../server/reply.js';
import type { SandboxRequest } from '../server/request.js';
import type { TokenStore } from './token-store.js';

export const CLIENT_ID = 'sandbox-client';
export const CLIENT_SECRET = 'sandbox-secret';
export const AUDIENCE = 's200ukipd/sage200';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

export function authorize(tokens: TokenStore, { query }: SandboxRequest): Reply {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== CLIENT_ID) return html('<h1>Unknown client</h1>', 400);
  if (!isLoopback(redirectUri)) return html('<h1>Callback URL mismatch</h1>', 400);
  const state = query.get('state');
  const back = (values: Record<string, string>): Reply => {
    const url = new URL(redirectUri);
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
    if (state !== null) url.searchParams.set('state', state);
    return redirect(url.href);
  };
  if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
  if (query.get('audience') !== AUDIENCE) {
    return back({ error: 'access_denied', error_description: `Service not found: ${query.get('audience') ?? ''}` });
  }
  if (query.get('prompt') === 'none') return back({ code: tokens.issueCode(redirectUri, query.get('scope') ?? '') });
  const link = new URLSearchParams(query);
  link.set('prompt', 'none');
  return html(signInPage(`/authorize?${link.toString()}`));
}

const signInPage = (href: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sage 200 sandbox</title>
<style>body{font:16px/1.5 system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}a{display:inline-block;padding:.6rem 1.2rem;background:#00811f;color:#fff;text-decoration:none;border-radius:4px}</style>
<h1>Sage 200 sandbox</h1><p>This stands in for Sage ID. No password is asked for.</p>
<p><a href="${href.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">Sign in</a></p></html>`;

export function token(tokens: TokenStore, request: SandboxRequest): Reply {
  if (request.method !== 'POST') return error(405, 'invalid_request', 'The token endpoint takes POST only.');
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return error(400, 'invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(request.body);
  if (form.get('client_id') !== CLIENT_ID || form.get('client_secret') !== CLIENT_SECRET) {
    return error(401, 'invalid_client', 'Client authentication failed.');
  }
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const grant = tokens.redeemCode(form.get('code') ?? '', form.get('redirect_uri') ?? '');
      return grant ? answer(grant) : error(403, 'invalid_grant', 'Invalid authorization code');
    }
    case 'refresh_token': {
      const grant = tokens.refresh(form.get('refresh_token') ?? '');
      return grant ? answer(grant) : error(403, 'invalid_grant', 'Unknown or invalid refresh token.');
    }
    default:
      return error(400, 'unsupported_grant_type', 'Unsupported grant type.');
  }
}

const answer = (grant: object): Reply => ({ ...json(grant), headers: NO_STORE });
const error = (status: number, code: string, description: string): Reply => ({
  ...json({ error: code, error_description: description }, status),
  headers: NO_STORE,
});

function isLoopback(uri: string): boolean {
  try {
    return LOOPBACK.has(new URL(uri).hostname);
  } catch {
    return false;
  }
}
