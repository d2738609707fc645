import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import { systemRandom } from '../../src/common/random.js';
import type { Database } from '../../src/database/database.js';
import type { PagesFrom, Pull, PullPage, PullTarget } from '../../src/sync/pull.js';
import { SyncEngine } from '../../src/sync/sync-engine.js';
import { readPullStatuses, requestSync } from '../../src/sync/sync-status.js';
import { readSyncStates } from '../../src/sync/sync-state.sql.js';
import { openTestDatabase } from '../support/test-database.js';

interface Row {
  id: number;
  updatedAt: string;
}

/** A list of Sage in memory, and what the pull stored of it. */
class ScriptedList {
  rows: Row[] = [];
  stored: number[] = [];
  asked: { afterId: number; updatedSince: string | null }[] = [];
  /** Called before each page; may throw. */
  beforePage: (pageNumber: number) => void | Promise<void> = () => undefined;
  private pageNumber = 0;

  readonly pull: Pull = {
    resource: 'BANK_ACCOUNTS',
    scope: 'company',
    needs: [],
    hasDelta: true,
    newestUpdate: async () =>
      this.rows
        .map(({ updatedAt }) => updatedAt)
        .sort()
        .at(-1) ?? null,
    passes: [
      {
        name: 'list',
        inDelta: true,
        quarantineKey: (row: Row) => String(row.id),
        pages: (_target: PullTarget, from: PagesFrom) => this.pages(from),
        apply: async (_transaction, _target, page: PullPage<Row>) => {
          this.stored.push(...page.rows.map(({ id }) => id));
          return page.rows.filter(({ id }) => id < 0).map((row) => ({ key: String(row.id), reason: 'negative', row }));
        },
      },
    ],
  };

  private async *pages({ afterId, updatedSince }: PagesFrom): AsyncGenerator<PullPage<Row>> {
    this.asked.push({ afterId, updatedSince });
    let after = afterId;
    for (;;) {
      await this.beforePage((this.pageNumber += 1));
      const rest = this.rows.filter(
        (row) => row.id > after && (updatedSince === null || row.updatedAt >= updatedSince),
      );
      const rows = rest.slice(0, 2);
      after = rows.at(-1)?.id ?? after;
      yield { rows, rejected: [], lastId: rows.at(-1)?.id ?? null, complete: rest.length <= 2 };
      if (rest.length <= 2) return;
    }
  }
}

let database: Database;
let close: () => Promise<void>;
let instanceId = 0;
const engines: SyncEngine[] = [];

beforeAll(async () => ({ database, close } = await openTestDatabase()));
const stopEngines = () => Promise.all(engines.splice(0).map((engine) => engine.stop()));
afterAll(async () => {
  await stopEngines();
  await close();
});
beforeEach(async () => {
  await stopEngines();
  instanceId += 1;
});

function startEngine(
  list: ScriptedList,
  intervalSeconds = 3_600,
  { pulls = [list.pull], companies = [1] }: { pulls?: Pull[]; companies?: number[] } = {},
): SyncEngine {
  const instance = instanceId;
  const engine = new SyncEngine({
    database,
    pulls,
    intervals: {
      transactionsSeconds: intervalSeconds,
      customersSeconds: intervalSeconds,
      referenceSeconds: intervalSeconds,
      sweepSeconds: 86_400,
    },
    overlapSeconds: 60,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    connectedInstances: async () => [instance],
    activeCompanies: async () => companies,
  });
  engines.push(engine);
  engine.start();
  return engine;
}

async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await condition()) return;
    await systemClock.sleep(20);
  }
  throw new Error(`Waited in vain: ${what}`);
}

const state = async () => (await readSyncStates(database, instanceId))[0];
const status = async () => (await readPullStatuses(database, instanceId))[0];
const row = (id: number, seconds = id): Row => ({
  id,
  updatedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString(),
});

test('the first run reads everything, page by page', async () => {
  const list = new ScriptedList();
  list.rows = [1, 2, 3, 4, 5].map((id) => row(id));
  startEngine(list);
  await until(async () => (await status())?.state === 'IDLE', 'the first run');
  expect(list.stored).toEqual([1, 2, 3, 4, 5]);
  expect(await status()).toMatchObject({ state: 'IDLE', rowsRead: 5, message: null });
});

test('a delta begins before the newest change that Sage knew when the run before it began', async () => {
  const list = new ScriptedList();
  list.rows = [row(1, 100), row(2, 200)];
  const engine = startEngine(list);
  await until(async () => (await status())?.state === 'IDLE', 'the first run');
  list.rows.push(row(3, 250));
  await requestSync(database, systemClock, instanceId, { isFull: false });
  engine.wake();
  await until(() => list.asked.length === 2, 'the delta');
  expect(list.asked[1]).toEqual({ afterId: 0, updatedSince: row(0, 200 - 60).updatedAt });
  await until(() => list.stored.includes(3), 'the new row');
  expect(list.stored).toEqual([1, 2, 2, 3]);
});

test('an interrupted full run goes on where it stood, and stores nothing twice', async () => {
  const list = new ScriptedList();
  list.rows = [1, 2, 3, 4, 5].map((id) => row(id));
  list.beforePage = (page) => {
    if (page === 2) throw new Error('Sage is away');
  };
  startEngine(list);
  await until(async () => (await status())?.state === 'FAILED', 'the failure');
  expect(await status()).toMatchObject({ message: 'Sage is away', rowsRead: 2 });
  await until(async () => (await status())?.state === 'IDLE', 'the recovery');
  expect(list.stored).toEqual([1, 2, 3, 4, 5]);
  expect(list.asked.map(({ afterId }) => afterId)).toEqual([0, 2]);
});

test('a worker that stops in the middle hands over to the next', async () => {
  const list = new ScriptedList();
  list.rows = [1, 2, 3, 4, 5].map((id) => row(id));
  let reached: () => void = () => undefined;
  const atSecondPage = new Promise<void>((resolve) => (reached = resolve));
  let go: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  list.beforePage = async (page) => {
    if (page !== 2) return;
    reached();
    await released;
  };
  const first = startEngine(list);
  await atSecondPage;
  const stopped = first.stop();
  go();
  await stopped;
  expect(list.stored).toEqual([1, 2]);
  startEngine(list);
  await until(async () => (await status())?.state === 'IDLE', 'the second worker');
  expect(list.stored).toEqual([1, 2, 3, 4, 5]);
});

test('two workers never run the same pull at once', async () => {
  const list = new ScriptedList();
  list.rows = [1, 2, 3].map((id) => row(id));
  let inside = 0;
  let most = 0;
  list.beforePage = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await systemClock.sleep(50);
    inside -= 1;
  };
  startEngine(list);
  startEngine(list);
  await until(async () => (await status())?.state === 'IDLE', 'the run');
  await systemClock.sleep(200);
  expect(most).toBe(1);
  expect(list.stored).toEqual([1, 2, 3]);
});

test('rows that cannot be taken are kept aside with the reason, and let go once they can', async () => {
  const list = new ScriptedList();
  list.rows = [{ id: -1, updatedAt: row(1).updatedAt }, row(1)];
  list.pull.passes[0]!.pages = async function* () {
    yield {
      rows: list.rows,
      rejected: list.rows.some(({ id }) => id < 0) ? [{ key: '7', reason: 'no balance', row: { id: 7 } }] : [],
      lastId: 1,
      complete: true,
    };
  };
  const engine = startEngine(list);
  await until(async () => (await status())?.state === 'IDLE', 'the first run');
  const aside = () =>
    database.query<{ row_key: string; reason: string }>(
      'SELECT row_key, reason FROM sync_quarantine WHERE instance_id = ? ORDER BY row_key',
      [instanceId],
    );
  expect((await aside()).map(({ row_key, reason }) => [row_key, reason])).toEqual([
    ['-1', 'negative'],
    ['7', 'no balance'],
  ]);
  expect((await status())?.message).toBe('2 rows of Sage could not be read and are kept aside.');

  list.rows = [row(7)];
  await requestSync(database, systemClock, instanceId, { isFull: false });
  engine.wake();
  await until(async () => (await aside()).length === 1, 'the release of the row that is right now');
  await requestSync(database, systemClock, instanceId, { isFull: true });
  engine.wake();
  await until(async () => (await aside()).length === 0, 'the release of the row that is gone');
  expect((await state())?.is_full_wanted).toBe(0);
});

test('a request during a run is answered by another run after it', async () => {
  const list = new ScriptedList();
  list.rows = [row(1)];
  list.beforePage = async (page) => {
    if (page === 1) await requestSync(database, systemClock, instanceId, { isFull: true });
  };
  startEngine(list);
  await until(() => list.asked.length === 2, 'the second run');
  expect(list.asked[1]?.updatedSince).toBeNull();
});

test('a sweep that is asked for while a delta is about to begin follows it', async () => {
  const list = new ScriptedList();
  list.rows = [row(1)];
  const engine = startEngine(list);
  await until(async () => (await status())?.state === 'IDLE', 'the first run');
  const { newestUpdate } = list.pull;
  let isAsked = false;
  Object.assign(list.pull, {
    newestUpdate: async (...target: Parameters<NonNullable<Pull['newestUpdate']>>) => {
      if (!isAsked) await requestSync(database, systemClock, instanceId, { isFull: true });
      isAsked = true;
      return newestUpdate?.(...target);
    },
  });
  await requestSync(database, systemClock, instanceId, { isFull: false });
  engine.wake();
  await until(() => list.asked.length === 3, 'the sweep after the delta');
  expect(list.asked.map(({ updatedSince }) => updatedSince !== null)).toEqual([false, true, false]);
});

test('where Sage is slower than the intervals, pulls that matter less come to their turn all the same', async () => {
  const slow = new ScriptedList();
  slow.beforePage = () => systemClock.sleep(30);
  const list = new ScriptedList();
  list.rows = [row(1)];
  // as many as run at once, and due again as soon as they have ended
  const companies = [1, 2, 3, 4];
  startEngine(list, 0.001, { pulls: [{ ...slow.pull, resource: 'CUSTOMERS' }, list.pull], companies });
  await until(() => list.stored.length >= companies.length, 'a run of each of the pulls of banks');
});
