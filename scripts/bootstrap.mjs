// Installs the dependencies once per lockfile and compiles, with nothing but Node >= 20.19 and npm.
// It has no dependencies of its own: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'node_modules', '.qifeng-installed');
const bin = join(root, 'node_modules', '.bin');

function fail(what, why, next) {
  console.error(`\nqifeng: ${what}\n  why:  ${why}\n  next: ${next}`);
  process.exit(1);
}

function run(command, args, what, next) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  if (done.error) fail(`${what} could not start`, done.error.message, next);
  if (done.status !== 0) fail(`${what} failed`, `${command} ended with ${done.status ?? done.signal}`, next);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail('this Node.js is too old', `${process.version} < 20.19`, 'install Node.js 20.19 or newer and run the command again');
}

const inputs = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
const lock = createHash('sha256');
for (const file of inputs) lock.update(readFileSync(join(root, file)));
const want = lock.digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== want) {
  console.error('qifeng: installing dependencies (once per lockfile) …');
  run(
    'npx',
    ['-y', '-p', PNPM, 'pnpm', 'install', '--frozen-lockfile'],
    'installing the dependencies',
    'check that npm reaches its registry (npm ping) and run the command again; a half-made node_modules may be deleted',
  );
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stampFile, want);
}

run('tsc', ['-b'], 'compiling', 'if the sources are as committed, delete node_modules and packages/*/dist and run it again');
