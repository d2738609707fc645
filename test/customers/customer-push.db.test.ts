import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accountOfCustomer } from '../../src/accounts/account-of-customer.js';
import { ensureAccountPush } from '../../src/accounts/ensure-account-push.js';
import { decodeNodeIdOf } from '../../src/common/node-id.js';
import { sageOpenApi } from '../support/openapi.js';
import { ledgerOf } from '../support/sage-ledger.js';
import { eventually, startTestGateway, type TestGateway } from '../support/test-gateway.js';
import { CustomerDriver } from './drive-customer.js';

type Input = Record<string, unknown>;

let gateway: TestGateway;
let driver: CustomerDriver;
let mark = 0;
beforeAll(async () => {
  // the handler is driven by hand here: nothing else may send
  gateway = await startTestGateway({ variables: { ROLES: 'api,sync' } });
  driver = new CustomerDriver(gateway);
});
afterAll(async () => {
  await driver?.close();
  await gateway.close();
});
beforeEach(() => {
  gateway.sandbox.control.clearFaults();
  mark = gateway.sandbox.control.requests().at(-1)?.number ?? 0;
});

const PUSH = `mutation ($input: CustomerInput!) { pushCustomer(input: $input) {
  push { id kind status } userErrors { code message remedy field } } }`;
const CUSTOMER = `query ($layerId: String!) { customer(layerId: $layerId) {
  name email syncStatus contacts { layerId firstName email inSage }
  sageAccounts { accountNumber name sageCustomerId balance { amount currency } sageCompany { sageCompanyId } } } }`;

const send = async (input: Input) => (await gateway.data(PUSH, { input })).pushCustomer;
/** The push's own id of a customer that must be taken. */
const push = async (input: Input): Promise<string> => {
  const { push: made, userErrors } = await send(input);
  expect(userErrors).toEqual([]);
  return decodeNodeIdOf(1, 'Push', made.id)![0]!;
};
const refusal = async (input: Input) => {
  const { push: made, userErrors } = await send(input);
  expect(made).toBeNull();
  return userErrors.map(({ code, field }: { code: string; field: string[] }) => [code, field.join('.')]);
};
const customer = async (layerId: string) => (await gateway.data(CUSTOMER, { layerId })).customer;
const pushRows = (layerId: string) =>
  gateway.gateway.database.query<Record<string, string | number>>(
    'SELECT id, status, generation, sage_reference AS number, error_code AS code, company_id AS companyId FROM push WHERE instance_id = 1 AND layer_id = ? ORDER BY generation',
    [layerId],
  );
/** Method, path and body of what changed something in Sage since the test began. */
const writes = () =>
  gateway.sandbox.control
    .requests(mark)
    .filter(({ method, path }) => method !== 'GET' && !path.startsWith('/oauth'))
    .map(({ method, path, body }) => ({ method, path, body }));
const accountsInSage = (name: string) =>
  ledgerOf(gateway.sandbox).rows<Record<string, string | number>>(
    'select * from customers where company_id = (select min(company_id) from companies) and name = ?',
    name,
  );
const contactsInSage = (customerId: number | string) =>
  ledgerOf(gateway.sandbox)
    .rows<Record<string, string | number>>(
      `select c.id, c.first_name, c.last_name, (select group_concat(d.kind || '=' || d.value, ' | ') from
         (select * from contact_details where company_id = c.company_id and contact_id = c.id order by kind, id) d) as details
       from contacts c where c.company_id = (select min(company_id) from companies) and c.customer_id = ? order by c.id`,
      Number(customerId),
    )
    .map(({ first_name: first, last_name: last, details }) => `${first} ${last}: ${details ?? ''}`);
const firstCompanyId = () => gateway.sandbox.control.status().companies[0]!.companyId;

describe('what Sage cannot hold', () => {
  const contact = (fields: Input) => ({ contacts: [{ layerId: 'k1', firstName: 'Ann', ...fields }] });
  test.each<[string, Input, string]>([
    ['REQUIRED', { name: '  ' }, 'name'],
    ['TOO_LONG', { name: 'x'.repeat(61) }, 'name'],
    ['UNSUPPORTED_CHARACTER', { name: 'Smile 😀 Ltd' }, 'name'],
    ['UNSUPPORTED_CHARACTER', { address: { line1: 'one\ntwo' } }, 'address.line1'],
    ['INVALID_LAYER_ID', { layerId: ' V1' }, 'layerId'],
    ['INVALID_LAYER_ID', { subCompanyLayerId: '' }, 'subCompanyLayerId'],
    ['INVALID_EMAIL', { email: 'accounts.example.com' }, 'email'],
    ['TOO_LONG', { email: `${'x'.repeat(220)}@example.com` }, 'email'],
    ['TOO_LONG', { website: 'x'.repeat(201) }, 'website'],
    ['TOO_LONG', { telephone: '1'.repeat(228) }, 'telephone'],
    ['TOO_LONG', { fax: '1'.repeat(201) }, 'fax'],
    ['TOO_LONG', { vatNumber: 'x'.repeat(31) }, 'vatNumber'],
    ['TOO_LONG', { address: { line4: 'x'.repeat(61) } }, 'address.line4'],
    ['TOO_LONG', { address: { county: 'x'.repeat(61) } }, 'address.county'],
    ['TOO_LONG', { address: { postcode: 'x'.repeat(11) } }, 'address.postcode'],
    ['INVALID_COUNTRY_CODE', { address: { countryCode: 'UK' } }, 'address.countryCode'],
    ['TOO_LONG', { accountNumber: 'ABCDEF123' }, 'accountNumber'],
    ['INVALID_ACCOUNT_NUMBER', { accountNumber: 'AB-1' }, 'accountNumber'],
    ['CURRENCY_NOT_IN_SAGE', { currency: 'JPY' }, 'currency'],
    ['REQUIRED', { contacts: [{ layerId: 'k1', telephone: '1' }] }, 'contacts.0'],
    ['TOO_LONG', contact({ lastName: 'x'.repeat(61) }), 'contacts.0.lastName'],
    ['INVALID_EMAIL', contact({ email: 'a@b' }), 'contacts.0.email'],
    ['DUPLICATE_CONTACT', { contacts: [1, 2].map(() => ({ layerId: 'k1', firstName: 'A' })) }, 'contacts.1.layerId'],
  ])('%s %j', async (code, fields, field) => {
    expect(await refusal({ layerId: 'V1', name: 'Valid Ltd', ...fields })).toEqual([[code, field]]);
    expect(await customer('V1')).toBeNull();
    expect(await pushRows('V1')).toEqual([]);
  });
});

describe('the same, and other content', () => {
  test('sent a hundred times at once makes one push', async () => {
    const input = {
      layerId: 'H1',
      name: 'Hundred Ltd',
      contacts: ['k2', 'k1'].map((layerId) => ({ layerId, firstName: layerId })),
    };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        send(index % 2 === 0 ? input : { ...input, email: null, contacts: input.contacts.toReversed() }),
      ),
    );
    expect(new Set(answers.map(({ push: made }) => made.id)).size).toBe(1);
    expect(answers[0].push).toMatchObject({ kind: 'CUSTOMER', status: 'QUEUED' });
    expect(await pushRows('H1')).toHaveLength(1);
    expect(await customer('H1')).toMatchObject({
      syncStatus: 'NEVER_SYNCED',
      sageAccounts: [],
      contacts: [
        { layerId: 'k1', inSage: false },
        { layerId: 'k2', inSage: false },
      ],
    });
  });

  test('takes the place of what was not sent, is refused while it is sent, and is a new push afterwards', async () => {
    const input = { layerId: 'R1', name: 'Replace Ltd' };
    const id = await push(input);
    for (const [status, email] of [
      ['QUEUED', 'a@example.com'],
      ['HELD', 'b@example.com'],
      ['FAILED', 'c@example.com'],
    ] as const) {
      await driver.setStatus(id, status);
      expect(await push({ ...input, email })).toBe(id);
      expect(await pushRows('R1')).toMatchObject([{ status: 'QUEUED', code: null }]);
      expect((await customer('R1')).email).toBe(email);
    }
    for (const status of ['SENDING', 'UNKNOWN'] as const) {
      await driver.setStatus(id, status);
      expect(await push({ ...input, email: 'c@example.com' })).toBe(id);
      expect(await refusal({ ...input, name: 'Other Ltd' })).toEqual([['CONTENT_CHANGED', 'layerId']]);
      expect((await customer('R1')).name).toBe('Replace Ltd');
    }
    await driver.setStatus(id, 'SUCCEEDED');
    const second = await push({ ...input, name: 'Other Ltd' });
    expect(second).not.toBe(id);
    expect((await pushRows('R1')).map(({ generation }) => Number(generation))).toEqual([0, 1]);
  });

  test('a sub-company that is mapped to no Sage company holds the push, and the same is the same', async () => {
    const input = { layerId: 'S1', name: 'Sub Ltd', subCompanyLayerId: 'nowhere' };
    const id = await push(input);
    expect(await pushRows('S1')).toMatchObject([
      { id, status: 'HELD', code: 'SUB_COMPANY_NOT_MAPPED', companyId: null },
    ]);
    expect(await push(input)).toBe(id);
    expect(await push({ ...input, subCompanyLayerId: 'elsewhere' })).not.toBe(id);
    expect(await driver.drive(id)).toMatchObject({ end: 'HELD', code: 'SUB_COMPANY_NOT_MAPPED' });
  });
});

describe('account numbers', () => {
  test('are made from the name, and never twice, whoever asks at once', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => push({ layerId: `N${index}`, name: `Zöé & Zed ${index}` })),
    );
    const numbers = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => (await pushRows(`N${index}`))[0]!.number),
    );
    expect(numbers.toSorted()).toEqual(
      Array.from({ length: 12 }, (_, index) => `ZOE${String(index + 1).padStart(3, '0')}`),
    );
  });

  test('of another account, or put by for another customer, are refused', async () => {
    const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1) { nodes { accountNumber } } }');
    const taken = sageAccounts.nodes[0].accountNumber;
    const input = { layerId: 'T1', name: 'Taken Ltd' };
    expect(await refusal({ ...input, accountNumber: taken.toLowerCase() })).toEqual([
      ['ACCOUNT_NUMBER_TAKEN', 'accountNumber'],
    ]);
    expect(await customer('T1')).toBeNull();
    await push({ ...input, accountNumber: 'tkn1' });
    expect(await pushRows('T1')).toMatchObject([{ number: 'TKN1' }]);
    expect(await refusal({ layerId: 'T2', name: 'Two Ltd', accountNumber: 'TKN1' })).toEqual([
      ['ACCOUNT_NUMBER_TAKEN', 'accountNumber'],
    ]);
    await push({ ...input, accountNumber: 'TKN2' });
    await push({ layerId: 'T2', name: 'Two Ltd', accountNumber: 'TKN1' });
  });

  test('that somebody has taken in Sage meanwhile: a made one gives way to the next, a given one fails', async () => {
    const made = await push({ layerId: 'W1', name: 'Wxyz Ltd' });
    const given = await push({ layerId: 'W2', name: 'Wgiven Ltd', accountNumber: 'WGIVEN1' });
    for (const reference of ['WXY001', 'WXY002', 'WGIVEN1'])
      await createInSage({ reference, name: `By hand ${reference}` });
    expect(await driver.drive(made)).toEqual({ end: 'DONE', steps: ['CREATE'] });
    expect(await accountsInSage('Wxyz Ltd')).toMatchObject([{ reference: 'WXY003' }]);
    expect(await pushRows('W1')).toMatchObject([{ number: 'WXY003', status: 'SUCCEEDED' }]);
    expect(await driver.drive(given)).toEqual({ end: 'FAILED', steps: [], code: 'ACCOUNT_NUMBER_TAKEN' });
    expect((await customer('W2')).syncStatus).toBe('FAILED');
    // put right, it goes by the same push
    expect(await push({ layerId: 'W2', name: 'Wgiven Ltd', accountNumber: 'WGIVEN2' })).toBe(given);
    expect(await driver.drive(given)).toEqual({ end: 'DONE', steps: ['CREATE'] });
    expect((await customer('W2')).syncStatus).toBe('SYNCED');
  });
});

const FULL = {
  layerId: 'F1',
  name: "O'Brien & Søn Ltd",
  email: 'ledger@obrien.example',
  website: 'https://obrien.example',
  telephone: '+44 20 7946 0000',
  fax: '020 7946 0001',
  vatNumber: 'GB123456789',
  address: { line1: '1 High Street', line2: 'Floor 2', city: 'Dublin', postcode: 'D02 X285', countryCode: 'IE' },
  currency: 'EUR',
  accountNumber: 'obr001',
  contacts: [
    { layerId: 'k1', firstName: 'Ann', lastName: 'Lee', email: 'ann@obrien.example', telephone: '+442079460002' },
    { layerId: 'k2', firstName: 'Bo' },
  ],
};

describe('in Sage', () => {
  test('an account is made with all that is stated, and linked at once', async () => {
    const id = await push(FULL);
    expect(await driver.drive(id)).toEqual({ end: 'DONE', steps: ['CREATE'] });
    const [account, ...others] = await accountsInSage(FULL.name);
    expect(others).toEqual([]);
    expect(account).toMatchObject({
      reference: 'OBR001',
      currency_id: 3,
      website: 'https://obrien.example',
      vat_number: 'GB123456789',
      telephone_country_code: '+44',
      telephone_area_code: '20',
      telephone_subscriber_number: '7946 0000',
      fax_country_code: '',
      fax_area_code: '020',
      fax_subscriber_number: '7946 0001',
      country_code_id: 2,
      main_country_code_id: 2,
      main_address_1: '1 High Street',
      main_address_2: 'Floor 2',
      main_city: 'Dublin',
      main_postcode: 'D02 X285',
    });
    expect(await contactsInSage(account!.id!)).toEqual([
      'Ann Lee: email=ann@obrien.example | telephone=+44 2079460002',
      'Bo : ',
      'Accounts : email=ledger@obrien.example',
    ]);
    expect(await customer('F1')).toMatchObject({
      syncStatus: 'SYNCED',
      contacts: [
        { layerId: 'k1', inSage: true },
        { layerId: 'k2', inSage: true },
      ],
      sageAccounts: [
        { accountNumber: 'OBR001', sageCustomerId: String(account!.id), balance: { amount: '0.00', currency: 'EUR' } },
      ],
    });
    expect(await push(FULL)).toBe(id);
  });

  test('brought up to date, only what differs is sent; what is not stated stays', async () => {
    const [account] = await accountsInSage(FULL.name);
    const { fax: _fax, vatNumber: _vat, ...stated } = FULL;
    const later = {
      ...stated,
      website: 'https://new.obrien.example',
      email: 'finance@obrien.example',
      telephone: '+44 (20) 7946-0000',
      address: { postcode: 'D04 X285' },
      contacts: [
        { layerId: 'k1', firstName: 'Ann', lastName: 'Lee-Smith', email: 'ann@new.example', telephone: '01632 960003' },
        { layerId: 'k3', firstName: 'Cy', email: 'cy@obrien.example' },
      ],
    };
    const id = await push(later);
    expect((await customer('F1')).syncStatus).toBe('OUT_OF_DATE');
    expect(await driver.drive(id)).toEqual({
      end: 'DONE',
      steps: [
        'UPDATE',
        'CONTACT_UPDATE:k1',
        'CONTACT_UPDATE:k1',
        'CONTACT_UPDATE:k1',
        'CONTACT:k3',
        'CONTACT_UPDATE:Accounts',
      ],
    });
    const [update, name, email, telephone, added, accounts, ...others] = writes();
    expect(others).toEqual([]);
    expect(update).toEqual({
      method: 'PUT',
      path: `/customers/${account!.id}`,
      body: {
        reference: account!.reference,
        name: FULL.name,
        website: 'https://new.obrien.example',
        main_address: { postcode: 'D04 X285' },
      },
    });
    expect([name!.method, name!.body]).toEqual(['PUT', { last_name: 'Lee-Smith' }]);
    expect([email!.method, email!.body]).toEqual(['PUT', { email: 'ann@new.example' }]);
    expect([telephone!.method, telephone!.body]).toEqual([
      'PUT',
      { country_code: '', area_code: '01632', subscriber_number: '960003' },
    ]);
    expect(added).toEqual({
      method: 'POST',
      path: `/customers/${account!.id}/customer_contacts`,
      body: { first_name: 'Cy', emails: [{ email: 'cy@obrien.example', is_default: true }] },
    });
    expect([accounts!.method, accounts!.body]).toEqual(['PUT', { email: 'finance@obrien.example' }]);
    expect(await contactsInSage(account!.id!)).toEqual([
      'Ann Lee-Smith: email=ann@new.example | telephone=01632 960003',
      'Bo : ',
      'Accounts : email=finance@obrien.example',
      'Cy : email=cy@obrien.example',
    ]);
    expect((await accountsInSage(FULL.name))[0]).toMatchObject({
      fax_subscriber_number: '7946 0001',
      vat_number: 'GB123456789',
      main_address_1: '1 High Street',
    });
    expect(await customer('F1')).toMatchObject({
      syncStatus: 'SYNCED',
      contacts: [
        { layerId: 'k1', inSage: true },
        { layerId: 'k3', inSage: true },
      ],
    });

    // less is stated: nothing differs, so nothing is sent
    mark = gateway.sandbox.control.requests().at(-1)!.number;
    const third = await push({ layerId: 'F1', name: FULL.name });
    expect(await driver.drive(third)).toEqual({ end: 'DONE', steps: [] });
    expect(writes()).toEqual([]);
  });

  test('what somebody typed in Sage stays beside what is sent', async () => {
    const id = await push({
      layerId: 'M1',
      name: 'Mixed Ltd',
      contacts: [{ layerId: 'k1', firstName: 'Di', email: 'di@a.example' }],
    });
    await driver.drive(id);
    const [account] = await accountsInSage('Mixed Ltd');
    ledgerOf(gateway.sandbox).run("update contact_details set value = 'typed@a.example' where value = 'di@a.example'");
    const second = await push({
      layerId: 'M1',
      name: 'Mixed Ltd',
      contacts: [{ layerId: 'k1', firstName: 'Di', email: 'di@b.example' }],
    });
    expect(await driver.drive(second)).toEqual({ end: 'DONE', steps: ['CONTACT_UPDATE:k1'] });
    expect(await contactsInSage(account!.id!)).toEqual(['Di : email=typed@a.example | email=di@b.example']);
  });

  test('an e-mail that a contact has already needs no contact of its own', async () => {
    const email = 'one@single.example';
    const id = await push({
      layerId: 'E1',
      name: 'Single Ltd',
      email,
      contacts: [{ layerId: 'k1', firstName: 'Eve', email }],
    });
    await driver.drive(id);
    const [account] = await accountsInSage('Single Ltd');
    expect(await contactsInSage(account!.id!)).toEqual([`Eve : email=${email}`]);
    // without an e-mail of any contact: on "Accounts", found again by its name
    const second = await push({ layerId: 'E1', name: 'Single Ltd', email: 'two@single.example' });
    expect(await driver.drive(second)).toEqual({ end: 'DONE', steps: ['CONTACT:Accounts'] });
    expect(await contactsInSage(account!.id!)).toEqual([`Eve : email=${email}`, 'Accounts : email=two@single.example']);
  });

  test('a customer that is linked already is brought up to date, and neither currency nor number can change', async () => {
    const { sageAccounts } = await gateway.data(
      '{ sageAccounts(first: 500, filter: { linked: false }) { nodes { id accountNumber name sageCustomerId balance { currency } sageCompany { sageCompanyId } } } }',
    );
    const account = sageAccounts.nodes.find(
      (row: { sageCompany: { sageCompanyId: number }; balance: { currency: string } }) =>
        row.sageCompany.sageCompanyId === firstCompanyId() && row.balance.currency === 'GBP',
    );
    await gateway.data(
      'mutation ($id: ID!) { linkCustomer(layerId: "L1", sageAccountId: $id) { userErrors { code } } }',
      {
        id: account.id,
      },
    );
    const input = { layerId: 'L1', name: account.name };
    expect(await refusal({ ...input, currency: 'EUR' })).toEqual([['CURRENCY_CANNOT_CHANGE', 'currency']]);
    expect(await refusal({ ...input, accountNumber: 'OTHER1' })).toEqual([
      ['ACCOUNT_NUMBER_CANNOT_CHANGE', 'accountNumber'],
    ]);
    const id = await push({
      ...input,
      currency: 'GBP',
      accountNumber: account.accountNumber,
      website: 'https://linked.example',
    });
    expect((await customer('L1')).syncStatus).toBe('OUT_OF_DATE');
    expect(await driver.drive(id)).toEqual({ end: 'DONE', steps: ['UPDATE'] });
    expect(writes()).toEqual([
      {
        method: 'PUT',
        path: `/customers/${account.sageCustomerId}`,
        body: { reference: account.accountNumber, name: account.name, website: 'https://linked.example' },
      },
    ]);
    await eventually(async () => expect((await customer('L1')).syncStatus).toBe('SYNCED'));
  });

  test('sent again after it was unlinked, a customer finds its account again', async () => {
    const input = { layerId: 'U1', name: 'Unlinked Ltd' };
    const id = await push(input);
    await driver.drive(id);
    const { customer: linked } = await gateway.data('{ customer(layerId: "U1") { sageAccounts { id } } }');
    await gateway.data(
      'mutation ($id: ID!) { unlinkCustomer(layerId: "U1", sageAccountId: $id) { userErrors { code } } }',
      { id: linked.sageAccounts[0].id },
    );
    expect((await customer('U1')).syncStatus).toBe('NEVER_SYNCED');
    const second = await push(input);
    expect(second).not.toBe(id);
    expect(await driver.drive(second)).toEqual({ end: 'DONE', steps: ['(CREATE)'] });
    expect(await accountsInSage('Unlinked Ltd')).toHaveLength(1);
    expect(await customer('U1')).toMatchObject({ syncStatus: 'SYNCED', sageAccounts: [{ accountNumber: 'UNL001' }] });
  });

  test('a country that Sage does not have fails the push, and says so', async () => {
    const id = await push({ layerId: 'C1', name: 'Country Ltd', address: { countryCode: 'NZ' } });
    expect(await driver.drive(id)).toEqual({ end: 'FAILED', steps: [], code: 'COUNTRY_NOT_IN_SAGE' });
    expect(writes()).toEqual([]);
  });
});

describe('an answer that was lost', () => {
  test('each step is found again, and stands once', async () => {
    const lose = (method: string, path: string) =>
      gateway.sandbox.control.addFault({ kind: 'resetAfterCommit', method, path });
    const input = { layerId: 'A1', name: 'Ambiguous Ltd', contacts: [{ layerId: 'k1', firstName: 'Ann' }] };
    const id = await push(input);
    lose('POST', '^/customers$');
    expect(await driver.drive(id)).toEqual({ end: 'UNKNOWN', steps: ['CREATE'] });
    expect(await driver.resolve(id)).toHaveLength(1);
    expect(await driver.drive(id)).toEqual({ end: 'DONE', steps: [] });
    const [account, ...others] = await accountsInSage('Ambiguous Ltd');
    expect(others).toEqual([]);
    expect((await customer('A1')).sageAccounts).toMatchObject([{ sageCustomerId: String(account!.id) }]);

    const second = await push({
      ...input,
      website: 'https://a.example',
      contacts: [
        { layerId: 'k1', firstName: 'Ann', email: 'ann@a.example' },
        { layerId: 'k2', firstName: 'Ann', email: 'other-ann@a.example' },
      ],
    });
    lose('PUT', '^/customers/');
    lose('POST', '/customer_emails$');
    lose('POST', '/customer_contacts$');
    for (const step of ['UPDATE', 'CONTACT_UPDATE:k1', 'CONTACT:k2']) {
      expect(await driver.drive(second)).toEqual({ end: 'UNKNOWN', steps: [step] });
      expect(await driver.resolve(second)).toEqual([{ sageId: Number(account!.id) }]);
    }
    expect(await driver.drive(second)).toEqual({ end: 'DONE', steps: [] });
    expect(await contactsInSage(account!.id!)).toEqual([
      'Ann : email=ann@a.example',
      'Ann : email=other-ann@a.example',
    ]);
    expect((await customer('A1')).contacts.map(({ inSage }: { inSage: boolean }) => inSage)).toEqual([true, true]);
  });

  test('what was not applied is not found, and is sent again', async () => {
    const id = await push({ layerId: 'A2', name: 'Before Ltd' });
    gateway.sandbox.control.addFault({ kind: 'resetBeforeCommit', method: 'POST', path: '^/customers$' });
    expect(await driver.drive(id)).toEqual({ end: 'UNKNOWN', steps: ['CREATE'] });
    expect(await driver.resolve(id)).toEqual([]);
    expect(await driver.drive(id)).toEqual({ end: 'DONE', steps: ['CREATE'] });
    expect(await accountsInSage('Before Ltd')).toHaveLength(1);
  });
});

test('a document for another company makes the customer’s account there, once', async () => {
  const { database } = gateway.gateway;
  const companies = await database.query<{ id: number }>(
    'SELECT id FROM sage_company WHERE instance_id = 1 ORDER BY sage_company_id',
  );
  const [here, there] = companies.map(({ id }) => Number(id)) as [number, number];
  const ensure = (layerId: string, companyId: number) =>
    database.transaction((transaction) => ensureAccountPush(transaction, gateway.clock, 1, layerId, companyId));
  expect(await ensure('G1', there)).toBe('NO_DOCUMENT');
  const id = await push({ layerId: 'G1', name: 'Group Ltd', accountNumber: 'GRP1' });
  expect(await ensure('G1', here)).toBe('QUEUED');
  expect(await pushRows('G1')).toHaveLength(1);
  await driver.drive(id);
  expect(await ensure('G1', here)).toBe('EXISTS');
  expect(await Promise.all(Array.from({ length: 5 }, () => ensure('G1', there)))).toEqual(Array(5).fill('QUEUED'));
  const rows = await pushRows('G1');
  expect(rows.map(({ companyId, status }) => [Number(companyId), status])).toEqual([
    [here, 'SUCCEEDED'],
    [there, 'QUEUED'],
  ]);
  expect(await driver.drive(String(rows[1]!.id))).toEqual({ end: 'DONE', steps: ['CREATE'] });
  expect(await ensure('G1', there)).toBe('EXISTS');
  expect(await accountOfCustomer(database, 1, 'G1', there)).toMatchObject({
    accountNumber: 'GRP1',
    isActive: true,
    onHold: false,
  });
  expect((await customer('G1')).sageAccounts).toHaveLength(2);
});

test('every body that was sent is one that Sage’s OpenAPI files know', () => {
  const openApi = sageOpenApi();
  if (!openApi) return;
  const sent = gateway.sandbox.control
    .requests(0)
    .filter(({ method, path }) => ['POST', 'PUT'].includes(method) && !path.startsWith('/oauth'));
  expect(sent.length).toBeGreaterThan(20);
  expect([...new Set(sent.flatMap(({ method, path, body }) => openApi.faultsOfRequest(method, path, body)))]).toEqual(
    [],
  );
  expect(openApi.faultsOfRequest('POST', '/customers', { reference: 'X', title: 'no such field' })).toHaveLength(2);
});

/** Somebody at the desktop makes an account. */
async function createInSage(body: { reference: string; name: string }): Promise<void> {
  const { apiUrl, control } = gateway.sandbox;
  const { access_token: token } = control.signIn() as unknown as { access_token: string };
  const [company] = control.status().companies;
  const answer = await fetch(`${apiUrl}/customers`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-site': company!.siteId,
      'x-company': String(company!.companyId),
    },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}
