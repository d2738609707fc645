import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildClientSchema,
  type FieldNode,
  getIntrospectionQuery,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { SCOPES } from '../../src/auth/caller.js';
import { admittedSocket, follow, socketClient } from '../support/socket.js';
import { signToken, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

let gateway: TestGateway;
let schema: GraphQLSchema;
beforeAll(async () => {
  gateway = await startTestGateway();
  schema = buildClientSchema(await gateway.data(getIntrospectionQuery()));
});
afterAll(() => gateway.close());

const INVOICE = '{ layerId: "x", number: "x", customerLayerId: "x", issuedOn: "2026-01-31", lines: [] }';
const CASH = 'layerId: "x", customerLayerId: "x", paymentMethodLayerId: "x", amount: "1.00"';

/** contract/environment.md, "Tokens": the scope of each root field, and an operation that asks for it. */
const FIELDS: Record<string, { scope: string | null; operation: string }> = {
  viewer: { scope: null, operation: '{ viewer { subject } }' },
  node: { scope: null, operation: '{ node(id: "x") { id } }' },
  customer: { scope: 'accounts:read', operation: '{ customer(layerId: "x") { name } }' },
  customers: { scope: 'accounts:read', operation: '{ customers { nodes { name } } }' },
  sageAccounts: { scope: 'accounts:read', operation: '{ sageAccounts { nodes { name } } }' },
  sageTransactions: { scope: 'accounts:read', operation: '{ sageTransactions { nodes { urn } } }' },
  sageCompanies: { scope: 'accounts:read', operation: '{ sageCompanies { name } }' },
  sageConnection: { scope: 'accounts:read', operation: '{ sageConnection { state } }' },
  syncStatus: { scope: 'accounts:read', operation: '{ syncStatus { state } }' },
  subCompanies: { scope: 'documents:read', operation: '{ subCompanies { name } }' },
  paymentMethods: { scope: 'documents:read', operation: '{ paymentMethods { name } }' },
  nominalCodes: { scope: 'documents:read', operation: '{ nominalCodes { name } }' },
  vatCodes: { scope: 'documents:read', operation: '{ vatCodes { name } }' },
  mappingIssues: { scope: 'documents:read', operation: '{ mappingIssues { message } }' },
  mapSubCompany: {
    scope: 'mappings:write',
    operation: 'mutation { mapSubCompany(input: { sageCompanyId: "x" }) { userErrors { code } } }',
  },
  mapPaymentMethod: {
    scope: 'mappings:write',
    operation: 'mutation { mapPaymentMethod(input: { layerId: "x", sageBankAccountId: "x" }) { userErrors { code } } }',
  },
  mapNominalCode: {
    scope: 'mappings:write',
    operation: 'mutation { mapNominalCode(input: { code: "x", sageNominalAccountId: "x" }) { userErrors { code } } }',
  },
  mapVatCode: {
    scope: 'mappings:write',
    operation: 'mutation { mapVatCode(input: { code: "x", sageTaxCodeId: "x" }) { userErrors { code } } }',
  },
  unmap: { scope: 'mappings:write', operation: 'mutation { unmap(kind: VAT_CODE, layerId: "x") { removed } }' },
  pushNominalCode: {
    scope: 'documents:push',
    operation:
      'mutation { pushNominalCode(input: { code: "x", name: "x", sageCompanyId: "x" }) { userErrors { code } } }',
  },
  startSync: { scope: 'operate', operation: 'mutation { startSync(resources: []) { started } }' },
  refreshSageAccount: {
    scope: 'operate',
    operation: 'mutation { refreshSageAccount(id: "x") { userErrors { code } } }',
  },
  linkCustomer: {
    scope: 'mappings:write',
    operation: 'mutation { linkCustomer(layerId: "x", sageAccountId: "x") { userErrors { code } } }',
  },
  unlinkCustomer: {
    scope: 'mappings:write',
    operation: 'mutation { unlinkCustomer(layerId: "x", sageAccountId: "x") { userErrors { code } } }',
  },
  pushes: { scope: 'documents:read', operation: '{ pushes { nodes { id } } }' },
  push: { scope: 'documents:read', operation: '{ push(id: "x") { id } }' },
  errorQueue: { scope: 'documents:read', operation: '{ errorQueue { key } }' },
  auditTrail: { scope: 'documents:read', operation: '{ auditTrail { nodes { id } } }' },
  retryPush: { scope: 'documents:push', operation: 'mutation { retryPush(id: "x") { userErrors { code } } }' },
  retryPushes: { scope: 'documents:push', operation: 'mutation { retryPushes { retried } }' },
  receipts: { scope: 'documents:read', operation: '{ receipts { nodes { urn: reference } } }' },
  reconcileReceipt: {
    scope: 'reconcile',
    operation: 'mutation { reconcileReceipt(input: { receiptId: "x", invoices: [] }) { userErrors { code } } }',
  },
  acceptSuggestion: {
    scope: 'reconcile',
    operation: 'mutation { acceptSuggestion(receiptId: "x", token: "y") { userErrors { code } } }',
  },
  autoReconcile: {
    scope: 'reconcile',
    operation: 'mutation { autoReconcile(sageCompanyId: "x", dryRun: true) { userErrors { code } } }',
  },
  takeOverSageAllocations: {
    scope: 'reconcile',
    operation: 'mutation { takeOverSageAllocations(sageCompanyId: "x") { userErrors { code } } }',
  },
  undoMatch: {
    scope: 'reconcile',
    operation: 'mutation { undoMatch(matchId: "x", reason: "y") { userErrors { code } } }',
  },
  ignoreReceipt: {
    scope: 'reconcile',
    operation: 'mutation { ignoreReceipt(id: "x", reason: "y") { userErrors { code } } }',
  },
  restoreReceipt: { scope: 'reconcile', operation: 'mutation { restoreReceipt(id: "x") { userErrors { code } } }' },
  skipPush: {
    scope: 'documents:push',
    operation: 'mutation { skipPush(id: "x", reason: "y") { userErrors { code } } }',
  },
  pushCustomer: {
    scope: 'documents:push',
    operation: 'mutation { pushCustomer(input: { layerId: "", name: "" }) { userErrors { code } } }',
  },
  invoice: { scope: 'documents:read', operation: '{ invoice(layerId: "x") { number } }' },
  invoices: { scope: 'documents:read', operation: '{ invoices { nodes { number } } }' },
  payments: { scope: 'documents:read', operation: '{ payments { nodes { layerId } } }' },
  creditNotes: { scope: 'documents:read', operation: '{ creditNotes { nodes { number } } }' },
  refunds: { scope: 'documents:read', operation: '{ refunds { nodes { layerId } } }' },
  pushInvoice: {
    scope: 'documents:push',
    operation: `mutation { pushInvoice(input: ${INVOICE}) { userErrors { code } } }`,
  },
  pushCreditNote: {
    scope: 'documents:push',
    operation: `mutation { pushCreditNote(input: ${INVOICE}) { userErrors { code } } }`,
  },
  pushPayment: {
    scope: 'documents:push',
    operation: `mutation { pushPayment(input: { ${CASH}, paidOn: "2026-01-31" }) { userErrors { code } } }`,
  },
  pushRefund: {
    scope: 'documents:push',
    operation: `mutation { pushRefund(input: { ${CASH}, refundedOn: "2026-01-31" }) { userErrors { code } } }`,
  },
  previewInvoice: {
    scope: 'documents:push',
    operation: `mutation { previewInvoice(input: ${INVOICE}) { userErrors { code } } }`,
  },
  registerInvoices: {
    scope: 'documents:push',
    operation: 'mutation { registerInvoices(inputs: []) { userErrors { code } } }',
  },
  importCustomerLinks: { scope: 'mappings:write', operation: 'mutation { importCustomerLinks(csv: "") { linked } }' },
};

/** Over sockets. */
const SUBSCRIPTIONS: typeof FIELDS = {
  pushChanged: { scope: 'documents:read', operation: 'subscription { pushChanged { cursor } }' },
  receiptReceived: { scope: 'documents:read', operation: 'subscription { receiptReceived { cursor } }' },
  receiptChanged: { scope: 'documents:read', operation: 'subscription { receiptChanged { cursor } }' },
  sageAccountChanged: { scope: 'accounts:read', operation: 'subscription { sageAccountChanged { cursor } }' },
};

test('every root field of the schema stands in the tables above, each with an operation that asks for it and nothing else', () => {
  const rootFields = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {}).sort();
  expect([...rootFields(schema.getQueryType()), ...rootFields(schema.getMutationType())].sort()).toEqual(
    Object.keys(FIELDS).sort(),
  );
  expect(rootFields(schema.getSubscriptionType())).toEqual(Object.keys(SUBSCRIPTIONS).sort());
  const asked = Object.values({ ...FIELDS, ...SUBSCRIPTIONS }).map(({ operation }) => rootFieldsOf(operation));
  expect(asked).toEqual(Object.keys({ ...FIELDS, ...SUBSCRIPTIONS }).map((field) => [field]));
});

function rootFieldsOf(operation: string): string[] {
  const [definition] = parse(operation).definitions as OperationDefinitionNode[];
  return definition?.selectionSet.selections.map((selection) => (selection as FieldNode).name.value) ?? [];
}

test('no root field but viewer and node is for any token', () => {
  const open = Object.entries({ ...FIELDS, ...SUBSCRIPTIONS }).filter(([, { scope }]) => scope === null);
  expect(open.map(([field]) => field)).toEqual(['viewer', 'node']);
});

test.each(Object.entries(SUBSCRIPTIONS))(
  '%s asks for its scope, and for no other, when it is opened',
  async (_field, { scope, operation }) => {
    const refused = await socketClient(gateway, await signToken({ scopes: SCOPES.filter((other) => other !== scope) }));
    const refusal = follow(refused, operation);
    await until(() => refusal.end !== undefined, 'the refusal');
    expect(refusal.errors).toMatchObject([
      { message: expect.stringContaining(scope ?? ''), extensions: { code: 'FORBIDDEN' } },
    ]);
    const admitted = await admittedSocket(gateway, await signToken({ scopes: [scope ?? ''] }));
    admitted.send({ id: '1', type: 'subscribe', payload: { query: operation } });
    admitted.send({ id: '2', type: 'subscribe', payload: { query: '{ viewer { subject } }' } });
    await admitted.untilMessage('complete');
    expect(admitted.messages.filter(({ id }) => id === '1')).toEqual([]);
    admitted.socket.terminate();
    await refused.dispose();
  },
);

test.each(Object.entries(FIELDS))('%s asks for its scope, and for no other', async (_field, { scope, operation }) => {
  const codeWith = async (scopes: readonly string[]) => {
    const { body, status } = await gateway.graphql(operation, {}, await signToken({ scopes }));
    expect(status).toBe(200);
    return body.errors?.[0];
  };
  if (scope === null) {
    expect(await codeWith([])).toBeUndefined();
    return;
  }
  expect(await codeWith([scope])).toBeUndefined();
  const refused = await codeWith(SCOPES.filter((other) => other !== scope));
  expect(refused?.extensions).toEqual({ code: 'FORBIDDEN' });
  expect(refused?.message).toBe(
    `This needs the scope ${scope}, which the token does not have. Ask your administrator for it.`,
  );
});

test('a node is answered by the scope of its type, and the sign-in link is for operators', async () => {
  const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1) { nodes { id name } } }');
  const [{ id, name }] = sageAccounts.nodes;
  const node = 'query ($id: ID!) { node(id: $id) { id ... on SageAccount { name } } }';
  const reader = await signToken({ scopes: ['accounts:read'] });
  expect((await gateway.graphql(node, { id }, reader)).body.data).toEqual({ node: { id, name } });
  const stranger = await signToken({ scopes: ['reconcile'] });
  expect((await gateway.graphql(node, { id }, stranger)).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const link = '{ sageConnection { signInUrl } }';
  expect((await gateway.graphql(link, {}, reader)).body.data.sageConnection.signInUrl).toBeNull();
  const operator = await signToken({ scopes: ['accounts:read', 'operate'] });
  expect((await gateway.graphql(link, {}, operator)).body.data.sageConnection.signInUrl).toMatch(
    /\/sage\/sign-in\?ticket=/,
  );
});

test("another instance sees nothing, and this one's ids are to it as if they did not exist", async () => {
  await gateway.gateway.database.transaction((transaction) =>
    transaction.query("INSERT INTO instance (id, slug, created_at) VALUES (2, 'other', 0)"),
  );
  const other = await signToken({ instance: 'other' });
  const lists =
    '{ sageAccounts { totalCount } customers { totalCount } sageTransactions { totalCount } sageCompanies { id } }';
  expect((await gateway.graphql(lists, {}, other)).body.data).toEqual({
    sageAccounts: { totalCount: 0 },
    customers: { totalCount: 0 },
    sageTransactions: { totalCount: 0 },
    sageCompanies: [],
  });
  const { sageAccounts, sageTransactions, sageCompanies } = await gateway.data(
    '{ sageAccounts(first: 1) { nodes { id } } sageTransactions(first: 1) { nodes { id } } sageCompanies { id bankAccounts { id } } }',
  );
  const ids = [
    sageAccounts.nodes[0].id,
    sageTransactions.nodes[0].id,
    sageCompanies[0].id,
    sageCompanies[0].bankAccounts[0].id,
  ];
  const missing = 'WyJTYWdlQWNjb3VudCIsMSwiOTkiLCI5OSJd';
  const ask = `query ($id: ID!) { node(id: $id) { id } sageAccounts(filter: { sageCompanyId: $id }) { totalCount } }`;
  const change =
    'mutation ($id: ID!) { refreshSageAccount(id: $id) { sageAccount { id } userErrors { code message remedy field } } linkCustomer(layerId: "C1", sageAccountId: $id) { customer { id } userErrors { code message remedy field } } }';
  for (const id of ids) {
    expect((await gateway.graphql(ask, { id }, other)).body).toEqual(
      (await gateway.graphql(ask, { id: missing }, other)).body,
    );
    expect((await gateway.graphql(change, { id }, other)).body).toEqual(
      (await gateway.graphql(change, { id: missing }, other)).body,
    );
  }
});
