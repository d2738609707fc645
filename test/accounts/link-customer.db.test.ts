import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountLoader } from '../../src/accounts/account.loader.js';
import { ImportCustomerLinksMutation } from '../../src/accounts/import-customer-links.mutation.js';
import { LinkCustomerMutation } from '../../src/accounts/link-customer.mutation.js';
import { linkDemoCustomers } from '../../src/accounts/link-demo-customers.js';
import { UnlinkCustomerMutation } from '../../src/accounts/unlink-customer.mutation.js';
import { systemClock } from '../../src/common/clock.js';
import { encodeNodeId } from '../../src/common/node-id.js';
import { CompanyLoader } from '../../src/companies/company.loader.js';
import { CustomerLoader } from '../../src/customers/customer.loader.js';
import type { Database } from '../../src/database/database.js';
import { openTestDatabase } from '../support/test-database.js';
import {
  countingStatements,
  deleteInSage,
  INSTANCE,
  seedAccounts,
  type SeedAccount,
  seedCompanies,
} from '../customers/seed-accounts.js';

let database: Database;
let close: () => Promise<void>;
let linkMutation: LinkCustomerMutation;
let unlinkMutation: UnlinkCustomerMutation;
let importMutation: ImportCustomerLinksMutation;

const clock = { ...systemClock, now: () => new Date(1_700_000_000_000) };
const context = (subject = 'anna') => ({ instanceId: INSTANCE, caller: { subject } });
const idOf = (companyId: number, sageId: number) => encodeNodeId(INSTANCE, 'SageAccount', companyId, sageId);
const link = (layerId: string, companyId: number, sageId: number, subject?: string) =>
  linkMutation.linkCustomer(context(subject), layerId, idOf(companyId, sageId));
const unlink = (layerId: string, companyId: number, sageId: number) =>
  unlinkMutation.unlinkCustomer(context(), layerId, idOf(companyId, sageId));
const upload = (...lines: string[]) => importMutation.importCustomerLinks(context(), lines.join('\n'));

/** [companyId, sageId, layerId, linkedBy] of every link. */
const links = async () => {
  const rows = await database.query<Record<string, number | string>>(
    'SELECT company_id AS c, account_sage_id AS a, customer_layer_id AS l, linked_by AS b FROM customer_link WHERE instance_id = 1 ORDER BY c, a',
  );
  return rows.map(({ c, a, l, b }) => [Number(c), Number(a), l, b]);
};
const customers = async () =>
  database.query('SELECT layer_id AS layerId, name, sync_status AS status FROM customer ORDER BY layer_id');
const everything = async () => JSON.stringify([await links(), await customers()]);

beforeAll(async () => {
  ({ database, close } = await openTestDatabase());
  const parts = {
    database,
    clock,
    companies: new CompanyLoader(database),
    accounts: new AccountLoader(database),
    customers: new CustomerLoader(database),
  };
  linkMutation = new LinkCustomerMutation(parts);
  unlinkMutation = new UnlinkCustomerMutation(parts);
  importMutation = new ImportCustomerLinksMutation(parts);
});
afterAll(() => close());

beforeEach(async () => {
  await database.transaction(async (transaction) => {
    for (const table of [
      'customer',
      'customer_word',
      'customer_link',
      'audit_entry',
      'sage_account',
      'sage_account_word',
      'sage_company',
    ]) {
      await transaction.query(`DELETE FROM ${table} WHERE instance_id > 0`);
    }
  });
  await seedCompanies(database, [
    { id: 1, name: 'North Ltd', siteId: 'SITE-A' },
    { id: 2, name: 'South, Sons & Co "UK"', siteId: 'SITE-A' },
    { id: 3, name: 'north LTD', siteId: 'SITE-B' },
  ]);
  await seedAccounts(database, [
    { companyId: 1, sageId: 1, accountNumber: 'ABB001', name: 'Abbey Ltd' },
    { companyId: 1, sageId: 2, accountNumber: ' 0002', name: 'Blank Ltd' },
    { companyId: 1, sageId: 3, accountNumber: 'CAT003', name: '' },
    { companyId: 2, sageId: 1, accountNumber: 'ABB001', name: 'Abbey South Ltd' },
    { companyId: 3, sageId: 1, accountNumber: 'ABB001', name: 'Abbey East Ltd' },
    { companyId: 3, sageId: 2, accountNumber: 'abb001', name: 'Abbey small' },
  ]);
  await seedAccounts(database, [{ companyId: 1, sageId: 1, accountNumber: 'FOREIGN', name: 'Foreign Ltd' }], 2);
});

describe('linkCustomer', () => {
  test('who linked and unlinked what stands in the audit trail; what is refused leaves no trace', async () => {
    await link('C1', 1, 1, 'anna');
    await link('C1', 1, 2, 'bert');
    await unlink('C1', 1, 1);
    const trail = await database.query<Record<string, string>>(
      'SELECT who, action, subject_id AS subjectId, summary FROM audit_entry WHERE instance_id = 1 ORDER BY id',
    );
    const subjectId = encodeNodeId(INSTANCE, 'Customer', 'C1');
    expect(trail).toEqual([
      {
        who: 'anna',
        action: 'CUSTOMER_LINKED',
        subjectId,
        summary: 'Customer C1 was linked to account ABB001 (Abbey Ltd).',
      },
      {
        who: 'anna',
        action: 'CUSTOMER_UNLINKED',
        subjectId,
        summary: "Customer C1 is no longer linked to the account with Sage's id 1.",
      },
    ]);
  });

  test('makes a customer not heard of, with the account’s name, and says who linked it', async () => {
    const { customer, userErrors } = await link('C1', 1, 1);
    expect(userErrors).toEqual([]);
    expect(customer).toMatchObject({ layerId: 'C1', name: 'Abbey Ltd', syncStatus: 'SYNCED' });
    expect(await links()).toEqual([[1, 1, 'C1', 'anna']]);
    const [row] = await database.query<{ at: number | string }>(
      'SELECT linked_at AS at FROM customer_link WHERE instance_id = 1',
    );
    expect(Number(row?.at)).toBe(clock.now().getTime());
    expect((await link('C3', 1, 3)).customer?.name).toBe('CAT003');
  });

  test('the same pair again succeeds and changes nothing', async () => {
    await link('C1', 1, 1);
    const before = await everything();
    expect((await link('C1', 1, 1, 'bert')).userErrors).toEqual([]);
    expect(await everything()).toBe(before);
  });

  test('a customer has accounts in several companies', async () => {
    await link('C1', 1, 1);
    expect((await link('C1', 2, 1)).customer?.name).toBe('Abbey Ltd');
    expect(await links()).toEqual([
      [1, 1, 'C1', 'anna'],
      [2, 1, 'C1', 'anna'],
    ]);
  });

  test('a customer that was known and not in Sage is SYNCED then; one that is out of date stays so', async () => {
    await link('C1', 1, 1);
    for (const [before, after] of [
      ['NEVER_SYNCED', 'SYNCED'],
      ['FAILED', 'SYNCED'],
      ['OUT_OF_DATE', 'OUT_OF_DATE'],
    ]) {
      await database.transaction(async (transaction) => {
        await transaction.query('DELETE FROM customer_link WHERE instance_id = 1');
        await transaction.query('UPDATE customer SET sync_status = ? WHERE instance_id = 1', [before]);
      });
      expect((await link('C1', 1, 1)).customer?.syncStatus).toBe(after);
    }
  });

  test('what is refused changes nothing, and says what to do', async () => {
    await link('C1', 1, 1);
    const before = await everything();
    const codeOf = async (answer: ReturnType<typeof link>) => {
      const { customer, userErrors } = await answer;
      expect(customer).toBeNull();
      expect(userErrors[0]?.remedy).toBeTruthy();
      return [userErrors[0]?.code, userErrors[0]?.field?.[0], userErrors[0]?.message];
    };
    expect(await codeOf(link('C2', 1, 1))).toEqual(['ALREADY_LINKED', 'sageAccountId', expect.stringContaining('C1')]);
    expect(await codeOf(link('c1', 1, 1))).toEqual(['ALREADY_LINKED', 'sageAccountId', expect.stringContaining('C1')]);
    expect(await codeOf(link('C1', 1, 2))).toEqual([
      'CUSTOMER_HAS_ACCOUNT',
      'layerId',
      expect.stringMatching(/ABB001.*North/),
    ]);
    expect((await codeOf(link('C1', 1, 99)))[0]).toBe('NOT_FOUND');
    expect((await codeOf(link('C1', 9, 1)))[0]).toBe('NOT_FOUND');
    for (const layerId of ['', 'C1 ', ' C1', 'x'.repeat(65)]) {
      expect((await codeOf(link(layerId, 1, 2)))[0]).toBe('INVALID_LAYER_ID');
    }
    const foreign = encodeNodeId(2, 'SageAccount', 1, 1);
    for (const id of [
      foreign,
      'nonsense',
      '',
      encodeNodeId(INSTANCE, 'SageCompany', 1),
      encodeNodeId(INSTANCE, 'SageAccount', 1, 'x'),
    ]) {
      expect((await codeOf(linkMutation.linkCustomer(context(), 'C5', id)))[0]).toBe('NOT_FOUND');
    }
    await deleteInSage(database, 1, 2);
    expect((await codeOf(link('C5', 1, 2)))[0]).toBe('NOT_FOUND');
    expect(await everything()).toBe(before);
  });

  test('a link to an account that Sage has deleted stands in nobody’s way', async () => {
    await link('C1', 1, 1);
    await deleteInSage(database, 1, 1);
    expect((await link('C1', 1, 2)).userErrors).toEqual([]);
    expect(await links()).toEqual([[1, 2, 'C1', 'anna']]);
  });

  test('20 callers at once for one account: one gets it, the others are refused', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => link(`R${index}`, 1, 1)));
    const winners = answers.filter(({ userErrors }) => userErrors.length === 0);
    expect(winners).toHaveLength(1);
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array(19).fill('ALREADY_LINKED'));
    expect(await links()).toEqual([[1, 1, winners[0]?.customer?.layerId, 'anna']]);
    expect(await customers()).toHaveLength(1);
  });

  test('one customer and two accounts at once: one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([1, 2, 3, 1, 2, 3].map((sageId) => link(`T${round}`, 1, sageId)));
      const [winner] = await links();
      expect(await links()).toHaveLength(1);
      answers.forEach(({ userErrors }, index) => {
        expect(userErrors[0]?.code).toBe(
          [1, 2, 3, 1, 2, 3][index] === winner?.[1] ? undefined : 'CUSTOMER_HAS_ACCOUNT',
        );
      });
      await unlink(`T${round}`, 1, Number(winner?.[1]));
    }
  });

  test('the same pair at once succeeds for everybody', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => link('C1', 1, 1)));
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(await links()).toHaveLength(1);
  });
});

describe('unlinkCustomer', () => {
  test('takes the link away; without any link left the customer stands nowhere in Sage', async () => {
    await link('C1', 1, 1);
    await link('C1', 2, 1);
    expect((await unlink('C1', 1, 1)).customer?.syncStatus).toBe('SYNCED');
    expect((await unlink('C1', 2, 1)).customer).toMatchObject({ name: 'Abbey Ltd', syncStatus: 'NEVER_SYNCED' });
    expect(await links()).toEqual([]);
    expect((await link('C2', 1, 1)).userErrors).toEqual([]);
  });

  test('is refused where there is no such link', async () => {
    await link('C1', 1, 1);
    const before = await everything();
    const codeOf = async (answer: ReturnType<typeof unlink>) => (await answer).userErrors.map(({ code }) => code);
    for (const layerId of ['C2', 'c1', 'C1 ', '']) expect(await codeOf(unlink(layerId, 1, 1))).toEqual(['NOT_LINKED']);
    expect(await codeOf(unlink('C1', 1, 2))).toEqual(['NOT_LINKED']);
    expect(await codeOf(unlink('C1', 1, 99))).toEqual(['NOT_FOUND']);
    expect(await codeOf(unlinkMutation.unlinkCustomer(context(), 'C1', encodeNodeId(2, 'SageAccount', 1, 1)))).toEqual([
      'NOT_FOUND',
    ]);
    expect(await everything()).toBe(before);
  });

  test('takes away a link to an account that Sage has deleted', async () => {
    await link('C1', 1, 1);
    await deleteInSage(database, 1, 1);
    expect((await unlink('C1', 1, 1)).userErrors).toEqual([]);
    expect(await links()).toEqual([]);
  });
});

describe('importCustomerLinks', () => {
  const header = 'CustomerId,SageCompanyName,SageSiteId,SageAccountNumber,SageCustomerId';

  test('links by number and by id, in any order of columns, and counts what was linked already', async () => {
    await link('C1', 1, 1);
    const answer = await upload(
      '\uFEFF sageaccountnumber ,SAGESITEID,"CustomerId",SageCompanyName,Note,SageCustomerId\r',
      'abb001,,C1,"South, Sons & Co ""UK""",x,\r',
      'ABB001,site-a,C1,NORTH ltd,,1\r',
      '\r',
      ',,,,,\r',
      ' 0002 ,SITE-A, C2 ,North Ltd,,\r',
      ',SITE-A,C3,North Ltd,,3\r',
    );
    expect(answer).toEqual({ linked: 4, rejected: [], userErrors: [] });
    expect(await links()).toEqual([
      [1, 1, 'C1', 'anna'],
      [1, 2, 'C2', 'anna'],
      [1, 3, 'C3', 'anna'],
      [2, 1, 'C1', 'anna'],
    ]);
    expect(await customers()).toMatchObject([
      { layerId: 'C1', name: 'Abbey Ltd', status: 'SYNCED' },
      { layerId: 'C2', name: 'Blank Ltd' },
      { layerId: 'C3', name: 'CAT003' },
    ]);
  });

  test('reports each bad row with its line, and keeps the good ones', async () => {
    await link('C1', 1, 1);
    const { linked, rejected, userErrors } = await upload(
      header,
      'B2,Nowhere Ltd,SITE-A,ABB001,',
      'B3,North Ltd,SITE-Z,ABB001,',
      'B4,North Ltd,,ABB001,',
      'B5,North Ltd,SITE-A,NONE,',
      'B6,North Ltd,SITE-A,,77',
      'B7,North Ltd,SITE-A,,7x',
      'B8,North Ltd,SITE-A,ABB001,2',
      'B9,North Ltd,SITE-A,,',
      ',North Ltd,SITE-A,ABB001,',
      'B11,,SITE-A,ABB001,',
      'B12,North Ltd,SITE-A,ABB001,',
      'C1,North Ltd,SITE-A,0002,',
      `${'x'.repeat(65)},North Ltd,SITE-A,0002,`,
      'B15,"North Ltd","SITE-A",0002,',
      'B15,"North',
      'Ltd","SITE-A",0002,',
      '',
      'B15,North Ltd,SITE-A,,2',
      'B16,North Ltd,SITE-A,,2',
      'B20,South, Sons & Co UK,SITE-A,ABB001,1',
      'B21,North Ltd,SITE-B,aBB001,',
      'B22,north ltd,SITE-B,abb001,',
      'B23,"South, Sons & Co ""UK"""',
    );
    expect(userErrors).toEqual([]);
    expect(linked).toBe(2);
    expect(rejected.map(({ row }) => row)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 19, 20, 21, 22, 24,
    ]);
    const messages = new Map(rejected.map(({ row, message }) => [row, message]));
    for (const [row, words] of Object.entries({
      2: /no Sage company "Nowhere Ltd".*"North Ltd"/,
      3: /not on the site "SITE-Z".*SITE-A, SITE-B/,
      4: /Fill in SageSiteId, one of SITE-A, SITE-B/,
      5: /no account with the number NONE/,
      6: /SageCustomerId 77/,
      7: /digits/,
      8: /is account 0002, not ABB001/,
      9: /SageAccountNumber or SageCustomerId/,
      10: /CustomerId is missing/,
      11: /SageCompanyName is missing/,
      12: /linked to customer C1/,
      13: /Customer C1 has account ABB001/,
      14: /longer than 64/,
      16: /no Sage company/,
      19: /the same as line 15/,
      20: /linked to customer B15/,
      21: /1 value more/,
      22: /Several accounts/,
      24: /SageAccountNumber or SageCustomerId/,
    })) {
      expect(messages.get(Number(row))).toMatch(words);
    }
    expect(await links()).toEqual([
      [1, 1, 'C1', 'anna'],
      [1, 2, 'B15', 'anna'],
      [3, 2, 'B22', 'anna'],
    ]);
  });

  test.each([
    ['', 'empty'],
    ['\uFEFF\r\n \n', 'empty'],
    [header, 'no rows'],
    ['CustomerId,SageSiteId,SageCustomerId\nC1,SITE-A,1', 'SageCompanyName'],
    ['CustomerId,SageCompanyName,SageSiteId\nC1,North Ltd,SITE-A', 'SageAccountNumber or SageCustomerId'],
    ['CustomerId;SageCompanyName;SageSiteId;SageCustomerId\nC1;North Ltd;SITE-A;2', 'lacks'],
    ['CustomerId,CustomerID,SageCompanyName,SageSiteId,SageCustomerId\n', 'twice'],
    [`${header}\nC1,North Ltd,SITE-A,,2\nC2,"North Ltd,SITE-A,,3\nC3,x`, 'Line 3'],
    [`${header}\nC1,North Ltd,SITE-A,,2\n\nC2,Nor"th" Ltd,SITE-A,,3`, 'Line 4'],
    [`${header}\nC1,"Nor\r\nth",SITE-A,,2\r\nC2,"North" Ltd,SITE-A,,3`, 'Line 4'],
  ])('refuses as a whole what cannot be read: %j', async (csv, words) => {
    const { linked, rejected, userErrors } = await upload(csv);
    expect([linked, rejected]).toEqual([0, []]);
    expect(userErrors).toHaveLength(1);
    expect(userErrors[0]).toMatchObject({ code: 'BAD_CSV', field: ['csv'], message: expect.stringContaining(words) });
    expect(await everything()).toBe('[[],[]]');
  });

  test('refuses more than 10 MB and more than 100,000 rows', async () => {
    for (const csv of [`${header}\n${'x'.repeat(10 * 1024 * 1024)}`, `${header}\n${'C,N,S,1,\n'.repeat(100_001)}`]) {
      const { userErrors } = await upload(csv);
      expect(userErrors).toMatchObject([{ code: 'CSV_TOO_LARGE' }]);
    }
    expect(await everything()).toBe('[[],[]]');
  });

  test('5,000 rows cost a bounded number of statements, and the same again fewer', async () => {
    const count = 5_000;
    await seedAccounts(database, manyAccounts(count));
    const csv = [
      header,
      ...manyAccounts(count).map(({ accountNumber }, index) => `M${index},North Ltd,SITE-A,${accountNumber},`),
    ];
    const first = await countingStatements(database, () => upload(...csv));
    expect(first.result).toEqual({ linked: count, rejected: [], userErrors: [] });
    expect(await links()).toHaveLength(count);
    expect(first.statements.length).toBeLessThan(200);
    const again = await countingStatements(database, () => upload(...csv));
    expect(again.result.linked).toBe(count);
    expect(again.statements.length).toBeLessThan(40);
  });

  test('two uploads at once that want the same accounts end with each account linked once', async () => {
    const accounts = manyAccounts(2_000);
    await seedAccounts(database, accounts);
    const rows = accounts.map(({ accountNumber }) => `North Ltd,SITE-A,${accountNumber},`);
    const [one, other] = await Promise.all([
      upload(header, ...rows.map((row, index) => `P${index},${row}`)),
      upload(header, ...rows.map((row, index) => `Q${index},${row}`).toReversed()),
    ]);
    expect(one.linked + other.linked).toBe(2_000);
    expect(one.rejected.length + other.rejected.length).toBe(2_000);
    expect(await links()).toHaveLength(2_000);
    expect(await customers()).toHaveLength(2_000);
  });
});

describe('the demo', () => {
  test('has about 9 of 10 accounts linked, one customer for one name in several companies, once', async () => {
    await seedAccounts(database, manyAccounts(200));
    await seedAccounts(
      database,
      manyAccounts(50).map((account) => ({ ...account, companyId: 2 })),
    );
    const total = 256;
    const linked = await linkDemoCustomers(database, INSTANCE, clock);
    expect(linked / total).toBeGreaterThan(0.85);
    expect(linked / total).toBeLessThan(0.95);
    const rows = await links();
    expect(rows).toHaveLength(linked);
    expect(rows.every(([, , layerId, by]) => /^C1\d{4}$/.test(String(layerId)) && by === 'demo')).toBe(true);
    const ofCompany = (companyId: number) =>
      new Map(rows.filter(([company]) => company === companyId).map(([, sageId, layerId]) => [sageId, layerId]));
    const [north, south] = [ofCompany(1), ofCompany(2)];
    const both = [...south.keys()].filter((sageId) => Number(sageId) >= 1_000);
    expect(both.length).toBeGreaterThan(40);
    expect(both.map((sageId) => south.get(sageId))).toEqual(both.map((sageId) => north.get(sageId)));

    await unlink(String(rows[0]?.[2]), Number(rows[0]?.[0]), Number(rows[0]?.[1]));
    expect(await linkDemoCustomers(database, INSTANCE, clock)).toBe(0);
    expect(await links()).toHaveLength(linked - 1);
  });
});

function manyAccounts(count: number): SeedAccount[] {
  return Array.from({ length: count }, (_, index) => ({
    companyId: 1,
    sageId: 1_000 + index,
    accountNumber: `ACC${index}`,
    name: `Account Number ${index} Ltd`,
  }));
}
