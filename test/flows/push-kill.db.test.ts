import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  COMPANY,
  invoiceInput,
  mapEverything,
  newCustomer,
  paymentInput,
  sent,
  type ShownPush,
} from '../support/documents.js';
import { startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

/** On SQLite one worker stands beside the API; on MySQL three work side by side. */
const WORKERS = globalThis.TEST_DATABASE_URL === 'sqlite' ? 1 : 3;
const CUSTOMERS = 8;
const INVOICES = 5;
const KILLS = 4;

let gateway: TestGateway;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({
    variables: {
      SAGE_MAX_RUN_SECONDS: '1',
      PUSH_MARGIN_SECONDS: '0.5',
      PUSH_POLL_MS: '150',
      PUSH_LEASE_SECONDS: '1.5',
      PUSH_LOOK_AGAIN_SECONDS: '1',
    },
  });
  await mapEverything(gateway);
  for (let index = 0; index < CUSTOMERS; index += 1) await newCustomer(gateway, `K${index}`);
  // from here on the pushes are the workers'
  await gateway.restart({ ROLES: 'api,sync' });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await gateway.close();
});

function startWorker(): ChildProcess {
  const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
  const worker = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...gateway.variables, ROLES: 'push', SAGE_REFRESH_TOKEN: '', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  workers.push(worker);
  return worker;
}

const sending = async () =>
  Number(
    (
      await gateway.gateway.database.query<{ count: number | string }>(
        "SELECT COUNT(*) AS count FROM push WHERE instance_id = 1 AND status = 'SENDING'",
      )
    )[0]?.count,
  );

test('a worker that is killed in the middle of a delivery leaves nothing behind: every document stands once', async () => {
  // each request takes its time, so that a kill finds some under way
  gateway.sandbox.control.addFault({ kind: 'slow', method: 'POST', path: '^/sales_', delayMs: 150, count: 0 });
  let alive = Array.from({ length: WORKERS }, startWorker);
  const pushes: ShownPush[] = [];
  for (let index = 0; index < CUSTOMERS; index += 1) {
    const customer = `K${index}`;
    for (let invoice = 1; invoice <= INVOICES; invoice += 1) {
      pushes.push(await sent(gateway, 'INVOICE', invoiceInput(`${customer}-I${invoice}`, customer)));
    }
    pushes.push(
      await sent(
        gateway,
        'PAYMENT',
        paymentInput(`${customer}-P`, customer, '120.00', {
          invoices: [{ invoiceLayerId: `${customer}-I1`, amount: '120.00' }],
        }),
      ),
    );
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    await until(async () => (await sending()) > 0, 'a push under way', 30_000);
    const victim = alive[kill % alive.length] as ChildProcess;
    victim.kill('SIGKILL');
    alive = [...alive.filter((worker) => worker !== victim), startWorker()];
  }
  await until(
    async () => {
      const { pushes: done } = await gateway.data(
        '{ pushes(filter: { status: [SUCCEEDED], kind: [INVOICE, PAYMENT] }, first: 1) { totalCount } }',
      );
      return done.totalCount === pushes.length;
    },
    'every push to be SUCCEEDED',
    50_000,
  );
  const rows = gateway.sandbox.control
    .postings(COMPANY, {})
    .filter(({ secondReference }) => secondReference.startsWith('LG'));
  expect(rows.map(({ secondReference }) => secondReference).sort()).toEqual(
    pushes.map(({ sageReference }) => sageReference).sort(),
  );
  expect(rows.filter(({ gross }) => gross.replace('-', '') !== '120.00')).toEqual([]);
  expect(rows.filter(({ type }) => type.endsWith('SalesReceipt')).map(({ allocated }) => allocated)).toEqual(
    Array.from({ length: CUSTOMERS }, () => '-120.00'),
  );
  const told = await gateway.gateway.database.query<{ step: string }>(
    "SELECT step FROM push_attempt WHERE instance_id = 1 AND step = 'TAKE_OVER'",
  );
  expect(told.length).toBeGreaterThan(0);
}, 120_000);
