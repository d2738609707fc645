// Compiles src, migrations and ormconfig.ts into dist. Run by `npm ci` (as "prepare") and by `npm run build`.
// Where the compiler was pruned (npm prune --omit=dev), what was built before is kept.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = `${root}/node_modules/typescript/bin/tsc`;
if (!existsSync(compiler)) {
  console.log('The TypeScript compiler is not installed: keeping dist as it is.');
  process.exit(0);
}
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
