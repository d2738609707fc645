import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import { readConfig } from '../../src/config/config.js';
import { startSandboxProcess } from '../../src/server/sandbox-process.js';
import { until } from '../support/test-gateway.js';

const directory = mkdtempSync(join(tmpdir(), 'gateway-sandbox-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A program in the sandbox's place. Each run adds its process id to `runs`, and may fail on some of them. */
function programThat(behaves: string): { program: string; runs: () => number[] } {
  const name = `p${Math.random().toString(36).slice(2)}`;
  const file = join(directory, `${name}.runs`);
  const program = join(directory, `${name}.mjs`);
  writeFileSync(file, '');
  writeFileSync(
    program,
    `import { appendFileSync, readFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(file)}, process.pid + '\\n');
    const run = readFileSync(${JSON.stringify(file)}, 'utf8').trim().split('\\n').length;
    process.once('disconnect', () => process.exit(0));
    ${behaves}`,
  );
  return { program, runs: () => readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(Number) };
}

const READY = `process.send({ ready: true, url: 'http://127.0.0.1:' + process.env.SANDBOX_PORT });`;
const config = readConfig({ SANDBOX_PORT: '4199', DATA_DIRECTORY: directory });
// time for the program itself, and none for waiting between its starts
const clock = {
  now: () => new Date(),
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms > 30_000 ? ms : ms / 50, signal),
};
const start = (program: string) => startSandboxProcess({ config, clock, log: silentLog, program });
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('it is started again when it dies, also after starts that failed, and ends when it is told to', async () => {
  const { program, runs } = programThat(`if (run === 2 || run === 3) process.exit(1); ${READY}`);
  const sandbox = await start(program);
  expect(sandbox.url).toBe('http://127.0.0.1:4199');
  process.kill(runs()[0] ?? 0, 'SIGKILL');
  await until(() => runs().length === 4, 'the fourth run');
  const last = runs()[3] ?? 0;
  await until(() => isAlive(last), 'its life');
  await systemClock.sleep(200);
  await sandbox.stop();
  expect(runs().map(isAlive)).toEqual([false, false, false, false]);
  await systemClock.sleep(200);
  expect(runs()).toHaveLength(4);
}, 30_000);

test('what it says when it cannot start is what the operator is told', async () => {
  const { program, runs } = programThat(`process.stderr.write('Port 4199 is in use\\n'); process.exit(1);`);
  await expect(start(program)).rejects.toThrow('Port 4199 is in use');
  expect(runs()).toHaveLength(1);
});
