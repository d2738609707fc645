import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { CompanyDirectory } from '../../src/companies/company-directory.js';
import type { Database } from '../../src/database/database.js';
import { mapDemo } from '../../src/mappings/map-demo.js';
import { NominalCodePush } from '../../src/mappings/nominal-code.push.js';
import { resolveMappings } from '../../src/mappings/posting-mappings.js';
import { movePush } from '../../src/pushes/move.sql.js';
import type { PushStep, Sighting } from '../../src/pushes/push-handler.js';
import { type PushRow, readPushes } from '../../src/pushes/push-rows.js';
import type { PushStatus } from '../../src/pushes/push-status.js';
import { decodeNodeIdOf } from '../../src/common/node-id.js';
import { testClient, type TestClient } from '../sage/sage-test-client.js';
import { ledgerOf } from '../support/sage-ledger.js';
import { sageOpenApi } from '../support/openapi.js';
import { fixedToken } from '../support/sandbox-tokens.js';
import { pull, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';
import { INSTANCE, queueInvoice, statusOf } from './held-push.js';

let gateway: TestGateway;
let database: Database;
let sage: TestClient;
let handler: NominalCodePush;
// oxlint-disable-next-line typescript/no-explicit-any
let companies: any[];
const signal = new AbortController().signal;

beforeAll(async () => {
  // pushes are delivered by hand here, but for the last tests
  gateway = await startTestGateway({
    variables: {
      ROLES: 'api,sync',
      SYNC_TRANSACTIONS_SECONDS: '3600',
      SYNC_CUSTOMERS_SECONDS: '3600',
      SYNC_REFERENCE_SECONDS: '3600',
    },
  });
  database = gateway.gateway.database;
  const grant = gateway.sandbox.control.signIn() as unknown as { access_token: string };
  sage = testClient(gateway.sandbox.apiUrl, systemClock, {
    tokens: fixedToken(grant.access_token),
    requestTimeoutMs: 10_000,
  });
  const clients = {
    client: () => sage.client,
    reportEmptySites: async () => undefined,
    reportSites: async () => undefined,
  };
  handler = new NominalCodePush(database, clients, new CompanyDirectory(database), systemClock);
  ({ sageCompanies: companies } = await gateway.data(
    '{ sageCompanies { id sageCompanyId reportCategories { id code } nominalAccounts { id reference costCentre } } }',
  ));
});
afterAll(async () => {
  await sage.close();
  await gateway.close();
});

const company = (sageCompanyId = 1) => companies.find((one) => one.sageCompanyId === sageCompanyId);

interface Answer {
  push: { id: string; kind: string; status: string } | null;
  userErrors: { code: string; field: string[] }[];
}
const pushNominalCode = async (input: Record<string, unknown>): Promise<Answer> =>
  (
    await gateway.data(
      `mutation ($input: NominalCodeInput!) { pushNominalCode(input: $input) {
         push { id kind status } userErrors { code field message } } }`,
      { input: { sageCompanyId: company().id, ...input } },
    )
  ).pushNominalCode;

async function rowOf({ push }: Answer): Promise<PushRow> {
  const [id = ''] = decodeNodeIdOf(INSTANCE, 'Push', push?.id ?? '') ?? [];
  const row = (await readPushes(database, INSTANCE, [id])).get(id);
  if (!row) throw new Error('The push is not stored.');
  return row;
}

/** Stands in for the engine: one push as far as the handler takes it. */
async function deliver(row: PushRow): Promise<PushStep | null> {
  const move = await handler.next(row);
  if (move.kind === 'DONE') {
    await settle(row, null, {});
    return null;
  }
  if (move.kind !== 'STEP') throw new Error(move.kind);
  const { step } = move;
  expect(step).toMatchObject({ lookFirst: 'SAGE', isLast: true });
  let [sighting] = await handler.lookUp(row, step.name, step.facts, signal);
  sighting ??= await step.send(async () => undefined, signal);
  await settle(row, step, sighting);
  return step;
}

function settle(row: PushRow, step: PushStep | null, sighting: Sighting): Promise<void> {
  return database.transaction(async (transaction) => {
    const status: PushStatus = 'SUCCEEDED';
    await movePush(transaction, row, status, { sageId: sighting.sageId ?? null, postedAt: 1 }, 1);
    if (step) await handler.settle(transaction, row, step.name, sighting, step.facts);
  });
}

const posts = () => gateway.sandbox.control.requests().filter(({ method }) => method === 'POST');
const accountsOf = async (code: string) =>
  (
    await gateway.data(
      '{ nominalCodes { code name accounts { sageCompany { sageCompanyId } nominalAccount { reference costCentre department name isPosting } } } }',
    )
  ).nominalCodes.find((one: { code: string }) => one.code === code);

test('a code that a company lacks is created there with its neighbour’s category, mapped, and what it held goes on', async () => {
  const held = await queueInvoice(database, { subCompanyLayerId: null, nominalCodes: ['4055'] });
  expect(held.code).toBe('NOMINAL_CODE_NOT_MAPPED');
  const input = { code: '4055', name: 'Leased lines', costCentre: 'TEL', department: 'NTH' };
  const answer = await pushNominalCode(input);
  expect(answer).toMatchObject({ push: { kind: 'NOMINAL_CODE', status: 'QUEUED' }, userErrors: [] });
  const row = await rowOf(answer);
  expect(row).toMatchObject({ layerId: '4055', generation: 0, lane: 'n:4055', sageReference: '4055/TEL/NTH' });
  const before = posts().length;
  await deliver(row);
  expect(posts()).toHaveLength(before + 1);
  const created = ledgerOf(gateway.sandbox).rows<Record<string, unknown>>(
    "select name, cost_centre, department, report_category_id, account_type, status from nominal_codes where company_id = 1 and reference = '4055'",
  );
  expect(created.map((one) => ({ ...one }))).toEqual([
    {
      name: 'Leased lines',
      cost_centre: 'TEL',
      department: 'NTH',
      report_category_id: 701,
      account_type: 0,
      status: 0,
    },
  ]);
  expect(await accountsOf('4055')).toEqual({
    code: '4055',
    name: 'Leased lines',
    accounts: [
      {
        sageCompany: { sageCompanyId: 1 },
        nominalAccount: {
          reference: '4055',
          costCentre: 'TEL',
          department: 'NTH',
          name: 'Leased lines',
          isPosting: true,
        },
      },
    ],
  });
  expect(await statusOf(database, held.id)).toBe('QUEUED');
  expect((await resolveMappings(database, INSTANCE, { subCompanyLayerId: null, nominalCodes: ['4055'] })).kind).toBe(
    'MAPPED',
  );
  // the pull finds it as it was noted
  await pull(gateway, { resources: ['NOMINAL_ACCOUNTS'] });
  expect((await accountsOf('4055')).accounts).toHaveLength(1);

  // the same content again is the same push, and its look-up finds the one account
  expect((await pushNominalCode(input)).push?.id).toBe(answer.push?.id);
  const facts = JSON.parse(row.payload ?? '{}');
  expect(await handler.lookUp(row, 'POST', facts, signal)).toEqual([{ sageId: expect.any(Number) }]);
  const [entry] = await database.query<Record<string, string>>(
    "SELECT who, action, summary FROM audit_entry WHERE instance_id = ? AND summary LIKE '%4055%'",
    [INSTANCE],
  );
  expect(entry).toMatchObject({ who: 'tester', action: 'MAPPING_CHANGED' });
});

test('the body holds fields that Sage knows, within their lengths', async () => {
  const openApi = sageOpenApi();
  const row = await rowOf(await pushNominalCode({ code: '4056', name: 'Dark fibre' }));
  const bodies: Record<string, unknown>[] = [];
  const post = sage.client.post.bind(sage.client);
  sage.client.post = (path, body, request) => {
    expect(path).toBe('/nominal_codes');
    bodies.push(body as Record<string, unknown>);
    return post(path, body, request);
  };
  await deliver(row);
  sage.client.post = post;
  expect(bodies).toEqual([{ reference: '4056', name: 'Dark fibre', report_category_id: 701 }]);
  if (openApi) expect(openApi.faultsOfRows('/nominal_codes', bodies)).toEqual([]);
});

test('an answer that was lost is found by the triple, and nothing is sent twice', async () => {
  const row = await rowOf(await pushNominalCode({ code: '4057', name: 'SIP trunks' }));
  const move = await handler.next(row);
  if (move.kind !== 'STEP') throw new Error(move.kind);
  await move.step.send(async () => undefined, signal);
  const before = posts().length;
  await deliver(row);
  expect(posts()).toHaveLength(before);
  expect((await accountsOf('4057')).accounts).toHaveLength(1);
  // Sage's own refusal of a second one
  await expect(move.step.send(async () => undefined, signal)).rejects.toMatchObject({ kind: 'refused' });
});

test('what the company has is mapped at once and nothing is sent; what is hidden there fails by its look-up', async () => {
  const answer = await pushNominalCode({ code: '4020', name: 'Broadband' });
  expect((await accountsOf('4020')).accounts).toMatchObject([
    { nominalAccount: { reference: '4020', costCentre: '' } },
  ]);
  expect(await deliver(await rowOf(answer))).toBeNull();
  // in another company it is another push, of the next generation
  const elsewhere = await rowOf(
    await pushNominalCode({ code: '4020', name: 'Broadband', sageCompanyId: company(2).id }),
  );
  expect(elsewhere.generation).toBe(1);
  expect((await accountsOf('4020')).accounts).toHaveLength(2);
  // another account for a code that means one already
  expect(await pushNominalCode({ code: '4020', name: 'Broadband', costCentre: 'MOB' })).toMatchObject({
    push: null,
    userErrors: [{ code: 'ALREADY_MAPPED', field: ['code'] }],
  });

  const hidden = await rowOf(await pushNominalCode({ code: '4099', name: 'Old sales' }));
  const move = await handler.next(hidden);
  if (move.kind !== 'STEP') throw new Error(move.kind);
  const [sighting] = await handler.lookUp(hidden, 'POST', move.step.facts, signal);
  expect(sighting?.fault).toMatchObject({
    code: 'NOMINAL_ACCOUNT_UNUSABLE',
    message: expect.stringContaining('hidden'),
  });
});

test('the same a hundred times at once is one push; other content replaces it until it is under way', async () => {
  const input = { code: '4058', name: 'Hosting' };
  const answers = await Promise.all(Array.from({ length: 100 }, () => pushNominalCode(input)));
  expect(new Set(answers.map(({ push }) => push?.id)).size).toBe(1);
  const replaced = await pushNominalCode({ ...input, name: 'Web hosting' });
  expect(replaced.push?.id).toBe(answers[0]?.push?.id);
  const row = await rowOf(replaced);
  expect(JSON.parse(row.payload ?? '{}')).toMatchObject({ name: 'Web hosting' });
  await database.transaction((transaction) => movePush(transaction, row, 'SENDING', {}, 1));
  expect((await pushNominalCode(input)).userErrors).toMatchObject([{ code: 'CONTENT_CHANGED', field: ['code'] }]);
  expect((await pushNominalCode({ ...input, name: 'Web hosting' })).push).toMatchObject({ status: 'SENDING' });
});

test('what Sage could not hold, or does not have, is refused and nothing is queued', async () => {
  const count = async () => (await database.query('SELECT id FROM push WHERE instance_id = ?', [INSTANCE])).length;
  const before = await count();
  const cases: [Record<string, unknown>, string, string][] = [
    [{ code: '' }, 'INVALID_CODE', 'code'],
    [{ code: '123456789' }, 'TOO_LONG', 'code'],
    [{ code: '4\u00001' }, 'UNSUPPORTED_CHARACTER', 'code'],
    [{ name: '' }, 'INVALID_NAME', 'name'],
    [{ name: 'x'.repeat(61) }, 'INVALID_NAME', 'name'],
    [{ name: 'Phones 📞' }, 'UNSUPPORTED_CHARACTER', 'name'],
    [{ costCentre: 'TELE' }, 'TOO_LONG', 'costCentre'],
    [{ costCentre: 'XXX' }, 'NOT_FOUND', 'costCentre'],
    [{ department: 'XXX' }, 'NOT_FOUND', 'department'],
    [{ sageCompanyId: 'x' }, 'NOT_FOUND', 'sageCompanyId'],
    [{ reportCategoryId: 'x' }, 'NOT_FOUND', 'reportCategoryId'],
    [{ reportCategoryId: company(2).reportCategories[0].id }, 'NOT_FOUND', 'reportCategoryId'],
  ];
  for (const [input, code, field] of cases) {
    const { push, userErrors } = await pushNominalCode({ code: '4061', name: 'x', ...input });
    expect([input, push, userErrors.map((error) => [error.code, error.field])]).toEqual([
      input,
      null,
      [[code, [field]]],
    ]);
  }
  expect(await count()).toBe(before);
  const overheads = company().reportCategories.find((one: { code: string }) => one.code === 'OVER').id;
  const row = await rowOf(await pushNominalCode({ code: '4061', name: 'x', reportCategoryId: overheads }));
  expect(JSON.parse(row.payload ?? '{}')).toMatchObject({ reportCategoryId: 704 });
});

test('the engine delivers it, finds what got lost, and queues a landed code once', async () => {
  await gateway.restart({
    ROLES: 'api,sync,push',
    SAGE_MAX_RUN_SECONDS: '1',
    PUSH_MARGIN_SECONDS: '1',
    PUSH_POLL_MS: '150',
  });
  database = gateway.gateway.database;
  const { control } = gateway.sandbox;
  // Sage commits, and the answer is lost on the way
  control.addFault({ kind: 'resetAfterCommit', method: 'POST', path: '^/nominal_codes$' });
  const input = { code: '4071', name: 'Fibre to the premises' };
  const { push } = await pushNominalCode(input);
  const status = async () =>
    (await gateway.data('query ($id: ID!) { push(id: $id) { status } }', { id: push?.id })).push.status;
  await until(async () => (await status()) === 'SUCCEEDED', 'the push');
  const [{ count }] = ledgerOf(gateway.sandbox).rows<{ count: number }>(
    "select count(*) as count from nominal_codes where company_id = 1 and reference = '4071'",
  ) as [{ count: number }];
  expect(count).toBe(1);
  expect((await accountsOf('4071')).accounts).toMatchObject([{ nominalAccount: { name: 'Fibre to the premises' } }]);
  // asked for while it lands, and after
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => pushNominalCode({ code: '4072', name: 'Ethernet' })),
  );
  const ids = new Set(answers.map((answer) => answer.push?.id));
  ids.add((await pushNominalCode({ code: '4072', name: 'Ethernet' })).push?.id);
  expect(ids.size).toBe(1);
});

test('a code whose account is hidden in Sage fails; once it is active, a retry maps it', async () => {
  const { push } = await pushNominalCode({ code: '4099', name: 'Old sales' });
  const shown = async () =>
    (await gateway.data('query ($id: ID!) { push(id: $id) { status error { code } } }', { id: push?.id })).push;
  const retry = () =>
    gateway.data('mutation ($id: ID!) { retryPush(id: $id) { userErrors { code } } }', { id: push?.id });
  await until(async () => (await shown()).status === 'FAILED', 'the push to fail');
  expect((await shown()).error.code).toBe('NOMINAL_ACCOUNT_UNUSABLE');
  const ledger = ledgerOf(gateway.sandbox);
  ledger.run("update nominal_codes set status = 0 where company_id = 1 and reference = '4099'");
  await retry();
  await until(async () => (await shown()).status === 'SUCCEEDED', 'the retry');
  expect((await accountsOf('4099')).accounts).toMatchObject([{ nominalAccount: { reference: '4099' } }]);
});

test('the demo maps what its Layer would have, once, and nothing is an issue then', async () => {
  await database.transaction(async (transaction) => {
    for (const table of ['mapping', 'mapping_subject', 'push', 'push_lane'])
      await transaction.query(`DELETE FROM ${table} WHERE instance_id = ?`, [INSTANCE]);
  });
  expect(await mapDemo(database, INSTANCE, systemClock)).toBeGreaterThan(30);
  expect(await mapDemo(database, INSTANCE, systemClock)).toBe(0);
  const { subCompanies, paymentMethods, vatCodes, mappingIssues } = await gateway.data(
    `{ subCompanies { name sageCompany { sageCompanyId } } paymentMethods { layerId banks { bankAccount { code currency } } }
       vatCodes { code ratePercent taxCodes { sageCompany { sageCompanyId } taxCode { name ratePercent } } } mappingIssues { message } }`,
  );
  expect(subCompanies).toEqual([{ name: 'Default Company', sageCompany: { sageCompanyId: 1 } }]);
  expect(paymentMethods.map(({ layerId }: { layerId: string }) => layerId)).toEqual([
    'BACS',
    'CARD',
    'CASH',
    'DIRECT_DEBIT',
  ]);
  expect(paymentMethods[0].banks.map(({ bankAccount }: never) => bankAccount)).toEqual([
    { code: 'CURRENT', currency: 'GBP' },
    { code: 'CURRENT', currency: 'GBP' },
    { code: 'CURRENT', currency: 'EUR' },
  ]);
  expect(
    vatCodes.map(
      ({
        code,
        ratePercent,
        taxCodes,
      }: {
        code: string;
        ratePercent: string;
        taxCodes: { taxCode: { name: string } }[];
      }) => [code, ratePercent, ...taxCodes.map(({ taxCode }) => taxCode.name)],
    ),
  ).toEqual([
    ['E', '0.00', 'Exempt', 'Exempt', 'Exempt'],
    ['R', '5.00', 'Lower rate', 'Lower rate', 'Reduced rate'],
    ['S', '20.00', 'Standard rate', 'Standard rate', 'Standard rate'],
    ['Z', '0.00', 'Zero rate', 'Zero rate', 'Zero rate'],
  ]);
  expect(mappingIssues).toEqual([]);
  expect(
    (
      await resolveMappings(database, INSTANCE, {
        subCompanyLayerId: null,
        paymentMethodLayerId: 'CARD',
        nominalCodes: ['4000', '4050'],
        vatCodes: ['S', 'E'],
      })
    ).kind,
  ).toBe('MAPPED');
});
