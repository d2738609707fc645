import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import type { SageError } from '../../src/sage/sage-error.js';
import { listSites } from '../../src/sage/sites.js';
import { ScriptedServer, type SeenRequest, type Step } from '../sage/scripted-server.js';
import { createTestDatabase } from '../support/test-database.js';
import {
  KEY,
  MovableClock,
  openConnectionDatabase,
  OTHER_KEY,
  shared,
  startProcess,
} from './connection-test-process.js';
import { SageId } from './sage-id.js';

type Process = Awaited<ReturnType<typeof startProcess>>;
const COMPANY = { siteId: 'site', companyId: 1 };

let server: ScriptedServer;
let url: string;
let drop: () => Promise<void>;
let database: Database;
let sageId: SageId;
let running: Process[];
let api: (request: SeenRequest) => Step;
let instanceId = 0;

beforeAll(async () => {
  server = await ScriptedServer.start();
  ({ url, drop } = await createTestDatabase());
  database = await openConnectionDatabase(url);
  await database.dataSource.runMigrations();
});
afterAll(async () => {
  await database.close();
  await drop();
  await server.stop();
});
beforeEach(() => {
  instanceId += 1;
  sageId = new SageId();
  running = [];
  api = () => ({ json: [] });
  server.reset();
  server.answer((request) => (request.path === '/oauth/token' ? sageId.answer(request) : api(request)));
});
afterEach(async () => {
  for (const { close } of running) await close();
});

async function start(options: Parameters<typeof startProcess>[2] = {}): Promise<Process> {
  const started = await startProcess(url, server.url, { ...shared(database), ...options });
  running.push(started);
  return started;
}

const ask = (process: Process, path = '/customers') =>
  process.clients.client(instanceId).get(path, { company: COMPANY });
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => expect(null).toBe('a fault'),
    (error: unknown) => error,
  ) as Promise<SageError>;
/** What is noted after an answer is written beside it. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));
const row = async () => {
  const [found] = await database.query<Record<string, unknown>>('SELECT * FROM sage_connection WHERE instance_id = ?', [
    instanceId,
  ]);
  return found as Record<string, string | number | null>;
};

describe('a refresh token from the configuration', () => {
  test('is used once, when none is stored', async () => {
    const a = await start();
    expect(await a.service.status(instanceId)).toMatchObject({ state: 'NOT_CONNECTED', signInExpiresAt: null });
    expect(await faultOf(ask(a))).toMatchObject({ kind: 'sign_in_needed', provablyNotApplied: true });
    const token = sageId.issueRefreshToken();
    expect(await a.service.connectWithRefreshToken(instanceId, token)).toBe(true);
    expect(await ask(a)).toEqual([]);
    expect(await a.service.connectWithRefreshToken(instanceId, token)).toBe(false);
    expect(await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken())).toBe(false);
    const { state, signInExpiresAt, message } = await a.service.status(instanceId);
    expect({ state, message }).toEqual({ state: 'CONNECTED', message: null });
    const days = ((signInExpiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(90, 2);
    expect(sageId.redemptions).toBe(1);
  });

  test('of processes that start at once one stores it', async () => {
    const processes = await Promise.all([start(), start(), start()]);
    const token = sageId.issueRefreshToken();
    const taken = await Promise.all(processes.map(({ service }) => service.connectWithRefreshToken(instanceId, token)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect((await row())['version']).toBe(1);
  });

  test('another one is taken once the sign-in has lapsed, the same one is not', async () => {
    const a = await start();
    const token = sageId.issueRefreshToken();
    await a.service.connectWithRefreshToken(instanceId, token);
    sageId.revokeAll();
    await faultOf(ask(a));
    expect(await a.service.connectWithRefreshToken(instanceId, token)).toBe(false);
    expect(await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken())).toBe(true);
    expect(await ask(a)).toEqual([]);
    expect(await a.service.status(instanceId)).toMatchObject({ state: 'CONNECTED', message: null });
  });
});

describe('refreshing', () => {
  test('processes that need a token at once redeem once', async () => {
    sageId.delayMs = 150;
    const processes = await Promise.all([start(), start(), start()]);
    await processes[0]?.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await Promise.all(processes.flatMap((process) => [ask(process), ask(process), ask(process, '/banks')]));
    expect(sageId.redemptions).toBe(1);
    expect(sageId.refusals).toBe(0);
    const bearers = new Set(
      server.seen.filter(({ path }) => path !== '/oauth/token').map(({ headers }) => headers.authorization),
    );
    expect(bearers.size).toBe(1);
  });

  test('processes whose token Sage rejects at once redeem once', async () => {
    const processes = await Promise.all([start(), start()]);
    await processes[0]?.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await Promise.all(processes.map((process) => ask(process)));
    const old = server.seen.at(-1)?.headers.authorization;
    api = ({ headers }) => (headers.authorization === old ? { status: 401 } : { json: [1] });
    sageId.delayMs = 100;
    const answers = await Promise.all(processes.flatMap((process) => [ask(process), ask(process)]));
    expect(answers).toEqual([[1], [1], [1], [1]]);
    expect(sageId.redemptions).toBe(2);
    expect(sageId.refusals).toBe(0);
  });

  test('a token is renewed a little before its end, by Sage’s expires_in', async () => {
    const clock = new MovableClock();
    const a = await start({ clock });
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await ask(a);
    clock.aheadMs += (28_800 - 90) * 1_000;
    await ask(a);
    expect(sageId.redemptions).toBe(1);
    clock.aheadMs += 45_000;
    await ask(a);
    expect(sageId.redemptions).toBe(2);
    sageId.expiresInSeconds = 10;
    clock.aheadMs += 28_800_000;
    await ask(a);
    expect(sageId.redemptions).toBe(3);
    clock.aheadMs += 9_500;
    await ask(a);
    expect(sageId.redemptions).toBe(4);
  });

  test('while Sage ID is away, a token that is good yet is used to its end', async () => {
    const clock = new MovableClock();
    const a = await start({ clock });
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await ask(a);
    const good = sageId.answer;
    server.answer((request) => (request.path === '/oauth/token' ? { status: 503 } : api(request)));
    clock.aheadMs += (28_800 - 30) * 1_000;
    expect(await ask(a)).toEqual([]);
    clock.aheadMs += 31_000;
    expect(await faultOf(ask(a))).toMatchObject({ kind: 'server_error', httpStatus: 503 });
    await settled();
    expect(await a.service.status(instanceId)).toMatchObject({ state: 'UNREACHABLE' });
    server.answer((request) => (request.path === '/oauth/token' ? good(request) : api(request)));
    expect(await ask(a)).toEqual([]);
    expect(sageId.redemptions).toBe(2);
  });

  test('what was rotated and stored survives a crash before it was used', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    api = () => 'hang';
    void ask(a).catch(() => undefined);
    while (server.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    // The process is gone between storing the tokens and the answer to the first request that bears them
    await a.close();
    running.splice(0, 1);
    api = () => ({ json: ['after'] });
    expect(await ask(await start())).toEqual(['after']);
    expect(sageId.redemptions).toBe(1);
  });

  test('a holder of the lease that died is taken over once the lease has run out', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await database.transaction((transaction) =>
      transaction.execute('UPDATE sage_connection SET lease_owner = ?, lease_until = ? WHERE instance_id = ?', [
        'dead',
        Date.now() + 700,
        instanceId,
      ]),
    );
    const startedAt = Date.now();
    expect(await ask(a)).toEqual([]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(600);
    expect(sageId.redemptions).toBe(1);
  });

  test('a database that fails for a moment does not lose the new token', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    const real = a.database.transaction.bind(a.database);
    let calls = 0;
    a.database.transaction = ((work) => {
      calls += 1;
      return calls === 2 || calls === 3 ? Promise.reject(new Error('away')) : real(work);
    }) as typeof real;
    expect(await ask(a)).toEqual([]);
    expect(sageId.redemptions).toBe(1);
  });

  test('no transaction is open while Sage is called', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    sageId.delayMs = 300;
    const asked = ask(a);
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const startedAt = performance.now();
    await a.database.transaction((transaction) =>
      transaction.execute('UPDATE sage_connection SET message = NULL WHERE instance_id = ?', [instanceId]),
    );
    expect(performance.now() - startedAt).toBeLessThan(200);
    await asked;
  });
});

describe('invalid_grant', () => {
  test('asks for a person, stops asking Sage, and says what to do', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    sageId.revokeAll();
    expect(await faultOf(ask(a))).toMatchObject({ kind: 'sign_in_needed', retryable: false, provablyNotApplied: true });
    await faultOf(ask(a));
    expect(sageId.refusals).toBe(1);
    const status = await a.service.status(instanceId);
    expect(status.state).toBe('SIGN_IN_NEEDED');
    expect(status.message).toContain('signs in again');
    expect(a.states).toEqual([
      [instanceId, 'CONNECTED'],
      [instanceId, 'SIGN_IN_NEEDED'],
    ]);
    // Neither a late answer nor a lost connection covers it up
    await a.service.reportContact(instanceId, { reached: true, message: null });
    await a.service.reportContact(instanceId, { reached: false, message: 'reset' });
    expect((await a.service.status(instanceId)).state).toBe('SIGN_IN_NEEDED');
  });

  test('is not believed when another process has rotated the token meanwhile', async () => {
    const [a, b] = [await start(), await start()];
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    // The lease of a slow process runs out; the other one redeems the same token, and is done before the slow one asks
    const slow = sageId.answer;
    let isFirst = true;
    server.answer(async (request) => {
      if (request.path !== '/oauth/token') return api(request);
      if (!isFirst) return slow(request);
      isFirst = false;
      await database.transaction((transaction) =>
        transaction.execute('UPDATE sage_connection SET lease_until = 1 WHERE instance_id = ?', [instanceId]),
      );
      await ask(b);
      return slow(request);
    });
    expect(await ask(a)).toEqual([]);
    expect(sageId).toMatchObject({ redemptions: 1, refusals: 1 });
    expect((await a.service.status(instanceId)).state).toBe('CONNECTED');
  });

  test('is taken back when the process that did redeem stores late', async () => {
    const [a, b] = [await start(), await start()];
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    const real = sageId.answer;
    server.answer(async (request) => {
      if (request.path !== '/oauth/token') return api(request);
      const answer = real(request);
      if (sageId.redemptions === 1 && sageId.refusals === 0) {
        await database.transaction((transaction) =>
          transaction.execute('UPDATE sage_connection SET lease_until = 1 WHERE instance_id = ?', [instanceId]),
        );
        expect(await faultOf(ask(b))).toMatchObject({ kind: 'sign_in_needed' });
      }
      return answer;
    });
    expect(await ask(a)).toEqual([]);
    expect(await a.service.status(instanceId)).toMatchObject({ state: 'CONNECTED', message: null });
    expect(await ask(b)).toEqual([]);
  });

  test('a fault of Sage ID or of the credentials is no lapsed sign-in', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    const steps: [Step, Partial<SageError>][] = [
      ['reset', { kind: 'unreachable' }],
      ['html-502', { kind: 'server_error' }],
      [{ status: 429, headers: { 'retry-after': '0' } }, { kind: 'rate_limited' }],
      [{ json: { token_type: 'Bearer' } }, { kind: 'bad_answer' }],
      [{ text: 'not json' }, { kind: 'bad_answer' }],
      [{ status: 401, json: { error: 'invalid_client', error_description: 'canary' } }, { kind: 'refused' }],
    ];
    for (const [step, expected] of steps) {
      server.answer(() => step);
      const fault = await faultOf(a.clients.client(instanceId).post('/x', {}, { company: COMPANY }));
      expect(fault).toMatchObject({ ...expected, isSignInFault: true, provablyNotApplied: true });
      expect(fault.message).not.toContain('canary');
      expect((await row())['lease_owner']).toBeNull();
    }
    await settled();
    const { state, message } = await a.service.status(instanceId);
    expect(state).toBe('UNREACHABLE');
    expect(message).toMatch(/^The access to Sage cannot be renewed/);
  });
});

describe('the state', () => {
  test('follows what the client meets, and writes seldom', async () => {
    const clock = new MovableClock();
    const a = await start({ clock });
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    const writes: string[] = [];
    a.database.onStatement((sql) => void (sql.includes('last_contact_at = ?') && writes.push(sql)));
    for (let times = 0; times < 20; times += 1) await ask(a);
    await settled();
    expect(writes).toHaveLength(1);
    const { lastContactAt } = await a.service.status(instanceId);
    expect(Math.abs((lastContactAt?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);

    api = () => 'html-502';
    await faultOf(a.clients.client(instanceId).post('/x', {}, { company: COMPANY }));
    await settled();
    const lost = await a.service.status(instanceId);
    expect(lost.state).toBe('UNREACHABLE');
    expect(lost.message).toContain('connector');
    expect(lost.lastContactAt).toEqual(lastContactAt);

    api = () => ({ json: [] });
    await ask(a);
    await settled();
    expect(await a.service.status(instanceId)).toMatchObject({ state: 'CONNECTED', message: null });
    expect(writes).toHaveLength(3);
    clock.aheadMs += 6_000;
    await ask(a);
    await settled();
    expect(writes).toHaveLength(4);
    expect(a.states.map(([, state]) => state)).toEqual(['CONNECTED', 'UNREACHABLE', 'CONNECTED']);
  });

  test('an empty list of sites is UNREACHABLE until the list has a company again, whatever else is answered', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await ask(a);
    expect(await listSites(a.clients.client(instanceId))).toEqual([]);
    await a.clients.reportEmptySites(instanceId);
    expect(await a.service.status(instanceId)).toMatchObject({
      state: 'UNREACHABLE',
      message: expect.stringContaining('lists no company') as unknown,
    });
    await listSites(a.clients.client(instanceId));
    await settled();
    expect((await a.service.status(instanceId)).state).toBe('UNREACHABLE');
    api = () => ({ json: [{ site_id: 's', company_id: 1, company_name: 'A', site_name: 'B' }] });
    expect(await listSites(a.clients.client(instanceId))).toHaveLength(1);
    await settled();
    expect((await a.service.status(instanceId)).state).toBe('UNREACHABLE');
    await a.clients.reportSites(instanceId);
    expect((await a.service.status(instanceId)).state).toBe('CONNECTED');
  });

  test('warns before the sign-in runs out', async () => {
    const clock = new MovableClock();
    const a = await start({ clock });
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    clock.aheadMs += 80 * 86_400_000;
    expect((await a.service.status(instanceId)).message).toMatch(/^The sign-in to Sage runs out on \d{4}-\d\d-\d\d\./);
    clock.aheadMs += 11 * 86_400_000;
    expect((await a.service.status(instanceId)).message).toContain('was due to run out');
  });

  test('instances do not see each other', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    expect((await a.service.status(instanceId + 1_000)).state).toBe('NOT_CONNECTED');
    expect(a.clients.client(instanceId)).toBe(a.clients.client(instanceId));
    expect(a.clients.client(instanceId)).not.toBe(a.clients.client(instanceId + 1_000));
  });
});

describe('secrets', () => {
  test('are stored sealed, and reach no log, message or error', async () => {
    const a = await start();
    const given = sageId.issueRefreshToken();
    await a.service.connectWithRefreshToken(instanceId, given);
    await ask(a);
    sageId.revokeAll();
    api = () => ({ status: 401 });
    const fault = await faultOf(ask(a));
    const said = [a.lines.join(), JSON.stringify(await row()), JSON.stringify(await a.service.status(instanceId))];
    said.push(`${fault.stack} ${JSON.stringify(fault)}`);
    for (const secret of [...sageId.issued, 'canary-client-secret', KEY]) expect(said.join()).not.toContain(secret);
    expect(said.join()).not.toContain('canary');
  });

  test('the previous key opens, the next refresh seals with the new one', async () => {
    const clock = new MovableClock();
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    await ask(a);
    const before = await row();
    const b = await start({ clock, encryptionKey: OTHER_KEY, encryptionKeyPrevious: KEY });
    expect(await ask(b)).toEqual([]);
    expect(sageId.redemptions).toBe(1);
    clock.aheadMs += 30_000_000;
    expect(await ask(b)).toEqual([]);
    const keyId = (text: unknown) => String(text).split('.')[1];
    expect(keyId((await row())['refresh_token'])).not.toBe(keyId(before['refresh_token']));
    const c = await start({ encryptionKey: OTHER_KEY });
    expect(await ask(c)).toEqual([]);
  });

  test('a lost key, or a row copied to another instance, is said, and Sage is not asked', async () => {
    const a = await start();
    await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    const b = await start({ encryptionKey: OTHER_KEY });
    expect(await faultOf(ask(b))).toMatchObject({
      kind: 'sign_in_needed',
      message: expect.stringContaining('ENCRYPTION_KEY') as unknown,
    });
    await database.transaction(async (transaction) => {
      await transaction.execute(
        `INSERT INTO sage_connection (instance_id, state, refresh_token, version, lease_until)
          SELECT ?, state, refresh_token, version, 0 FROM sage_connection WHERE instance_id = ?`,
        [instanceId + 5_000, instanceId],
      );
    });
    const copied = b.clients.client(instanceId + 5_000).get('/x');
    expect(await faultOf(copied)).toMatchObject({ kind: 'sign_in_needed' });
    const read = a.clients.client(instanceId + 5_000).get('/x');
    expect(await faultOf(read)).toMatchObject({
      message: expect.stringContaining('copied from another row') as unknown,
    });
    expect(server.seen).toHaveLength(0);
    expect((await row())['lease_owner']).toBeNull();
  });
});
