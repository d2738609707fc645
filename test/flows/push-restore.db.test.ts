import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  COMPANY,
  invoiceInput,
  mapEverything,
  newCustomer,
  paymentInput,
  sent,
  type ShownPush,
  untilStatus,
} from '../support/documents.js';
import { startTestGateway, type TestGateway } from '../support/test-gateway.js';

const TABLES = [
  'push',
  'push_lane',
  'push_need',
  'push_attempt',
  'sage_transaction',
  'sage_allocation',
  'sage_account',
  'sync_state',
] as const;
type Row = Record<string, unknown>;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ variables: { PUSH_POLL_MS: '150' } });
  await mapEverything(gateway);
  await newCustomer(gateway, 'RESTORED');
});
afterAll(() => gateway.close());

/** What a backup of the database would hold. */
async function backup(): Promise<Map<string, Row[]>> {
  const { database } = gateway.gateway;
  const tables = new Map<string, Row[]>();
  for (const table of TABLES)
    tables.set(table, await database.query<Row>(`SELECT * FROM ${table} WHERE instance_id = 1`));
  return tables;
}

async function restore(tables: Map<string, Row[]>): Promise<void> {
  await gateway.gateway.database.transaction(async (transaction) => {
    for (const [table, rows] of tables) {
      await transaction.query(`DELETE FROM ${table} WHERE instance_id = 1`);
      for (const row of rows) {
        const columns = Object.keys(row);
        await transaction.query(
          `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
          Object.values(row),
        );
      }
    }
  });
}

async function sendSome(name: string): Promise<ShownPush[]> {
  return [
    await sent(gateway, 'INVOICE', invoiceInput(`${name}-I1`, 'RESTORED')),
    await sent(gateway, 'INVOICE', invoiceInput(`${name}-I2`, 'RESTORED')),
    await sent(
      gateway,
      'PAYMENT',
      paymentInput(`${name}-P`, 'RESTORED', '150.00', {
        invoices: [
          { invoiceLayerId: `${name}-I1`, amount: '120.00' },
          { invoiceLayerId: `${name}-I2`, amount: '30.00' },
        ],
      }),
    ),
  ];
}

test.each([
  ['by the ledger that is pulled', 'api,sync,push'],
  ['by asking Sage, where nothing is pulled', 'api,push'],
])('after a restore from a backup that knows nothing of them, postings are found again %s', async (_how, roles) => {
  await gateway.restart({ ROLES: 'api,sync' });
  const pushes = await sendSome(roles);
  const before = await backup();
  await gateway.restart({ ROLES: 'api,sync,push' });
  for (const push of pushes) await untilStatus(gateway, push, 'SUCCEEDED');

  await gateway.restart({ ROLES: 'api' });
  await restore(before);
  expect((await gateway.data('{ pushes(filter: { status: [QUEUED] }) { totalCount } }')).pushes.totalCount).toBe(3);
  await gateway.restart({ ROLES: roles });
  const found = await Promise.all(pushes.map((push) => untilStatus(gateway, push, 'SUCCEEDED')));

  const rows = gateway.sandbox.control.postings(COMPANY, {});
  for (const push of found) {
    expect(push.attempts).toBe(0);
    expect(push.history.map(({ outcome }) => outcome)).toContainEqual(expect.stringMatching(/^POST stands in Sage/));
    const own = rows.filter(({ secondReference }) => secondReference === push.sageReference);
    expect(own.map(({ urn }) => String(urn))).toEqual([push.urn]);
  }
  const receipt = rows.find(({ urn }) => String(urn) === found[2]?.urn);
  expect(receipt).toMatchObject({ gross: '-150.00', allocated: '-150.00' });
  expect(receipt?.allocations).toHaveLength(2);
});
