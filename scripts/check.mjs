// npm run check: types, lint, import rules, format, schema snapshots. Every step runs, also when one before it failed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const STEPS = [
  ['types', ['npx', 'tsc', '-p', 'tsconfig.json']],
  ['lint', ['npx', 'oxlint', '--deny-warnings']],
  [
    'import rules',
    ['npx', 'depcruise', 'src', 'migrations', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  ],
  ['format', ['npx', 'prettier', '--check', '--log-level', 'warn', '.']],
  ['build', ['node', 'scripts/build.mjs']],
  ['supply chain', ['node', 'scripts/supply-chain.mjs']],
  ['schema snapshots', ['node', 'scripts/emit-schema.mjs', '--check']],
];

let failed = 0;
for (const [name, [command, ...parameters]] of STEPS) {
  const startedAt = Date.now();
  const { status, stdout, stderr } = spawnSync(command, parameters, { cwd: root, encoding: 'utf8' });
  const isGood = status === 0;
  console.log(`${isGood ? 'good  ' : 'FAULTY'} ${name} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s)`);
  if (!isGood) {
    failed += 1;
    console.log(`${stdout}${stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
