import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { PushCause } from '../../src/pushes/push-cause.js';
import type { Database } from '../../src/database/database.js';
import { resolveMappings } from '../../src/mappings/posting-mappings.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';
import { INSTANCE, queueInvoice, statusOf } from './held-push.js';

let gateway: TestGateway;
let database: Database;
// oxlint-disable-next-line typescript/no-explicit-any
let companies: any[];
beforeAll(async () => {
  // reference data are pulled when a test asks for it
  gateway = await startTestGateway({
    variables: { SYNC_TRANSACTIONS_SECONDS: '3600', SYNC_CUSTOMERS_SECONDS: '3600', SYNC_REFERENCE_SECONDS: '3600' },
  });
  database = gateway.gateway.database;
  ({ sageCompanies: companies } = await gateway.data(
    `{ sageCompanies { id name sageCompanyId bankAccounts { id code name isActive } taxCodes { id code name ratePercent }
       nominalAccounts { id reference costCentre department name isActive } } }`,
  ));
});
afterAll(() => gateway.close());
beforeEach(() =>
  database.transaction(async (transaction) => {
    for (const table of ['mapping', 'mapping_subject', 'push', 'push_lane', 'audit_entry', 'customer_link'])
      await transaction.query(`DELETE FROM ${table} WHERE instance_id = ?`, [INSTANCE]);
  }),
);

const company = (sageCompanyId: number) => companies.find((one) => one.sageCompanyId === sageCompanyId);
const bank = (code: string, sageCompanyId = 1) =>
  company(sageCompanyId).bankAccounts.find((one: { code: string }) => one.code === code).id;
const nominal = (reference: string, sageCompanyId = 1, costCentre = '', department = '') =>
  company(sageCompanyId).nominalAccounts.find(
    (one: Record<string, string>) =>
      one.reference === reference && one.costCentre === costCentre && one.department === department,
  ).id;
const tax = (code: number, sageCompanyId = 1) =>
  company(sageCompanyId).taxCodes.find((one: { code: number }) => one.code === code).id;

const ERRORS = 'userErrors { code message remedy field }';
const mutate = (field: string, type: string, payload: string) => async (input: Record<string, unknown>) =>
  (await gateway.data(`mutation ($input: ${type}!) { ${field}(input: $input) { ${payload} ${ERRORS} } }`, { input }))[
    field
  ];
const mapSubCompany = mutate(
  'mapSubCompany',
  'MapSubCompanyInput',
  'subCompany { id layerId name isDefault sageCompany { sageCompanyId } }',
);
const mapPaymentMethod = mutate(
  'mapPaymentMethod',
  'MapPaymentMethodInput',
  'paymentMethod { id layerId name banks { sageCompany { sageCompanyId } bankAccount { code } } }',
);
const mapNominalCode = mutate(
  'mapNominalCode',
  'MapNominalCodeInput',
  'nominalCode { id code name accounts { sageCompany { sageCompanyId } nominalAccount { reference costCentre } } }',
);
const mapVatCode = mutate(
  'mapVatCode',
  'MapVatCodeInput',
  'vatCode { id code name ratePercent taxCodes { sageCompany { sageCompanyId } taxCode { code } } }',
);
const unmap = async (variables: Record<string, unknown>) =>
  (
    await gateway.data(
      `mutation ($kind: MappingKind!, $layerId: String, $company: ID, $forget: Boolean) {
         unmap(kind: $kind, layerId: $layerId, sageCompanyId: $company, forget: $forget) { removed ${ERRORS} } }`,
      variables,
    )
  ).unmap;
const issues = async () =>
  (
    await gateway.data(
      '{ mappingIssues { kind layerId sageCompany { sageCompanyId } message remedy blockedPushes blocked { amount currency } } }',
    )
  ).mappingIssues;

async function mapEverything(): Promise<void> {
  await mapSubCompany({ sageCompanyId: company(1).id });
  await mapPaymentMethod({ layerId: 'BACS', sageBankAccountId: bank('CURRENT') });
  await mapNominalCode({ code: '4100', sageNominalAccountId: nominal('4010') });
  await mapVatCode({ code: 'S', sageTaxCodeId: tax(1) });
}
const NEEDS = {
  subCompanyLayerId: null,
  paymentMethodLayerId: 'BACS',
  nominalCodes: ['4100'],
  vatCodes: ['S'],
};

test('what is mapped is listed, keeps the name it was given, and takes that of Sage otherwise', async () => {
  expect((await gateway.data('{ subCompanies { layerId name isDefault sageCompany { name } } }')).subCompanies).toEqual(
    [{ layerId: null, name: 'Default Company', isDefault: true, sageCompany: null }],
  );
  const method = await mapPaymentMethod({ layerId: 'BACS', sageBankAccountId: bank('CURRENT') });
  expect(method).toMatchObject({ paymentMethod: { layerId: 'BACS', name: 'Current account' }, userErrors: [] });
  await mapPaymentMethod({ layerId: 'BACS', name: 'BACS transfer', sageBankAccountId: bank('DEPOSIT') });
  expect((await mapPaymentMethod({ layerId: 'BACS', sageBankAccountId: bank('CURRENT', 7) })).paymentMethod).toEqual({
    id: method.paymentMethod.id,
    layerId: 'BACS',
    name: 'BACS transfer',
    banks: [
      { sageCompany: { sageCompanyId: 1 }, bankAccount: { code: 'DEPOSIT' } },
      { sageCompany: { sageCompanyId: 7 }, bankAccount: { code: 'CURRENT' } },
    ],
  });
  await mapNominalCode({ code: '4100', sageNominalAccountId: nominal('4000', 1, 'TEL', 'NTH') });
  await mapVatCode({ code: 'S', sageTaxCodeId: tax(1) });
  // the rate of the first tax code stays, though Ireland's is another
  await mapVatCode({ code: 'S', name: 'Standard', sageTaxCodeId: tax(1, 7) });
  await mapVatCode({ code: 'R', ratePercent: '17.5', sageTaxCodeId: tax(5) });
  await mapSubCompany({ layerId: 'NORTH', sageCompanyId: company(2).id });
  await mapSubCompany({ layerId: 'WEST', name: 'West', sageCompanyId: company(2).id });
  // a sub-company posts to one company
  await mapSubCompany({ layerId: 'WEST', sageCompanyId: company(7).id });
  const lists = await gateway.data(
    `{ nominalCodes { code name accounts { nominalAccount { reference costCentre department } } }
       vatCodes { code name ratePercent taxCodes { sageCompany { sageCompanyId } taxCode { code } } }
       subCompanies { layerId name sageCompany { sageCompanyId } } }`,
  );
  expect(lists).toEqual({
    nominalCodes: [
      {
        code: '4100',
        name: 'Line rental - North',
        accounts: [{ nominalAccount: { reference: '4000', costCentre: 'TEL', department: 'NTH' } }],
      },
    ],
    vatCodes: [
      { code: 'R', name: 'Lower rate', ratePercent: '17.50', taxCodes: [expect.anything()] },
      {
        code: 'S',
        name: 'Standard',
        ratePercent: '20.00',
        taxCodes: [1, 7].map((sageCompanyId) => ({ sageCompany: { sageCompanyId }, taxCode: { code: 1 } })),
      },
    ],
    subCompanies: [
      { layerId: null, name: 'Default Company', sageCompany: null },
      { layerId: 'NORTH', name: 'Northgate Mobile Services Ltd', sageCompany: { sageCompanyId: 2 } },
      { layerId: 'WEST', name: 'West', sageCompany: { sageCompanyId: 7 } },
    ],
  });
  const node = await gateway.data('query ($id: ID!) { node(id: $id) { id ... on PaymentMethod { name } } }', {
    id: method.paymentMethod.id,
  });
  expect(node.node).toEqual({ id: method.paymentMethod.id, name: 'BACS transfer' });
});

test('each change leaves its trail, and what changes nothing leaves none', async () => {
  const { nominalCode } = await mapNominalCode({ code: '4100', sageNominalAccountId: nominal('4010') });
  await mapNominalCode({ code: '4100', sageNominalAccountId: nominal('4010') });
  await mapNominalCode({ code: '4100', name: 'Calls', sageNominalAccountId: nominal('4020') });
  await unmap({ kind: 'NOMINAL_CODE', layerId: '4100' });
  const trail = await database.query<Record<string, string>>(
    'SELECT who, action, subject_id AS subjectId, summary FROM audit_entry WHERE instance_id = ? ORDER BY id',
    [INSTANCE],
  );
  const entry = (action: string, summary: string) => ({ who: 'tester', action, subjectId: nominalCode.id, summary });
  expect(trail.map((row) => ({ ...row }))).toEqual([
    entry('MAPPING_CHANGED', 'Nominal code 4100 means nominal account 4010 Calls in Northgate Telecom Ltd.'),
    entry(
      'MAPPING_CHANGED',
      'Nominal code 4100 is named "Calls", means nominal account 4020 Broadband in Northgate Telecom Ltd.',
    ),
    entry('MAPPING_REMOVED', 'Nominal code 4100 is no longer mapped in Northgate Telecom Ltd.'),
  ]);
});

test('what cannot be right is refused, names its field, and changes nothing', async () => {
  const missing = 'WyJTYWdlQWNjb3VudCIsMSwiOTkiLCI5OSJd';
  const cases: [
    (input: Record<string, unknown>) => Promise<{ userErrors: { code: string; field: string[] }[] }>,
    object,
    string,
    string,
  ][] = [
    [mapPaymentMethod, { layerId: '', sageBankAccountId: bank('CURRENT') }, 'INVALID_LAYER_ID', 'layerId'],
    [mapPaymentMethod, { layerId: 'x'.repeat(65), sageBankAccountId: bank('CURRENT') }, 'INVALID_LAYER_ID', 'layerId'],
    [mapPaymentMethod, { layerId: 'BACS ', sageBankAccountId: bank('CURRENT') }, 'INVALID_LAYER_ID', 'layerId'],
    [mapPaymentMethod, { layerId: 'B\u0007', sageBankAccountId: bank('CURRENT') }, 'UNSUPPORTED_CHARACTER', 'layerId'],
    [mapPaymentMethod, { layerId: 'B', name: '  ', sageBankAccountId: bank('CURRENT') }, 'INVALID_NAME', 'name'],
    [
      mapPaymentMethod,
      { layerId: 'B', name: 'x'.repeat(256), sageBankAccountId: bank('CURRENT') },
      'INVALID_NAME',
      'name',
    ],
    [
      mapPaymentMethod,
      { layerId: 'B', name: 'Cash 💷', sageBankAccountId: bank('CURRENT') },
      'UNSUPPORTED_CHARACTER',
      'name',
    ],
    [mapPaymentMethod, { layerId: 'B', sageBankAccountId: missing }, 'NOT_FOUND', 'sageBankAccountId'],
    [mapPaymentMethod, { layerId: 'B', sageBankAccountId: tax(1) }, 'NOT_FOUND', 'sageBankAccountId'],
    [
      mapPaymentMethod,
      { layerId: 'B', sageBankAccountId: bank('OLDBANK') },
      'BANK_ACCOUNT_UNUSABLE',
      'sageBankAccountId',
    ],
    [mapNominalCode, { code: 'x'.repeat(65), sageNominalAccountId: nominal('4010') }, 'INVALID_CODE', 'code'],
    [
      mapNominalCode,
      { code: '4100', sageNominalAccountId: nominal('4099') },
      'NOMINAL_ACCOUNT_UNUSABLE',
      'sageNominalAccountId',
    ],
    [mapVatCode, { code: 'S', sageTaxCodeId: 'x' }, 'NOT_FOUND', 'sageTaxCodeId'],
    [mapVatCode, { code: 'S', ratePercent: '-1', sageTaxCodeId: tax(1) }, 'INVALID_RATE', 'ratePercent'],
    [mapVatCode, { code: 'S', ratePercent: '100.01', sageTaxCodeId: tax(1) }, 'INVALID_RATE', 'ratePercent'],
    [mapVatCode, { code: 'S', ratePercent: '17.555', sageTaxCodeId: tax(1) }, 'INVALID_RATE', 'ratePercent'],
    [mapSubCompany, { layerId: '', sageCompanyId: company(1).id }, 'INVALID_LAYER_ID', 'layerId'],
    [mapSubCompany, { layerId: 'NORTH', sageCompanyId: missing }, 'NOT_FOUND', 'sageCompanyId'],
  ];
  for (const [send, input, code, field] of cases) {
    const { userErrors } = await send(input as Record<string, unknown>);
    expect([input, userErrors.map((error) => [error.code, error.field])]).toEqual([input, [[code, [field]]]]);
  }
  await setActive(7, false);
  expect((await mapSubCompany({ layerId: 'W', sageCompanyId: company(7).id })).userErrors[0].code).toBe(
    'SAGE_COMPANY_INACTIVE',
  );
  expect((await mapPaymentMethod({ layerId: 'W', sageBankAccountId: bank('CURRENT', 7) })).userErrors[0].code).toBe(
    'SAGE_COMPANY_INACTIVE',
  );
  await setActive(7, true);
  await database.transaction((transaction) =>
    transaction.query("UPDATE sage_nominal_account SET is_posting = 0 WHERE instance_id = ? AND reference = '8100'", [
      INSTANCE,
    ]),
  );
  const group = await mapNominalCode({ code: '8100', sageNominalAccountId: nominal('8100') });
  expect(group.userErrors[0]).toMatchObject({ code: 'NOMINAL_ACCOUNT_UNUSABLE', field: ['sageNominalAccountId'] });
  expect(group.userErrors[0].message).toContain('takes no postings');
  expect((await unmap({ kind: 'VAT_CODE', layerId: 'S' })).userErrors[0]).toMatchObject({
    code: 'NOT_FOUND',
    field: ['layerId'],
  });
  expect((await unmap({ kind: 'VAT_CODE' })).userErrors[0]).toMatchObject({
    code: 'INVALID_LAYER_ID',
    field: ['layerId'],
  });
  expect((await unmap({ kind: 'CUSTOMER_LINK', layerId: 'C1' })).userErrors[0]).toMatchObject({
    code: 'INVALID_KIND',
    field: ['kind'],
  });
  expect(
    await database.query('SELECT 1 FROM mapping_subject UNION SELECT 1 FROM mapping UNION SELECT 1 FROM audit_entry'),
  ).toEqual([]);
});

async function setActive(sageCompanyId: number, isActive: boolean): Promise<void> {
  await database.transaction((transaction) =>
    transaction.query('UPDATE sage_company SET is_active = ? WHERE instance_id = ? AND sage_company_id = ?', [
      isActive ? 1 : 0,
      INSTANCE,
      sageCompanyId,
    ]),
  );
}

test('needs are looked up in one order, and each that is missing holds with its cause', async () => {
  const causeOf = async (
    needs: Partial<typeof NEEDS> & { subCompanyLayerId: string | null },
  ): Promise<Partial<PushCause> | undefined> => {
    const outcome = await resolveMappings(database, INSTANCE, { ...NEEDS, ...needs });
    return outcome.kind === 'HELD' ? outcome.cause : undefined;
  };
  const codeOf = async () => (await causeOf({ subCompanyLayerId: null }))?.code;
  // the default row falls back to the lowest company; a name without a mapping falls back to nothing
  expect(await causeOf({ subCompanyLayerId: 'NORTH' })).toMatchObject({
    code: 'SUB_COMPANY_NOT_MAPPED',
    key: 'SUB_COMPANY:NORTH:',
    subject: 'sub-company NORTH',
  });
  expect(await codeOf()).toBe('PAYMENT_METHOD_NOT_MAPPED');
  await mapPaymentMethod({ layerId: 'BACS', sageBankAccountId: bank('CURRENT') });
  expect(await causeOf({ subCompanyLayerId: null })).toEqual({
    code: 'NOMINAL_CODE_NOT_MAPPED',
    key: 'NOMINAL_CODE:4100:1',
    subject: 'nominal code 4100 in Sage company Northgate Telecom Ltd',
    message: 'Nominal code 4100 is not mapped to a nominal account of Northgate Telecom Ltd.',
    remedy: expect.stringContaining('mapNominalCode'),
  });
  // the same code in another company is no help
  await mapNominalCode({ code: '4100', sageNominalAccountId: nominal('4010', 2) });
  expect(await codeOf()).toBe('NOMINAL_CODE_NOT_MAPPED');
  await mapNominalCode({ code: '4100', sageNominalAccountId: nominal('4000', 1, 'TEL', 'STH') });
  expect(await codeOf()).toBe('VAT_CODE_NOT_MAPPED');
  await mapVatCode({ code: 'S', sageTaxCodeId: tax(1) });
  const outcome = await resolveMappings(database, INSTANCE, NEEDS);
  expect(outcome).toMatchObject({
    kind: 'MAPPED',
    mappings: { company: { sageCompanyId: 1 }, bank: { sageId: 1201, currency: 'GBP' } },
  });
  if (outcome.kind !== 'MAPPED') throw new Error(outcome.kind);
  expect([...outcome.mappings.nominals]).toEqual([
    ['4100', { reference: '4000', costCentre: 'TEL', department: 'STH' }],
  ]);
  expect([...outcome.mappings.taxCodes]).toEqual([['S', { sageId: 23941, ratePercent: '20.00' }]]);

  const spoil = (table: string, sageId: number, column: string, value: number) =>
    database.transaction((transaction) =>
      transaction.query(`UPDATE ${table} SET ${column} = ? WHERE instance_id = ? AND company_id = 1 AND sage_id = ?`, [
        value,
        INSTANCE,
        sageId,
      ]),
    );
  const account = await database.query<{ id: number }>(
    "SELECT sage_id AS id FROM sage_nominal_account WHERE instance_id = ? AND company_id = 1 AND reference = '4000' AND department = 'STH'",
    [INSTANCE],
  );
  const accountId = Number(account[0]?.id);
  for (const [table, sageId, column, code] of [
    ['sage_tax_code', 23941, 'is_active', 'TAX_CODE_UNUSABLE'],
    ['sage_nominal_account', accountId, 'is_posting', 'NOMINAL_ACCOUNT_UNUSABLE'],
    ['sage_nominal_account', accountId, 'is_active', 'NOMINAL_ACCOUNT_UNUSABLE'],
    ['sage_bank_account', 1201, 'is_active', 'BANK_ACCOUNT_UNUSABLE'],
  ] as const) {
    await spoil(table, sageId, column, 0);
    expect([column, await codeOf()]).toEqual([column, code]);
    await spoil(table, sageId, column, 1);
  }
  await setActive(1, false);
  expect(await causeOf({ subCompanyLayerId: null })).toMatchObject({
    code: 'SAGE_COMPANY_INACTIVE',
    key: 'SUB_COMPANY::1',
  });
  await setActive(1, true);
  await mapSubCompany({ layerId: 'NORTH', sageCompanyId: company(7).id });
  expect(await causeOf({ subCompanyLayerId: 'NORTH' })).toMatchObject({ key: 'PAYMENT_METHOD:BACS:3' });
});

test('a mapping releases what it held, and nothing else; the issue says what is blocked', async () => {
  await mapEverything();
  const needs = { subCompanyLayerId: null, nominalCodes: ['4100', '4999'], vatCodes: ['S'] };
  const [first, second, other] = [
    await queueInvoice(database, needs, 12_000n),
    await queueInvoice(database, needs, 100_050n),
    await queueInvoice(database, { subCompanyLayerId: null, vatCodes: ['X'] }),
  ];
  const named = await queueInvoice(database, { subCompanyLayerId: 'NORTH' });
  expect([first.code, second.code, other.code, named.code]).toEqual([
    'NOMINAL_CODE_NOT_MAPPED',
    'NOMINAL_CODE_NOT_MAPPED',
    'VAT_CODE_NOT_MAPPED',
    'SUB_COMPANY_NOT_MAPPED',
  ]);
  const blocking = await issues();
  expect(blocking).toHaveLength(3);
  expect(blocking[0]).toEqual({
    kind: 'NOMINAL_CODE',
    layerId: '4999',
    sageCompany: { sageCompanyId: 1 },
    message: 'Nominal code 4999 is not mapped to a nominal account of Northgate Telecom Ltd.',
    remedy: expect.stringContaining('mapNominalCode'),
    blockedPushes: 2,
    blocked: [{ amount: '1120.50', currency: 'GBP' }],
  });
  expect(blocking.slice(1)).toMatchObject([
    { kind: 'SUB_COMPANY', layerId: 'NORTH', sageCompany: null, blockedPushes: 1 },
    { kind: 'VAT_CODE', layerId: 'X', blockedPushes: 1 },
  ]);

  const statuses = () => Promise.all([first, second, other, named].map(({ id }) => statusOf(database, id)));
  // in another company it is no remedy
  await mapNominalCode({ code: '4999', sageNominalAccountId: nominal('4010', 2) });
  expect(await statuses()).toEqual(['HELD', 'HELD', 'HELD', 'HELD']);
  await mapNominalCode({ code: '4999', sageNominalAccountId: nominal('4010') });
  expect(await statuses()).toEqual(['QUEUED', 'QUEUED', 'HELD', 'HELD']);
  // a sub-company changes what everything leans on
  await mapSubCompany({ layerId: 'NORTH', sageCompanyId: company(1).id });
  expect(await statuses()).toEqual(['QUEUED', 'QUEUED', 'QUEUED', 'QUEUED']);
  expect(await issues()).toEqual([]);
});

test('what is known and not mapped where some sub-company posts to is an issue, with an account that may be meant', async () => {
  await mapEverything();
  await mapNominalCode({ code: '1100', sageNominalAccountId: nominal('1100') });
  expect(await issues()).toEqual([]);
  await mapSubCompany({ layerId: 'WEST', sageCompanyId: company(7).id });
  const found = await issues();
  expect(found.map(({ kind, layerId, sageCompany }: Record<string, never>) => [kind, layerId, sageCompany])).toEqual([
    ['PAYMENT_METHOD', 'BACS', { sageCompanyId: 7 }],
    ['NOMINAL_CODE', '1100', { sageCompanyId: 7 }],
    ['NOMINAL_CODE', '4100', { sageCompanyId: 7 }],
    ['VAT_CODE', 'S', { sageCompanyId: 7 }],
  ]);
  expect(found[1].remedy).toMatch(/^Perhaps it is 1100 Debtors control\. /);
  expect(found[2].remedy).not.toContain('Perhaps');
  // shown, and not mapped
  expect((await resolveMappings(database, INSTANCE, { subCompanyLayerId: 'WEST', nominalCodes: ['1100'] })).kind).toBe(
    'HELD',
  );

  // taken away: known still, an issue where it posts to; forgotten: neither
  expect(await unmap({ kind: 'SUB_COMPANY', layerId: 'WEST', company: company(1).id })).toEqual({
    removed: 0,
    userErrors: [],
  });
  expect(await unmap({ kind: 'SUB_COMPANY', layerId: 'WEST' })).toEqual({ removed: 1, userErrors: [] });
  expect(await issues()).toMatchObject([{ kind: 'SUB_COMPANY', layerId: 'WEST', sageCompany: null }]);
  expect(await unmap({ kind: 'SUB_COMPANY', layerId: 'WEST', forget: true })).toEqual({ removed: 0, userErrors: [] });
  expect(await unmap({ kind: 'NOMINAL_CODE', layerId: '1100', company: company(1).id })).toEqual({
    removed: 1,
    userErrors: [],
  });
  expect(await issues()).toMatchObject([{ kind: 'NOMINAL_CODE', layerId: '1100' }]);
  expect((await unmap({ kind: 'SUB_COMPANY', forget: true })).userErrors[0].code).toBe('CANNOT_FORGET');
});

test('reference data that change are looked at again, and those that do not leave what is held alone', async () => {
  await mapEverything();
  // what other tests have done to the cache is put right
  await pull(gateway);
  const { control } = gateway.sandbox;
  control.desktop(1, 'hideBank', { bankId: 1201 });
  await pull(gateway, { resources: ['BANK_ACCOUNTS'] });
  const held = await queueInvoice(database, NEEDS);
  expect(held.code).toBe('BANK_ACCOUNT_UNUSABLE');
  expect(await issues()).toMatchObject([
    {
      kind: 'PAYMENT_METHOD',
      layerId: 'BACS',
      message:
        'Payment method BACS is mapped to bank account CURRENT Current account of Northgate Telecom Ltd, which is hidden in Sage, or gone.',
      blockedPushes: 1,
    },
  ]);
  await pull(gateway);
  expect(await statusOf(database, held.id)).toBe('HELD');
  control.desktop(1, 'unhideBank', { bankId: 1201 });
  await pull(gateway, { resources: ['BANK_ACCOUNTS'] });
  expect(await statusOf(database, held.id)).toBe('QUEUED');
  expect(await issues()).toEqual([]);

  await setActive(1, false);
  const inactive = await queueInvoice(database, NEEDS);
  expect(inactive.code).toBe('SAGE_COMPANY_INACTIVE');
  expect(await issues()).toMatchObject([
    { kind: 'SUB_COMPANY', layerId: '', sageCompany: { sageCompanyId: 1 }, blockedPushes: 1 },
  ]);
  await pull(gateway, { resources: ['COMPANIES'] });
  await eventually(async () => expect(await statusOf(database, inactive.id)).toBe('QUEUED'));
});

test('the default company is that of the default row, and its accounts come first', async () => {
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(first: 500) { nodes { id sageCompany { sageCompanyId } } } }',
  );
  const accountIn = (sageCompanyId: number) =>
    sageAccounts.nodes.find(
      (one: { sageCompany: { sageCompanyId: number } }) => one.sageCompany.sageCompanyId === sageCompanyId,
    ).id;
  for (const sageCompanyId of [1, 2]) {
    await gateway.data(
      'mutation ($id: ID!) { linkCustomer(layerId: "C1", sageAccountId: $id) { userErrors { code } } }',
      { id: accountIn(sageCompanyId) },
    );
  }
  const order = async () => {
    const { customer } = await gateway.data(
      '{ customer(layerId: "C1") { sageAccount { sageCompany { sageCompanyId } } sageAccounts { sageCompany { sageCompanyId } } } }',
    );
    return [customer.sageAccount, ...customer.sageAccounts].map(({ sageCompany }) => sageCompany.sageCompanyId);
  };
  expect(await order()).toEqual([1, 1, 2]);
  await mapSubCompany({ name: 'Mobile', sageCompanyId: company(2).id });
  expect(await order()).toEqual([2, 2, 1]);
  expect(await resolveMappings(database, INSTANCE, { subCompanyLayerId: null })).toMatchObject({
    mappings: { company: { sageCompanyId: 2 } },
  });
  expect(await unmap({ kind: 'SUB_COMPANY' })).toEqual({ removed: 1, userErrors: [] });
  expect(await order()).toEqual([1, 1, 2]);
});

test('links to accounts that Sage has deleted are issues, with what waits for an account', async () => {
  const [account] = await database.query<{ companyId: number; sageId: number; accountNumber: string }>(
    'SELECT company_id AS companyId, sage_id AS sageId, account_number AS accountNumber FROM sage_account WHERE instance_id = ? AND company_id = 1 ORDER BY account_number LIMIT 1',
    [INSTANCE],
  );
  await gateway.data(
    'mutation ($id: ID!) { linkCustomer(layerId: "C1", sageAccountId: $id) { userErrors { code } } }',
    {
      id: (
        await gateway.data('{ sageAccounts(first: 500) { nodes { id accountNumber sageCompany { sageCompanyId } } } }')
      ).sageAccounts.nodes.find(
        (one: { accountNumber: string; sageCompany: { sageCompanyId: number } }) =>
          one.accountNumber === account?.accountNumber && one.sageCompany.sageCompanyId === 1,
      ).id,
    },
  );
  expect(await issues()).toEqual([]);
  const setDeleted = (deletedAt: number | null) =>
    database.transaction((transaction) =>
      transaction.query(
        'UPDATE sage_account SET deleted_at = ? WHERE instance_id = ? AND company_id = 1 AND sage_id = ?',
        [deletedAt, INSTANCE, account?.sageId],
      ),
    );
  await setDeleted(1);
  const { id } = await queueInvoice(database, { subCompanyLayerId: null });
  await database.transaction((transaction) =>
    transaction.query(
      "UPDATE push SET status = 'HELD', error_code = 'ACCOUNT_MISSING', error_key = 'CUSTOMER_LINK:C2:1', error_message = 'No account.', error_remedy = 'Send the customer.' WHERE instance_id = ? AND id = ?",
      [INSTANCE, id],
    ),
  );
  expect(await issues()).toMatchObject([
    {
      kind: 'CUSTOMER_LINK',
      layerId: 'C2',
      sageCompany: { sageCompanyId: 1 },
      message: 'No account.',
      blockedPushes: 1,
    },
    { kind: 'CUSTOMER_LINK', layerId: 'C1', sageCompany: { sageCompanyId: 1 }, blockedPushes: 0 },
  ]);
  await setDeleted(null);
});
