// npm run supply-chain: what the gateway is made of, from package-lock.json and what is installed. Fails on a package from elsewhere
// than the registry, on an install script that is not named here, on a licence that is not, on a list of licences that is not up to
// date (LICENCES.md; `--write` makes it anew), and on a known advisory, high or critical, where the registry can be asked.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const REGISTRY = 'https://registry.npmjs.org/';
const LIST = `${root}/LICENCES.md`;
/** Packages that would run a script when they are installed, and what for. None needs it: `npm ci --ignore-scripts && npm run build` will do. */
const INSTALL_SCRIPTS = new Map([
  ['@apollo/protobufjs', 'warns of version schemes; part of Apollo Server'],
  ['@parcel/watcher', 'compiles where no binary is shipped; development only'],
  ['@swc/core', 'falls back to WebAssembly where no binary is shipped; development only'],
  ['unrs-resolver', 'checks the binary that is shipped; development only'],
]);
const LICENCES = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'MIT-0'],
  '(MIT AND BSD-3-Clause)',
]);

const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
const locked = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ path, name: path.split('node_modules/').at(-1), ...entry }));
const inProduction = locked.filter(({ dev, path }) => !dev && existsSync(`${root}/${path}/package.json`));

const faults = [...sourceFaults(), ...scriptFaults(), ...licenceFaults(), ...advisoryFaults()];
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);

function sourceFaults() {
  return (
    locked
      // without an address of its own an entry is the registry's
      .filter(
        ({ resolved = REGISTRY, integrity, inBundle }) => !resolved.startsWith(REGISTRY) || !(integrity || inBundle),
      )
      .map(({ path }) => `${path} comes from elsewhere than the registry, or has no checksum.`)
  );
}

function scriptFaults() {
  return locked
    .filter(({ hasInstallScript, name }) => hasInstallScript && !INSTALL_SCRIPTS.has(name))
    .map(({ name }) => `${name} runs a script when it is installed, and scripts/supply-chain.mjs does not name it.`);
}

function licenceFaults() {
  const rows = inProduction
    .map(({ path, name, version }) => ({ name, version, licence: licenceOf(path) }))
    .toSorted((one, other) => (`${one.name} ${one.version}` < `${other.name} ${other.version}` ? -1 : 1));
  const unknown = rows
    .filter(({ licence }) => !LICENCES.has(licence))
    .map(({ name, licence }) => `${name} has the licence ${licence}, which scripts/supply-chain.mjs does not name.`);
  const text = listOf(rows);
  if (process.argv.includes('--write')) writeFileSync(LIST, text);
  const isCurrent = existsSync(LIST) && readFileSync(LIST, 'utf8') === text;
  return isCurrent ? unknown : [...unknown, 'LICENCES.md is not up to date: node scripts/supply-chain.mjs --write'];
}

function licenceOf(path) {
  const { license, licenses } = JSON.parse(readFileSync(`${root}/${path}/package.json`, 'utf8'));
  return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none';
}

/** Without what is for one platform only, so that the list is the same everywhere. */
function listOf(rows) {
  const names = new Set(locked.filter(({ optional, os }) => optional && os).map(({ name }) => name));
  const lines = rows
    .filter(({ name }) => !names.has(name))
    .map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  return `# Licences of what the gateway runs on\n\nMade by \`node scripts/supply-chain.mjs --write\` from what \`npm ci --omit=dev\` installs.\n\n${lines
    .map((line) => `- ${line}`)
    .join('\n')}\n`;
}

function advisoryFaults() {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', '--audit-level=high'], {
    cwd: root,
    encoding: 'utf8',
  });
  const { metadata, vulnerabilities = {} } = parsed(stdout);
  if (!metadata) {
    console.log('The registry could not be asked for advisories.');
    return [];
  }
  return Object.values(vulnerabilities)
    .filter(({ severity }) => severity === 'high' || severity === 'critical')
    .map(({ name, severity }) => `${name} has a known advisory (${severity}): npm audit`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
