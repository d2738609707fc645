// npm run bench:postings: documents taken through GraphQL, and posted from the queue into the sandbox, a second; SQLite and MariaDB.
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signDemoToken } from '../src/auth/demo-token.js';
import { silentLog } from '../src/common/log.js';
import { readConfig } from '../src/config/config.js';
import { startDemo } from '../src/server/demo.js';
import { type Gateway, startGateway } from '../src/server/gateway.js';
import { onBothDatabases } from './both-databases.js';

const DOCUMENTS = Number(process.env.BENCH_DOCUMENTS ?? 2_000);
const SENDERS = 16;

function startSandbox(directory: string): Promise<{ url: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL('../src/sandbox/main.js', import.meta.url)), {
    env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_DATA: join(directory, 'sage'), SANDBOX_CUSTOMERS: '300' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The sandbox did not start.')));
    child.once('message', (message) => resolve({ url: (message as { url: string }).url, stop: () => child.kill() }));
  });
}

async function measure(name: string, databaseUrl: string, directory: string): Promise<void> {
  const sandbox = await startSandbox(join(directory, name));
  const signIn = await fetch(`${sandbox.url}/sandbox/sign-in`, { method: 'POST' });
  const { refresh_token: refreshToken } = (await signIn.json()) as { refresh_token: string };
  const start = (roles: string) =>
    startGateway({
      config: readConfig({
        ROLES: roles,
        PORT: '0',
        DATABASE_URL: databaseUrl,
        DATA_DIRECTORY: join(directory, name),
        SAGE_MODE: 'live',
        SAGE_API_URL: `${sandbox.url}/uk/sage200extra/accounts/v1`,
        SAGE_AUTH_URL: sandbox.url,
        SAGE_CLIENT_ID: 'sandbox-client',
        SAGE_CLIENT_SECRET: 'sandbox-secret',
        SAGE_REFRESH_TOKEN: refreshToken,
        SAGE_MAX_REQUESTS_PER_SECOND: '5000',
        SAGE_MAX_CONCURRENCY: '8',
        RATE_LIMIT_PER_SECOND: '100000',
        RATE_LIMIT_BURST: '100000',
      }),
      log: silentLog,
    });
  let gateway = await start('api,sync');
  await startDemo(gateway, silentLog);
  const takenMs = await sendAll(gateway);
  await gateway.close();

  const startedAt = performance.now();
  gateway = await start('api,sync,push');
  await untilPosted(gateway);
  const postedMs = performance.now() - startedAt;
  console.log(
    `${name}: ${DOCUMENTS} invoices taken in ${(takenMs / 1_000).toFixed(1)} s, ${rate(takenMs)} a second; posted in ${(postedMs / 1_000).toFixed(1)} s, ${rate(postedMs)} a second (start of the process included)`,
  );
  await gateway.close();
  sandbox.stop();
}

const rate = (ms: number) => Math.round((DOCUMENTS / ms) * 1_000);

// oxlint-disable-next-line typescript/no-explicit-any
type Answer = any;

async function ask(gateway: Gateway, query: string, variables: object = {}): Promise<Answer> {
  const token = await signDemoToken(gateway.demoSecret ?? new Uint8Array());
  const answer = await fetch(gateway.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data: Answer; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function sendAll(gateway: Gateway): Promise<number> {
  const { customers } = await ask(
    gateway,
    '{ customers(first: 200) { nodes { layerId sageAccount { isActive balance { currency } } } } }',
  );
  const names = (
    customers.nodes as { layerId: string; sageAccount: { isActive: boolean; balance: { currency: string } } | null }[]
  )
    .filter(({ sageAccount }) => sageAccount?.isActive && sageAccount.balance.currency === 'GBP')
    .map(({ layerId }) => layerId);
  let next = 0;
  const startedAt = performance.now();
  const sender = async () => {
    for (let index = next++; index < DOCUMENTS; index = next++) {
      const { pushInvoice } = await ask(
        gateway,
        'mutation ($input: InvoiceInput!) { pushInvoice(input: $input) { push { status error { code } } userErrors { message } } }',
        {
          input: {
            layerId: `BENCH-${index}`,
            number: `B${index}`,
            customerLayerId: names[index % names.length],
            issuedOn: new Date().toISOString().slice(0, 10),
            lines: [
              {
                layerId: 'L1',
                description: 'Broadband',
                nominalCode: '4000',
                vatCode: 'S',
                net: '100.00',
                vat: '20.00',
              },
            ],
          },
        },
      );
      const { push, userErrors } = pushInvoice as { push: { status: string }; userErrors: unknown[] };
      if (userErrors.length > 0 || push.status !== 'QUEUED') throw new Error(JSON.stringify(pushInvoice));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return performance.now() - startedAt;
}

async function untilPosted(gateway: Gateway): Promise<void> {
  for (;;) {
    const [row] = await gateway.database.query<{ open: number | string }>(
      "SELECT COUNT(*) AS open FROM push WHERE instance_id = 1 AND status <> 'SUCCEEDED'",
    );
    if (Number(row?.open) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await onBothDatabases(measure);
process.exit(0);
