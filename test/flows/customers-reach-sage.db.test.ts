import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ledgerOf } from '../support/sage-ledger.js';
import { eventually, startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    variables: { SAGE_MAX_RUN_SECONDS: '1', PUSH_MARGIN_SECONDS: '1', SAGE_REQUEST_TIMEOUT_MS: '1000' },
  });
});
afterAll(() => gateway.close());

const PUSH = `mutation ($input: CustomerInput!) { pushCustomer(input: $input) { push { id status } userErrors { code message } } }`;
const CUSTOMER = `query ($layerId: String!) { customer(layerId: $layerId) { syncStatus contacts { inSage } sageAccounts { accountNumber name } } }`;
const push = async (input: Record<string, unknown>) => {
  const { pushCustomer } = await gateway.data(PUSH, { input });
  expect(pushCustomer.userErrors).toEqual([]);
};

test('the engine takes customers to Sage through lost answers, each account and contact once', async () => {
  const { control } = gateway.sandbox;
  for (const [method, path] of [
    ['POST', '^/customers$'],
    ['POST', '/customer_contacts$'],
    ['PUT', '^/customers/'],
    ['POST', '/customer_emails$'],
  ] as const) {
    control.addFault({ kind: 'resetAfterCommit', method, path });
    control.addFault({ kind: 'resetBeforeCommit', method, path });
  }
  const customers = ['C1', 'C2', 'C3'].map((layerId) => ({
    layerId,
    name: `Engine ${layerId} Ltd`,
    email: `${layerId}@engine.example`,
    contacts: [{ layerId: 'k1', firstName: 'Ann' }],
  }));
  const expectThere = (contactCount: number) =>
    eventually(async () => {
      for (const { layerId, name } of customers) {
        const { customer } = await gateway.data(CUSTOMER, { layerId });
        expect(customer).toMatchObject({ syncStatus: 'SYNCED', sageAccounts: [{ name }] });
        expect(customer.contacts).toEqual(Array(contactCount).fill({ inSage: true }));
      }
    }, 40_000);
  await Promise.all(customers.map(push));
  await expectThere(1);
  await Promise.all(
    customers.map((customer) =>
      push({
        ...customer,
        website: 'https://engine.example',
        contacts: [
          { layerId: 'k1', firstName: 'Ann', email: `ann@${customer.layerId}.example` },
          { layerId: 'k2', firstName: 'Bo' },
        ],
      }),
    ),
  );
  await expectThere(2);
  const ledger = ledgerOf(gateway.sandbox);
  expect(ledger.rows("select name, website from customers where name like 'Engine %' order by name")).toEqual(
    customers.map(({ name }) => ({ name, website: 'https://engine.example' })),
  );
  const contacts = ledger.rows<{ name: string; contacts: string }>(
    `select c.name, group_concat(k.first_name || coalesce((select '=' || group_concat(value) from contact_details d where d.company_id = k.company_id and d.contact_id = k.id), ''), ' ') as contacts
      from customers c join (select * from contacts order by id) k on k.company_id = c.company_id and k.customer_id = c.id
      where c.name like 'Engine %' group by c.name order by c.name`,
  );
  expect(contacts.map((row) => row.contacts)).toEqual(
    customers.map(({ layerId, email }) => `Ann=ann@${layerId}.example Accounts=${email} Bo`),
  );
  expect(control.status().faults).toEqual([]);
});
