import { beforeEach, describe, expect, test } from '@jest/globals';
import { callbackPage, signInPage } from '../../src/connection/sign-in-pages.js';
import type { GatewayProcess } from './connection-test-process.js';
import { connectionsUnderTest } from './connections-under-test.js';

const connections = connectionsUnderTest();
const { start, connect, ask, statusOf } = connections;

let gateway: GatewayProcess;
beforeEach(async () => {
  cookies = undefined;
  gateway = await start();
});

/** The cookies of a browser; empty before it has been anywhere. */
let cookies: string | undefined;
const goTo = async (query: Record<string, unknown>) => {
  const answer = await signInPage(gateway.service, { query, cookies });
  cookies = answer.headers['set-cookie']?.split(';')[0] ?? cookies;
  return answer;
};
const comeBack = (query: Record<string, unknown>) => callbackPage(gateway.service, { query, cookies });

const begin = async () => {
  const link = new URL(await gateway.service.beginSignIn(connections.instanceId, 'operator-1'));
  return { link, ticket: link.searchParams.get('ticket') ?? '' };
};
const toSage = async (ticket: string) => {
  const answer = await goTo({ ticket });
  expect(answer.status).toBe(302);
  return new URL(answer.headers['location'] ?? '');
};
const stateOf = async () => (await toSage((await begin()).ticket)).searchParams.get('state') ?? '';

test('the round trip: link, Sage, callback, connected', async () => {
  const { link, ticket } = await begin();
  expect(`${link.origin}${link.pathname}`).toBe('https://gateway.example/sage/sign-in');
  const sage = await toSage(ticket);
  expect(`${sage.origin}${sage.pathname}`).toBe(`${connections.server.url}/authorize`);
  const { state, ...query } = Object.fromEntries(sage.searchParams);
  expect(query).toEqual({
    audience: 's200ukipd/sage200',
    response_type: 'code',
    client_id: 'client-1',
    redirect_uri: 'https://gateway.example/sage/callback',
    scope: 'openid profile email offline_access',
  });
  const done = await comeBack({ state, code: connections.sageId.issueCode() });
  expect(done.status).toBe(200);
  expect(done.html).toContain('Signed in to Sage');
  expect(done.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(connections.sageId.forms[0]).toMatchObject({
    grant_type: 'authorization_code',
    redirect_uri: 'https://gateway.example/sage/callback',
    client_id: 'client-1',
  });
  expect(connections.server.seen[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(await statusOf(gateway)).toMatchObject({ state: 'CONNECTED', message: null });
  // The access token that came with the code serves until its end
  expect(await ask(gateway, '/x')).toEqual([]);
  expect(connections.sageId.redemptions).toBe(1);
  const stored = JSON.stringify(await connections.database.query('SELECT * FROM sign_in_ticket'));
  expect(stored).not.toContain(ticket.split('.')[1]);
  expect(gateway.lines.join()).not.toContain(ticket.split('.')[1]);
});

test('a ticket is for one use, within ten minutes, also when two browsers race', async () => {
  const used = await begin();
  await toSage(used.ticket);
  const again = await goTo({ ticket: used.ticket });
  expect(again.status).toBe(410);
  expect(again.html).toContain('This link is no longer good');
  expect(again.html).toContain('If the link came from npm run instance -- sign-in, run that again.');

  const late = await begin();
  connections.clock.aheadMs += 601_000;
  expect((await goTo({ ticket: late.ticket })).status).toBe(410);

  const raced = await begin();
  const answers = await Promise.all([1, 2, 3].map(() => goTo({ ticket: raced.ticket })));
  expect(answers.map(({ status }) => status).sort()).toEqual([302, 410, 410]);
});

test('what is no ticket of ours is refused: garbage, another instance’s, a state, two at once', async () => {
  const { ticket } = await begin();
  const state = await stateOf();
  const other = `${connections.instanceId + 1}.${ticket.split('.')[1]}`;
  for (const wrong of ['', 'x', '1.2', other, state, `${ticket}x`, undefined, [ticket, ticket]]) {
    expect((await goTo({ ticket: wrong })).status).toBe(410);
  }
  expect((await comeBack({ state: ticket, code: connections.sageId.issueCode() })).status).toBe(400);
  await toSage(ticket);
});

test('a state is for one use, within ten minutes, and must be known', async () => {
  const state = await stateOf();
  expect((await comeBack({ state, code: connections.sageId.issueCode() })).status).toBe(200);
  const again = await comeBack({ state, code: connections.sageId.issueCode() });
  expect(again.status).toBe(400);
  expect(again.html).toContain('This sign-in is not known');
  const late = await stateOf();
  connections.clock.aheadMs += 601_000;
  expect((await comeBack({ state: late, code: connections.sageId.issueCode() })).status).toBe(400);
  expect((await comeBack({ state: 'made-up', code: 'x' })).status).toBe(400);
  expect(connections.sageId.redemptions).toBe(1);
});

test('a refusal by Sage is said, escaped, and uses the state up', async () => {
  const state = await stateOf();
  const refused = await comeBack({ state, error: '<script>alert(1)</script>' });
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('Not signed in');
  expect(refused.html).not.toContain('<script>');
  expect((await comeBack({ state, code: connections.sageId.issueCode() })).status).toBe(400);
  expect((await statusOf(gateway)).state).toBe('NOT_CONNECTED');
});

test('a bad code, an absent refresh token and a Sage ID that is down are told apart', async () => {
  const bad = await comeBack({ state: await stateOf(), code: 'canary-wrong' });
  expect([bad.status, bad.html.includes('did not accept')]).toEqual([400, true]);
  expect(bad.html).not.toContain('canary');
  connections.server.answer(() => ({ json: { access_token: 'canary-a', expires_in: 60 } }));
  const none = await comeBack({ state: await stateOf(), code: 'c' });
  expect([none.status, none.html.includes('offline_access')]).toEqual([400, true]);
  connections.server.answer(() => 'html-502');
  const down = await comeBack({ state: await stateOf(), code: 'c' });
  expect([down.status, down.html.includes('Sage does not answer')]).toEqual([502, true]);
  expect((await statusOf(gateway)).state).toBe('NOT_CONNECTED');
});

test('signing in again ends SIGN_IN_NEEDED, and other processes take the new tokens', async () => {
  const other = await start();
  await connect(gateway);
  await ask(other, '/x');
  connections.sageId.revokeAll();
  connections.clock.aheadMs += 28_800_000;
  await expect(ask(gateway, '/x')).rejects.toMatchObject({ kind: 'sign_in_needed' });
  await comeBack({ state: await stateOf(), code: connections.sageId.issueCode() });
  await ask(other, '/x');
  await ask(gateway, '/x');
  const bearers = connections.server.seen
    .filter(({ path }) => path === '/v1/x')
    .map(({ headers }) => headers.authorization);
  expect(bearers.at(-1)).toBe(bearers.at(-2));
  expect((await statusOf(other)).state).toBe('CONNECTED');
});

describe('the way to Sage and back belongs to one browser', () => {
  test('its cookie is for this host alone, out of reach of scripts, and comes back from another site by a link only', async () => {
    const { headers } = await goTo({ ticket: (await begin()).ticket });
    expect(headers['set-cookie']).toMatch(
      /^__Host-sage-sign-in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    const stored = JSON.stringify(await connections.database.query('SELECT * FROM sign_in_ticket'));
    expect(stored).not.toContain(/=([\w-]{43})/.exec(headers['set-cookie'] ?? '')?.[1]);
  });

  test('a state that another browser brings back is refused, and stays good for its own', async () => {
    const state = await stateOf();
    const own = cookies;
    const code = connections.sageId.issueCode();
    for (const strange of [
      undefined,
      '',
      `__Host-sage-sign-in=${'A'.repeat(43)}`,
      `${own}; ${own}`,
      'sage-sign-in=x',
    ]) {
      cookies = strange;
      const refused = await comeBack({ state, code });
      expect([refused.status, refused.html.includes('not begun in this browser')]).toEqual([400, true]);
      expect((await comeBack({ state, error: 'access_denied' })).status).toBe(400);
    }
    expect(connections.sageId.redemptions).toBe(0);
    expect((await statusOf(gateway)).state).toBe('NOT_CONNECTED');
    cookies = `theme=dark; ${own}`;
    expect((await comeBack({ state, code })).status).toBe(200);
  });

  test('a sign-in of somebody else does not end in this browser, though both have begun one', async () => {
    const theirs = await stateOf();
    cookies = undefined;
    const mine = await stateOf();
    expect((await comeBack({ state: theirs, code: connections.sageId.issueCode() })).status).toBe(400);
    expect((await comeBack({ state: mine, code: connections.sageId.issueCode() })).status).toBe(200);
  });

  test('two tabs of one browser do not undo each other', async () => {
    const [first, second] = [await stateOf(), await stateOf()];
    expect((await comeBack({ state: first, code: connections.sageId.issueCode() })).status).toBe(200);
    expect((await comeBack({ state: second, code: connections.sageId.issueCode() })).status).toBe(200);
  });
});

test.each([
  '<script>alert(1)</script>',
  '" onload="alert(1)',
  "'><img src=x onerror=alert(1)>",
  'javascript:alert(1)',
  '&lt;b&gt;',
  '\u0000\u2028</title>',
])('nothing of an error %j becomes markup, and nobody is sent anywhere else', async (error) => {
  for (const page of [
    await comeBack({ state: await stateOf(), error }),
    await comeBack({ state: error, code: error }),
    await goTo({ ticket: error }),
  ]) {
    expect(page.headers['location']).toBeUndefined();
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.html.replaceAll(/<\/?(html|head|meta|title|style|body|h1|p|!doctype)\b[^<>]*>/g, '')).not.toMatch(
      /[<>]/,
    );
    expect(page.html).not.toMatch(/ on\w+=["']/);
  }
  const redirect = await goTo({
    ticket: (await begin()).ticket,
    redirect_uri: 'https://evil.example',
    next: 'https://evil.example',
  });
  expect(new URL(redirect.headers['location'] ?? '').origin).toBe(connections.server.url);
  expect(redirect.headers['location']).not.toContain('evil');
});
