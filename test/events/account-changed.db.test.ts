import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { follow, socketClient } from '../support/socket.js';
import { eventually, pull, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const CHANGED = `subscription ($customerLayerId: String) { sageAccountChanged(customerLayerId: $customerLayerId) {
  cursor changes sageAccount { id accountNumber onHold } } }`;

interface Shown {
  id: string;
  sageCustomerId: string;
  onHold: boolean;
  sageCompany: { sageCompanyId: number };
}

let gateway: TestGateway;
let client: Client;
beforeAll(async () => {
  gateway = await startTestGateway();
  client = await socketClient(gateway);
});
afterAll(async () => {
  await client.dispose();
  await gateway.close();
});

test('the first import is no news', async () => {
  const [row] = await gateway.gateway.database.query<{ count: number }>(
    "SELECT COUNT(*) AS count FROM event WHERE instance_id = 1 AND kind = 'ACCOUNT_CHANGED'",
  );
  expect(Number(row?.count)).toBe(0);
});

test('links, holds and limits are told, to the customer they are about', async () => {
  const { sageAccounts } = await gateway.data(
    '{ sageAccounts(first: 50) { nodes { id sageCustomerId accountNumber onHold sageCompany { sageCompanyId } } } }',
  );
  const accounts = sageAccounts.nodes as Shown[];
  const account = accounts.find(({ onHold }) => !onHold) as Shown;
  const all = follow(client, CHANGED);
  const mine = follow(client, CHANGED, { customerLayerId: 'A1' });
  await new Promise((resolve) => setTimeout(resolve, 300));

  const link =
    'mutation ($layerId: String!, $id: ID!) { linkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }';
  await gateway.data(link, { layerId: 'A1', id: account.id });
  await eventually(async () => {
    expect(mine.answers).toMatchObject([{ changes: ['DETAILS'], sageAccount: { id: account.id } }]);
  });

  const free = accounts
    .slice(1)
    .find((each) => !each.onHold && each.sageCompany.sageCompanyId === account.sageCompany.sageCompanyId);
  for (const { sageCompany, sageCustomerId } of [account, free as Shown]) {
    gateway.sandbox.control.desktop(sageCompany.sageCompanyId, 'putOnHold', {
      customerId: Number(sageCustomerId),
      reason: 'Cheque returned',
    });
  }
  gateway.sandbox.control.desktop(account.sageCompany.sageCompanyId, 'setCreditLimit', {
    customerId: Number(account.sageCustomerId),
    creditLimit: 0.01,
  });
  await pull(gateway, { resources: ['CUSTOMERS'] });
  await eventually(async () => {
    expect(mine.answers.slice(1).flatMap(({ changes }) => changes)).toEqual(['CREDIT_LIMIT', 'ON_HOLD']);
    expect(mine.answers.at(-1)).toMatchObject({ sageAccount: { id: account.id, onHold: true } });
    expect(all.answers.some(({ sageAccount }) => sageAccount.id === free?.id)).toBe(true);
  });

  const unlink =
    'mutation ($layerId: String!, $id: ID!) { unlinkCustomer(layerId: $layerId, sageAccountId: $id) { userErrors { code } } }';
  await gateway.data(unlink, { layerId: 'A1', id: account.id });
  await eventually(async () => {
    expect(mine.answers.at(-1)).toMatchObject({ changes: ['DETAILS'], sageAccount: { id: account.id } });
    expect(mine.answers.length).toBeLessThan(5);
  });
});
