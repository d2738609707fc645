// Every fault on every kind of write: what the caller sees, and whether the work was done all the same.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultRequest } from '../../src/sandbox/server/faults.js';
import { BANK, COMPANY, startCaller, type Answer, type Caller, type Row } from './sandbox-caller.js';

let caller: Caller;
let customerId: number;
let contactId: number;
let debitId: number;
let creditId: number;
beforeAll(async () => {
  caller = await startCaller();
  customerId = await caller.newCustomer();
  const contact = await caller.call('POST', `/customers/${customerId}/customer_contacts`, { last_name: 'First' });
  contactId = Number(contact.body['id']);
  await caller.call('POST', '/sales_invoices', { customer_id: customerId, document_goods_value: 5000 });
  await caller.call('POST', '/sales_receipts', { customer_id: customerId, bank_id: BANK, cheque_value: 5000 });
  [debitId = 0, creditId = 0] = caller.sandbox.control.postings(COMPANY, { customerId }).map(({ id }) => id);
});
afterEach(() => caller.sandbox.control.clearFaults());
afterAll(() => caller.close());

interface Write {
  readonly method: string;
  readonly path: () => string;
  readonly body: (key: string) => Row;
  /** How often the work with this key was done. */
  readonly done: (key: string) => Promise<number>;
}

const posted = async (key: string): Promise<number> =>
  caller.sandbox.control.postings(COMPANY, { secondReference: key }).length;
const listed = async (path: string, filter: string): Promise<number> =>
  (await caller.list(path, { $filter: filter })).length;
const document = (path: string): Write => ({
  method: 'POST',
  path: () => path,
  body: (key) => ({ customer_id: customerId, document_goods_value: 1, second_reference: key }),
  done: posted,
});
const cash = (path: string): Write => ({
  method: 'POST',
  path: () => path,
  body: (key) => ({ customer_id: customerId, bank_id: BANK, cheque_value: 1, second_reference: key }),
  done: posted,
});
const pence = (key: string): number => Number(key.replace('K', '')) / 100;

const WRITES: readonly Write[] = [
  document('/sales_invoices'),
  document('/sales_credit_notes'),
  cash('/sales_receipts'),
  cash('/sales_payments'),
  {
    method: 'POST',
    path: () => '/sales_allocations',
    // the key is the amount: an allocation has no reference of its own
    body: (key) => ({
      customer_id: customerId,
      allocation_lines: [
        { posted_tran_id: debitId, value_to_allocate: pence(key) },
        { posted_tran_id: creditId, value_to_allocate: -pence(key) },
      ],
    }),
    done: async (key) => {
      const [debit] = caller.sandbox.control.postings(COMPANY, { customerId });
      return debit?.allocations.filter(({ value }) => value === pence(key).toFixed(2)).length ?? 0;
    },
  },
  {
    method: 'POST',
    path: () => '/customers',
    body: (key) => ({ reference: key, name: key }),
    done: (key) => listed('/customers', `reference eq '${key}'`),
  },
  {
    method: 'POST',
    path: () => `/customers/${customerId}/customer_contacts`,
    body: (key) => ({ last_name: key }),
    done: (key) => listed('/customer_contacts', `last_name eq '${key}'`),
  },
  {
    method: 'POST',
    path: () => '/nominal_codes',
    body: (key) => ({ reference: key, report_category_id: 701 }),
    done: (key) => listed('/nominal_codes', `reference eq '${key}'`),
  },
  {
    method: 'PUT',
    path: () => `/customers/${customerId}`,
    body: (key) => ({ analysis_code_1: key }),
    done: (key) => listed('/customers', `analysis_code_1 eq '${key}'`),
  },
  {
    method: 'PUT',
    path: () => `/customers/${customerId}/customer_contacts/${contactId}`,
    body: (key) => ({ middle_name: key }),
    done: (key) => listed('/customer_contacts', `middle_name eq '${key}'`),
  },
];

interface Case {
  readonly fault: FaultRequest;
  /** 0: no answer at all. */
  readonly status: number;
  readonly done: 0 | 1;
  readonly check?: (answer: Answer) => void;
}
const isHtml = ({ text, headers }: Answer): void => {
  expect(headers.get('content-type')).toContain('text/html');
  expect(text).toMatch(/^<!DOCTYPE html>/);
};
const isEmpty = ({ text }: Answer): void => expect(text).toBe('');
const retryAfter =
  (value: string | null) =>
  ({ headers }: Answer): void =>
    expect(headers.get('retry-after')).toBe(value);

const CASES: readonly Case[] = [
  { fault: { kind: 'resetAfterCommit' }, status: 0, done: 1 },
  { fault: { kind: 'errorAfterCommit' }, status: 500, done: 1 },
  { fault: { kind: 'gatewayErrorAfterCommit' }, status: 504, done: 1, check: isHtml },
  { fault: { kind: 'truncatedBody' }, status: 0, done: 1 },
  { fault: { kind: 'hangAfterCommit' }, status: 0, done: 1 },
  { fault: { kind: 'slow', delayMs: 5 }, status: 200, done: 1 },
  { fault: { kind: 'delayThenCommit', delayMs: 5 }, status: 200, done: 1 },
  { fault: { kind: 'resetBeforeCommit' }, status: 0, done: 0 },
  { fault: { kind: 'errorBeforeCommit', status: 503 }, status: 503, done: 0 },
  { fault: { kind: 'gatewayErrorBeforeCommit' }, status: 502, done: 0, check: isHtml },
  { fault: { kind: 'hang' }, status: 0, done: 0 },
  { fault: { kind: 'down', count: 1 }, status: 0, done: 0 },
  { fault: { kind: 'tooManyRequests' }, status: 429, done: 0, check: retryAfter(null) },
  { fault: { kind: 'tooManyRequests', retryAfterSeconds: 7 }, status: 429, done: 0, check: retryAfter('7') },
  { fault: { kind: 'unauthorized' }, status: 401, done: 0, check: isEmpty },
  { fault: { kind: 'forbidden' }, status: 403, done: 0 },
];

let keys = 100;
const nextKey = (): string => `K${(keys += 1)}`;
const isFaultUsed = (): boolean => caller.sandbox.control.status().faults.length === 0;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
/** Null: no answer. `isEnough` gives the call up, as a deadline would, but at no moment that a slow machine could miss. */
const attempt = async (write: Write, key: string, isEnough?: () => boolean): Promise<Answer | null> => {
  const giveUp = new AbortController();
  const call = caller.call(write.method, write.path(), write.body(key), { signal: giveUp.signal }).catch(() => null);
  if (isEnough) {
    while (!isEnough()) await pause();
    giveUp.abort();
  }
  return call;
};
const settled = async (): Promise<void> => {
  while (caller.sandbox.control.status().waiting > 0) await pause();
};
const nameOf = ({ method, path }: Write): string => `${method} ${path().replaceAll(/\d+/g, '#').replace('NaN', '#')}`;

describe.each(CASES)('$fault.kind', ({ fault, status, done, check }) => {
  test(`is answered ${status || 'not at all'}, and the work is ${done ? '' : 'not '}done`, async () => {
    for (const write of WRITES) {
      const key = nextKey();
      caller.sandbox.control.addFault({ ...fault, method: write.method, path: `^${write.path()}$` });
      const answer = await attempt(write, key, fault.kind.startsWith('hang') ? isFaultUsed : undefined);
      const name = nameOf(write);
      expect([name, answer?.status ?? 0]).toEqual([name, status]);
      if (answer && check) check(answer);
      await settled();
      expect([name, await write.done(key)]).toEqual([name, done]);
      const logged = caller.sandbox.control.requests().findLast(({ method }) => method === write.method);
      expect(logged).toMatchObject({ path: write.path(), fault: fault.kind });
      // used up: the next attempt is served
      expect(caller.sandbox.control.status().faults).toEqual([]);
      if (done === 0) {
        expect([name, (await attempt(write, key))?.status]).toEqual([name, 200]);
        expect([name, await write.done(key)]).toEqual([name, 1]);
      }
    }
  });
});

test('work that waits is done after its caller has gone', async () => {
  for (const write of WRITES) {
    const key = nextKey();
    caller.sandbox.control.addFault({ kind: 'delayThenCommit', delayMs: 150, method: write.method });
    expect(await attempt(write, key, () => caller.sandbox.control.status().waiting === 1)).toBeNull();
    expect([nameOf(write), await write.done(key)]).toEqual([nameOf(write), 0]);
    await settled();
    expect([nameOf(write), await write.done(key)]).toEqual([nameOf(write), 1]);
  }
});

test('a truncated answer promises more than comes', async () => {
  caller.sandbox.control.addFault({ kind: 'truncatedBody', method: 'POST' });
  const { sandbox } = caller;
  const { access_token: token } = sandbox.control.signIn();
  const site = sandbox.control.status().companies[0]?.siteId ?? '';
  const answer = await fetch(`${sandbox.apiUrl}/sales_invoices`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-site': site, 'x-company': String(COMPANY) },
    body: JSON.stringify({ customer_id: customerId, document_goods_value: 1 }),
  });
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

describe('late visibility', () => {
  const LATE: readonly [Write, readonly string[], (key: string) => string][] = [
    ...WRITES.slice(0, 4).map((write): [Write, readonly string[], (key: string) => string] => [
      write,
      ['/sales_posted_transactions', '/sales_transaction_views', '/sales_transaction_enquiry_views'],
      (key) => `second_reference eq '${key}'`,
    ]),
    [WRITES[5] as Write, ['/customers', '/customer_views', '/lookup_customers'], (key) => `reference eq '${key}'`],
    [WRITES[6] as Write, ['/customer_contacts'], (key) => `last_name eq '${key}'`],
    [
      WRITES[7] as Write,
      ['/nominal_codes', '/nominal_code_views', '/lookup_nominal_codes'],
      (key) => `reference eq '${key}'`,
    ],
  ];

  test('keeps what is new out of the lists until its time has come, and only that', async () => {
    for (const [write, paths, filter] of LATE) {
      const [key, prompt] = [nextKey(), nextKey()];
      caller.sandbox.control.addFault({ kind: 'lateVisibility', delayMs: 5_000 });
      for (const one of [key, prompt]) expect((await attempt(write, one))?.status).toBe(200);
      const seen = (one: string): Promise<number[]> => Promise.all(paths.map((path) => listed(path, filter(one))));
      const all = (count: number): number[] => paths.map(() => count);
      expect([nameOf(write), await seen(key), await seen(prompt)]).toEqual([nameOf(write), all(0), all(1)]);
      caller.clock.ms += 4_999;
      expect(await seen(key)).toEqual(all(0));
      caller.clock.ms += 1;
      expect(await seen(key)).toEqual(all(1));
    }
  });

  test('hides the row, not the money: the ledger and the balance have it at once', async () => {
    const id = await caller.newCustomer();
    caller.sandbox.control.addFault({ kind: 'lateVisibility', delayMs: 5_000 });
    const { body } = await caller.call('POST', '/sales_invoices', { customer_id: id, document_goods_value: 12 });
    const filter = { $filter: `urn eq ${String(body['urn'])}`, $count: 'true' };
    const counted = await caller.call('GET', `/sales_posted_transactions?${new URLSearchParams(filter).toString()}`);
    expect(counted.body).toEqual({ '@odata.count': 0, value: [] });
    const [raw] = caller.sandbox.control.postings(COMPANY, { customerId: id });
    expect(raw).toMatchObject({ urn: body['urn'], gross: '12.00' });
    expect((await caller.call('GET', `/sales_posted_transactions/${raw?.id}`)).status).toBe(404);
    expect((await caller.call('GET', `/customers/${id}`)).body['balance']).toBe(12);
  });
});

describe('asking for faults', () => {
  const hits = async (count: number): Promise<string> => {
    let text = '';
    for (let index = 0; index < count; index += 1) {
      const { status } = await caller.call('GET', '/tax_codes?$top=1');
      text += status === 200 ? '.' : String(status).slice(0, 1);
    }
    return text;
  };

  test('a mixture by chance follows the seed and the order of requests', async () => {
    const run = async (seed: string): Promise<string> => {
      const own = await startCaller({ seed, customers: 3, transactions: 10 });
      const { control } = own.sandbox;
      control.addFault({ kind: 'errorBeforeCommit', method: 'GET', probability: 0.3, count: 0 });
      control.addFault({ kind: 'tooManyRequests', method: 'GET', probability: 0.2, count: 0 });
      let text = '';
      for (let index = 0; index < 150; index += 1)
        text += (await own.call('GET', '/tax_codes?$top=1')).status === 200 ? '.' : 'x';
      await own.close();
      return text;
    };
    const [first, again, other] = [await run('one'), await run('one'), await run('two')];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    // 0.3 + 0.7 × 0.2 = 44 of 100
    const share = first.replaceAll('.', '').length / first.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.58);
  });

  test('certain, never, and used up by hits alone', async () => {
    const { control } = caller.sandbox;
    control.addFault({ kind: 'errorBeforeCommit', method: 'GET', probability: 0, count: 0 });
    control.addFault({ kind: 'tooManyRequests', method: 'GET', probability: 1, count: 2 });
    expect(await hits(4)).toBe('44..');
    control.clearFaults();
    control.addFault({ kind: 'tooManyRequests', method: 'GET', probability: 0.25, count: 3 });
    expect((await hits(60)).replaceAll('.', '')).toBe('444');
  });

  test('over HTTP: added, listed, taken away one by one, and all', async () => {
    const url = `${caller.sandbox.url}/sandbox/faults`;
    const add = async (fault: object): Promise<Row> =>
      (await (await fetch(url, { method: 'POST', body: JSON.stringify(fault) })).json()) as Row;
    const kept = { kind: 'tooManyRequests', path: '^/tax_codes$', companyId: COMPANY, probability: 1, count: 0 };
    const first = await add({ kind: 'errorBeforeCommit', path: '^/tax_codes$', count: 0 });
    const second = await add(kept);
    expect(second).toEqual({ ...kept, id: expect.any(Number), left: null });
    expect(await (await fetch(url)).json()).toEqual([first, second]);
    expect(await hits(2)).toBe('55');
    await fetch(`${url}/${String(first['id'])}`, { method: 'DELETE' });
    expect(await hits(2)).toBe('44');
    await fetch(url, { method: 'DELETE' });
    expect(await hits(2)).toBe('..');
  });

  test.each([
    [{ kind: 'nonsense' }],
    [{ kind: 'slow', path: '(' }],
    [{ kind: 'slow', probability: 1.1 }],
    [{ kind: 'slow', probability: '0.5%' }],
    [{ kind: 'slow', count: -1 }],
    [{ kind: 'slow', delayMs: '5s' }],
    [{ kind: 'errorAfterCommit', status: 200 }],
  ])('%j is refused', async (fault) => {
    const answer = await fetch(`${caller.sandbox.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
    expect([answer.status, caller.sandbox.control.status().faults]).toEqual([400, []]);
  });

  test('closedPeriod, emptySites, refusedCompany and envelope mean their own requests', async () => {
    const { control } = caller.sandbox;
    control.addFault({ kind: 'closedPeriod' });
    control.addFault({ kind: 'emptySites' });
    expect((await caller.call('GET', '/tax_codes')).status).toBe(200);
    expect((await caller.call('GET', '/sites')).text).toBe('[]');
    const invoice = { customer_id: customerId, document_goods_value: 1 };
    const refused = await caller.call('POST', '/sales_invoices', invoice);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('closed accounting period')]);
    expect((await caller.call('POST', '/sales_invoices', invoice)).status).toBe(200);
    control.addFault({ kind: 'refusedCompany', companyId: 2 });
    expect((await caller.call('GET', '/tax_codes')).status).toBe(200);
    control.clearFaults();
    control.addFault({ kind: 'envelope' });
    expect((await caller.call('GET', '/tax_codes?$top=1&$select=code')).text).toMatch(
      /^\{"value":\[\{"code":\d+\}\]\}$/,
    );
  });

  test('a sandbox that is closed drops what still waits', async () => {
    const own = await startCaller({ customers: 3, transactions: 10 });
    const id = await own.newCustomer();
    own.sandbox.control.addFault({ kind: 'delayThenCommit', delayMs: 60_000, method: 'POST' });
    const call = own.call('POST', '/sales_invoices', { customer_id: id, document_goods_value: 1 });
    const outcome = call.then(
      () => 'answered',
      () => 'cut',
    );
    while (own.sandbox.control.status().waiting === 0) await pause();
    await own.close();
    expect(await outcome).toBe('cut');
  });
});
