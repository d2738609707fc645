import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FaultRequest } from '../../src/sandbox/server/faults.js';
import { expectFiguresOfSage, expectTransactionsOfSage, ledgerOf } from '../support/sage-ledger.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const LEDGER = '^/sales_posted_transactions$';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ variables: { SAGE_REQUEST_TIMEOUT_MS: '1000' } });
});
afterEach(() => gateway.sandbox.control.clearFaults());
afterAll(() => gateway.close());

/** Something new in every company's ledger, so that a pull that loses rows is found out. */
function post(): void {
  const { control } = gateway.sandbox;
  for (const { companyId } of control.status().companies) {
    const [customerId] = ledgerOf(gateway.sandbox).column<number>(
      'select id from customers where company_id = ? and account_status_type = 0 and on_hold = 0 limit 1',
      [companyId],
    );
    control.desktop(companyId, 'postInvoice', {
      customer_id: customerId,
      document_goods_value: 10,
      reference: 'FAULT',
    });
  }
}

async function expectNothingMissing() {
  await expectFiguresOfSage(gateway);
  await expectTransactionsOfSage(gateway);
}

const lastRequest = () => gateway.sandbox.control.requests().at(-1)?.number ?? 0;
const tokenCalls = (since: number) =>
  gateway.sandbox.control.requests(since).filter(({ path }) => path === '/oauth/token').length;

interface Status {
  resource: string;
  state: string;
  message: string | null;
  lastSucceededAt: string;
  sageCompany: { sageCompanyId: number } | null;
}
async function statuses(): Promise<Status[]> {
  const { syncStatus } = await gateway.data(
    '{ syncStatus { resource state message lastSucceededAt sageCompany { sageCompanyId } } }',
  );
  return syncStatus;
}
async function connection(): Promise<{ state: string; message: string | null; signInUrl: string }> {
  const { sageConnection } = await gateway.data('{ sageConnection { state message signInUrl } }');
  return sageConnection;
}
const activeCompanies = async () => {
  const { sageCompanies } = await gateway.data('{ sageCompanies { sageCompanyId isActive } }');
  return sageCompanies
    .filter(({ isActive }: { isActive: boolean }) => isActive)
    .map(({ sageCompanyId }: { sageCompanyId: number }) => sageCompanyId);
};

const PASSING: [string, FaultRequest][] = [
  ['an error 500', { kind: 'errorBeforeCommit' }],
  ["the gateway's HTML 502", { kind: 'gatewayErrorBeforeCommit' }],
  ['429 with Retry-After', { kind: 'tooManyRequests', retryAfterSeconds: 1 }],
  ['a connection that is cut', { kind: 'resetBeforeCommit' }],
  ['an answer that breaks off', { kind: 'truncatedBody' }],
];
test.each(PASSING)('%s is got over within the same pull', async (_name, fault) => {
  post();
  const since = lastRequest();
  gateway.sandbox.control.addFault({ ...fault, path: LEDGER });
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  expect(gateway.sandbox.control.requests(since).filter((request) => request.fault === fault.kind)).toHaveLength(1);
  expect((await statuses()).filter(({ state, message }) => state === 'FAILED' || message !== null)).toEqual([]);
  await expectNothingMissing();
});

test('a page that times out is asked for again at half the size', async () => {
  post();
  const since = lastRequest();
  gateway.sandbox.control.addFault({ kind: 'hang', path: '^/sales_historical_transactions$', companyId: 1 });
  await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
  const [hung, next] = gateway.sandbox.control
    .requests(since)
    .filter(({ path, companyId }) => path === '/sales_historical_transactions' && companyId === 1);
  expect(hung?.fault).toBe('hang');
  expect(Number(next?.query['$top'])).toBe(Number(hung?.query['$top']) / 2);
  expect(next?.query['$filter']).toBe(hung?.query['$filter']);
  await expectNothingMissing();
});

test('a release without the list of archived transactions is read all the same', async () => {
  post();
  const since = lastRequest();
  const path = '^/sales_historical_transactions$';
  gateway.sandbox.control.addFault({ kind: 'errorBeforeCommit', status: 404, path, companyId: 1, count: 0 });
  await pull(gateway, { resources: ['TRANSACTIONS'], full: true });
  const asked = gateway.sandbox.control.requests(since).filter(({ fault }) => fault !== null);
  expect(asked.map(({ status }) => status)).toEqual([404]);
  await expectNothingMissing();
});

test('a release without report categories, cost centres and departments keeps what was read of them', async () => {
  const read = async () => {
    const { sageCompanies } = await gateway.data(
      '{ sageCompanies { reportCategories { code } nominalAccounts { id } } }',
    );
    return sageCompanies;
  };
  const before = await read();
  const path = '^/(nominal_report_categories|cost_centres|departments)$';
  gateway.sandbox.control.addFault({ kind: 'errorBeforeCommit', status: 404, path, count: 0 });
  await pull(gateway, { resources: ['NOMINAL_ACCOUNTS'], full: true });
  expect(await read()).toEqual(before);
  expect((await statuses()).every(({ message }) => message === null)).toBe(true);
});

test('a list that fails for good says so in syncStatus, the other pulls go on, and it recovers by itself', async () => {
  post();
  gateway.sandbox.control.addFault({ kind: 'errorBeforeCommit', path: LEDGER, companyId: 2, count: 0 });
  await eventually(async () => {
    const failed = (await statuses()).filter(({ state }) => state === 'FAILED');
    expect(failed).toEqual([expect.objectContaining({ resource: 'TRANSACTIONS', sageCompany: { sageCompanyId: 2 } })]);
    expect(failed[0]?.message).toMatch(/\S/);
  });
  expect((await connection()).state).toBe('CONNECTED');
  gateway.sandbox.control.clearFaults();
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  await expectNothingMissing();
  expect((await statuses()).every(({ message }) => message === null)).toBe(true);
});

test('an empty list of sites takes no company away: the connection says what to do, and recovers', async () => {
  gateway.sandbox.control.addFault({ kind: 'emptySites', count: 0 });
  await eventually(async () => expect((await connection()).state).toBe('UNREACHABLE'));
  expect((await connection()).message).toMatch(/no company.*System Administration/);
  expect(await activeCompanies()).toEqual([1, 2, 7]);
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1) { nodes { freshness { stale } } } }');
  expect(sageAccounts.nodes[0].freshness.stale).toBe(true);

  gateway.sandbox.control.clearFaults();
  await eventually(async () => expect(await connection()).toMatchObject({ state: 'CONNECTED', message: null }));
  await pull(gateway);
  await expectNothingMissing();
});

test('one company that refuses the sign-in fails alone, without a storm of refreshes', async () => {
  post();
  const since = lastRequest();
  gateway.sandbox.control.addFault({ kind: 'refusedCompany', companyId: 2, count: 0 });
  const refusedAt = Date.now();
  await eventually(async () => {
    const now = await statuses();
    const ofCompany = (id: number) => now.filter(({ sageCompany }) => sageCompany?.sageCompanyId === id);
    expect(ofCompany(2).map(({ state }) => state)).toEqual(ofCompany(2).map(() => 'FAILED'));
    for (const { message } of ofCompany(2)) expect(message).toMatch(/\S/);
    for (const { lastSucceededAt } of [...ofCompany(1), ...ofCompany(7)])
      expect(Date.parse(lastSucceededAt)).toBeGreaterThan(refusedAt + 1_500);
  });
  expect(gateway.sandbox.control.requests(since).filter(({ fault }) => fault !== null).length).toBeGreaterThan(8);
  expect(tokenCalls(since)).toBeLessThanOrEqual(2);
  expect(await activeCompanies()).toEqual([1, 2, 7]);

  gateway.sandbox.control.clearFaults();
  await eventually(expectNothingMissing);
});

test('an access token that Sage has withdrawn costs one refresh', async () => {
  post();
  const since = lastRequest();
  gateway.sandbox.control.revokeTokens('access');
  await pull(gateway);
  expect(tokenCalls(since)).toBe(1);
  await expectNothingMissing();
});

test('a sign-in that was withdrawn asks for a person, who signs in by the link; then all goes on', async () => {
  post();
  gateway.sandbox.control.revokeTokens('all');
  await eventually(async () => expect((await connection()).state).toBe('SIGN_IN_NEEDED'));
  const { message, signInUrl } = await connection();
  expect(message).toMatch(/sign/i);
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(first: 1) { nodes { balance { amount } freshness { stale } } } }',
  );
  expect(sageAccounts.nodes[0]).toMatchObject({ balance: { amount: expect.any(String) }, freshness: { stale: true } });

  // the gateway listens on a port of its own choice here, which its links cannot name
  const here = (address: string) => new URL(address.replace(/^https?:\/\/[^/]+/, ''), gateway.url);
  const toSage = await fetch(here(signInUrl), { redirect: 'manual' });
  expect(toSage.status).toBe(302);
  // as the link "Sign in" on the sandbox's page does
  const back = await fetch(`${toSage.headers.get('location')}&prompt=none`, { redirect: 'manual' });
  const cookie = toSage.headers.get('set-cookie')?.split(';')[0] ?? '';
  const done = await fetch(here(back.headers.get('location') ?? ''), { redirect: 'manual', headers: { cookie } });
  expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('Signed in')]);
  expect((await fetch(here(signInUrl), { redirect: 'manual' })).status).toBe(410);

  expect(await connection()).toMatchObject({ state: 'CONNECTED', message: null });
  await pull(gateway);
  await expectNothingMissing();
});

test('a company that the sign-in no longer lists is inactive, and keeps its data', async () => {
  const ledger = ledgerOf(gateway.sandbox);
  const count = async () => {
    const { sageAccounts } = await gateway.data('{ sageAccounts { totalCount } }');
    return sageAccounts.totalCount;
  };
  const before = await count();
  ledger.exec('create table companies_away as select * from companies where company_id = 7');
  ledger.exec('delete from companies where company_id = 7');
  await pull(gateway, { resources: ['COMPANIES'] });
  expect(await activeCompanies()).toEqual([1, 2]);
  expect(await count()).toBe(before);

  ledger.exec('insert into companies select * from companies_away');
  await pull(gateway, { resources: ['COMPANIES'] });
  expect(await activeCompanies()).toEqual([1, 2, 7]);
  await pull(gateway);
  await expectNothingMissing();
});
