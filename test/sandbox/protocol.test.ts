// The sandbox's sign-in, its query options, and that a ledger is made of nothing but its seed and its date.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { ANCHOR, BANK, COMPANY, startCaller, type Caller, type Row } from './sandbox-caller.js';

let caller: Caller;
beforeAll(async () => {
  caller = await startCaller({
    customers: 60,
    transactions: 1_600,
    accessTokenSeconds: 600,
    refreshTokenSeconds: 86_400,
  });
});
afterAll(() => caller.close());

describe('signing in', () => {
  const REDIRECT = 'http://localhost:4000/callback';
  const client = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
  const authorize = async (changes: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const query = new URLSearchParams({
      audience: 's200ukipd/sage200',
      response_type: 'code',
      client_id: 'sandbox-client',
      redirect_uri: REDIRECT,
      scope: 'openid profile email offline_access',
      state: 'state & more',
      prompt: 'none',
      ...changes,
    });
    return fetch(`${caller.sandbox.authUrl}/authorize?${query.toString()}`, { redirect: 'manual' });
  };
  const codeOf = (answer: Response): string => {
    const location = new URL(answer.headers.get('location') ?? '');
    expect([answer.status, location.searchParams.get('state')]).toEqual([302, 'state & more']);
    return location.searchParams.get('code') ?? '';
  };
  const exchange = async (fields: Readonly<Record<string, string>>): Promise<{ status: number; body: Row }> => {
    const body = new URLSearchParams({ ...client, ...fields });
    const answer = await fetch(`${caller.sandbox.authUrl}/oauth/token`, { method: 'POST', body });
    return { status: answer.status, body: (await answer.json()) as Row };
  };
  const byCode = async (code: string) => exchange({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT });
  const byRefresh = async (token: unknown) => exchange({ grant_type: 'refresh_token', refresh_token: String(token) });
  const sites = async (token: unknown): Promise<number> =>
    (await fetch(`${caller.sandbox.apiUrl}/sites`, { headers: { authorization: `Bearer ${String(token)}` } })).status;
  const invalid = { status: 403, body: expect.objectContaining({ error: 'invalid_grant' }) };

  test('a code is good once, for its redirect URL, and for ten minutes', async () => {
    const code = codeOf(await authorize());
    expect(await exchange({ grant_type: 'authorization_code', code, redirect_uri: `${REDIRECT}/x` })).toEqual(invalid);
    const { status, body } = await byCode(code);
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        refresh_token: expect.any(String),
        expires_in: 600,
        scope: 'openid profile email offline_access',
        token_type: 'Bearer',
      },
    ]);
    expect(await sites(body['access_token'])).toBe(200);
    expect(await byCode(code)).toEqual(invalid);
    const late = codeOf(await authorize());
    caller.clock.ms += 10 * 60_000;
    expect(await byCode(late)).toEqual(invalid);
  });

  test('a refresh kills the old refresh token, and the old access token lives its time', async () => {
    const { body: first } = await byCode(codeOf(await authorize()));
    const { status, body: second } = await byRefresh(first['refresh_token']);
    expect(status).toBe(200);
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    expect([await sites(first['access_token']), await sites(second['access_token'])]).toEqual([200, 200]);
    expect(await byRefresh(first['refresh_token'])).toEqual(invalid);
    expect(await byRefresh(second['access_token'])).toEqual(invalid);
    expect((await byRefresh(second['refresh_token'])).status).toBe(200);
  });

  test('an access token ends by its seconds; a refresh token by the sign-in, however often it was renewed', async () => {
    const { body: first } = await byCode(codeOf(await authorize()));
    caller.clock.ms += 599_000;
    expect(await sites(first['access_token'])).toBe(200);
    caller.clock.ms += 1_000;
    expect(await sites(first['access_token'])).toBe(401);
    caller.clock.ms += 85_000_000;
    const { body: second } = await byRefresh(first['refresh_token']);
    expect(await sites(second['access_token'])).toBe(200);
    caller.clock.ms += 800_000;
    expect(await byRefresh(second['refresh_token'])).toEqual(invalid);
  });

  test('no refresh token without offline_access; no code for the wrong client, callback or audience', async () => {
    const { body } = await byCode(codeOf(await authorize({ scope: 'openid' })));
    expect(body).not.toHaveProperty('refresh_token');
    expect((await authorize({ client_id: 'other' })).status).toBe(400);
    expect((await authorize({ redirect_uri: 'https://elsewhere.example/' })).status).toBe(400);
    const refused = await authorize({ audience: 'other' });
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied');
    expect((await exchange({ grant_type: 'refresh_token', client_secret: 'wrong' })).status).toBe(401);
    expect((await exchange({ grant_type: 'password' })).status).toBe(400);
  });

  test('revoked tokens: access alone, or all', async () => {
    const { control } = caller.sandbox;
    const grant = control.signIn();
    control.revokeTokens('access');
    expect(await sites(grant.access_token)).toBe(401);
    const { body } = await byRefresh(grant.refresh_token);
    expect(await sites(body['access_token'])).toBe(200);
    control.revokeTokens('all');
    expect(await sites(body['access_token'])).toBe(401);
    expect(await byRefresh(body['refresh_token'])).toEqual(invalid);
  });

  test('a call needs its token, its site and its company', async () => {
    const { access_token: token } = caller.sandbox.control.signIn();
    const site = caller.sandbox.control.status().companies[0]?.siteId ?? '';
    const call = async (headers: Record<string, string>): Promise<[number, string]> => {
      const answer = await fetch(`${caller.sandbox.apiUrl}/tax_codes?$top=1&$select=id`, { headers });
      return [answer.status, await answer.text()];
    };
    const good = { authorization: `Bearer ${token}`, 'x-site': site, 'x-company': '1' };
    expect((await call(good))[0]).toBe(200);
    const denied = '{"Message":"Authorization has been denied for this request."}';
    expect(await call({ ...good, authorization: `Bearer${token}` })).toEqual([401, denied]);
    expect(await call({ ...good, authorization: 'Bearer nonsense' })).toEqual([401, '']);
    expect(await call({ ...good, 'x-company': '3' })).toEqual([401, '']);
    expect(await call({ ...good, 'x-site': 'nowhere' })).toEqual([401, '']);
  });
});

describe('query options', () => {
  const PATH = '/sales_posted_transactions';
  let rows: Row[];
  let own: Caller;
  beforeAll(async () => {
    own = await startCaller({ customers: 60, transactions: 1_600 });
    rows = await own.list(PATH, { $top: '5000', $orderby: 'id' });
  });
  afterAll(() => own.close());

  const idsOf = (some: readonly Row[]): unknown[] => some.map(({ id }) => id);
  const by = async (filter: string): Promise<unknown[]> =>
    idsOf(await own.list(PATH, { $filter: filter, $top: '5000', $orderby: 'id' }));
  /** What the same rows give in JavaScript; neither all nor none, or the comparison shows nothing. */
  const same = async (filter: string, isMeant: (row: Row) => boolean): Promise<void> => {
    const expected = idsOf(rows.filter(isMeant));
    expect([filter, expected.length > 0, expected.length < rows.length]).toEqual([filter, true, true]);
    expect([filter, await by(filter)]).toEqual([filter, expected]);
  };
  const refusedWith = async (query: Readonly<Record<string, string>>, says: RegExp): Promise<void> => {
    const answer = await own.call('GET', `${PATH}?${new URLSearchParams(query).toString()}`);
    expect([query, answer.status, answer.body['Message']]).toEqual([query, 400, expect.stringMatching(says)]);
  };

  test('comparisons of numbers, texts, dates and choices', async () => {
    const middle = rows[500] as Row;
    const id = Number(middle['id']);
    const gross = Number(middle['document_gross_value']);
    await same(`id eq ${id}`, (row) => row['id'] === id);
    await same(`id ne ${id}`, (row) => row['id'] !== id);
    await same(`id gt ${id}`, (row) => Number(row['id']) > id);
    await same(`id ge ${id}`, (row) => Number(row['id']) >= id);
    await same(`id lt ${id}`, (row) => Number(row['id']) < id);
    await same(`id le ${id}`, (row) => Number(row['id']) <= id);
    await same(`document_gross_value ge ${gross}`, (row) => Number(row['document_gross_value']) >= gross);
    await same(`document_gross_value lt -10.505`, (row) => Number(row['document_gross_value']) < -10.505);
    await same(`reference eq 'bacs'`, (row) => String(row['reference']).toLowerCase() === 'bacs');
    await same(`user_name eq 'Finance Team'`, (row) => row['user_name'] === 'Finance Team');
    await same(`settled_immediately eq false and id lt ${id}`, (row) => Number(row['id']) < id);
    await same(`full_settlement_date eq null`, (row) => row['full_settlement_date'] === undefined);
    const credit = (row: Row): boolean => row['trader_transaction_type'] === 'TradingAccountEntryTypeCreditNote';
    await same(`trader_transaction_type eq 'TradingAccountEntryTypeCreditNote'`, credit);
    await same(`trader_transaction_type eq '1'`, credit);
  });

  test('dates are bare days, instants are UTC with Z', async () => {
    const date = '2026-01-31';
    await same(`transaction_date gt ${date}`, (row) => String(row['transaction_date']).slice(0, 10) > date);
    await same(`transaction_date le ${date}T00:00:00Z`, (row) => String(row['transaction_date']).slice(0, 10) <= date);
    const instant = String(rows[700]?.['date_time_updated']);
    const at = Date.parse(instant);
    const updated = (row: Row): number => Date.parse(String(row['date_time_updated']));
    await same(`date_time_updated gt ${instant}`, (row) => updated(row) > at);
    await same(`date_time_updated ge ${instant} and id gt 0`, (row) => updated(row) >= at);
    await refusedWith({ $filter: 'date_time_updated gt 2026-01-31T09:52:11.452' }, /UTC/);
    await refusedWith({ $filter: 'date_time_updated gt 2026-02-30T00:00:00Z' }, /not a valid date/);
    await refusedWith({ $filter: "date_time_updated gt '2026-01-31'" }, /incompatible/);
  });

  test('and before or, brackets before both, not, functions and quotes', async () => {
    const [a, b, c] = [10, 20, 30].map((index) => Number(rows[index]?.['id'])) as [number, number, number];
    await same(`id eq ${a} or id eq ${b} or id eq ${c}`, ({ id }) => [a, b, c].includes(Number(id)));
    await same(`id eq ${a} or id eq ${b} and id eq ${c}`, ({ id }) => id === a);
    await same(`(id eq ${a} or id eq ${b}) and id le ${a}`, ({ id }) => id === a);
    await same(`not (id eq ${a})`, ({ id }) => id !== a);
    const text = (row: Row): string => String(row['reference']).toLowerCase();
    await same(`contains(reference,'V100')`, (row) => text(row).includes('v100'));
    await same(`startswith(reference,'CRN')`, (row) => text(row).startsWith('crn'));
    await same(`endswith(reference,'7') eq false`, (row) => !text(row).endsWith('7'));
    const id = await own.newCustomer({ name: "O'Neill & Sons 100%" });
    expect(await own.list('/customers', { $filter: "name eq 'O''Neill & Sons 100%'" })).toMatchObject([{ id }]);
    expect(await own.list('/customers', { $filter: "contains(name,'%')" })).toMatchObject([{ id }]);
  });

  test('what cannot be filtered is refused', async () => {
    await refusedWith({ $filter: 'nonsense eq 1' }, /nonsense/);
    await refusedWith({ $filter: 'id eq' }, /Syntax error/);
    await refusedWith({ $filter: 'id eq 1 or' }, /Syntax error/);
    await refusedWith({ $filter: '(id eq 1' }, /Syntax error/);
    await refusedWith({ $filter: "id eq '1'" }, /incompatible/);
    await refusedWith({ $filter: 'id in (1,2)' }, /Syntax error/);
    await refusedWith({ $filter: "trader_transaction_type eq 'Invoice'" }, /enumeration/);
    await refusedWith({ $filter: "nominal_analysis_items eq '4000'" }, /cannot be used/);
    await refusedWith({ $search: 'x' }, /not supported/);
  });

  test('a posting is found by account, kind and key, and by its URN among others', async () => {
    const id = await own.newCustomer();
    const post = async (path: string, second_reference: string): Promise<unknown> =>
      (await own.call('POST', path, { customer_id: id, bank_id: BANK, cheque_value: 1, second_reference })).body['urn'];
    const urns = [await post('/sales_receipts', 'KEY-1'), await post('/sales_receipts', 'KEY-2')];
    await post('/sales_payments', 'KEY-1');
    const kind = 'TradingAccountEntryTypePurchasePaymentSalesReceipt';
    const $filter = `customer_id eq ${id} and trader_transaction_type eq '${kind}' and second_reference eq 'KEY-1'`;
    expect((await own.list(PATH, { $filter })).map(({ urn }) => urn)).toEqual([urns[0]]);
    expect(await own.list('/sales_historical_transactions', { $filter })).toEqual([]);
    const both = { $filter: urns.map((urn) => `urn eq ${String(urn)}`).join(' or '), $orderby: 'urn desc' };
    expect((await own.list(PATH, both)).map(({ urn }) => urn)).toEqual(urns.toReversed());
  });

  test('order by several fields; pages by skip need an order', async () => {
    const $orderby = 'customer_id desc,id';
    const ordered = await own.list(PATH, { $orderby, $top: '5000', $filter: `id le ${Number(rows.at(-1)?.['id'])}` });
    const expected = rows.toSorted(
      (a, b) => Number(b['customer_id']) - Number(a['customer_id']) || Number(a['id']) - Number(b['id']),
    );
    expect(idsOf(ordered)).toEqual(idsOf(expected));
    expect(idsOf(await own.list(PATH, { $orderby, $top: '7', $skip: '5' }))).toHaveLength(7);
    expect(idsOf(await own.list(PATH, { $orderby: 'id', $top: '7', $skip: '5' }))).toEqual(idsOf(rows.slice(5, 12)));
    await refusedWith({ $skip: '5' }, /\$orderby/);
    await refusedWith({ $orderby: 'id sideways' }, /\$orderby/);
    await refusedWith({ $orderby: 'nonsense' }, /nonsense/);
  });

  test('500 rows unless asked for more, and never above 5000', async () => {
    expect(rows.length).toBeGreaterThan(500);
    expect(idsOf(await own.list(PATH))).toEqual(idsOf(rows.slice(0, 500)));
    expect(await own.list(PATH, { $top: '501' })).toHaveLength(501);
    expect(await own.list(PATH, { $top: '0' })).toEqual([]);
    await refusedWith({ $top: '5001' }, /5000/);
    await refusedWith({ $top: '-1' }, /\$top/);
  });

  test('select and expand shape the row; count counts past the page', async () => {
    const [row] = await own.list(PATH, { $top: '1', $select: 'id,customer.name', $expand: 'customer' });
    expect(row).toEqual({ id: rows[0]?.['id'], customer: { name: expect.any(String) } });
    expect(rows[0]).not.toHaveProperty('customer');
    expect(rows[0]).not.toHaveProperty('tax_analysis_items');
    const [customer] = await own.list('/customers', { $top: '1', $expand: 'contacts.emails,main_address,currency' });
    expect(customer).toMatchObject({
      contacts: expect.arrayContaining([
        expect.objectContaining({ emails: [expect.objectContaining({ email: expect.any(String) })] }),
      ]),
      main_address: { city: expect.any(String) },
      currency: { name: expect.any(String) },
    });
    const counted = await own.call('GET', `${PATH}?$count=true&$top=2&$filter=${encodeURIComponent('id ge 0')}`);
    expect(counted.body).toMatchObject({ value: [{ id: rows[0]?.['id'] }, { id: rows[1]?.['id'] }] });
    expect(Number(counted.body['@odata.count'])).toBeGreaterThanOrEqual(rows.length);
    await refusedWith({ $select: 'nonsense' }, /nonsense/);
    await refusedWith({ $select: 'customer.name' }, /customer.name/);
    await refusedWith({ $expand: 'nonsense' }, /nonsense/);
    await refusedWith({ $count: 'yes' }, /\$count/);
  });
});

describe('the ledger is made of its seed and its date', () => {
  const made = async (seed: string, anchorDate: string): Promise<string> => {
    const sandbox = await startSandbox({ seed, anchorDate, customers: 30, transactions: 400 });
    const today = Date.parse(`${anchorDate}T00:00:00Z`);
    const ledger = [1, 2, 7].map((company) => [
      sandbox.control.postings(company),
      sandbox.control.figures(company, new Date(today).toISOString().slice(0, 10)),
    ]);
    await sandbox.close();
    return JSON.stringify(ledger);
  };

  test('the same from the same, another from another', async () => {
    const first = await made('northgate', ANCHOR);
    expect(first.match(/"urn":\d+,"customerId"/g)).toHaveLength(400);
    expect(await made('northgate', ANCHOR)).toBe(first);
    expect(await made('southgate', ANCHOR)).not.toBe(first);
    expect(await made('northgate', '2026-06-16')).not.toBe(first);
  });

  test('URNs and ids of companies overlap, and never mix', async () => {
    const { control } = caller.sandbox;
    const [one, two] = [control.postings(COMPANY), control.postings(2)];
    expect(one[0]?.urn).toBe(two[0]?.urn);
    const names = (id: number): unknown => control.figures(id).find(({ customerId }) => customerId === 27001)?.name;
    expect(names(1)).not.toBe(names(2));
  });
});
