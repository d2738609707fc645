import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/src/main.js');
const directory = mkdtempSync(join(tmpdir(), 'gateway-start-'));
const children = new Set<ChildProcess>();

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
}, 120_000);
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  output: () => string;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

/** Starts the gateway as `npm start` does, with nothing of this process's environment but the path; or another program. */
function start(variables: Record<string, string>, args = [program]): Started {
  const child = spawn(process.execPath, args, { cwd: directory, env: { PATH: process.env.PATH, ...variables } });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, output: () => output, ended };
}

async function until(condition: () => boolean, what: string, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function ports(): Promise<{ PORT: string; SANDBOX_PORT: string }> {
  return { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
}

function occupy(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function refused(variables: Record<string, string>, args?: string[]): Promise<string> {
  const gateway = start(variables, args);
  expect(await gateway.ended).toBe(1);
  const text = gateway.output();
  expect(text).not.toMatch(/\n\s+at /);
  return text;
}

const banner = ({ output }: Started) => output().includes('Try the Customer Sage Balances widget');

test('with nothing configured it is ready in seconds, and the printed query answers; started again, it goes on', async () => {
  const variables = await ports();
  const startedAt = Date.now();
  const first = start(variables);
  await until(() => banner(first), 'the banner', 30_000);
  // seven seconds alone on two cores; here other tests run beside it
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  const command = /curl -s (\S+) [\s\S]*?Bearer (\S+)'[\s\S]*?-d '(.*)'/.exec(first.output());
  const [, url = '', token = '', body = ''] = command ?? [];
  const ask = async (text: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return (
      (await (await fetch(url, { method: 'POST', headers, body: text })).json()) as { data: Record<string, never> }
    ).data;
  };
  const widget = (await ask(body)) as unknown as {
    customer: { sageAccount: { balance: { amount: string }; freshness: { stale: boolean } } };
  };
  expect(widget.customer.sageAccount.balance.amount).toMatch(/^-?\d+\.\d\d$/);
  expect(widget.customer.sageAccount.freshness.stale).toBe(false);
  const state =
    '{"query":"{ sageConnection { state signInExpiresAt } customers { totalCount } sageTransactions { totalCount } }"}';
  const before = await ask(state);

  // a posting in Sage between the starts is there after the second
  const posting = await fetch(`http://127.0.0.1:${variables.SANDBOX_PORT}/sandbox/companies/1/figures`);
  const [{ customerId }] = (await posting.json()) as [{ customerId: number }];
  const banks = await fetch(`http://127.0.0.1:${variables.SANDBOX_PORT}/sandbox/companies/1/postReceipt`, {
    method: 'POST',
    body: JSON.stringify({ customer_id: customerId, bank_id: 1201, cheque_value: 12.34, reference: 'BETWEEN' }),
  });
  expect(banks.status).toBe(200);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  await expect(fetch(`http://127.0.0.1:${variables.SANDBOX_PORT}/sandbox`)).rejects.toThrow();

  // its ledger is that of its database, at whatever port
  variables.SANDBOX_PORT = String(await freePort());
  const second = start(variables);
  await until(() => banner(second), 'the second banner', 30_000);
  // within half a minute by itself
  await ask('{"query":"mutation { startSync(resources: [TRANSACTIONS]) { started } }"}');
  let after = await ask(state);
  for (let waited = 0; waited < 100 && JSON.stringify(after) === JSON.stringify(before); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    after = await ask(state);
  }
  const count = (answer: Record<string, { totalCount: number }>, list: string) => answer[list]?.totalCount ?? 0;
  expect(after.sageConnection).toEqual(before.sageConnection);
  expect(count(after, 'customers')).toBe(count(before, 'customers'));
  expect(count(after, 'sageTransactions')).toBe(count(before, 'sageTransactions') + 1);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
}, 120_000);

test('two run at once from one folder, with other ports and databases', async () => {
  const both = [start(await ports()), start({ ...(await ports()), DATABASE_URL: 'sqlite:./data/second.sqlite' })];
  for (const gateway of both) await until(() => banner(gateway), 'a banner', 40_000);
  for (const gateway of both) gateway.child.kill('SIGTERM');
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
}, 60_000);

test('a port in use is named, with the variable to change', async () => {
  const variables = await ports();
  const taken = await occupy(Number(variables.PORT));
  expect(await refused(variables)).toContain(`Port ${variables.PORT} of 127.0.0.1 is in use. Set PORT to another one.`);
  taken.close();
  const sandboxTaken = await occupy(Number(variables.SANDBOX_PORT));
  expect(await refused(variables)).toContain('set SANDBOX_PORT to another one');
  sandboxTaken.close();
}, 60_000);

test('beside a gateway on the same database a second one does not start', async () => {
  const first = start(await ports());
  await until(() => banner(first), 'the banner', 40_000);
  expect(await refused(await ports())).toMatch(/sandbox-data-gateway\.sqlite is in use.*give this one a DATABASE_URL/);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(first.output()).toContain('gateway: stopped');
}, 60_000);

test('bad variables are listed all at once', async () => {
  const text = await refused({ PORT: 'many', TIME_ZONE: 'Mars', LOG_LEVEL: 'loud' });
  expect(text).toContain('PORT: must be a whole number from 0 to 65535\n');
  for (const name of ['TIME_ZONE', 'LOG_LEVEL', '3 faults']) expect(text).toContain(name);
});

test('demo tokens are refused off loopback', async () => {
  expect(await refused({ HOST: '0.0.0.0' })).toContain('AUTH_MODE: demo is refused on 0.0.0.0');
}, 30_000);

test.each([
  ['mysql://root@127.0.0.1:9/none', 'connect ECONNREFUSED 127.0.0.1:9. Is the database server running?'],
  ['sqlite:./a-file/gateway.sqlite', 'A file stands where its folder should be.'],
  ['sqlite:./a-folder', 'Is it a file in a writable folder?'],
])(
  'a database that cannot be opened (%s) is named, with what to look at, also by npm run migrate',
  async (url, words) => {
    writeFileSync(join(directory, 'a-file'), '');
    mkdirSync(join(directory, 'a-folder'), { recursive: true });
    for (const args of [[program], [join(root, 'dist/src/migrate.js')]]) {
      const text = await refused({ DATABASE_URL: url }, args);
      expect(text).toMatch(/^The database of DATABASE_URL cannot be opened: /);
      expect(text).toContain(words);
    }
  },
  30_000,
);

test('npm run instance makes and shows instances, and ends with 0, 1 for a fault, 2 for bad usage', async () => {
  const script = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
    .scripts.instance;
  expect(script).toBe('node dist/src/instance.js');
  const run = async (...args: string[]) => {
    const { ended, output } = start({ DATABASE_URL: 'sqlite:./data/instances.sqlite' }, [
      join(root, 'dist/src/instance.js'),
      ...args,
    ]);
    return [await ended, output()] as const;
  };
  expect(await run('create', 'acme')).toEqual([0, expect.stringContaining('The instance acme was made (id 2,')]);
  const [[again, exists], [listed, table], [bad, usage], [unknown, option], [helped, help]] = await Promise.all([
    run('create', 'acme'),
    run('list'),
    run('create', 'Acme'),
    run('list', '--bogus'),
    run('--help'),
  ]);
  expect([again, exists]).toEqual([1, 'The instance acme exists already. `set acme` changes its limits.\n']);
  expect([listed, table.split('\n').length]).toEqual([0, 4]);
  expect([bad, usage]).toEqual([2, expect.stringMatching(/^"Acme" is no slug[\s\S]*npm run instance -- <command>/)]);
  expect([unknown, option]).toEqual([
    2,
    expect.stringMatching(/^There is no option --bogus\.\n\nnpm run instance -- </),
  ]);
  expect([helped, help]).toEqual([0, expect.stringMatching(/^npm run instance -- <command>/)]);
}, 60_000);
