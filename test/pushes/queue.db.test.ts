import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { systemRandom } from '../../src/common/random.js';
import type { Database } from '../../src/database/database.js';
import { customerLane, enqueue, replaceContent } from '../../src/pushes/enqueue.js';
import {
  claimableLanesSql,
  claimLanes,
  type ClaimedLane,
  extendLane,
  releaseLane,
  touchLanes,
} from '../../src/pushes/lane.sql.js';
import { movePush, moveToSending } from '../../src/pushes/move.sql.js';
import { releaseDependents, releaseDue } from '../../src/pushes/release.sql.js';
import { readPushes, type PushRow } from '../../src/pushes/push-rows.js';
import { PushSettlement } from '../../src/pushes/settle-push.js';
import { openTestDatabase } from '../support/test-database.js';

const INSTANCE = 1;
let database: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, close } = await openTestDatabase());
});
afterAll(() => close());
beforeEach(async () => {
  await database.transaction(async (transaction) => {
    for (const table of ['push', 'push_lane', 'push_need', 'push_attempt']) {
      await transaction.query(`DELETE FROM ${table} WHERE instance_id = ?`, [INSTANCE]);
    }
  });
});

const now = () => Date.now();
const claim = (owner: string, { count = 10, at = now(), leaseMs = 60_000 } = {}): Promise<ClaimedLane[]> =>
  database.transaction((transaction) =>
    claimLanes(transaction, INSTANCE, count, { owner, now: at, leaseUntil: at + leaseMs }),
  );
const letGo = (lane: ClaimedLane) => database.transaction((transaction) => releaseLane(transaction, lane, now()));

async function queue(layerId: string, customer: string, more: Partial<Parameters<typeof enqueue>[3]> = {}) {
  const id = await database.transaction((transaction) =>
    enqueue(transaction, systemClock, INSTANCE, {
      kind: 'INVOICE',
      layerId,
      lane: customerLane(customer),
      companyId: null,
      customerLayerId: customer,
      amountMinor: 12_00n,
      currency: 'GBP',
      reference: layerId,
      sageReference: `LG${layerId}`,
      contentHash: 'x',
      ...more,
    }),
  );
  return pushOf(id);
}
async function pushOf(id: string): Promise<PushRow> {
  const push = (await readPushes(database, INSTANCE, [id])).get(id);
  if (!push) throw new Error(`No push ${id}`);
  return push;
}
const lanes = async () =>
  (
    await database.query<{ lane: string; owner: string | null }>(
      'SELECT lane, owner FROM push_lane WHERE instance_id = ? ORDER BY lane',
      [INSTANCE],
    )
  ).map(({ lane, owner }) => [lane, owner]);

const STEP = { name: 'POST', companyId: 3, facts: { customerId: 7 }, marks: 'POSTED', isLast: true } as const;
const raise = (push: PushRow, lane: ClaimedLane, at = now()) =>
  database.transaction((transaction) => moveToSending(transaction, push, lane, STEP, at));

test('a lane is held by one worker, comes back when its lease ends, and is gone when nothing is in line', async () => {
  const push = await queue('I1', 'A');
  await queue('I2', 'A');
  await queue('I3', 'B');
  const mine = await claim('one');
  expect(mine.map(({ lane }) => lane)).toEqual(['c:A', 'c:B']);
  expect(await claim('two')).toEqual([]);

  // another push of a held lane does not free it, and is not forgotten when it is let go
  await queue('I4', 'B');
  expect(await claim('two')).toEqual([]);
  await letGo(mine[1] as ClaimedLane);
  expect((await claim('two')).map(({ lane }) => lane)).toEqual(['c:B']);

  // the lease of a dead worker ends by itself; its late return changes nothing
  const later = now() + 61_000;
  const [taken] = await claim('three', { at: later });
  expect(taken).toMatchObject({ lane: 'c:A', owner: 'three' });
  const late = mine[0] as ClaimedLane;
  expect(await database.transaction((transaction) => extendLane(transaction, late, later + 60_000))).toBe(false);
  await letGo(late);
  expect(await lanes()).toContainEqual(['c:A', 'three']);
  expect(await raise(push, late, later)).toBe(false);
  expect(await raise(push, taken as ClaimedLane, later)).toBe(true);
});

test('the fence lets nobody send what was changed, taken over or sent meanwhile', async () => {
  const push = await queue('I1', 'A');
  const [lane] = (await claim('one')) as [ClaimedLane];
  const content = { ...push, held: null, payload: null, contentHash: 'y' };
  expect(await database.transaction((transaction) => replaceContent(transaction, systemClock, push, content))).toBe(
    true,
  );
  expect(await raise(push, lane)).toBe(false);

  const changed = await pushOf(push.id);
  expect(await raise(changed, lane, now() + 61_000)).toBe(false);
  expect(await raise(changed, lane)).toBe(true);
  expect(await raise(changed, lane)).toBe(false);
  const sending = await pushOf(push.id);
  expect(sending).toMatchObject({
    status: 'SENDING',
    attempts: 1,
    companyId: 3,
    step: 'POST',
    stepFacts: { customerId: 7 },
    stepMeaning: { marks: 'POSTED' },
  });
  // sent: its content stands
  expect(await database.transaction((transaction) => replaceContent(transaction, systemClock, sending, content))).toBe(
    false,
  );
  const settle = (from: PushRow) =>
    database.transaction((transaction) => movePush(transaction, from, 'SUCCEEDED', { urn: '5', error: null }, now()));
  expect(await settle({ ...sending, fence: sending.fence - 1 })).toBe(false);
  expect(await settle(sending)).toBe(true);
  expect(await settle(sending)).toBe(false);
  await expect(
    database.transaction((transaction) =>
      movePush(transaction, { ...sending, status: 'SUCCEEDED' }, 'QUEUED', {}, now()),
    ),
  ).rejects.toThrow('cannot move from SUCCEEDED to QUEUED');
});

test('a document that turns out to be another customer’s goes in that customer’s lane', async () => {
  const push = await queue('I1', 'A');
  const content = {
    ...push,
    customerLayerId: 'B',
    lane: customerLane('B'),
    held: null,
    payload: null,
    contentHash: 'y',
  };
  await database.transaction((transaction) => replaceContent(transaction, systemClock, push, content));
  const claimed = await claim('one');
  expect(claimed.map(({ lane }) => lane)).toEqual(['c:A', 'c:B']);
  for (const lane of claimed) await letGo(lane);
  expect(await lanes()).toEqual([['c:B', null]]);
});

test('what waits is put back in line when what it needs has moved, and by itself when its time has come', async () => {
  const invoice = await queue('I1', 'A');
  const waiting = await queue('P1', 'A', { kind: 'PAYMENT', needs: [{ kind: 'INVOICE', layerId: 'I1' }] });
  const held = await queue('P2', 'A', {
    kind: 'PAYMENT',
    held: { code: 'PREREQUISITE_FAILED', key: 'INVOICE:I1', subject: null, message: 'm', remedy: 'r' },
    needs: [{ kind: 'INVOICE', layerId: 'I1' }],
  });
  const other = await queue('P3', 'A', { kind: 'PAYMENT', needs: [{ kind: 'INVOICE', layerId: 'I9' }] });
  expect([waiting, held, other].map(({ status }) => status)).toEqual(['WAITING', 'HELD', 'WAITING']);
  await database.transaction((transaction) => releaseDependents(transaction, invoice, now()));
  const statusOf = async () => Promise.all([waiting, held, other].map(async ({ id }) => (await pushOf(id)).status));
  expect(await statusOf()).toEqual(['QUEUED', 'QUEUED', 'WAITING']);
  await database.transaction((transaction) => releaseDue(transaction, INSTANCE, now()));
  expect(await statusOf()).toEqual(['QUEUED', 'QUEUED', 'WAITING']);
  await database.transaction((transaction) => releaseDue(transaction, INSTANCE, now() + 10_000));
  expect(await statusOf()).toEqual(['QUEUED', 'QUEUED', 'QUEUED']);
});

test('what is held is looked at by itself, too: what it waits for may have come while it was being stored', async () => {
  const cause = {
    code: 'NOMINAL_CODE_NOT_MAPPED',
    key: 'NOMINAL_CODE:4100:3',
    subject: null,
    message: 'm',
    remedy: 'r',
  };
  const unmapped = await queue('I1', 'A', { held: cause });
  const replaced = await queue('I2', 'B');
  await database.transaction((transaction) =>
    replaceContent(transaction, systemClock, replaced, { ...replaced, held: cause, payload: null, contentHash: 'y' }),
  );
  const checked = await queue('I3', 'C');
  const settlement = new PushSettlement({
    database,
    clock: systemClock,
    random: systemRandom,
    handlers: new Map(),
    maxLookAgainMs: 1_000,
    onLanded: () => undefined,
  });
  await settlement.rest(checked, { kind: 'HELD', cause });
  const statusOf = async () =>
    Promise.all([unmapped, replaced, checked].map(async ({ id }) => (await pushOf(id)).status));
  expect(await statusOf()).toEqual(['HELD', 'HELD', 'HELD']);
  await database.transaction((transaction) => releaseDue(transaction, INSTANCE, now() + 3_600_000));
  expect(await statusOf()).toEqual(['QUEUED', 'QUEUED', 'QUEUED']);
});

test('four workers that claim at once share the lanes, each lane once', async () => {
  await database.transaction(async (transaction) => {
    const names = Array.from({ length: 200 }, (_, index) => `c:L${index}`);
    await touchLanes(transaction, INSTANCE, names, now());
  });
  const workers = ['one', 'two', 'three', 'four'].map(async (name) => {
    const claimed: string[] = [];
    for (;;) {
      const some = await claim(name, { count: 7 });
      if (some.length === 0) return claimed;
      claimed.push(...some.map(({ lane }) => lane));
    }
  });
  const claimed = (await Promise.all(workers)).flat();
  expect(claimed).toHaveLength(200);
  expect(new Set(claimed).size).toBe(200);
});

test('the claim reads the index in its order, and no more rows than it takes', async () => {
  const BATCH = 50;
  await database.transaction(async (transaction) => {
    const names = Array.from({ length: 5_000 }, (_, index) => `c:L${String(index).padStart(5, '0')}`);
    await touchLanes(transaction, INSTANCE, names, now() - 1_000);
  });
  const sql = claimableLanesSql(database.dialect, BATCH);
  const parameters = [INSTANCE, now()];
  if (database.dialect === 'sqlite') {
    const plan = await database.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    expect(plan.map(({ detail }) => detail)).toEqual([
      'SEARCH push_lane USING COVERING INDEX push_lane_due (instance_id=? AND due_at<?)',
    ]);
    return;
  }
  await database.transaction(async (transaction) => {
    const [plan] = await transaction.query<{ key: string; Extra: string }>(`EXPLAIN ${sql}`, parameters);
    expect(plan?.key).toBe('push_lane_due');
    expect(plan?.Extra).not.toMatch(/filesort|temporary/i);
    const examined = async () => {
      const rows = await transaction.query<{ Variable_name: string; Value: string }>(
        "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_key', 'Handler_read_next', 'Handler_read_rnd_next', 'Handler_read_first', 'Handler_read_rnd')",
      );
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    // asking for the counters reads some rows itself
    const idle = await examined();
    const asking = (await examined()) - idle;
    const before = await examined();
    const claimed = await transaction.query(sql, parameters);
    const reads = (await examined()) - before - asking;
    expect(claimed).toHaveLength(BATCH);
    expect(reads).toBeLessThanOrEqual(2 * BATCH);
  });
});
