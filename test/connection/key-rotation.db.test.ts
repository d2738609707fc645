import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import { SageError } from '../../src/sage/sage-error.js';
import { ScriptedServer, type Step } from '../sage/scripted-server.js';
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
const EIGHT_HOURS_MS = 28_800_000;

let server: ScriptedServer;
let url: string;
let drop: () => Promise<void>;
let database: Database;
let sageId: SageId;
let clock: MovableClock;
let running: Process[];
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
  clock = new MovableClock();
  running = [];
  server.reset();
  server.answer((request): Step => (request.path === '/oauth/token' ? sageId.answer(request) : { json: [] }));
});
afterEach(async () => {
  for (const { close } of running) await close();
});

async function start(options: Parameters<typeof startProcess>[2] = {}): Promise<Process> {
  // one that shares the writer is killed by itself all the same
  const { database: writer } = shared(database);
  const own = writer && { database: Object.create(writer) as Database };
  const started = await startProcess(url, server.url, { ...own, clock, ...options });
  running.push(started);
  return started;
}
async function signedIn(): Promise<Process> {
  const a = await start();
  await a.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
  await ask(a);
  return a;
}
const ask = (process: Process) => process.clients.client(instanceId).get('/customers', { company: COMPANY });
const faultOf = async (process: Process) => {
  const fault: unknown = await ask(process).catch((error: unknown) => error);
  return fault instanceof SageError ? fault.kind : 'none';
};
const stored = async () => {
  const [row] = await database.query<Record<'refresh_token' | 'access_token' | 'state' | 'message', string | null>>(
    'SELECT refresh_token, access_token, state, message FROM sage_connection WHERE instance_id = ?',
    [instanceId],
  );
  return row as NonNullable<typeof row>;
};
const keysOf = async () => {
  const { refresh_token: refresh, access_token: access } = await stored();
  return [refresh, access].map((text) => text?.split('.')[1]);
};
const NEXT = { encryptionKey: OTHER_KEY, encryptionKeyPrevious: KEY };
/** The two-step way: everybody knows the next key before anybody seals with it. */
const PREPARED = { encryptionKey: KEY, encryptionKeyPrevious: OTHER_KEY };

describe('another ENCRYPTION_KEY', () => {
  test('what the previous one sealed is sealed anew at the start, and the log says when that one may go', async () => {
    await signedIn();
    const before = await keysOf();
    const b = await start(NEXT);
    await b.service.sealAnew([instanceId, instanceId + 1_000]);
    const after = await keysOf();
    expect([before[0] === before[1], after[0] === after[1], before[0] === after[0]]).toEqual([true, true, false]);
    expect(b.lines.join()).toMatch(/"anew":1,.*sealed anew with ENCRYPTION_KEY/);
    expect(b.lines.join()).toMatch(/"sealed":1,.*may be taken away/);
    const c = await start({ encryptionKey: OTHER_KEY });
    await c.service.sealAnew([instanceId]);
    expect(await ask(c)).toEqual([]);
    clock.aheadMs += EIGHT_HOURS_MS;
    expect(await ask(c)).toEqual([]);
    expect(sageId).toMatchObject({ redemptions: 2, refusals: 0 });
    expect(c.lines.join()).not.toContain('ENCRYPTION_KEY');
  });

  test('a process that is redeeming the token meanwhile loses nothing of what it gets', async () => {
    const a = await signedIn();
    clock.aheadMs += EIGHT_HOURS_MS;
    sageId.delayMs = 200;
    const asked = ask(a);
    while (sageId.redemptions < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const b = await start(NEXT);
    await b.service.sealAnew([instanceId]);
    expect(await asked).toEqual([]);
    expect(await ask(b)).toEqual([]);
    clock.aheadMs += EIGHT_HOURS_MS;
    expect(await ask(b)).toEqual([]);
    expect(sageId).toMatchObject({ redemptions: 3, refusals: 0 });
    expect((await stored()).state).toBe('CONNECTED');
  });

  test('in two steps, processes of before and after work side by side, whoever refreshes', async () => {
    await signedIn();
    const [before, after] = [await start(PREPARED), await start(NEXT)];
    await before.service.sealAnew([instanceId]);
    await after.service.sealAnew([instanceId]);
    for (const first of [before, after, before]) {
      clock.aheadMs += EIGHT_HOURS_MS;
      expect(await ask(first)).toEqual([]);
      expect(await Promise.all([ask(before), ask(after)])).toEqual([[], []]);
    }
    expect(sageId).toMatchObject({ redemptions: 4, refusals: 0 });
    // the last one to be started anew leaves nothing under the old key
    const last = await start(NEXT);
    await last.service.sealAnew([instanceId]);
    expect(await ask(await start({ encryptionKey: OTHER_KEY }))).toEqual([]);
  });

  test('in one step, a process of before can read nothing until it is started anew, and spoils nothing', async () => {
    const old = await signedIn();
    const b = await start(NEXT);
    await b.service.sealAnew([instanceId]);
    const before = await stored();
    clock.aheadMs += EIGHT_HOURS_MS;
    expect(await faultOf(old)).toBe('sign_in_needed');
    expect((await old.service.status(instanceId)).message).toContain('ENCRYPTION_KEY_PREVIOUS');
    expect(await stored()).toEqual(before);
    expect(await ask(b)).toEqual([]);
    expect(sageId).toMatchObject({ redemptions: 2, refusals: 0 });
    expect(await b.service.status(instanceId)).toMatchObject({ state: 'CONNECTED', message: null });
  });

  test('a wrong key is said at the start and to operators; nothing is overwritten, and a sign-in mends it', async () => {
    await signedIn();
    const before = await stored();
    const wrong = await start({
      encryptionKey: Buffer.alloc(32, 5).toString('base64'),
      encryptionKeyPrevious: OTHER_KEY,
    });
    await wrong.service.sealAnew([instanceId]);
    expect(wrong.lines.join()).toMatch(/"level":50.*"instanceId":\d+.*sealed with another key/);
    expect(wrong.lines.join()).not.toContain('may be taken away');
    expect(await wrong.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken())).toBe(false);
    expect(await faultOf(wrong)).toBe('sign_in_needed');
    expect(await wrong.service.status(instanceId)).toMatchObject({
      state: 'CONNECTED',
      message: expect.stringContaining('sealed with another key'),
    });
    expect(await stored()).toEqual(before);
    expect(sageId.redemptions).toBe(1);

    const link = new URL(await wrong.service.beginSignIn(instanceId, 'operator'));
    const sage = new URL(await wrong.service.redirectToSage(link.searchParams.get('ticket') ?? '', 'browser'));
    await wrong.service.completeSignIn(sage.searchParams.get('state') ?? '', 'browser', sageId.issueCode());
    expect(await ask(wrong)).toEqual([]);
    expect((await wrong.service.status(instanceId)).message).toBeNull();
  });

  test('a text that was changed in the database is told like one of another key, and stays', async () => {
    await signedIn();
    const spoilt = `${(await stored()).refresh_token?.slice(0, -4)}AAAA`;
    await database.transaction((transaction) =>
      transaction.execute('UPDATE sage_connection SET refresh_token = ? WHERE instance_id = ?', [spoilt, instanceId]),
    );
    const b = await start(NEXT);
    await b.service.sealAnew([instanceId]);
    expect(b.lines.join()).toContain('"level":50');
    expect((await stored()).refresh_token).toBe(spoilt);
  });
});

describe('sixteen processes', () => {
  const sixteen = () => Promise.all(Array.from({ length: 16 }, () => start()));
  const bearersAfter = (count: number) =>
    new Set(
      server.seen
        .slice(count)
        .filter(({ path }) => path !== '/oauth/token')
        .map(({ headers }) => headers.authorization),
    );

  test('redeem once at each of six expiries, all use the same token, and nobody is asked to sign in', async () => {
    const processes = await sixteen();
    await processes[0]?.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    sageId.delayMs = 40;
    for (let expiry = 1; expiry <= 6; expiry += 1) {
      const seen = server.seen.length;
      const answers = await Promise.all(processes.flatMap((process) => [ask(process), ask(process)]));
      expect(answers).toHaveLength(32);
      expect(sageId).toMatchObject({ redemptions: expiry, refusals: 0 });
      expect(bearersAfter(seen).size).toBe(1);
      clock.aheadMs += EIGHT_HOURS_MS;
    }
    expect(await stored()).toMatchObject({ state: 'CONNECTED', message: null });
    expect(processes.flatMap(({ states }) => states).filter(([, state]) => state === 'SIGN_IN_NEEDED')).toEqual([]);
  });

  test('one that is killed before Sage has its request costs the others its lease, and no sign-in', async () => {
    const processes = await sixteen();
    const [victim, ...others] = processes as [Process, ...Process[]];
    await victim.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    server.play('hang');
    void ask(victim).catch(() => undefined);
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await kill(victim);
    const waiting = Promise.all(others.map((process) => ask(process)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sageId.redemptions).toBe(0);
    // its lease ends
    clock.aheadMs += 20_000;
    expect(await waiting).toHaveLength(15);
    expect(sageId).toMatchObject({ redemptions: 1, refusals: 0 });
    expect((await stored()).state).toBe('CONNECTED');
  });

  test('an answer that is lost after Sage has changed the token ends the sign-in: it is asked for once, and said', async () => {
    const processes = await sixteen();
    await processes[0]?.service.connectWithRefreshToken(instanceId, sageId.issueRefreshToken());
    const real = sageId.answer;
    let isLost = false;
    server.answer((request): Step => {
      if (request.path !== '/oauth/token') return { json: [] };
      const answer = real(request);
      if (isLost) return answer;
      isLost = true;
      return 'reset';
    });
    const faults = await Promise.all(processes.map((process) => faultOf(process)));
    expect(new Set(faults)).toEqual(new Set(['sign_in_needed']));
    // Sage ID has no way back to the tokens of that answer: the one refusal is true, and nobody asks again
    expect(sageId).toMatchObject({ redemptions: 1, refusals: 1 });
    expect(await stored()).toMatchObject({
      state: 'SIGN_IN_NEEDED',
      message: expect.stringContaining('signs in again'),
    });
    expect(await faultOf(processes[5] as Process)).toBe('sign_in_needed');
    expect(sageId.refusals).toBe(1);
  });

  /** Nothing that it does from here on reaches the database or Sage. */
  async function kill(process: Process): Promise<void> {
    running.splice(running.indexOf(process), 1);
    process.database.transaction = () => new Promise(() => undefined);
    await process.close();
  }
});
