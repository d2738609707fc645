import { describe, expect, test } from '@jest/globals';
import type { SageError } from '../../src/sage/sage-error.js';
import { listSites } from '../../src/sage/sites.js';
import type { Step } from '../sage/scripted-server.js';
import { KEY, OTHER_KEY } from './connection-test-process.js';
import { COMPANY, connectionsUnderTest, faultOf, settled, until } from './connections-under-test.js';

const connections = connectionsUnderTest();
const { start, stop, connect, ask, clientOf, statusOf, stored, write, endLease, bearersSince } = connections;

describe('a refresh token from the configuration', () => {
  test('is used once, when none is stored', async () => {
    const a = await start();
    expect(await statusOf(a)).toMatchObject({ state: 'NOT_CONNECTED', signInExpiresAt: null });
    expect(await faultOf(ask(a))).toMatchObject({ kind: 'sign_in_needed', provablyNotApplied: true });
    const token = connections.sageId.issueRefreshToken();
    expect(await connect(a, token)).toBe(true);
    expect(await ask(a)).toEqual([]);
    expect(await connect(a, token)).toBe(false);
    expect(await connect(a)).toBe(false);
    const { state, signInExpiresAt, message } = await statusOf(a);
    expect({ state, message }).toEqual({ state: 'CONNECTED', message: null });
    const days = ((signInExpiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(90, 2);
    expect(connections.sageId.redemptions).toBe(1);
  });

  test('of processes that start at once one stores it', async () => {
    const processes = await Promise.all([start(), start(), start()]);
    const token = connections.sageId.issueRefreshToken();
    const taken = await Promise.all(processes.map((process) => connect(process, token)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect((await stored()).version).toBe(1);
  });

  test('another one is taken once the sign-in has lapsed, the same one is not', async () => {
    const a = await start();
    const token = connections.sageId.issueRefreshToken();
    await connect(a, token);
    connections.sageId.revokeAll();
    await faultOf(ask(a));
    expect(await connect(a, token)).toBe(false);
    expect(await connect(a)).toBe(true);
    expect(await ask(a)).toEqual([]);
    expect(await statusOf(a)).toMatchObject({ state: 'CONNECTED', message: null });
  });
});

describe('refreshing', () => {
  test('processes that need a token at once redeem once', async () => {
    connections.sageId.delayMs = 150;
    const processes = await Promise.all([start(), start(), start()]);
    await connect(processes[0]);
    await Promise.all(processes.flatMap((process) => [ask(process), ask(process), ask(process, '/banks')]));
    expect(connections.sageId.redemptions).toBe(1);
    expect(connections.sageId.refusals).toBe(0);
    expect(bearersSince(0).size).toBe(1);
  });

  test('processes whose token Sage rejects at once redeem once', async () => {
    const processes = await Promise.all([start(), start()]);
    await connect(processes[0]);
    await Promise.all(processes.map((process) => ask(process)));
    const old = connections.server.seen.at(-1)?.headers.authorization;
    connections.api = ({ headers }) => (headers.authorization === old ? { status: 401 } : { json: [1] });
    connections.sageId.delayMs = 100;
    const answers = await Promise.all(processes.flatMap((process) => [ask(process), ask(process)]));
    expect(answers).toEqual([[1], [1], [1], [1]]);
    expect(connections.sageId.redemptions).toBe(2);
    expect(connections.sageId.refusals).toBe(0);
  });

  test('a token is renewed a little before its end, by Sage’s expires_in', async () => {
    const a = await start();
    await connect(a);
    await ask(a);
    connections.clock.aheadMs += (28_800 - 90) * 1_000;
    await ask(a);
    expect(connections.sageId.redemptions).toBe(1);
    connections.clock.aheadMs += 45_000;
    await ask(a);
    expect(connections.sageId.redemptions).toBe(2);
    connections.sageId.expiresInSeconds = 10;
    connections.clock.aheadMs += 28_800_000;
    await ask(a);
    expect(connections.sageId.redemptions).toBe(3);
    connections.clock.aheadMs += 9_500;
    await ask(a);
    expect(connections.sageId.redemptions).toBe(4);
  });

  test('while Sage ID is away, a token that is good yet is used to its end', async () => {
    const a = await start();
    await connect(a);
    await ask(a);
    connections.tokenEndpoint = () => ({ status: 503 });
    connections.clock.aheadMs += (28_800 - 30) * 1_000;
    expect(await ask(a)).toEqual([]);
    connections.clock.aheadMs += 31_000;
    expect(await faultOf(ask(a))).toMatchObject({ kind: 'server_error', httpStatus: 503 });
    await settled();
    expect(await statusOf(a)).toMatchObject({ state: 'UNREACHABLE' });
    connections.tokenEndpoint = connections.sageId.answer;
    expect(await ask(a)).toEqual([]);
    expect(connections.sageId.redemptions).toBe(2);
  });

  test('what was rotated and stored survives a crash before it was used', async () => {
    const a = await start();
    await connect(a);
    connections.api = () => 'hang';
    void ask(a).catch(() => undefined);
    await until(() => connections.server.seen.length >= 2);
    // The process is gone between storing the tokens and the answer to the first request that bears them
    await stop(a);
    connections.api = () => ({ json: ['after'] });
    expect(await ask(await start())).toEqual(['after']);
    expect(connections.sageId.redemptions).toBe(1);
  });

  test('a holder of the lease that died is taken over once the lease has run out', async () => {
    const a = await start();
    await connect(a);
    await write('UPDATE sage_connection SET lease_owner = ?, lease_until = ? WHERE instance_id = ?', [
      'dead',
      Date.now() + 700,
      connections.instanceId,
    ]);
    const startedAt = Date.now();
    expect(await ask(a)).toEqual([]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(600);
    expect(connections.sageId.redemptions).toBe(1);
  });

  test('a database that fails for a moment does not lose the new token', async () => {
    const a = await start();
    await connect(a);
    const real = a.database.transaction.bind(a.database);
    let calls = 0;
    a.database.transaction = ((work) => {
      calls += 1;
      return calls === 2 || calls === 3 ? Promise.reject(new Error('away')) : real(work);
    }) as typeof real;
    expect(await ask(a)).toEqual([]);
    expect(connections.sageId.redemptions).toBe(1);
  });

  test('no transaction is open while Sage is called', async () => {
    const a = await start();
    await connect(a);
    connections.sageId.delayMs = 300;
    const asked = ask(a);
    await until(() => connections.server.seen.length > 0);
    const startedAt = performance.now();
    await a.database.transaction((transaction) =>
      transaction.execute('UPDATE sage_connection SET message = NULL WHERE instance_id = ?', [connections.instanceId]),
    );
    expect(performance.now() - startedAt).toBeLessThan(200);
    await asked;
  });
});

describe('invalid_grant', () => {
  test('asks for a person, stops asking Sage, and says what to do', async () => {
    const a = await start();
    await connect(a);
    connections.sageId.revokeAll();
    expect(await faultOf(ask(a))).toMatchObject({ kind: 'sign_in_needed', retryable: false, provablyNotApplied: true });
    await faultOf(ask(a));
    expect(connections.sageId.refusals).toBe(1);
    const status = await statusOf(a);
    expect(status.state).toBe('SIGN_IN_NEEDED');
    expect(status.message).toContain('signs in again');
    expect(a.states).toEqual([
      [connections.instanceId, 'CONNECTED'],
      [connections.instanceId, 'SIGN_IN_NEEDED'],
    ]);
    // Neither a late answer nor a lost connection covers it up
    await a.service.reportContact(connections.instanceId, { reached: true, message: null });
    await a.service.reportContact(connections.instanceId, { reached: false, message: 'reset' });
    expect((await statusOf(a)).state).toBe('SIGN_IN_NEEDED');
  });

  test('is not believed when another process has rotated the token meanwhile', async () => {
    const [a, b] = [await start(), await start()];
    await connect(a);
    // The lease of a slow process runs out; the other one redeems the same token, and is done before the slow one asks
    const slow = connections.sageId.answer;
    let isFirst = true;
    connections.tokenEndpoint = async (request) => {
      if (!isFirst) return slow(request);
      isFirst = false;
      await endLease();
      await ask(b);
      return slow(request);
    };
    expect(await ask(a)).toEqual([]);
    expect(connections.sageId).toMatchObject({ redemptions: 1, refusals: 1 });
    expect((await statusOf(a)).state).toBe('CONNECTED');
  });

  test('is taken back when the process that did redeem stores late', async () => {
    const [a, b] = [await start(), await start()];
    await connect(a);
    const real = connections.sageId.answer;
    connections.tokenEndpoint = async (request) => {
      const answer = real(request);
      if (connections.sageId.redemptions === 1 && connections.sageId.refusals === 0) {
        await endLease();
        expect(await faultOf(ask(b))).toMatchObject({ kind: 'sign_in_needed' });
      }
      return answer;
    };
    expect(await ask(a)).toEqual([]);
    expect(await statusOf(a)).toMatchObject({ state: 'CONNECTED', message: null });
    expect(await ask(b)).toEqual([]);
  });

  test('a fault of Sage ID or of the credentials is no lapsed sign-in', async () => {
    const a = await start();
    await connect(a);
    const steps: [Step, Partial<SageError>][] = [
      ['reset', { kind: 'unreachable' }],
      ['html-502', { kind: 'server_error' }],
      [{ status: 429, headers: { 'retry-after': '0' } }, { kind: 'rate_limited' }],
      [{ json: { token_type: 'Bearer' } }, { kind: 'bad_answer' }],
      [{ text: 'not json' }, { kind: 'bad_answer' }],
      [{ status: 401, json: { error: 'invalid_client', error_description: 'canary' } }, { kind: 'refused' }],
    ];
    for (const [step, expected] of steps) {
      connections.server.answer(() => step);
      const fault = await faultOf(clientOf(a).post('/x', {}, { company: COMPANY }));
      expect(fault).toMatchObject({ ...expected, isSignInFault: true, provablyNotApplied: true });
      expect(fault.message).not.toContain('canary');
      expect((await stored()).lease_owner).toBeNull();
    }
    await settled();
    const { state, message } = await statusOf(a);
    expect(state).toBe('UNREACHABLE');
    expect(message).toMatch(/^The access to Sage cannot be renewed/);
  });
});

describe('the state', () => {
  test('follows what the client meets, and writes seldom', async () => {
    const a = await start();
    await connect(a);
    const writes: string[] = [];
    a.database.onStatement((sql) => void (sql.includes('last_contact_at = ?') && writes.push(sql)));
    for (let times = 0; times < 20; times += 1) await ask(a);
    await settled();
    expect(writes).toHaveLength(1);
    const { lastContactAt } = await statusOf(a);
    expect(Math.abs((lastContactAt?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);

    connections.api = () => 'html-502';
    await faultOf(clientOf(a).post('/x', {}, { company: COMPANY }));
    await settled();
    const lost = await statusOf(a);
    expect(lost.state).toBe('UNREACHABLE');
    expect(lost.message).toContain('connector');
    expect(lost.lastContactAt).toEqual(lastContactAt);

    connections.api = () => ({ json: [] });
    await ask(a);
    await settled();
    expect(await statusOf(a)).toMatchObject({ state: 'CONNECTED', message: null });
    expect(writes).toHaveLength(3);
    connections.clock.aheadMs += 6_000;
    await ask(a);
    await settled();
    expect(writes).toHaveLength(4);
    expect(a.states.map(([, state]) => state)).toEqual(['CONNECTED', 'UNREACHABLE', 'CONNECTED']);
  });

  test('an empty list of sites is UNREACHABLE until the list has a company again, whatever else is answered', async () => {
    const a = await start();
    await connect(a);
    await ask(a);
    expect(await listSites(clientOf(a))).toEqual([]);
    await a.clients.reportEmptySites(connections.instanceId);
    expect(await statusOf(a)).toMatchObject({
      state: 'UNREACHABLE',
      message: expect.stringContaining('lists no company') as unknown,
    });
    await listSites(clientOf(a));
    await settled();
    expect((await statusOf(a)).state).toBe('UNREACHABLE');
    connections.api = () => ({ json: [{ site_id: 's', company_id: 1, company_name: 'A', site_name: 'B' }] });
    expect(await listSites(clientOf(a))).toHaveLength(1);
    await settled();
    expect((await statusOf(a)).state).toBe('UNREACHABLE');
    await a.clients.reportSites(connections.instanceId);
    expect((await statusOf(a)).state).toBe('CONNECTED');
  });

  test('warns before the sign-in runs out', async () => {
    const a = await start();
    await connect(a);
    connections.clock.aheadMs += 80 * 86_400_000;
    expect((await statusOf(a)).message).toMatch(/^The sign-in to Sage runs out on \d{4}-\d\d-\d\d\./);
    connections.clock.aheadMs += 11 * 86_400_000;
    expect((await statusOf(a)).message).toContain('was due to run out');
  });

  test('instances do not see each other', async () => {
    const a = await start();
    await connect(a);
    expect((await a.service.status(connections.instanceId + 1_000)).state).toBe('NOT_CONNECTED');
    expect(clientOf(a)).toBe(clientOf(a));
    expect(clientOf(a)).not.toBe(a.clients.client(connections.instanceId + 1_000));
  });
});

describe('secrets', () => {
  test('are stored sealed, and reach no log, message or error', async () => {
    const a = await start();
    const given = connections.sageId.issueRefreshToken();
    await connect(a, given);
    await ask(a);
    connections.sageId.revokeAll();
    connections.api = () => ({ status: 401 });
    const fault = await faultOf(ask(a));
    const said = [a.lines.join(), JSON.stringify(await stored()), JSON.stringify(await statusOf(a))];
    said.push(`${fault.stack} ${JSON.stringify(fault)}`);
    for (const secret of [...connections.sageId.issued, 'canary-client-secret', KEY])
      expect(said.join()).not.toContain(secret);
    expect(said.join()).not.toContain('canary');
  });

  test('the previous key opens, the next refresh seals with the new one', async () => {
    const a = await start();
    await connect(a);
    await ask(a);
    const before = await stored();
    const b = await start({ encryptionKey: OTHER_KEY, encryptionKeyPrevious: KEY });
    expect(await ask(b)).toEqual([]);
    expect(connections.sageId.redemptions).toBe(1);
    connections.clock.aheadMs += 30_000_000;
    expect(await ask(b)).toEqual([]);
    const keyId = (text: unknown) => String(text).split('.')[1];
    expect(keyId((await stored()).refresh_token)).not.toBe(keyId(before.refresh_token));
    const c = await start({ encryptionKey: OTHER_KEY });
    expect(await ask(c)).toEqual([]);
  });

  test('a lost key, or a row copied to another instance, is said, and Sage is not asked', async () => {
    const a = await start();
    await connect(a);
    const b = await start({ encryptionKey: OTHER_KEY });
    expect(await faultOf(ask(b))).toMatchObject({
      kind: 'sign_in_needed',
      message: expect.stringContaining('ENCRYPTION_KEY') as unknown,
    });
    await write(
      `INSERT INTO sage_connection (instance_id, state, refresh_token, version, lease_until)
        SELECT ?, state, refresh_token, version, 0 FROM sage_connection WHERE instance_id = ?`,
      [connections.instanceId + 5_000, connections.instanceId],
    );
    const copied = b.clients.client(connections.instanceId + 5_000).get('/x');
    expect(await faultOf(copied)).toMatchObject({ kind: 'sign_in_needed' });
    const read = a.clients.client(connections.instanceId + 5_000).get('/x');
    expect(await faultOf(read)).toMatchObject({
      message: expect.stringContaining('copied from another row') as unknown,
    });
    expect(connections.server.seen).toHaveLength(0);
    expect((await stored()).lease_owner).toBeNull();
  });
});
