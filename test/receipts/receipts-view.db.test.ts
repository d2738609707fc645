import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeNodeId } from '../../src/common/node-id.js';
import { minorToText } from '../../src/sandbox/ledger/money.js';
import { COMPANY, mapEverything, newCustomer, paymentInput, sent, today, untilStatus } from '../support/documents.js';
import { atSage, receiptAtSage, receiptsOf } from '../support/receipts.js';
import { ledgerOf } from '../support/sage-ledger.js';
import { eventually, pull, signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await mapEverything(gateway);
});
afterAll(() => gateway.close());

/** Money in or back as Sage's own tables have it; values in pence, signed as the ledger signs them. */
interface Posted {
  companyId: number;
  customerId: number;
  id: number;
  urn: number;
  isRefund: number;
  reference: string;
  secondReference: string;
  date: string;
  gross: number;
  allocated: number;
  queried: string;
  archived: number;
  accountNumber: string;
  accountName: string;
}
const posted = () =>
  ledgerOf(gateway.sandbox).rows<Posted>(
    `select t.company_id as companyId, t.customer_id as customerId, t.id, t.urn, t.type = 3 as isRefund, t.reference,
            t.second_reference as secondReference, substr(t.transaction_date, 1, 10) as date, t.gross, t.allocated, t.is_archived as archived, trim(t.queried) as queried,
            c.reference as accountNumber, c.name as accountName
       from transactions t join customers c on c.company_id = t.company_id and c.id = t.customer_id
      where t.type in (2, 3)`,
  );

const LIST = `query ($filter: ReceiptFilter, $first: Int, $after: String) { receipts(filter: $filter, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { id status kind origin reference secondReference receivedOn amount { amount currency } unmatched { amount }
    sageTransaction { urn queried archived gross { amount } outstanding { amount } }
    sageAccount { sageCustomerId accountNumber name } sageCompany { sageCompanyId } customer { layerId } matches { id } toDoInSage
    sageAllocations { urn amount { amount } transaction { urn kind } } possibleDoubles { id } } } }`;

interface Shown {
  id: string;
  status: string;
  kind: string;
  origin: string;
  reference: string;
  secondReference: string;
  receivedOn: string;
  amount: { amount: string; currency: string };
  unmatched: { amount: string };
  sageTransaction: { urn: string; queried: boolean; gross: { amount: string }; outstanding: { amount: string } };
  sageAccount: { sageCustomerId: string; accountNumber: string; name: string };
  sageCompany: { sageCompanyId: number };
  customer: { layerId: string } | null;
  matches: unknown[];
  sageAllocations: { urn: string; amount: { amount: string }; transaction: { urn: string; kind: string } | null }[];
  possibleDoubles: { id: string }[];
}

/** All pages; `between` happens after each. */
async function listed(filter: object | null, first = 500, between?: (page: number) => Promise<void>): Promise<Shown[]> {
  const nodes: Shown[] = [];
  for (let after: string | null = null, hasNextPage = true, page = 1; hasNextPage; page += 1) {
    const { receipts } = await gateway.data(LIST, { filter, first, after });
    nodes.push(...receipts.nodes);
    ({ hasNextPage, endCursor: after } = receipts.pageInfo);
    if (!between) expect(receipts.totalCount).toBeGreaterThanOrEqual(nodes.length);
    if (!hasNextPage && !between) expect(receipts.totalCount).toBe(nodes.length);
    await between?.(page);
  }
  return nodes;
}

const keyOf = ({ sageCompany, sageTransaction }: Shown) => `${sageCompany.sageCompanyId}:${sageTransaction.urn}`;
const keyOfPosted = ({ companyId, urn }: Pick<Posted, 'companyId' | 'urn'>) => `${companyId}:${urn}`;

async function companyIds(): Promise<Map<number, string>> {
  const { sageCompanies } = await gateway.data('{ sageCompanies { id sageCompanyId } }');
  return new Map(sageCompanies.map((one: { id: string; sageCompanyId: number }) => [one.sageCompanyId, one.id]));
}

test('all money in that Sage has is shown, refunds among it, newest first, with what Sage says of it', async () => {
  const expected = posted();
  expect(expected.filter(({ isRefund }) => isRefund === 1).length).toBeGreaterThan(0);
  expect(new Set(expected.map(({ companyId }) => companyId)).size).toBe(3);
  const shown = await listed(null, 100);
  expect(shown.map(({ receivedOn }) => receivedOn)).toEqual(
    shown
      .map(({ receivedOn }) => receivedOn)
      .toSorted()
      .toReversed(),
  );
  const answered = shown.map((one) => [
    ...[keyOf(one), one.sageAccount.sageCustomerId, one.sageAccount.accountNumber, one.kind, one.origin, one.status],
    ...[one.reference, one.secondReference, one.receivedOn, one.amount.amount, one.unmatched.amount],
    ...[one.sageTransaction.gross.amount, one.sageTransaction.outstanding.amount, one.sageTransaction.queried],
  ]);
  expect(answered.sort()).toEqual(
    expected
      .map((row) => [
        ...[keyOfPosted(row), String(row.customerId), row.accountNumber, row.isRefund ? 'REFUND' : 'RECEIPT', 'SAGE'],
        ...[row.isRefund ? 'NO_MATCH_NEEDED' : 'UNMATCHED', row.reference, row.secondReference, row.date],
        ...[minorToText(-row.gross), minorToText(-row.gross)],
        ...[minorToText(row.gross), minorToText(row.gross - row.allocated), row.queried !== ''],
      ])
      .sort(),
  );
  for (const { kind, amount } of shown) expect(amount.amount.startsWith('-')).toBe(kind === 'REFUND');
  expect((await listed({}, 500)).map(keyOf)).toEqual(shown.map(keyOf));
});

test('what Sage has allocated of each is shown with the other side', async () => {
  const pairs = ledgerOf(gateway.sandbox).rows<{ companyId: number; urn: number; otherUrn: number; value: number }>(
    `select a.company_id as companyId, t.urn, o.urn as otherUrn, a.value from allocations a
       join transactions t on t.company_id = a.company_id and t.id = a.transaction_id
       join transactions o on o.company_id = a.company_id and o.id = a.counterpart_id
      where t.type in (2, 3) and t.is_archived = 0`,
  );
  const lineOf = (key: string, otherUrn: string | number, value: string) => `${key} ${otherUrn} ${value}`;
  const shown = (await listed(null)).flatMap((one) =>
    one.sageAllocations.map(({ urn, amount, transaction }) => {
      expect(transaction?.urn).toBe(urn);
      return lineOf(keyOf(one), urn, amount.amount);
    }),
  );
  expect(pairs.length).toBeGreaterThan(50);
  const archived = new Set(
    ledgerOf(gateway.sandbox)
      .rows<Posted>('select company_id as companyId, urn from transactions where type in (2, 3) and is_archived = 1')
      .map(keyOfPosted),
  );
  expect(shown.filter((line) => !archived.has(line.split(' ')[0] ?? '')).sort()).toEqual(
    pairs.map((row) => lineOf(keyOfPosted(row), row.otherUrn, minorToText(row.value))).sort(),
  );
});

test('pages have no gap and no double, also while receipts arrive between them', async () => {
  const before = posted();
  const { customerId, date } = before
    .filter(({ companyId, isRefund }) => companyId === COMPANY && isRefund === 0)
    .toSorted((one, other) => (one.date < other.date ? -1 : 1))[0] as Posted;
  atSage(gateway, 'openPeriod', { date });
  const arrived: string[] = [];
  const arrive = async (page: number) => {
    if (page > 3) return;
    // one on top of the list, one far down on pages that are still to come
    for (const more of [{}, { transaction_date: `${date}T00:00:00Z` }]) {
      const { urn } = atSage(gateway, 'postReceipt', {
        customer_id: customerId,
        bank_id: 1201,
        cheque_value: 1,
        ...more,
      });
      arrived.push(`${COMPANY}:${urn as number}`);
    }
    await pull(gateway, { resources: ['TRANSACTIONS'] });
  };
  const shown = (await listed(null, 37, arrive)).map(keyOf);
  expect(new Set(shown).size).toBe(shown.length);
  expect(before.map(keyOfPosted).filter((key) => !shown.includes(key))).toEqual([]);
  // those on top are for whoever begins again; those further down are met on the way
  expect(shown.filter((key) => arrived.includes(key))).toEqual(
    expect.arrayContaining(arrived.filter((_, index) => index % 2 === 1)),
  );
  expect((await listed(null, 41)).map(keyOf).sort()).toEqual(posted().map(keyOfPosted).sort());
});

const words = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
/** The rule of the contract, as plainly as can be. */
const isFound = (row: Posted, typed: string) => {
  const texts = [row.reference, row.secondReference, String(row.urn), row.accountNumber].map((text) =>
    text.toLowerCase(),
  );
  const begins = (beginning: string) =>
    [...texts, ...words(row.accountName)].some((text) => text.startsWith(beginning));
  return (
    typed.toLowerCase().split(' ').every(begins) ||
    texts.slice(0, 2).some((text) => text.startsWith(typed.toLowerCase()))
  );
};

test('filters, alone and together, answer what the ledger has', async () => {
  const rows = posted();
  const ids = await companyIds();
  const some = rows.filter(({ companyId, isRefund }) => companyId === COMPANY && isRefund === 0);
  const pick = (index: number) => some[Math.floor((some.length * index) / 10)] as Posted;
  const dates = rows.map(({ date }) => date).sort();
  const [from, to] = [dates[Math.floor(dates.length / 3)] as string, dates[Math.floor(dates.length / 2)] as string];
  const inCompany = ({ companyId }: Posted) => companyId === COMPANY;
  const withReference = some.find(({ reference }) => reference.length > 5 && !reference.includes(' ')) as Posted;
  const name = words(pick(5).accountName)[0] as string;
  const cases: [object, (row: Posted) => boolean][] = [
    ...[...ids].map(([number, id]): [object, (row: Posted) => boolean] => [
      { sageCompanyId: id },
      ({ companyId }) => companyId === number,
    ]),
    [{ status: ['NO_MATCH_NEEDED'] }, ({ isRefund }) => isRefund === 1],
    [{ status: ['UNMATCHED', 'IGNORED'] }, ({ isRefund }) => isRefund === 0],
    [{ status: ['MATCHED', 'PARTLY_MATCHED'] }, () => false],
    [{ status: [] }, () => false],
    [{ origin: ['LAYER'] }, () => false],
    [{ origin: [] }, () => false],
    [{ origin: null }, () => true],
    [{ from }, ({ date }) => date >= from],
    [{ to }, ({ date }) => date <= to],
    [{ from, to }, ({ date }) => date >= from && date <= to],
    [{ from: to, to: from }, ({ date }) => from === to && date === from],
    [{ from, to: from }, ({ date }) => date === from],
    [{ from: '2999-01-01' }, () => false],
    [{ allocatedInSage: true }, ({ allocated }) => allocated !== 0],
    [{ allocatedInSage: false }, ({ allocated }) => allocated === 0],
    ...[
      withReference.reference,
      withReference.reference.slice(0, 4),
      String(pick(2).urn),
      pick(3).accountNumber,
      name,
    ].map((search): [object, (row: Posted) => boolean] => [{ search }, (row) => isFound(row, search)]),
    [{ search: `${name} ${pick(5).urn}` }, (row) => isFound(row, `${name} ${pick(5).urn}`)],
    [{ search: 'nothingisnamedthus' }, () => false],
    // no word of it was typed
    [{ search: ' % ' }, () => true],
    [{ customerLayerId: 'nobody' }, () => false],
    [{ customerLayerId: '' }, () => false],
    [{ sageCompanyId: 'no id', status: ['UNMATCHED'] }, () => false],
    [
      { sageCompanyId: ids.get(COMPANY), status: ['UNMATCHED'], allocatedInSage: true, from, search: name },
      (row) => inCompany(row) && !row.isRefund && row.allocated !== 0 && row.date >= from && isFound(row, name),
    ],
  ];
  for (const [filter, isWanted] of cases) {
    const found = (await listed(filter)).map(keyOf).sort();
    expect([filter, found]).toEqual([filter, rows.filter(isWanted).map(keyOfPosted).sort()]);
  }
  // those that must find something do
  for (const search of [withReference.reference, String(pick(2).urn), pick(3).accountNumber, name])
    expect((await listed({ search })).length).toBeGreaterThan(0);
});

test('a receipt has its customer from the moment that its account is linked, and is found by the id of The Layer', async () => {
  const row = posted().find(({ companyId, isRefund }) => companyId === COMPANY && isRefund === 0) as Posted;
  const ofAccount = posted()
    .filter(({ companyId, customerId }) => companyId === COMPANY && customerId === row.customerId)
    .map(keyOfPosted)
    .sort();
  const shown = async () => (await listed({ search: String(row.urn) })).find((one) => keyOf(one) === keyOfPosted(row));
  expect((await shown())?.customer).toBeNull();
  expect(await listed({ customerLayerId: 'VIEW-1' })).toEqual([]);
  const { sageAccounts } = await gateway.data(
    'query ($search: String!) { sageAccounts(filter: { search: $search }) { nodes { id accountNumber sageCompany { sageCompanyId } } } }',
    { search: row.accountNumber },
  );
  const account = sageAccounts.nodes.find(
    (one: { accountNumber: string; sageCompany: { sageCompanyId: number } }) =>
      one.accountNumber === row.accountNumber && one.sageCompany.sageCompanyId === COMPANY,
  );
  const change = (name: 'linkCustomer' | 'unlinkCustomer') =>
    gateway.data(`mutation ($id: ID!) { ${name}(layerId: "VIEW-1", sageAccountId: $id) { userErrors { code } } }`, {
      id: account.id,
    });
  expect(await change('linkCustomer')).toEqual({ linkCustomer: { userErrors: [] } });
  expect((await shown())?.customer).toEqual({ layerId: 'VIEW-1' });
  expect((await listed({ customerLayerId: 'VIEW-1' })).map(keyOf).sort()).toEqual(ofAccount);
  const ids = await companyIds();
  const elsewhere = [...ids].find(([number]) => number !== COMPANY)?.[1];
  expect(await listed({ customerLayerId: 'VIEW-1', sageCompanyId: elsewhere })).toEqual([]);
  await change('unlinkCustomer');
  expect((await shown())?.customer).toBeNull();
  expect(await listed({ customerLayerId: 'VIEW-1' })).toEqual([]);
});

test('a query mark set in Sage shows after the next pull, and so does its taking off', async () => {
  const row = posted().find(
    ({ companyId, queried, archived, isRefund }) =>
      companyId === COMPANY && queried === '' && archived === 0 && isRefund === 0,
  );
  const isQueried = async () =>
    (await listed({ search: String(row?.urn) })).find((one) => keyOf(one) === keyOfPosted(row as Posted))
      ?.sageTransaction.queried;
  expect(await isQueried()).toBe(false);
  for (const queried of ['Q', '']) {
    atSage(gateway, 'setQuery', { transactionId: row?.id, queried });
    await pull(gateway, { resources: ['TRANSACTIONS'] });
    expect(await isQueried()).toBe(queried === 'Q');
  }
});

test('what the gateway has posted is shown on request: receipts and refunds, which need no match', async () => {
  await newCustomer(gateway, 'VIEW-2');
  const payment = await untilStatus(
    gateway,
    await sent(gateway, 'PAYMENT', paymentInput('VIEW-2-P', 'VIEW-2', '40.00')),
    'SUCCEEDED',
  );
  const refund = await untilStatus(
    gateway,
    await sent(gateway, 'REFUND', {
      ...{ layerId: 'VIEW-2-R', customerLayerId: 'VIEW-2', paymentMethodLayerId: 'BACS', refundedOn: today() },
      ...{ amount: '15.00', paymentLayerId: 'VIEW-2-P' },
    }),
    'SUCCEEDED',
  );
  await pull(gateway, { resources: ['TRANSACTIONS'] });
  const own = await listed({ origin: ['LAYER'] });
  expect(own).toHaveLength(2);
  expect(own).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...{ kind: 'RECEIPT', origin: 'LAYER', status: 'NO_MATCH_NEEDED', customer: { layerId: 'VIEW-2' } },
        amount: { amount: '40.00', currency: 'GBP' },
        sageTransaction: expect.objectContaining({ urn: payment.urn }),
      }),
      expect.objectContaining({
        ...{ kind: 'REFUND', origin: 'LAYER', status: 'NO_MATCH_NEEDED', customer: { layerId: 'VIEW-2' } },
        amount: { amount: '-15.00', currency: 'GBP' },
        sageTransaction: expect.objectContaining({ urn: refund.urn }),
      }),
    ]),
  );
  expect(await listed({ customerLayerId: 'VIEW-2' })).toEqual([]);
  expect(await listed({ customerLayerId: 'VIEW-2', origin: ['SAGE', 'LAYER'] })).toHaveLength(2);
  const all = await listed({ origin: null });
  expect(all.map(keyOf).sort()).toEqual(posted().map(keyOfPosted).sort());
  expect(all).toHaveLength((await listed(null)).length + 2);
});

test('money that was entered in The Layer as well is pointed at, and other money is not', async () => {
  const { sageId } = await newCustomer(gateway, 'VIEW-3');
  await newCustomer(gateway, 'VIEW-4');
  const pays = async (layerId: string, customer: string, amount: string, more: object = {}) =>
    untilStatus(gateway, await sent(gateway, 'PAYMENT', paymentInput(layerId, customer, amount, more)), 'SUCCEEDED');
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  await pays('VIEW-3-SAME', 'VIEW-3', '77.70', { paidOn: daysAgo(13) });
  await pays('VIEW-3-LESS', 'VIEW-3', '77.69');
  await pays('VIEW-3-OLD', 'VIEW-3', '77.70', { paidOn: daysAgo(15) });
  await pays('VIEW-4-SAME', 'VIEW-4', '77.70');
  const { id } = await receiptAtSage(gateway, sageId, 77.7, 'TWICE');
  const { node } = await gateway.data(
    'query ($id: ID!) { node(id: $id) { ... on Receipt { possibleDoubles { layerId origin amount { amount } push { status } } } } }',
    { id },
  );
  expect(node.possibleDoubles).toEqual([
    { layerId: 'VIEW-3-SAME', origin: 'LAYER', amount: { amount: '77.70' }, push: { status: 'SUCCEEDED' } },
  ]);
  // the gateway's own posting is no double of itself
  const own = await listed({ origin: ['LAYER'], customerLayerId: 'VIEW-3' });
  expect(own.map(({ possibleDoubles }) => possibleDoubles)).toEqual([[], [], []]);
});

test('what makes no sense is refused in words, and what is not there is null', async () => {
  const other = (await gateway.data('{ sageAccounts(first: 1) { pageInfo { endCursor } } }')).sageAccounts.pageInfo
    .endCursor;
  const refused: [string, Record<string, unknown>][] = [
    ['query ($first: Int) { receipts(first: $first) { totalCount } }', { first: 0 }],
    ['query ($first: Int) { receipts(first: $first) { totalCount } }', { first: 501 }],
    ['query ($first: Int) { receipts(first: $first) { totalCount } }', { first: -1 }],
    ['query ($after: String) { receipts(after: $after) { nodes { id } } }', { after: 'rubbish' }],
    ['query ($after: String) { receipts(after: $after) { nodes { id } } }', { after: '' }],
    ['query ($after: String) { receipts(after: $after) { nodes { id } } }', { after: other }],
    ['query ($from: Date) { receipts(filter: { from: $from }) { totalCount } }', { from: '2026-02-30' }],
    ['query ($s: String) { receipts(filter: { search: $s }) { totalCount } }', { s: 'a b c d e f g h i j k' }],
    ['{ receipts { nodes { suggestions(first: 0) { token } } } }', {}],
  ];
  for (const [query, variables] of refused) {
    const { body } = await gateway.graphql(query, variables);
    expect([variables, body.errors?.[0]?.extensions.code]).toEqual([variables, 'BAD_USER_INPUT']);
  }
  for (const key of [
    ...[[], ['1'], ['1', '0'], ['x', '1'], ['1', '1', '1'], ['', ''], ['99999999999999999999', '1'], ['1', "' OR 1=1"]],
    ['1', 'x'.repeat(5_000)],
    ['1', '\ud800'],
    ['1', '\u0000'],
    ['1', '😀'],
  ]) {
    const id = encodeNodeId(1, 'Receipt', ...key);
    const { body } = await gateway.graphql('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect([key, body]).toEqual([key, { data: { node: null } }]);
    const { body: answer } = await gateway.graphql(
      `mutation ($id: ID!) { ignoreReceipt(id: $id, reason: "No.") { receipt { id } userErrors { code } }
         restoreReceipt(id: $id) { receipt { id } userErrors { code } }
         undoMatch(matchId: $id, reason: "No.") { userErrors { code } }
         acceptSuggestion(receiptId: $id, token: "x") { userErrors { code } }
         reconcileReceipt(input: { receiptId: $id, invoices: [{ invoiceLayerId: "X", amount: "1.00" }] }) { userErrors { code } } }`,
      { id },
    );
    expect([key, answer.errors]).toEqual([key, undefined]);
    const codes = Object.values(answer.data as Record<string, { userErrors: { code: string }[] }>).map(
      ({ userErrors }) => userErrors[0]?.code,
    );
    expect(codes.every((code) => code !== undefined && code.endsWith('_UNKNOWN'))).toBe(true);
  }
});

test('another instance sees none of it, and an id of it answers like none', async () => {
  const [receipt] = await receiptsOf(gateway, { status: ['UNMATCHED'] });
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query("INSERT INTO instance (id, slug, created_at) VALUES (2, 'other', 0)"),
  );
  const other = await signToken({ instance: 'other' });
  const ids = await companyIds();
  const { body } = await gateway.graphql(
    `query ($id: ID!, $company: ID!) { node(id: $id) { id } receipts(filter: { origin: null }) { totalCount nodes { id } }
       ofCompany: receipts(filter: { sageCompanyId: $company }) { totalCount } auditTrail(subjectId: $id) { totalCount }
       found: receipts(filter: { search: "a" }) { totalCount } }`,
    { id: receipt?.id, company: ids.get(COMPANY) },
    other,
  );
  expect(body).toEqual({
    data: {
      node: null,
      receipts: { totalCount: 0, nodes: [] },
      ofCompany: { totalCount: 0 },
      auditTrail: { totalCount: 0 },
      found: { totalCount: 0 },
    },
  });
  const { body: answer } = await gateway.graphql(
    `mutation ($id: ID!, $company: ID!) { ignoreReceipt(id: $id, reason: "Not ours.") { receipt { id } userErrors { code } }
       takeOverSageAllocations(sageCompanyId: $company) { matchedCount userErrors { code } } }`,
    { id: receipt?.id, company: ids.get(COMPANY) },
    other,
  );
  expect(answer.data).toEqual({
    ignoreReceipt: { receipt: null, userErrors: [{ code: 'RECEIPT_UNKNOWN' }] },
    takeOverSageAllocations: { matchedCount: 0, userErrors: [{ code: 'SAGE_COMPANY_UNKNOWN' }] },
  });
  await eventually(async () =>
    expect((await receiptsOf(gateway, { search: receipt?.sageTransaction.urn }))[0]?.status).toBe('UNMATCHED'),
  );
});
