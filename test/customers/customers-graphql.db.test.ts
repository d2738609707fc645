import { readFileSync, existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildSchema as parseSchema,
  graphql,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchema } from 'type-graphql';
import { AccountLoader } from '../../src/accounts/account.loader.js';
import { CustomerAccountsResolver } from '../../src/accounts/customer-accounts.resolver.js';
import { ImportCustomerLinksMutation } from '../../src/accounts/import-customer-links.mutation.js';
import { LinkCustomerMutation } from '../../src/accounts/link-customer.mutation.js';
import { UnlinkCustomerMutation } from '../../src/accounts/unlink-customer.mutation.js';
import { systemClock } from '../../src/common/clock.js';
import { encodeNodeId } from '../../src/common/node-id.js';
import { CompanyLoader } from '../../src/companies/company.loader.js';
import { CustomerLoader } from '../../src/customers/customer.loader.js';
import { CustomerResolver } from '../../src/customers/customer.resolver.js';
import type { Database } from '../../src/database/database.js';
import { openTestDatabase } from '../support/test-database.js';
import { INSTANCE, seedAccounts, seedCompanies } from './seed-accounts.js';

let database: Database;
let close: () => Promise<void>;
let schema: GraphQLSchema;

interface Context {
  instanceId: number;
  caller: { subject: string; scopes: string[] };
}

const ask = async (source: string, scopes = ['accounts:read', 'mappings:write'], variableValues = {}) => {
  const contextValue: Context = { instanceId: INSTANCE, caller: { subject: 'anna', scopes } };
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues });
  return { data: JSON.parse(JSON.stringify(data ?? null)), errors };
};

beforeAll(async () => {
  ({ database, close } = await openTestDatabase());
  const companies = new CompanyLoader(database);
  const accounts = new AccountLoader(database);
  const customers = new CustomerLoader(database);
  const parts = { database, companies, accounts, customers, clock: systemClock };
  const resolvers = [
    new CustomerResolver(database, companies, customers),
    new CustomerAccountsResolver(companies, accounts),
    new LinkCustomerMutation(parts),
    new UnlinkCustomerMutation(parts),
    new ImportCustomerLinksMutation(parts),
  ];
  schema = await buildSchema({
    resolvers: resolvers.map((resolver) => resolver.constructor) as never,
    container: { get: (wanted) => resolvers.find((resolver) => resolver instanceof wanted) },
    authChecker: ({ context }: { context: Context }, scopes) =>
      scopes.every((scope) => context.caller.scopes.includes(scope)),
    validate: false,
  });
  await seedCompanies(database, [{ id: 1, name: 'North Ltd' }]);
  await seedAccounts(database, [
    { companyId: 1, sageId: 1, accountNumber: 'ABB001', name: 'Abbey Ltd' },
    { companyId: 1, sageId: 2, accountNumber: 'BRO002', name: 'Brook Ltd' },
  ]);
});
afterAll(() => close());

test('a link, an upload, and the list that shows both', async () => {
  const linked = await ask(
    `mutation Link($id: ID!) { linkCustomer(layerId: "C1", sageAccountId: $id) {
       customer { id layerId name syncStatus contacts { layerId } sageAccount { accountNumber } } userErrors { code } } }`,
    undefined,
    { id: encodeNodeId(INSTANCE, 'SageAccount', 1, 1) },
  );
  expect(linked.errors).toBeUndefined();
  expect(linked.data.linkCustomer).toEqual({
    customer: {
      id: encodeNodeId(INSTANCE, 'Customer', 'C1'),
      layerId: 'C1',
      name: 'Abbey Ltd',
      syncStatus: 'SYNCED',
      contacts: [],
      sageAccount: { accountNumber: 'ABB001' },
    },
    userErrors: [],
  });
  const uploaded = await ask(
    'mutation Upload($csv: String!) { importCustomerLinks(csv: $csv) { linked rejected { row message } userErrors { code } } }',
    undefined,
    { csv: 'CustomerId,SageCompanyName,SageSiteId,SageAccountNumber\nC2,North Ltd,,bro002\nC3,North Ltd,,ABB001' },
  );
  expect(uploaded.data.importCustomerLinks).toEqual({
    linked: 1,
    rejected: [{ row: 3, message: expect.stringContaining('C1') }],
    userErrors: [],
  });
  const listed = await ask(
    `{ customers(filter: { search: "ltd", sageCompanyId: "1" }, first: 1) {
         totalCount pageInfo { hasNextPage } edges { cursor node { layerId } } nodes { layerId } }
       customer(layerId: "C2") { name } unknown: customer(layerId: "c2") { name } }`,
  );
  expect(listed.errors).toBeUndefined();
  expect(listed.data).toMatchObject({
    customers: { totalCount: 2, pageInfo: { hasNextPage: true }, nodes: [{ layerId: 'C1' }] },
    customer: { name: 'Brook Ltd' },
    unknown: null,
  });
});

test('each field asks for its scope', async () => {
  const fields: [string, string][] = [
    ['{ customer(layerId: "C1") { name } }', 'accounts:read'],
    ['{ customers { totalCount } }', 'accounts:read'],
    ['mutation { linkCustomer(layerId: "C1", sageAccountId: "x") { userErrors { code } } }', 'mappings:write'],
    ['mutation { unlinkCustomer(layerId: "C1", sageAccountId: "x") { userErrors { code } } }', 'mappings:write'],
    ['mutation { importCustomerLinks(csv: "") { userErrors { code } } }', 'mappings:write'],
  ];
  for (const [source, scope] of fields) {
    expect(
      (
        await ask(
          source,
          ['accounts:read', 'mappings:write'].filter((other) => other !== scope),
        )
      ).errors,
    ).toHaveLength(1);
    expect((await ask(source, [scope])).errors).toBeUndefined();
  }
});

// the binding part of the schema stands beside the repository, not in it
const CONTRACT = '../shared/contract/schema.graphql';
(existsSync(CONTRACT) ? test : test.skip)('the types are the contract’s', () => {
  const contract = parseSchema(readFileSync(CONTRACT, 'utf8'));
  const later = new Set(['invoices', 'payments', 'creditNotes', 'refunds']);
  for (const name of [
    'Customer',
    'Contact',
    'CustomerConnection',
    'CustomerEdge',
    'CustomerFilter',
    'LinkCustomerPayload',
    'ImportCustomerLinksPayload',
    'RejectedRow',
  ]) {
    const fieldsOf = (from: GraphQLSchema) =>
      Object.values((from.getType(name) as GraphQLObjectType | GraphQLInputObjectType).getFields())
        .filter((field) => !later.has(field.name))
        .map((field) => `${field.name}: ${field.type}`)
        .toSorted();
    expect([name, ...fieldsOf(schema)]).toEqual([name, ...fieldsOf(contract)]);
  }
});
