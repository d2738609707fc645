import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrations } from '../../migrations/index.js';
import { systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import type { Database } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';
import { eventCursor } from '../../src/events/event-cursor.js';
import { EventFeed, MAX_BEHIND } from '../../src/events/event-feed.js';
import { readEventRange, type StoredEvent } from '../../src/events/event-log.sql.js';
import { pruneSome } from '../../src/events/event-pruning.js';
import { type NewEvent, recordEvents } from '../../src/events/record-events.js';
import { entities } from '../../src/server/entities.js';
import { createTestDatabase } from '../support/test-database.js';
import { until } from '../support/test-gateway.js';

let database: Database;
let drop: () => Promise<void>;
let feed: EventFeed;
beforeAll(async () => {
  const made = await createTestDatabase();
  drop = made.drop;
  database = await openDatabase({ url: made.url, entities, migrations, clock: systemClock });
  await migrate(database);
  feed = new EventFeed({ database, clock: systemClock, log: silentLog, pollMs: 5 });
});
afterAll(async () => {
  feed.stop();
  await database.close();
  await drop();
});

const pushEvent = (subject: string): NewEvent => ({
  kind: 'PUSH_CHANGED',
  subject,
  companyId: null,
  accountSageId: null,
});
const write = (instanceId: number, subjects: readonly string[], waitMs = 0) =>
  database.transaction(async (transaction) => {
    recordEvents(transaction, systemClock, instanceId, subjects.map(pushEvent));
    if (waitMs > 0) await systemClock.sleep(waitMs);
  });

interface Reader {
  seen: StoredEvent[];
  isTooSlow: boolean;
  stop(): void;
}

async function read(instanceId: number, since: number | null, gate: () => Promise<void> = async () => undefined) {
  const end = new AbortController();
  const reader: Reader = { seen: [], isTooSlow: false, stop: () => end.abort() };
  const events = await feed.follow(
    instanceId,
    { kind: 'PUSH_CHANGED', matches: () => true, since: since === null ? null : eventCursor({ sequence: since }) },
    {
      signal: end.signal,
      onTooSlow: () => {
        reader.isTooSlow = true;
        end.abort();
      },
    },
  );
  void (async () => {
    for await (const event of events) {
      reader.seen.push(event);
      await gate();
    }
  })();
  return reader;
}

test('many writers at once: every number once, in its order, none passed over', async () => {
  const reader = await read(1, null);
  const late = await read(1, 0);
  let written = 0;
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 15; round += 1) {
        const subjects = Array.from(
          { length: 1 + ((writer + round) % 4) },
          (_each, index) => `${writer}-${round}-${index}`,
        );
        written += subjects.length;
        await write(1, subjects, Math.floor(Math.random() * 15));
      }
    }),
  );
  await until(() => reader.seen.length >= written && late.seen.length >= written, 'all events');
  const numbers = Array.from({ length: written }, (_, index) => index + 1);
  expect(reader.seen.map(({ sequence }) => sequence)).toEqual(numbers);
  expect(late.seen.map(({ sequence }) => sequence)).toEqual(numbers);
  reader.stop();
  late.stop();
});

test('who falls behind is told to go, and misses nothing when it comes again', async () => {
  let open = () => undefined as void;
  const closed = new Promise<void>((resolve) => (open = resolve));
  const slow = await read(2, null, () => closed);
  const quick = await read(2, null);
  await write(2, ['first']);
  await until(() => slow.seen.length === 1 && quick.seen.length === 1, 'the first event');
  const count = 2 * MAX_BEHIND + 1_500;
  for (let from = 0; from < count; from += 500) {
    await write(
      2,
      Array.from({ length: 500 }, (_, index) => `s${from + index}`),
    );
    await until(() => quick.seen.length === from + 501, 'the quick one');
  }
  expect(slow.isTooSlow).toBe(true);
  expect(quick.isTooSlow).toBe(false);
  open();
  const again = await read(2, slow.seen.at(-1)?.sequence ?? 0);
  await until(() => again.seen.length === count, 'what was missed');
  expect(again.seen.map(({ subject }) => subject)).toEqual(quick.seen.slice(1).map(({ subject }) => subject));
  again.stop();
  quick.stop();
});

test('old events are deleted in batches, and it is remembered up to where', async () => {
  await write(
    3,
    Array.from({ length: 700 }, (_, index) => `p${index}`),
  );
  const before = Date.now() + 1_000;
  expect(await pruneSome(database, 3, 0)).toBe(0);
  expect(await pruneSome(database, 3, before)).toBe(500);
  expect(await readEventRange(database, 3)).toEqual({ newest: 700, pruned: 500 });
  await expect(read(3, 499)).rejects.toThrow(/older than the events that are kept/);
  const reader = await read(3, 500);
  await until(() => reader.seen.length === 200, 'the rest');
  reader.stop();
  expect(await pruneSome(database, 3, before)).toBe(200);
  expect(await pruneSome(database, 3, before)).toBe(0);
});
