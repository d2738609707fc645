import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import type { Step } from '../sage/scripted-server.js';
import { type GatewayProcess, KEY, OTHER_KEY } from './connection-test-process.js';
import { connectionsUnderTest, faultOf, until } from './connections-under-test.js';

const EIGHT_HOURS_MS = 28_800_000;

const connections = connectionsUnderTest();
const { start, stop, connect, ask, statusOf, stored, write, bearersSince } = connections;

async function signedIn(): Promise<GatewayProcess> {
  const a = await start();
  await connect(a);
  await ask(a);
  return a;
}
/** What a process that cannot read the tokens has to leave alone; a lease may come and go. */
const kept = async () => {
  const { refresh_token, access_token, state, message } = await stored();
  return { refresh_token, access_token, state, message };
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
    await b.service.sealAnew([connections.instanceId, connections.instanceId + 1_000]);
    const after = await keysOf();
    expect([before[0] === before[1], after[0] === after[1], before[0] === after[0]]).toEqual([true, true, false]);
    expect(b.lines.join()).toMatch(/"anew":1,.*sealed anew with ENCRYPTION_KEY/);
    expect(b.lines.join()).toMatch(/"sealed":1,.*may be taken away/);
    const c = await start({ encryptionKey: OTHER_KEY });
    await c.service.sealAnew([connections.instanceId]);
    expect(await ask(c)).toEqual([]);
    connections.clock.aheadMs += EIGHT_HOURS_MS;
    expect(await ask(c)).toEqual([]);
    expect(connections.sageId).toMatchObject({ redemptions: 2, refusals: 0 });
    expect(c.lines.join()).not.toContain('ENCRYPTION_KEY');
  });

  test('a process that is redeeming the token meanwhile loses nothing of what it gets', async () => {
    const a = await signedIn();
    connections.clock.aheadMs += EIGHT_HOURS_MS;
    connections.sageId.delayMs = 200;
    const asked = ask(a);
    await until(() => connections.sageId.redemptions >= 2);
    const b = await start(NEXT);
    await b.service.sealAnew([connections.instanceId]);
    expect(await asked).toEqual([]);
    expect(await ask(b)).toEqual([]);
    connections.clock.aheadMs += EIGHT_HOURS_MS;
    expect(await ask(b)).toEqual([]);
    expect(connections.sageId).toMatchObject({ redemptions: 3, refusals: 0 });
    expect((await stored()).state).toBe('CONNECTED');
  });

  test('in two steps, processes of before and after work side by side, whoever refreshes', async () => {
    await signedIn();
    const [before, after] = [await start(PREPARED), await start(NEXT)];
    await before.service.sealAnew([connections.instanceId]);
    await after.service.sealAnew([connections.instanceId]);
    for (const first of [before, after, before]) {
      connections.clock.aheadMs += EIGHT_HOURS_MS;
      expect(await ask(first)).toEqual([]);
      expect(await Promise.all([ask(before), ask(after)])).toEqual([[], []]);
    }
    expect(connections.sageId).toMatchObject({ redemptions: 4, refusals: 0 });
    // the last one to be started anew leaves nothing under the old key
    const last = await start(NEXT);
    await last.service.sealAnew([connections.instanceId]);
    expect(await ask(await start({ encryptionKey: OTHER_KEY }))).toEqual([]);
  });

  test('in one step, a process of before can read nothing until it is started anew, and spoils nothing', async () => {
    const old = await signedIn();
    const b = await start(NEXT);
    await b.service.sealAnew([connections.instanceId]);
    const before = await kept();
    connections.clock.aheadMs += EIGHT_HOURS_MS;
    expect((await faultOf(ask(old))).kind).toBe('sign_in_needed');
    expect((await statusOf(old)).message).toContain('ENCRYPTION_KEY_PREVIOUS');
    expect(await kept()).toEqual(before);
    expect(await ask(b)).toEqual([]);
    expect(connections.sageId).toMatchObject({ redemptions: 2, refusals: 0 });
    expect(await statusOf(b)).toMatchObject({ state: 'CONNECTED', message: null });
  });

  test('a wrong key is said at the start and to operators; nothing is overwritten, and a sign-in mends it', async () => {
    await signedIn();
    const before = await kept();
    const wrong = await start({
      encryptionKey: Buffer.alloc(32, 5).toString('base64'),
      encryptionKeyPrevious: OTHER_KEY,
    });
    await wrong.service.sealAnew([connections.instanceId]);
    expect(wrong.lines.join()).toMatch(/"level":50.*"instanceId":\d+.*sealed with another key/);
    expect(wrong.lines.join()).not.toContain('may be taken away');
    expect(await connect(wrong)).toBe(false);
    expect((await faultOf(ask(wrong))).kind).toBe('sign_in_needed');
    expect(await statusOf(wrong)).toMatchObject({
      state: 'CONNECTED',
      message: expect.stringContaining('sealed with another key'),
    });
    expect(await kept()).toEqual(before);
    expect(connections.sageId.redemptions).toBe(1);

    const link = new URL(await wrong.service.beginSignIn(connections.instanceId, 'operator'));
    const sage = new URL(await wrong.service.redirectToSage(link.searchParams.get('ticket') ?? '', 'browser'));
    await wrong.service.completeSignIn(sage.searchParams.get('state') ?? '', 'browser', connections.sageId.issueCode());
    expect(await ask(wrong)).toEqual([]);
    expect((await statusOf(wrong)).message).toBeNull();
  });

  test('a text that was changed in the database is told like one of another key, and stays', async () => {
    await signedIn();
    const spoilt = `${(await stored()).refresh_token?.slice(0, -4)}AAAA`;
    await write('UPDATE sage_connection SET refresh_token = ? WHERE instance_id = ?', [spoilt, connections.instanceId]);
    const b = await start(NEXT);
    await b.service.sealAnew([connections.instanceId]);
    expect(b.lines.join()).toContain('"level":50');
    expect((await stored()).refresh_token).toBe(spoilt);
  });
});

describe('sixteen processes', () => {
  const sixteen = async () =>
    (await Promise.all(Array.from({ length: 16 }, () => start()))) as [GatewayProcess, ...GatewayProcess[]];

  test('redeem once at each of six expiries, all use the same token, and nobody is asked to sign in', async () => {
    const processes = await sixteen();
    await connect(processes[0]);
    connections.sageId.delayMs = 40;
    for (let expiry = 1; expiry <= 6; expiry += 1) {
      const seen = connections.server.seen.length;
      const answers = await Promise.all(processes.flatMap((process) => [ask(process), ask(process)]));
      expect(answers).toHaveLength(32);
      expect(connections.sageId).toMatchObject({ redemptions: expiry, refusals: 0 });
      expect(bearersSince(seen).size).toBe(1);
      connections.clock.aheadMs += EIGHT_HOURS_MS;
    }
    expect(await stored()).toMatchObject({ state: 'CONNECTED', message: null });
    expect(processes.flatMap(({ states }) => states).filter(([, state]) => state === 'SIGN_IN_NEEDED')).toEqual([]);
  });

  test('one that is killed before Sage has its request costs the others its lease, and no sign-in', async () => {
    const [victim, ...others] = await sixteen();
    await connect(victim);
    connections.server.play('hang');
    void ask(victim).catch(() => undefined);
    await until(() => connections.server.seen.length > 0);
    await kill(victim);
    const waiting = Promise.all(others.map((process) => ask(process)));
    await systemClock.sleep(200);
    expect(connections.sageId.redemptions).toBe(0);
    // its lease ends
    connections.clock.aheadMs += 20_000;
    expect(await waiting).toHaveLength(15);
    expect(connections.sageId).toMatchObject({ redemptions: 1, refusals: 0 });
    expect((await stored()).state).toBe('CONNECTED');
  });

  test('an answer that is lost after Sage has changed the token ends the sign-in: it is asked for once, and said', async () => {
    const processes = await sixteen();
    await connect(processes[0]);
    const real = connections.sageId.answer;
    let isLost = false;
    connections.tokenEndpoint = (request): Step => {
      const answer = real(request);
      if (isLost) return answer;
      isLost = true;
      return 'reset';
    };
    const faults = await Promise.all(processes.map(async (process) => (await faultOf(ask(process))).kind));
    expect(new Set(faults)).toEqual(new Set(['sign_in_needed']));
    // Sage ID has no way back to the tokens of that answer: the one refusal is true, and nobody asks again
    expect(connections.sageId).toMatchObject({ redemptions: 1, refusals: 1 });
    expect(await stored()).toMatchObject({
      state: 'SIGN_IN_NEEDED',
      message: expect.stringContaining('signs in again'),
    });
    expect((await faultOf(ask(processes[5] as GatewayProcess))).kind).toBe('sign_in_needed');
    expect(connections.sageId.refusals).toBe(1);
  });

  /** Nothing that it does from here on reaches the database or Sage. */
  async function kill(process: GatewayProcess): Promise<void> {
    process.database.transaction = () => new Promise(() => undefined);
    await stop(process);
  }
});
