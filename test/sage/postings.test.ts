import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  findPostings,
  isDateOpen,
  postAllocation,
  postDocument,
  readTransactionsByUrn,
} from '../../src/sage/postings.js';
import { sageNumber } from '../../src/sage/sage-json.js';
import { COMPANY, hastyClock, testClient, type TestClient } from './sage-test-client.js';
import { ScriptedServer } from './scripted-server.js';

let server: ScriptedServer;
let sage: TestClient;
beforeAll(async () => {
  server = await ScriptedServer.start();
  sage = testClient(server.url, hastyClock());
});
afterAll(async () => {
  await sage.close();
  await server.stop();
});
afterEach(() => server.reset());

const beforeSend = () => Promise.resolve();
const post = (more: object = {}) =>
  postDocument(sage.client, COMPANY, 'INVOICE', { value: sageNumber('120.50') }, { beforeSend, ...more });

const row = (more: object = {}) => ({
  id: 1,
  urn: 77,
  customer_id: 5,
  trader_transaction_type: 'TradingAccountEntryTypeInvoice',
  reference: 'INV1',
  second_reference: 'LGKEY',
  queried: ' ',
  transaction_date: '2026-11-01T00:00:00Z',
  document_gross_value: 120.5,
  document_allocated_value: 0,
  ...more,
});
const KEY = { kind: 'INVOICE', customerId: 5, secondReference: 'LGKEY' } as const;

test('amounts go out to the last digit, and the URN comes back as a number or as a text', async () => {
  server.play({ status: 201, json: { urn: 3268788 } }, { json: { urn: '3268789' } });
  expect(await post()).toEqual({ urn: '3268788' });
  expect(await post()).toEqual({ urn: '3268789' });
  expect(server.seen.map(({ path, body }) => [path, body])).toEqual([
    ['/sales_invoices', '{"value":120.50}'],
    ['/sales_invoices', '{"value":120.50}'],
  ]);
});

test('a URN that is filled up with zeros is the number that the ledger lists', async () => {
  server.play({ json: { urn: '000003268788' } }, { json: [row({ urn: 3268788 })] });
  const { urn } = await post();
  expect(urn).toBe('3268788');
  expect(await readTransactionsByUrn(sage.client, COMPANY, [urn])).toMatchObject([{ urn: '3268788' }]);
  expect(server.seen.at(-1)?.query['$filter']).toBe('urn eq 3268788');
});

test.each([
  ['no URN', { json: {} }],
  ['nothing', 'empty'],
  ['half of it', 'truncate'],
  ['half a text', 'cut-json'],
  ['a page of a proxy', 'html-502'],
] as const)('an answer with %s says nothing of what was done', async (_what, step) => {
  server.play(step);
  await expect(post()).rejects.toMatchObject({ name: 'SageError', provablyNotApplied: false });
  expect(server.seen).toHaveLength(1);
});

test('whoever may stop it is asked right before the first byte, and again after a 401; what it throws comes out, and nothing went', async () => {
  const asked: number[] = [];
  server.play({ status: 401 }, { json: { urn: 1 } });
  await post({ beforeSend: async () => void asked.push(server.seen.length) });
  expect(asked).toEqual([0, 1]);
  server.reset();
  const stop = new Error('the fence was moved');
  await expect(post({ beforeSend: () => Promise.reject(stop) })).rejects.toBe(stop);
  expect(server.seen).toEqual([]);
});

test('a posting is looked for in both lists, counted once, and never taken for another', async () => {
  server.answer(({ path }) => ({
    json: path.includes('historical')
      ? [row({ urn: 76 }), row()]
      : [
          row(),
          row({ urn: 78, second_reference: 'lgkey' }),
          row({ urn: 79, customer_id: 6 }),
          row({ urn: 80, second_reference: 'LGKEY ' }),
        ],
  }));
  const found = await findPostings(sage.client, COMPANY, KEY);
  expect(found.map(({ urn }) => urn).sort()).toEqual(['76', '77', '80']);
  expect(server.seen.map(({ path, query }) => [path, query.$filter, query.$top, query.$orderby])).toEqual(
    ['/sales_posted_transactions', '/sales_historical_transactions'].map((path) => [
      path,
      "customer_id eq 5 and trader_transaction_type eq 'TradingAccountEntryTypeInvoice' and second_reference eq 'LGKEY'",
      '50',
      'id asc',
    ]),
  );
});

test('a release without archived transactions has none; a row that cannot be read is no answer', async () => {
  server.answer(({ path }) =>
    path.includes('historical') ? { status: 404, json: { Message: 'no such endpoint' } } : { json: { value: [row()] } },
  );
  expect(await findPostings(sage.client, COMPANY, KEY)).toHaveLength(1);
  server.answer(() => ({ json: [row({ document_gross_value: 'much' })] }));
  await expect(findPostings(sage.client, COMPANY, KEY)).rejects.toMatchObject({
    name: 'SageError',
    kind: 'bad_answer',
  });
});

test.each([
  [{ classification: 'Normal' }, true],
  [{ classification: 'TransactionDateAcceptable', message: 'in another period' }, true],
  [{ classification: 'Unacceptable', message: 'closed' }, false],
  [{ classification: 'DateClassificationUnacceptable' }, false],
  [{ classification: 'UnacceptableDate' }, false],
])('a date is open or closed: %j', async (json, isOpen) => {
  server.play({ json });
  expect(await isDateOpen(sage.client, COMPANY, '2026-11-01')).toMatchObject({ isOpen });
  expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ date: '2026-11-01T00:00:00Z', ledger_type: 'LedgerSales' });
});

test('where the check of dates is missing or broken, the posting itself shows; where Sage is away, it is put off', async () => {
  for (const step of [{ status: 404, json: 'x' }, { status: 400, json: 'x' }, { status: 500 }, 'empty'] as const) {
    server.play(step);
    expect(await isDateOpen(sage.client, COMPANY, '2026-11-01')).toBeNull();
  }
  server.play('reset');
  await expect(isDateOpen(sage.client, COMPANY, '2026-11-01')).rejects.toMatchObject({ kind: 'unreachable' });
});

test('transactions are asked for in lists that keep the URL short', async () => {
  server.answer(({ query }) => ({
    json: [...(query.$filter ?? '').matchAll(/urn eq (\d+)/g)].map(([, urn]) =>
      row({ id: Number(urn), urn: Number(urn) }),
    ),
  }));
  const urns = Array.from({ length: 120 }, (_, index) => String(3_000_000 + index));
  const rows = await readTransactionsByUrn(sage.client, COMPANY, [...urns, ...urns]);
  expect(rows.map(({ urn }) => urn)).toEqual(urns);
  expect(server.seen).toHaveLength(3);
  expect(Math.max(...server.seen.map(({ rawUrl }) => rawUrl.length))).toBeLessThan(2_000);
});

test('an allocation is one call with all its lines', async () => {
  server.play({ json: {} });
  const lines = [
    { transactionId: 11, value: sageNumber('70.10') },
    { transactionId: 12, value: sageNumber('-70.10') },
  ];
  await postAllocation(sage.client, COMPANY, 5, lines, { beforeSend });
  expect(server.seen.map(({ path, body }) => [path, body])).toEqual([
    [
      '/sales_allocations',
      '{"customer_id":5,"allocation_lines":[{"posted_tran_id":11,"value_to_allocate":70.10},{"posted_tran_id":12,"value_to_allocate":-70.10}]}',
    ],
  ]);
});
