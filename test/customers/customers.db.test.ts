import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { AppError } from '../../src/common/errors.js';
import { encodeNodeId } from '../../src/common/node-id.js';
import { encodeCursor, keysetOf } from '../../src/common/paging.js';
import { CompanyLoader } from '../../src/companies/company.loader.js';
import { linkAccounts } from '../../src/accounts/link-accounts.js';
import {
  countCustomers,
  CUSTOMER_CURSOR_SHAPE,
  customerCursorKey,
  type CustomerListFilter,
  listCustomers,
} from '../../src/customers/customer-list.js';
import { loadCustomerNode } from '../../src/customers/customer-node.js';
import { CustomerLoader } from '../../src/customers/customer.loader.js';
import { CustomerResolver } from '../../src/customers/customer.resolver.js';
import {
  addMissingCustomers,
  customerNameFault,
  type CustomerToStore,
  layerIdFault,
  storeCustomers,
} from '../../src/customers/store-customer.js';
import type { Database } from '../../src/database/database.js';
import { openTestDatabase } from '../support/test-database.js';
import { countingStatements, deleteInSage, INSTANCE, seedAccounts, seedCompanies } from './seed-accounts.js';

let database: Database;
let close: () => Promise<void>;
let resolver: CustomerResolver;
let loader: CustomerLoader;

const store = (customers: [layerId: string, name: string, more?: Partial<CustomerToStore>][], instanceId = INSTANCE) =>
  database.transaction((transaction) =>
    storeCustomers(
      transaction,
      instanceId,
      customers.map(([layerId, name, more]) => ({ layerId, name, syncStatus: 'NEVER_SYNCED', ...more })),
      new Date(1_000),
    ),
  );

beforeAll(async () => {
  ({ database, close } = await openTestDatabase());
  loader = new CustomerLoader(database);
  resolver = new CustomerResolver(database, new CompanyLoader(database), loader);
  await seedCompanies(database, [
    { id: 1, name: 'North Ltd' },
    { id: 2, name: 'South Ltd' },
  ]);
  await seedAccounts(database, [
    { companyId: 1, sageId: 11, accountNumber: 'ABB001', name: 'A', onHold: true },
    { companyId: 2, sageId: 11, accountNumber: 'XYZ9', name: 'A', overLimit: true },
    { companyId: 1, sageId: 12, accountNumber: 'muel01', name: 'B' },
    { companyId: 1, sageId: 13, accountNumber: 'GONE1', name: 'C', onHold: true },
    { companyId: 1, sageId: 14, accountNumber: 'ALONE1', name: 'D', onHold: true },
  ]);
  await store([
    ['C1', "O'Brien & Sons"],
    ['c1', 'Müller Straße GmbH', { syncStatus: 'OUT_OF_DATE' }],
    ['AC-7', 'Zeta Wireless Telecom Services'],
    ['C 10', 'Zeta Wires'],
    ['G1', 'Zeta Gone'],
  ]);
  await store([['C1', 'Another instance']], 2);
  const link = (layerId: string, companyId: number, sageId: number, accountNumber: string) =>
    linkAccounts(database, INSTANCE, [{ layerId, account: { companyId, sageId, accountNumber, name: 'x' } }], {
      subject: 'test',
      clock: systemClock,
    });
  await link('C1', 1, 11, 'ABB001');
  await link('C1', 2, 11, 'XYZ9');
  await link('c1', 1, 12, 'muel01');
  await link('G1', 1, 13, 'GONE1');
  await deleteInSage(database, 1, 13);
});
afterAll(() => close());

const found = async (filter: CustomerListFilter) => {
  const rows = await listCustomers(database, INSTANCE, filter, keysetOf({ first: 500 }, CUSTOMER_CURSOR_SHAPE));
  expect(await countCustomers(database, INSTANCE, filter)).toBe(rows.length);
  return rows.map(({ layerId }) => layerId);
};

describe('one customer', () => {
  const ask = async (layerId: string, instanceId = INSTANCE) =>
    (await resolver.customer({ instanceId }, layerId))?.name ?? null;

  test('is found by exactly its id: case and blanks count', async () => {
    expect(await ask('C1')).toBe("O'Brien & Sons");
    expect(await ask('c1')).toBe('Müller Straße GmbH');
    for (const layerId of ['C1 ', ' C1', 'C1\t', 'Ç1', 'C', '', 'x'.repeat(1_000)])
      expect(await ask(layerId)).toBeNull();
  });

  test('belongs to one instance', async () => {
    expect(await ask('C1', 2)).toBe('Another instance');
    expect(await ask('AC-7', 2)).toBeNull();
  });

  test('is a node', async () => {
    const node = await loadCustomerNode(loader, { instanceId: INSTANCE }, ['C1']);
    expect(node?.id).toBe(encodeNodeId(INSTANCE, 'Customer', 'C1'));
    expect(await loadCustomerNode(loader, { instanceId: INSTANCE }, ['C1', 'more'])).toBeNull();
    expect(await loadCustomerNode(loader, { instanceId: INSTANCE }, [])).toBeNull();
  });

  test('has its contacts, read for all customers of a page at once', async () => {
    await database.transaction(async (transaction) => {
      await transaction.query(
        `INSERT INTO customer_contact (instance_id, customer_layer_id, layer_id, first_name)
         VALUES (1,'C1','K2','Bo'), (1,'C1','K1','Al'), (1,'c1','K1','Cy'), (2,'C1','K1','Foreign')`,
      );
      await transaction.query(
        `INSERT INTO customer_contact_link (instance_id, customer_layer_id, contact_layer_id, company_id, sage_contact_id)
         VALUES (1,'C1','K1',1,7), (1,'C1','K1',2,7), (2,'C1','K2',1,7)`,
      );
    });
    const context = { instanceId: INSTANCE };
    const { nodes } = await resolver.customers(context, null, 50, null);
    const { result, statements } = await countingStatements(database, () =>
      Promise.all(nodes.map((customer) => resolver.contacts(customer, context))),
    );
    expect(statements).toHaveLength(1);
    const contacts = result[nodes.findIndex(({ layerId }) => layerId === 'C1')];
    expect(contacts?.map(({ layerId, firstName, inSage }) => [layerId, firstName, inSage])).toEqual([
      ['K1', 'Al', true],
      ['K2', 'Bo', false],
    ]);
  });
});

describe('search', () => {
  test.each<[string, string[]]>([
    ['muller', ['c1']],
    ['MÜLLER strasse', ['c1']],
    ["o'brien", ['C1']],
    ['brien', ['C1']],
    ['son obr', []],
    ["sons o'b", ['C1']],
    ['wire', ['C 10', 'AC-7']],
    ['wire zet', ['C 10', 'AC-7']],
    ['wire tele', ['AC-7']],
    ['ireless', []],
    ['zeta nothing', []],
    ['ac-7', ['AC-7']],
    ['7', []],
    ['C 10', ['C 10']],
    ['abb', ['C1']],
    ['abb sons', ['C1']],
    ['xyz9 ABB001', ['C1']],
    ['bb001', []],
    ['MUEL', ['c1']],
    ['GONE1', []],
    ['ALONE1', []],
    ['%', ['C1', 'c1', 'G1', 'C 10', 'AC-7']],
    ['_eta', []],
    ['', ['C1', 'c1', 'G1', 'C 10', 'AC-7']],
  ])('"%s"', async (search, layerIds) => {
    expect((await found({ search })).toSorted()).toEqual(layerIds.toSorted());
  });

  test('takes no more words than can be joined', async () => {
    await expect(found({ search: 'a b c d e f g h i j k' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('filters', () => {
  test.each<[CustomerListFilter, string[]]>([
    [{ onHold: true }, ['C1']],
    [{ onHold: false }, ['c1', 'G1', 'C 10', 'AC-7']],
    [{ overCreditLimit: true }, ['C1']],
    [{ onHold: true, overCreditLimit: true }, ['C1']],
    [{ companyId: 1 }, ['c1', 'C1']],
    [{ companyId: 2 }, ['C1']],
    [{ companyId: 2, onHold: true }, []],
    [{ companyId: 2, onHold: false, overCreditLimit: true }, ['C1']],
    [{ companyId: 1, onHold: true, search: 'brien' }, ['C1']],
    [{ companyId: 1, search: 'zeta' }, []],
    [{ companyId: 9 }, []],
    [{ syncStatus: 'NEVER_SYNCED' }, ['C 10', 'AC-7']],
    [{ syncStatus: 'SYNCED' }, ['C1', 'G1']],
    [{ syncStatus: 'OUT_OF_DATE', search: 'mu' }, ['c1']],
  ])('%j', async (filter, layerIds) => {
    expect((await found(filter)).toSorted()).toEqual(layerIds.toSorted());
  });

  test('a company is named by its id; an unknown one has no customers', async () => {
    const ask = async (sageCompanyId: string) => {
      const page = await resolver.customers({ instanceId: INSTANCE }, { sageCompanyId }, 50, null);
      expect(await page.totalCount()).toBe(page.nodes.length);
      return page.nodes.map(({ layerId }) => layerId);
    };
    expect(await ask(encodeNodeId(INSTANCE, 'SageCompany', 2))).toEqual(['C1']);
    expect(await ask(encodeNodeId(2, 'SageCompany', 2))).toEqual([]);
    expect(await ask('nonsense')).toEqual([]);
  });
});

describe('a page', () => {
  const many = 1_050;
  const instance = 7;

  beforeAll(async () => {
    // many of one name, so that the id decides
    await store(
      Array.from({ length: many }, (_, index) => [
        `N${index}`,
        index % 3 === 0 ? 'Same Name Ltd' : `Zoë ${index % 50}`,
      ]),
      instance,
    );
  });

  test('follows the one before it, whatever its size: nobody twice, nobody missing', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof resolver.customers>> = await resolver.customers(
        { instanceId: instance },
        null,
        97,
        after,
      );
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...page.nodes.map(({ layerId }) => layerId));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toHaveLength(many);
    expect(new Set(seen).size).toBe(many);
    const all = await listCustomers(database, instance, {}, { first: 2_000, after: null });
    expect(seen).toEqual(all.map(({ layerId }) => layerId));
  });

  test('of 500 costs the statements of a page of 5', async () => {
    const cost = async (first: number) => {
      const context = { instanceId: instance };
      const { statements } = await countingStatements(database, async () => {
        const page = await resolver.customers(context, { search: 'z' }, first, null);
        expect(page.nodes).toHaveLength(first);
        await Promise.all([page.totalCount(), ...page.nodes.map((customer) => resolver.contacts(customer, context))]);
      });
      return statements.length;
    };
    expect(await cost(5)).toBe(3);
    expect(await cost(500)).toBe(3);
  });

  test.each([0, -1, 501, 100_000])('of %d is refused', async (first) => {
    await expect(resolver.customers({ instanceId: instance }, null, first, null)).rejects.toThrow(AppError);
  });

  test.each(['nonsense', encodeCursor(['a']), encodeCursor([1, 2]), encodeCursor(['a', 'b', 'c'])])(
    'behind a cursor that is none (%s) is refused',
    async (after) => {
      await expect(resolver.customers({ instanceId: instance }, null, 5, after)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    },
  );

  test('goes on where a cursor stands, also when its customer is gone', async () => {
    const [first, second] = await listCustomers(database, instance, {}, { first: 2, after: null });
    const after = customerCursorKey(first!);
    const [next] = await listCustomers(database, instance, {}, { first: 1, after: [after[0]!, `${after[1]}!`] });
    expect(next?.layerId).toBe(second?.layerId);
  });
});

describe('storing', () => {
  test('a customer under a new name is found by it, and no longer by the old', async () => {
    await store([['S1', 'Oldname Ltd']], 8);
    await store([['S1', 'Newname PLC', { email: 'a@b.example' }]], 8);
    const names = async (search: string) =>
      (await listCustomers(database, 8, { search }, { first: 5, after: null })).map(({ name }) => name);
    expect(await names('oldname')).toEqual([]);
    expect(await names('newname')).toEqual(['Newname PLC']);
    expect(await names('s1')).toEqual(['Newname PLC']);
  });

  test('adding what is missing leaves the known as they are', async () => {
    await store([['M1', 'First']], 8);
    const add = (name: string) =>
      database.transaction((transaction) =>
        addMissingCustomers(
          transaction,
          8,
          ['M1', 'M2'].map((layerId) => ({ layerId, name, syncStatus: 'SYNCED' })),
          new Date(),
        ),
      );
    await Promise.all(Array.from({ length: 8 }, (_, index) => add(`Adder ${index}`)));
    const context = { instanceId: 8 };
    expect((await resolver.customer(context, 'M1'))?.name).toBe('First');
    const added = await resolver.customer(context, 'M2');
    const found = await listCustomers(database, 8, { search: 'adder' }, { first: 5, after: null });
    expect(found.map(({ name }) => name)).toEqual([added?.name]);
    const words = await database.query<{ word: string }>(
      "SELECT word FROM customer_word WHERE instance_id = 8 AND layer_id = 'M2' ORDER BY word",
    );
    expect(words.map(({ word }) => word)).toEqual([added!.name.slice(-1), 'adder', 'm2']);
  });

  test('the longest names and ids fit, in characters of any size', async () => {
    const layerId = '😀'.repeat(64);
    const name = 'ﷺ'.repeat(255);
    expect([layerIdFault(layerId), customerNameFault(name)]).toEqual([null, null]);
    await store([[layerId, name]], 8);
    expect((await resolver.customer({ instanceId: 8 }, layerId))?.name).toBe(name);
  });

  test('ids and names with faults are named', () => {
    expect(layerIdFault('')).toMatch('empty');
    expect(layerIdFault(' C1')).toMatch('blank');
    expect(layerIdFault('C1\n')).toMatch('blank');
    expect(layerIdFault('x'.repeat(65))).toMatch('longer');
    expect(customerNameFault('  ')).toMatch('empty');
    expect(customerNameFault('x'.repeat(256))).toMatch('longer');
  });
});
