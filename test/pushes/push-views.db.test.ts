import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { addMissingCustomers } from '../../src/customers/store-customer.js';
import type { PushCause } from '../../src/pushes/push-cause.js';
import { customerLane, enqueue, type NewPush } from '../../src/pushes/enqueue.js';
import { movePush, recordAttempt } from '../../src/pushes/move.sql.js';
import { type PushRow, readPushes } from '../../src/pushes/push-rows.js';
import type { PushStatus } from '../../src/pushes/push-status.js';
import { pushNodeId } from '../../src/pushes/push.type.js';
import { SkipPushMutation } from '../../src/pushes/skip-push.mutation.js';
import { sageReference } from '../../src/pushes/sage-reference.js';
import { RetryPushMutation } from '../../src/pushes/retry-push.mutation.js';
import { signToken, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  // no push engine: what is queued stays as the tests put it; and pulls rarely, so that balances are read when the tests say so
  gateway = await startTestGateway({
    sandbox: { customers: 20, transactions: 200 },
    variables: {
      ROLES: 'api,sync',
      SYNC_TRANSACTIONS_SECONDS: '3600',
      SYNC_CUSTOMERS_SECONDS: '3600',
      SYNC_REFERENCE_SECONDS: '3600',
    },
  });
});
afterAll(() => gateway.close());

const database = () => gateway.gateway.database;

/** An instance of its own for each test, with whoever asks in it. */
let instances = 1;
async function newInstance() {
  instances += 1;
  const id = instances;
  const slug = `tenant-${id}`;
  await database().transaction((transaction) =>
    transaction.query('INSERT INTO instance (id, slug, created_at) VALUES (?, ?, 0)', [id, slug]),
  );
  const token = await signToken({ instance: slug, subject: 'paula' });
  const ask = async (query: string, variables?: Record<string, unknown>) => {
    const { body } = await gateway.graphql(query, variables, token);
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data;
  };
  return { id, token, ask };
}

let serial = 0;
/** Queues a push as a document's mutation would; `status` beside those that it then has is forced on the row. */
async function queue(
  instanceId: number,
  push: Partial<NewPush> = {},
  forced: { status?: PushStatus; [column: string]: unknown } = {},
): Promise<PushRow> {
  serial += 1;
  const kind = push.kind ?? 'INVOICE';
  const layerId = push.layerId ?? `doc-${serial}`;
  const customerLayerId = push.customerLayerId === undefined ? 'C1' : push.customerLayerId;
  return database().transaction(async (transaction) => {
    const id = await enqueue(transaction, systemClock, instanceId, {
      kind,
      layerId,
      lane: customerLane(customerLayerId ?? layerId),
      companyId: null,
      customerLayerId,
      amountMinor: 1_000n,
      currency: 'GBP',
      reference: `INV-${serial}`,
      sageReference: sageReference(String(instanceId), kind, layerId),
      contentHash: 'x',
      ...push,
    });
    const columns = Object.entries(forced);
    if (columns.length > 0) {
      await transaction.query(
        `UPDATE push SET ${columns.map(([column]) => `${column} = ?`).join(', ')} WHERE instance_id = ? AND id = ?`,
        [...columns.map(([, value]) => value), instanceId, id],
      );
    }
    return (await readPushes(transaction, instanceId, [id])).get(id) as PushRow;
  });
}

const unmapped = (code: string, name = 'Comms Ltd'): PushCause => ({
  code: 'NOMINAL_CODE_NOT_MAPPED',
  key: `NOMINAL_CODE:${code}:1`,
  subject: `nominal code ${code} in Sage company ${name}`,
  message: `Nominal code ${code} is not mapped in ${name}.`,
  remedy: 'Map it.',
});
const refused: PushCause = {
  code: 'SAGE_REFUSED',
  key: '',
  subject: null,
  message: 'Sage refused it.',
  remedy: 'Change the document.',
};
const statusOf = async ({ instanceId, id }: PushRow) => {
  const row = (await readPushes(database(), instanceId, [id])).get(id) as PushRow;
  return row.status;
};
const isLaneDue = async ({ instanceId, lane }: PushRow) => {
  const rows = await database().query<{ dueAt: number | string }>(
    'SELECT due_at AS dueAt FROM push_lane WHERE instance_id = ? AND lane = ?',
    [instanceId, lane],
  );
  return rows.some(({ dueAt }) => Number(dueAt) <= Date.now());
};

test('pushes are listed newest first, page by page, with all that the row says', async () => {
  const { id, ask } = await newInstance();
  const pushes = [await queue(id), await queue(id), await queue(id, { amountMinor: null, currency: null })];
  await database().transaction(async (transaction) => {
    const first = pushes[0] as PushRow;
    await recordAttempt(transaction, first, { step: 'LOOK_UP', outcome: 'not there', durationMs: 3 }, 1_000);
    await recordAttempt(
      transaction,
      first,
      { step: 'POST', outcome: 'refused', httpStatus: 422, durationMs: 8 },
      2_000,
    );
  });
  const list = `query ($after: String) { pushes(first: 2, after: $after) { totalCount nodes { id layerId }
    pageInfo { hasNextPage endCursor } } }`;
  const first = (await ask(list)).pushes;
  expect(first.totalCount).toBe(3);
  expect(first.nodes.map((node: { layerId: string }) => node.layerId)).toEqual([
    pushes[2]?.layerId,
    pushes[1]?.layerId,
  ]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = (await ask(list, { after: first.pageInfo.endCursor })).pushes;
  expect(second.nodes).toEqual([{ id: pushNodeId(pushes[0] as PushRow), layerId: pushes[0]?.layerId }]);
  expect(second.pageInfo.hasNextPage).toBe(false);

  const one = `query ($id: ID!) { push(id: $id) { id kind status layerId amount { amount currency } sageReference urn postedAt
    allocatedAt attempts nextAttemptAt error { code } createdAt updatedAt sageCompany { name } customer { name } document { __typename }
    history { at step outcome httpStatus durationMs } } node(id: $id) { __typename id } }`;
  const { push, node } = await ask(one, { id: pushNodeId(pushes[0] as PushRow) });
  expect(push).toEqual({
    id: pushNodeId(pushes[0] as PushRow),
    kind: 'INVOICE',
    status: 'QUEUED',
    layerId: pushes[0]?.layerId,
    amount: { amount: '10.00', currency: 'GBP' },
    sageReference: expect.stringMatching(/^LG[0-9A-Z]{18}$/),
    urn: null,
    postedAt: null,
    allocatedAt: null,
    attempts: 0,
    nextAttemptAt: null,
    error: null,
    createdAt: new Date(pushes[0]?.createdAt ?? 0).toISOString(),
    updatedAt: new Date(pushes[0]?.updatedAt ?? 0).toISOString(),
    sageCompany: null,
    customer: null,
    document: null,
    history: [
      { at: '1970-01-01T00:00:01.000Z', step: 'LOOK_UP', outcome: 'not there', httpStatus: null, durationMs: 3 },
      { at: '1970-01-01T00:00:02.000Z', step: 'POST', outcome: 'refused', httpStatus: 422, durationMs: 8 },
    ],
  });
  expect(node).toEqual({ __typename: 'Push', id: push.id });
  expect((await ask(one, { id: pushNodeId(pushes[2] as PushRow) })).push.amount).toBeNull();
});

test('filters and the search find what they say, and nothing else', async () => {
  const { id, ask } = await newInstance();
  const invoice = await queue(id, { layerId: 'Änderung-7', reference: 'PO 12 Leeds', customerLayerId: 'C1' });
  const held = await queue(id, { layerId: 'b-2', reference: 'INV-900', customerLayerId: 'C2', held: unmapped('4100') });
  const posted = await queue(
    id,
    { layerId: 'c-3', reference: 'PAY-3', customerLayerId: 'C2', kind: 'PAYMENT', companyId: 1 },
    { status: 'SUCCEEDED', urn: '777001' },
  );
  const found = async (filter: Record<string, unknown>) => {
    const { pushes } = await ask(
      'query ($filter: PushFilter) { pushes(filter: $filter) { totalCount nodes { layerId } } }',
      { filter },
    );
    const layerIds = pushes.nodes.map(({ layerId }: { layerId: string }) => layerId);
    expect(pushes.totalCount).toBe(layerIds.length);
    return layerIds;
  };
  const all = [posted.layerId, held.layerId, invoice.layerId];
  expect(await found({})).toEqual(all);
  expect(await found({ status: ['HELD'] })).toEqual(['b-2']);
  expect(await found({ status: ['SUCCEEDED', 'QUEUED', 'QUEUED'] })).toEqual(['c-3', invoice.layerId]);
  expect(await found({ status: [] })).toEqual([]);
  expect(await found({ kind: ['PAYMENT', 'REFUND'] })).toEqual(['c-3']);
  expect(await found({ customerLayerId: 'C2' })).toEqual(['c-3', 'b-2']);
  expect(await found({ customerLayerId: 'C2', status: ['HELD'], kind: ['INVOICE'] })).toEqual(['b-2']);
  expect(await found({ search: 'anderung' })).toEqual([invoice.layerId]);
  expect(await found({ search: 'po 12 l' })).toEqual([invoice.layerId]);
  expect(await found({ search: 'inv-9' })).toEqual(['b-2']);
  expect(await found({ search: '7770' })).toEqual(['c-3']);
  expect(await found({ search: held.sageReference.slice(0, 9).toLowerCase() })).toEqual(['b-2']);
  expect(await found({ search: 'c-3 pay' })).toEqual(['c-3']);
  expect(await found({ search: 'c-3 inv' })).toEqual([]);
  expect(await found({ search: 'lg', status: ['HELD', 'QUEUED'] })).toEqual(['b-2', invoice.layerId]);
});

test('the error queue has one row per cause, the largest value first', async () => {
  const { id, ask } = await newInstance();
  const small = [
    await queue(id, { held: unmapped('4100'), amountMinor: 2_500n }),
    await queue(id, { held: unmapped('4100'), amountMinor: 2_500n }),
    await queue(id, { held: unmapped('4100'), amountMinor: 900n, currency: 'EUR' }),
  ];
  await queue(id, { held: unmapped('4200'), amountMinor: 9_000n });
  const alone = {
    error_code: refused.code,
    error_key: '',
    error_message: refused.message,
    error_remedy: refused.remedy,
  };
  const failed = await queue(id, { amountMinor: 7_000n }, { status: 'FAILED', ...alone });
  await queue(id, { amountMinor: 6_000n }, { status: 'FAILED', ...alone });
  const customer = await queue(
    id,
    { kind: 'CUSTOMER', amountMinor: null, currency: null },
    { status: 'FAILED', ...alone },
  );
  // neither of these stands in the queue any more, whatever they failed with before
  await queue(id, {}, { status: 'SKIPPED', ...alone });
  await queue(id, {}, { status: 'QUEUED', ...alone });

  const { errorQueue } = await ask(`{ errorQueue { key code subject message remedy count blocked { amount currency }
    pushes(first: 2) { totalCount nodes { id status } pageInfo { hasNextPage endCursor } } } }`);
  expect(errorQueue).toMatchObject([
    { code: 'NOMINAL_CODE_NOT_MAPPED', count: 1, blocked: [{ amount: '90.00', currency: 'GBP' }] },
    { code: 'SAGE_REFUSED', count: 1, blocked: [{ amount: '70.00', currency: 'GBP' }], subject: null },
    { code: 'SAGE_REFUSED', count: 1, blocked: [{ amount: '60.00', currency: 'GBP' }] },
    {
      code: 'NOMINAL_CODE_NOT_MAPPED',
      subject: 'nominal code 4100 in Sage company Comms Ltd',
      message: 'Nominal code 4100 is not mapped in Comms Ltd.',
      remedy: 'Map it.',
      count: 3,
      blocked: [
        { amount: '9.00', currency: 'EUR' },
        { amount: '50.00', currency: 'GBP' },
      ],
      pushes: {
        totalCount: 3,
        nodes: [{ id: pushNodeId(small[2] as PushRow), status: 'HELD' }, { id: pushNodeId(small[1] as PushRow) }],
        pageInfo: { hasNextPage: true },
      },
    },
    { code: 'SAGE_REFUSED', count: 1, blocked: [], pushes: { nodes: [{ id: pushNodeId(customer) }] } },
  ]);
  expect(errorQueue[1].pushes.nodes).toEqual([{ id: pushNodeId(failed), status: 'FAILED' }]);
  const next = await ask(
    'query ($after: String) { errorQueue { code pushes(first: 2, after: $after) { nodes { id } } } }',
    {
      after: errorQueue[3].pushes.pageInfo.endCursor,
    },
  );
  expect(next.errorQueue[3].pushes.nodes).toEqual([{ id: pushNodeId(small[0] as PushRow) }]);
});

const RETRY = 'mutation ($id: ID!) { retryPush(id: $id) { push { id status } userErrors { code field remedy } } }';
const RETRY_MANY =
  'mutation ($errorCode: String, $key: ID) { retryPushes(errorCode: $errorCode, key: $key) { retried userErrors { code field } } }';
const SKIP =
  'mutation ($id: ID!, $reason: String!) { skipPush(id: $id, reason: $reason) { push { id status } userErrors { code field } } }';
const TRAIL = `query ($subjectId: ID, $first: Int, $after: String) { auditTrail(subjectId: $subjectId, first: $first, after: $after) {
  totalCount nodes { id at who action subjectId reason summary } pageInfo { hasNextPage endCursor } } }`;

test('a push that rests is retried, any other is refused with the reason', async () => {
  const { id, ask } = await newInstance();
  const later = Date.now() + 3_600_000;
  const retryable = [
    await queue(id, { held: unmapped('4100') }, { next_attempt_at: later, failures: 3 }),
    await queue(id, { needs: [{ kind: 'CUSTOMER', layerId: 'C1' }] }, { next_attempt_at: later }),
    await queue(id, {}, { status: 'FAILED', error_code: 'SAGE_REFUSED', error_key: '', urn: '9001', posted_at: 5 }),
    await queue(id, {}, { next_attempt_at: later, failures: 4 }),
  ];
  for (const push of retryable) {
    await database().transaction((transaction) =>
      transaction.query('UPDATE push_lane SET due_at = ? WHERE instance_id = ?', [later, id]),
    );
    const { retryPush } = await ask(RETRY, { id: pushNodeId(push) });
    expect(retryPush).toEqual({ push: { id: pushNodeId(push), status: 'QUEUED' }, userErrors: [] });
    const row = (await readPushes(database(), id, [push.id])).get(push.id);
    expect(row).toMatchObject({ status: 'QUEUED', nextAttemptAt: null, failures: 0, urn: push.urn });
    expect(await isLaneDue(push)).toBe(true);
    const { auditTrail } = await ask(TRAIL, { subjectId: pushNodeId(push) });
    expect(auditTrail.nodes).toMatchObject([{ who: 'paula', action: 'PUSH_RETRIED', subjectId: pushNodeId(push) }]);
    // once more: it is in line and due, so that nothing is left to be done
    expect((await ask(RETRY, { id: pushNodeId(push) })).retryPush.userErrors).toEqual([]);
    expect((await ask(TRAIL, { subjectId: pushNodeId(push) })).auditTrail.totalCount).toBe(1);
  }
  expect((await ask(TRAIL, { subjectId: pushNodeId(retryable[2] as PushRow) })).auditTrail.nodes[0].summary).toContain(
    '9001',
  );
  const refusals: [PushStatus, string][] = [
    ['SENDING', 'IN_PROGRESS'],
    ['UNKNOWN', 'OUTCOME_UNKNOWN'],
    ['SUCCEEDED', 'ALREADY_POSTED'],
    ['SKIPPED', 'SKIPPED'],
  ];
  for (const [status, code] of refusals) {
    const push = await queue(id, {}, { status });
    const { retryPush } = await ask(RETRY, { id: pushNodeId(push) });
    expect(retryPush).toEqual({
      push: { id: pushNodeId(push), status },
      userErrors: [{ code, field: ['id'], remedy: expect.any(String) }],
    });
    expect(await statusOf(push)).toBe(status);
    expect((await ask(TRAIL, { subjectId: pushNodeId(push) })).auditTrail.totalCount).toBe(0);
  }
});

test('many are retried by error code or by a row of the error queue', async () => {
  const { id, ask } = await newInstance();
  const of4100 = [await queue(id, { held: unmapped('4100') }), await queue(id, { held: unmapped('4100') })];
  const of4200 = await queue(id, { held: unmapped('4200'), amountMinor: 5n });
  const alone = { status: 'FAILED' as const, error_code: 'SAGE_REFUSED', error_key: '' };
  const failed = [await queue(id, { amountMinor: 3n }, alone), await queue(id, { amountMinor: 2n }, alone)];
  const elsewhere = await newInstance();
  const others = await queue(elsewhere.id, { held: unmapped('4100') });

  for (const variables of [{}, { errorCode: '' }, { key: 'nonsense' }]) {
    const { retryPushes } = await ask(RETRY_MANY, variables);
    expect(retryPushes).toMatchObject({
      retried: 0,
      userErrors: [{ code: expect.stringMatching(/NOTHING_CHOSEN|NOT_FOUND/) }],
    });
  }
  const { errorQueue } = await ask('{ errorQueue { key code count } }');
  // a key of another instance names nothing
  expect((await elsewhere.ask(RETRY_MANY, { key: errorQueue[0].key })).retryPushes.userErrors[0].code).toBe(
    'NOT_FOUND',
  );
  expect(errorQueue[0]).toMatchObject({ code: 'NOMINAL_CODE_NOT_MAPPED', count: 2 });
  expect((await ask(RETRY_MANY, { key: errorQueue[0].key, errorCode: 'OTHER' })).retryPushes.retried).toBe(0);
  expect((await ask(RETRY_MANY, { key: errorQueue[0].key })).retryPushes).toEqual({ retried: 2, userErrors: [] });
  expect(await Promise.all([...of4100, of4200].map(statusOf))).toEqual(['QUEUED', 'QUEUED', 'HELD']);

  // a cause that is one push's own is retried with that push alone
  const [, ofOne] = (await ask('{ errorQueue { key code count } }')).errorQueue;
  expect((await ask(RETRY_MANY, { key: ofOne.key })).retryPushes.retried).toBe(1);
  expect(await Promise.all(failed.map(statusOf))).toEqual(['QUEUED', 'FAILED']);

  expect((await ask(RETRY_MANY, { errorCode: 'NOMINAL_CODE_NOT_MAPPED' })).retryPushes.retried).toBe(1);
  expect((await ask(RETRY_MANY, { errorCode: 'SAGE_REFUSED' })).retryPushes.retried).toBe(1);
  expect((await ask('{ errorQueue { key } }')).errorQueue).toEqual([]);
  const { auditTrail } = await ask(TRAIL, { first: 3 });
  expect(auditTrail).toMatchObject({ totalCount: 5, nodes: [{ subjectId: pushNodeId(failed[1] as PushRow) }, {}, {}] });
  expect(auditTrail.pageInfo.hasNextPage).toBe(true);
  expect((await ask(TRAIL, { after: auditTrail.pageInfo.endCursor })).auditTrail.nodes).toHaveLength(2);
  expect(await statusOf(others)).toBe('HELD');
});

test('more than one batch of pushes is retried once each', async () => {
  const { id, ask } = await newInstance();
  await queue(id, { held: unmapped('4100') });
  const columns = (
    await database().query<Record<string, unknown>>('SELECT * FROM push WHERE instance_id = ?', [id])
  )[0] as Record<string, unknown>;
  await database().transaction(async (transaction) => {
    for (let number = 0; number < 600; number += 1) {
      const row = { ...columns, id: `f${String(number).padStart(31, '0')}`, layer_id: `many-${number}` };
      await transaction.query(
        `INSERT INTO push (${Object.keys(row).join(',')}) VALUES (${Object.keys(row)
          .map(() => '?')
          .join(',')})`,
        Object.values(row),
      );
    }
  });
  expect((await ask(RETRY_MANY, { errorCode: 'NOMINAL_CODE_NOT_MAPPED' })).retryPushes.retried).toBe(601);
  expect((await ask('{ pushes(filter: { status: [QUEUED] }, first: 1) { totalCount } }')).pushes.totalCount).toBe(601);
  expect((await ask(TRAIL, { first: 1 })).auditTrail.totalCount).toBe(601);
});

test('a push is skipped with a reason, and what waited for it is looked at again', async () => {
  const { id, ask } = await newInstance();
  const invoice = await queue(id, { layerId: 'I1', held: unmapped('4100') });
  const payment = await queue(id, { kind: 'PAYMENT', needs: [{ kind: 'INVOICE', layerId: 'I1' }] });
  const { skipPush } = await ask(SKIP, { id: pushNodeId(invoice), reason: '  entered by hand  ' });
  expect(skipPush).toEqual({ push: { id: pushNodeId(invoice), status: 'SKIPPED' }, userErrors: [] });
  expect(await statusOf(payment)).toBe('QUEUED');
  expect(await isLaneDue(payment)).toBe(true);
  const { auditTrail } = await ask(TRAIL, { subjectId: pushNodeId(invoice) });
  expect(auditTrail.nodes).toMatchObject([{ action: 'PUSH_SKIPPED', who: 'paula', reason: 'entered by hand' }]);

  const posted = await queue(
    id,
    {},
    { status: 'FAILED', urn: '9009', posted_at: 5, error_code: 'QUERIED', error_key: '' },
  );
  expect((await ask(SKIP, { id: pushNodeId(posted), reason: 'allocated by hand' })).skipPush.userErrors).toEqual([]);
  const trail = (await ask(TRAIL, { subjectId: pushNodeId(posted) })).auditTrail.nodes;
  expect(trail[0].summary).toContain('posting 9009 stands in Sage');

  const refusals: [PushStatus, string][] = [
    ['SENDING', 'IN_PROGRESS'],
    ['UNKNOWN', 'OUTCOME_UNKNOWN'],
    ['SUCCEEDED', 'ALREADY_POSTED'],
    ['SKIPPED', 'SKIPPED'],
  ];
  for (const [status, code] of refusals) {
    const push = await queue(id, {}, { status });
    const refusal = (await ask(SKIP, { id: pushNodeId(push), reason: 'no' })).skipPush;
    expect(refusal).toEqual({ push: { id: pushNodeId(push), status }, userErrors: [{ code, field: ['id'] }] });
    expect(await statusOf(push)).toBe(status);
  }
  const queued = await queue(id);
  const badReasons: [string, string][] = [
    ['   ', 'REASON_NEEDED'],
    ['x'.repeat(501), 'TOO_LONG'],
    ['done 🎉', 'UNSUPPORTED_CHARACTER'],
    ['two\nlines', 'UNSUPPORTED_CHARACTER'],
  ];
  for (const [reason, code] of badReasons) {
    const refusal = (await ask(SKIP, { id: pushNodeId(queued), reason })).skipPush;
    expect(refusal).toEqual({ push: null, userErrors: [{ code, field: ['reason'] }] });
  }
  expect(await statusOf(queued)).toBe('QUEUED');
  expect((await ask(SKIP, { id: pushNodeId(queued), reason: 'x'.repeat(500) })).skipPush.userErrors).toEqual([]);
});

test('a push that goes away stops the worker that has read it, and frees what stands behind it', async () => {
  const { id, ask } = await newInstance();
  const later = Date.now() + 3_600_000;
  const first = await queue(id, {}, { next_attempt_at: later });
  await queue(id);
  await database().transaction((transaction) =>
    transaction.query('UPDATE push_lane SET due_at = ? WHERE instance_id = ?', [later, id]),
  );
  await ask(SKIP, { id: pushNodeId(first), reason: 'wrong' });
  expect(await isLaneDue(first)).toBe(true);
  const isMoved = await database().transaction((transaction) => movePush(transaction, first, 'SUCCEEDED', {}, 1));
  expect(isMoved).toBe(false);
  expect(await statusOf(first)).toBe('SKIPPED');
});

test('a retry and a skip tell the handler of the kind, in their transaction, and wake the engine', async () => {
  const { id } = await newInstance();
  const seen: [string, PushStatus][] = [];
  let woken = 0;
  const handler = { kind: 'INVOICE', changed: async (_: unknown, push: PushRow) => seen.push([push.id, push.status]) };
  const parts = {
    database: database(),
    clock: systemClock,
    handlers: new Map([['INVOICE', handler]]) as never,
    wakePush: () => (woken += 1),
  };
  const context = { instanceId: id, caller: { subject: 'paula' } };
  const push = await queue(id, { held: unmapped('4100') });
  await new RetryPushMutation(parts).retryPush(context, pushNodeId(push));
  await new SkipPushMutation(parts).skipPush(context, pushNodeId(push), 'no');
  expect(seen).toEqual([
    [push.id, 'QUEUED'],
    [push.id, 'SKIPPED'],
  ]);
  expect(woken).toBe(2);
});

test("another instance's pushes are as if they did not exist", async () => {
  const { id } = await newInstance();
  const other = await newInstance();
  const push = await queue(id, { held: unmapped('4100') });
  const missing = pushNodeId({ instanceId: other.id, id: push.id });
  for (const wanted of [pushNodeId(push), missing, 'x']) {
    const view =
      'query ($id: ID!) { push(id: $id) { id } node(id: $id) { id } auditTrail(subjectId: $id) { totalCount } }';
    expect(await other.ask(view, { id: wanted })).toEqual({ push: null, node: null, auditTrail: { totalCount: 0 } });
    expect((await other.ask(RETRY, { id: wanted })).retryPush).toMatchObject({
      push: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    expect((await other.ask(SKIP, { id: wanted, reason: 'no' })).skipPush).toMatchObject({
      push: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
  }
  expect(await other.ask('{ pushes { totalCount } errorQueue { key } }')).toEqual({
    pushes: { totalCount: 0 },
    errorQueue: [],
  });
  expect(await statusOf(push)).toBe('HELD');
});

const ACCOUNT = `query ($id: ID!) { node(id: $id) { ... on SageAccount { id balance { amount } projectedBalance { amount }
  sageCompany { id } } } }`;
const REFRESH =
  'mutation ($id: ID!) { refreshSageAccount(id: $id) { sageAccount { balance { amount } projectedBalance { amount } } userErrors { code } } }';
const companyKey = (id: string) => Number(JSON.parse(Buffer.from(id, 'base64url').toString())[2]);

test('the projected balance has what is on its way, and what was posted after the balance was read', async () => {
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(first: 2) { nodes { id accountNumber balance { currency } sageCompany { id } } } }',
  );
  const [account, other] = sageAccounts.nodes;
  const { currency } = account.balance;
  await gateway.data(
    'mutation ($id: ID!) { linkCustomer(layerId: "P1", sageAccountId: $id) { userErrors { code } } }',
    { id: account.id },
  );
  const companyId = companyKey(account.sageCompany.id);
  const projected = async () => {
    const { node } = await gateway.data(ACCOUNT, { id: account.id });
    return Math.round((Number(node.projectedBalance.amount) - Number(node.balance.amount)) * 100);
  };
  expect(await projected()).toBe(0);

  const push = (kind: NewPush['kind'], amountMinor: bigint, forced = {}, more: Partial<NewPush> = {}) =>
    queue(1, { kind, amountMinor, companyId, currency, customerLayerId: 'P1', ...more }, forced);
  await push('INVOICE', 100_000n);
  await push('REFUND', 20_000n, { status: 'UNKNOWN' });
  await push('PAYMENT', 3_000n, { status: 'WAITING' });
  await push('CREDIT_NOTE', 400n, {}, { held: unmapped('4100') });
  await push('INVOICE', 50n, { status: 'SENDING' });
  expect(await projected()).toBe(100_000 + 20_000 - 3_000 - 400 + 50);

  // neither given up, nor refused, nor of another currency, company or customer, nor of an unknown company
  const landing = await projected();
  await push('INVOICE', 7n, { status: 'FAILED' });
  await push('INVOICE', 7n, { status: 'SKIPPED' });
  await push('INVOICE', 7n, {}, { currency: currency === 'USD' ? 'EUR' : 'USD' });
  await push('INVOICE', 7n, {}, { companyId: companyId + 50 });
  await push('INVOICE', 7n, {}, { companyId: null });
  await push('INVOICE', 7n, {}, { customerLayerId: 'P2' });
  await push('ALLOCATION', 7n);
  expect(await projected()).toBe(landing);
  expect((await gateway.data(ACCOUNT, { id: other.id })).node).toMatchObject({
    projectedBalance: (await gateway.data(ACCOUNT, { id: other.id })).node.balance,
  });

  // posted after the balance was read, whatever has become of the push since; and long before that
  const postedAt = Date.now();
  await push('INVOICE', 9n, { status: 'SUCCEEDED', urn: 'U1', posted_at: postedAt });
  await push('PAYMENT', 2n, { status: 'FAILED', urn: 'U2', posted_at: postedAt });
  await push('INVOICE', 1_000n, { status: 'SUCCEEDED', urn: 'U3', posted_at: 1 });
  await push('PAYMENT', 1_000n, { status: 'HELD', urn: 'U4', posted_at: 1 });
  expect(await projected()).toBe(landing + 7);

  // Sage is asked again and says the same as before: what was posted until then is in that balance
  const { refreshSageAccount } = await gateway.data(REFRESH, { id: account.id });
  expect(refreshSageAccount.userErrors).toEqual([]);
  expect(await projected()).toBe(landing);
});

test('a posting names the push that made it', async () => {
  const { sageTransactions } = await gateway.data(
    '{ sageTransactions(first: 2) { nodes { id urn sageAccount { sageCompany { id } } } } }',
  );
  const [made, entered] = sageTransactions.nodes;
  const companyId = companyKey(made.sageAccount.sageCompany.id);
  const push = await queue(1, { companyId, customerLayerId: 'P9' }, { status: 'SUCCEEDED', urn: made.urn });
  await queue(1, { companyId: companyId + 50, customerLayerId: 'P9' }, { status: 'SUCCEEDED', urn: entered.urn });
  const nodes = (await gateway.data('{ sageTransactions(first: 2) { nodes { urn push { id sageCompany { id } } } } }'))
    .sageTransactions.nodes;
  expect(nodes).toEqual([
    { urn: made.urn, push: { id: pushNodeId(push), sageCompany: { id: made.sageAccount.sageCompany.id } } },
    { urn: entered.urn, push: null },
  ]);
});

test('pages, groups and balances cost the same number of statements however many rows they have', async () => {
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 4) { nodes { id } } }');
  for (const [index, { id }] of sageAccounts.nodes.entries()) {
    await gateway.data(
      'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }',
      { layerId: index === 0 ? 'P1' : `S${index}`, id },
    );
  }
  for (let number = 0; number < 6; number += 1) {
    await queue(1, { held: unmapped(`9${number}`), customerLayerId: number === 0 ? 'P1' : `S${number}` });
    await queue(1, { kind: 'CUSTOMER', layerId: `S${number}`, customerLayerId: `S${number}`, amountMinor: null });
  }
  const statementsOf = async (query: string, variables: Record<string, unknown>) => {
    const tries: number[] = [];
    for (let number = 0; number < 4; number += 1) {
      let statements = 0;
      const stop = database().onStatement(() => (statements += 1));
      await gateway.data(query, variables);
      stop();
      tries.push(statements);
    }
    return Math.min(...tries);
  };
  const pushes = `query ($first: Int!) { pushes(first: $first) { nodes { id history { at } customer { name } sageCompany { name }
    document { ... on Customer { name } } } } }`;
  expect(await statementsOf(pushes, { first: 10 })).toBe(await statementsOf(pushes, { first: 2 }));
  const accounts = 'query ($first: Int!) { sageAccounts(first: $first) { nodes { projectedBalance { amount } } } }';
  expect(await statementsOf(accounts, { first: 4 })).toBe(await statementsOf(accounts, { first: 2 }));
  // the groups; their pushes, whatever the number of groups; the companies, the customers and the history of all of these
  const groups =
    '{ errorQueue { key pushes(first: 3) { nodes { id history { at } customer { name } sageCompany { name } } } } }';
  expect((await gateway.data('{ errorQueue { key } }')).errorQueue.length).toBeGreaterThan(6);
  expect(await statementsOf(groups, {})).toBeLessThanOrEqual(5);
});

test('a push names its document by kind', async () => {
  const { id, ask } = await newInstance();
  await database().transaction(async (transaction) => {
    await addMissingCustomers(
      transaction,
      id,
      [{ layerId: 'S2', name: 'Some Ltd', syncStatus: 'NEVER_SYNCED' }],
      new Date(),
    );
    await transaction.query(
      "INSERT INTO mapping_subject (instance_id, kind, layer_id, name, updated_at) VALUES (?, 'NOMINAL_CODE', '4100', 'Calls', 0)",
      [id],
    );
  });
  await queue(id, { kind: 'CUSTOMER', layerId: 'S2', customerLayerId: 'S2' });
  await queue(id, { kind: 'NOMINAL_CODE', layerId: '4100', customerLayerId: null });
  await queue(id, { kind: 'NOMINAL_CODE', layerId: '4200', customerLayerId: null });
  const { pushes } = await ask(
    '{ pushes { nodes { customer { layerId } document { __typename ... on Customer { layerId } ... on NominalCode { code name } } } } }',
  );
  expect(pushes.nodes).toEqual([
    { customer: null, document: null },
    { customer: null, document: { __typename: 'NominalCode', code: '4100', name: 'Calls' } },
    { customer: { layerId: 'S2' }, document: { __typename: 'Customer', layerId: 'S2' } },
  ]);
});
