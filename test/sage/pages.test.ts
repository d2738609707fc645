import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readCustomers } from '../../src/sage/customers.js';
import { type PageRequest, readPages, type SagePage } from '../../src/sage/pages.js';
import { SageError } from '../../src/sage/sage-error.js';
import { COMPANY, hastyClock, type TestClient, testClient } from './sage-test-client.js';
import { ScriptedServer, type SeenRequest } from './scripted-server.js';

let server: ScriptedServer;
let sage: TestClient;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  sage = testClient(server.url, hastyClock());
});
afterEach(async () => {
  await sage.close();
  server.reset();
});

const SAME_INSTANT = '2020-01-01T00:00:00.003Z';
const customer = (id: number) => ({
  id,
  reference: `C${id}`,
  name: 'N',
  balance: 1,
  currency_id: 1,
  date_time_updated: SAME_INSTANT,
});
const ids = (page: SagePage<{ id: number }>) => page.rows.map(({ id }) => id);

/** A list of Sage's that heeds `id gt`, `id eq` and `$top`, its own default of 500 where `heedsTop` is false. */
function serve(all: number[], { heedsTop = true } = {}) {
  return ({ query }: SeenRequest) => {
    const after = Number(/id gt (\d+)/.exec(query['$filter'] ?? '')?.[1] ?? -1);
    const only = [...(query['$filter'] ?? '').matchAll(/id eq (\d+)/g)].map((match) => Number(match[1]));
    const found = all.filter((id) => id > after && (only.length === 0 || only.includes(id)));
    return { json: found.slice(0, heedsTop ? Number(query['$top']) : 500).map(customer) };
  };
}

async function collect(options: { top: number; from?: Omit<PageRequest, 'top' | 'signal'>; signal?: AbortSignal }) {
  const pages: SagePage<{ id: number }>[] = [];
  for await (const page of readPages((request) => readCustomers(sage.client, COMPANY, request), options))
    pages.push(page);
  return pages;
}

describe('keyset pages', () => {
  const all = Array.from({ length: 1_203 }, (_, index) => 3 * index + 1);

  test('read every row once, though all bear one time stamp', async () => {
    server.answer(serve(all));
    const pages = await collect({ top: 400, from: { updatedSince: SAME_INSTANT } });
    expect(pages.flatMap(ids)).toEqual(all);
    expect(pages.map(({ count }) => count)).toEqual([400, 400, 400, 3]);
    expect(server.seen[1]?.query['$filter']).toBe(`id gt 1198 and date_time_updated ge ${SAME_INSTANT}`);
    expect(server.seen.every(({ query }) => query['$top'] === '400' && query['$orderby'] === 'id asc')).toBe(true);
  });

  test('a page of exactly the rest is followed by an empty one', async () => {
    server.answer(serve(all.slice(0, 800)));
    const pages = await collect({ top: 400 });
    expect(pages.map(({ count, complete }) => [count, complete])).toEqual([
      [400, false],
      [400, false],
      [0, true],
    ]);
  });

  test('a server that silently gives its default page of 500 is read to its end', async () => {
    server.answer(serve(all, { heedsTop: false }));
    const pages = await collect({ top: 2_000 });
    expect(pages.map(({ count }) => count)).toEqual([500, 500, 203]);
    expect(pages.flatMap(ids)).toEqual(all);
  });

  test('$top is never over Sage’s maximum', async () => {
    server.answer(serve([]));
    await collect({ top: 100_000 });
    expect(server.seen[0]?.query['$top']).toBe('5000');
  });

  test('rows that were not asked for, and rows that come twice, are dropped', async () => {
    server.play({ json: [3, 5, 6, 6, 4, 8].map(customer) });
    const page = await readCustomers(sage.client, COMPANY, { top: 400, afterId: 5 });
    expect(ids(page)).toEqual([6, 8]);
    expect(page).toMatchObject({ count: 6, lastId: 8, complete: true });
  });

  test('the last page may be in any order; a full page may not, or rows would be lost', async () => {
    server.play({ json: [9, 7, 8].map(customer) });
    expect(ids(await readCustomers(sage.client, COMPANY, { top: 400 }))).toEqual([7, 8, 9]);
    server.play({ json: [9, 7, 8].map(customer) });
    await expect(readCustomers(sage.client, COMPANY, { top: 3 })).rejects.toMatchObject({ kind: 'bad_answer' });
  });

  test('a server that does not go on is not asked for ever', async () => {
    server.answer(() => ({ json: all.slice(0, 60).map(customer) }));
    await expect(collect({ top: 60 })).rejects.toMatchObject({ kind: 'bad_answer' });
    expect(server.seen).toHaveLength(2);
    server.answer(() => ({ json: Array(60).fill({ name: 'no id' }) }));
    await expect(collect({ top: 60 })).rejects.toMatchObject({ kind: 'bad_answer' });
  });
});

describe('pages by ids', () => {
  test('are asked for in requests whose URL stays short, each id once', async () => {
    const wanted = Array.from({ length: 300 }, (_, index) => 200_300_400 + index);
    server.answer(serve(wanted.filter((id) => id % 2 === 0)));
    const page = await readCustomers(sage.client, COMPANY, { top: 1_000, ids: [...wanted, ...wanted] });
    expect(page.complete).toBe(true);
    expect(ids(page)).toEqual(wanted.filter((id) => id % 2 === 0));
    const lengths = server.seen.map(({ rawUrl }) => (server.url + rawUrl).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_800);
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(1_600);
    const asked = server.seen.flatMap(({ query }) =>
      [...(query['$filter'] ?? '').matchAll(/id eq (\d+)/g)].map((match) => Number(match[1])),
    );
    expect(asked).toEqual(wanted);
  });

  test('go on after `top` ids, and combine with the other conditions', async () => {
    const wanted = Array.from({ length: 130 }, (_, index) => index + 1);
    server.answer(serve([5, 60, 130]));
    const pages = await collect({ top: 50, from: { ids: wanted, customerId: 4 } });
    expect(pages.map((page) => [ids(page), page.lastId, page.complete])).toEqual([
      [[5], 50, false],
      [[60], 100, false],
      [[130], 130, true],
    ]);
    expect(server.seen[0]?.query['$filter']).toMatch(/^\(id eq 1 or id eq 2 or .*\) and customer_id eq 4$/);
    expect(server.seen[0]?.query['$top']).toBe('50');
  });

  test('no ids, no request; a row that was not asked for is dropped', async () => {
    expect(await readCustomers(sage.client, COMPANY, { top: 50, ids: [] })).toEqual({
      rows: [],
      rejected: [],
      lastId: null,
      count: 0,
      complete: true,
    });
    expect(server.seen).toHaveLength(0);
    server.play({ json: [1, 2].map(customer) });
    expect(ids(await readCustomers(sage.client, COMPANY, { top: 50, ids: [2] }))).toEqual([2]);
  });
});

describe('a page that times out', () => {
  test('is asked for at half the size, which grows back slowly', async () => {
    const all = Array.from({ length: 2_000 }, (_, index) => index + 1);
    const answer = serve(all);
    server.answer((request) =>
      Number(request.query['$top']) > 150 && server.seen.length < 9 ? 'hang' : answer(request),
    );
    const pages = await collect({ top: 400 });
    expect(pages.flatMap(ids)).toEqual(all);
    const tops = server.seen.map(({ query }) => Number(query['$top']));
    expect(tops.slice(0, 9)).toEqual([400, 200, 100, 100, 100, 100, 100, 200, 100]);
    expect(Math.max(...tops.slice(9))).toBe(400);
  });

  test('down to 50 rows, and no further', async () => {
    const asked: number[] = [];
    const read = (request: PageRequest) => {
      asked.push(request.top);
      return Promise.reject(new SageError({ kind: 'timeout', message: 'slow', provablyNotApplied: false }));
    };
    await expect(readPages(read, { top: 300 }).next()).rejects.toMatchObject({ kind: 'timeout' });
    expect(asked).toEqual([300, 150, 75, 50]);
  });

  test('a gateway’s 504 counts as one; another fault is thrown as it is', async () => {
    server.play({ status: 504 }, { status: 504 }, { json: [] });
    await collect({ top: 400 });
    expect(server.seen.map(({ query }) => query['$top'])).toEqual(['400', '400', '200']);
    server.answer(() => ({ status: 400, json: { Message: 'no' } }));
    await expect(collect({ top: 400 })).rejects.toMatchObject({ kind: 'refused' });
  });
});

test('reading stops when it is broken off', async () => {
  server.answer(serve(Array.from({ length: 500 }, (_, index) => index)));
  const controller = new AbortController();
  const pages = readPages((request) => readCustomers(sage.client, COMPANY, request), {
    top: 100,
    signal: controller.signal,
  });
  await pages.next();
  controller.abort(new Error('enough'));
  await expect(pages.next()).rejects.toThrow('enough');
  expect(server.seen).toHaveLength(1);
});
