// Installs the dependencies once per lockfile and compiles, with nothing but Node >= 20.19 and npm.
// It has no dependencies of its own: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
/** Below this the Ed25519 verdicts of Node differ from the ledger's. */
const RUNS_ON = [24, 19];
const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const bin = join(modules, '.bin');
const stampFile = join(modules, '.qifeng-installed');
const windows = process.platform === 'win32';
const platform = `${process.platform}-${process.arch}`;

function fail(what, why, next) {
  console.error(`\nqifeng: ${what}\n  why:  ${why}\n  next: ${next}`);
  if (process.env.npm_lifecycle_event === 'pretest') console.log('0 passed, 1 failed');
  process.exit(1);
}

/** Runs a command to its end; gives undefined when it went well, else how it ended. */
function run(command, args, env = process.env, stdio = 'inherit') {
  const PATH = `${bin}${delimiter}${env.PATH ?? ''}`;
  const done = spawnSync(command, args, { cwd: root, stdio, shell: windows, env: { ...env, PATH } });
  if (done.error) return done.error.message;
  return done.status === 0 ? undefined : `${command} ended with ${done.status ?? done.signal}`;
}

function isAtLeast(version, [major, minor]) {
  const [a, b] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

/** The folders of the root and of every workspace package, relative to the root. */
function projects() {
  const packages = readdirSync(join(root, 'packages')).map(name => `packages/${name}`);
  return ['.', ...packages.filter(folder => existsSync(join(root, folder, 'package.json')))];
}

/** One hash over everything that decides what is installed. */
function wanted() {
  const hash = createHash('sha256').update(`${PNPM} ${platform}\n`);
  const manifests = projects().map(folder => `${folder}/package.json`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** The first dependency or command that should be installed and is not, if any. */
function missing() {
  for (const folder of projects()) {
    const { dependencies, devDependencies } = readJson(folder, 'package.json');
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const path = join(folder, 'node_modules', name, 'package.json');
      if (!existsSync(join(root, path))) return path;
      if (folder !== '.' || !name.startsWith('@qifeng/')) continue;
      for (const command of Object.keys(readJson(path).bin ?? {})) {
        if (!existsSync(join(bin, command))) return join('node_modules', '.bin', command);
      }
    }
  }
  return ['tsc', 'biome', 'vitest'].map(name => join(bin, name)).find(path => !existsSync(path));
}

/** The environment of the install, without what an outer npm command or shell may have set for itself. */
function installEnv() {
  const foreign =
    /^(?:NODE_ENV|npm_config_(?:global|location|prefix|local_prefix|workspaces?|include_workspace_root|omit|include|only|production|optional|dev|also|dry_run|package|call|ignore_scripts|engine_strict|package_lock_only|if_present|node_options|script_shell))$/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  // CI makes pnpm replace a node_modules that does not fit without asking.
  return { ...env, CI: 'true', npm_config_update_notifier: 'false', pnpm_config_update_notifier: 'false' };
}

function install() {
  return (
    run('npx', ['-y', '-p', PNPM, 'pnpm', 'install', '--frozen-lockfile'], installEnv()) ??
    (missing() === undefined ? undefined : `${missing()} is still missing`)
  );
}

/** Removes every node_modules of the workspace: what a half-made install leaves cannot be trusted. */
function clean() {
  for (const folder of projects())
    rmSync(join(root, folder, 'node_modules'), { recursive: true, force: true });
}

/** Makes sure that `node` on the scripts' PATH is one the ledger runs on. */
function checkNode(systemServes) {
  const own = join(bin, 'node');
  if (existsSync(own) && run(own, ['--version'], process.env, 'ignore') === undefined) return;
  if (!systemServes) {
    fail(
      'the bundled Node.js does not run here',
      `node_modules/.bin/node is missing or made for another system than this ${platform}`,
      `install Node.js ${RUNS_ON.join('.')} or newer and run the command again`,
    );
  }
  rmSync(own, { force: true });
}

if (!isAtLeast(process.versions.node, [20, 19])) {
  fail(
    'this Node.js is too old',
    `${process.version} < 20.19`,
    'install Node.js 20.19 or newer and run the command again',
  );
}

/** npm puts node_modules/.bin first on PATH, so the Node that runs this may already be the bundled one. */
const serves = isAtLeast(process.versions.node, RUNS_ON);
const bundled = Object.keys(readJson('package.json').optionalDependencies ?? {});
if (!serves && !bundled.includes(`node-${platform}`)) {
  fail(
    `this Node.js is too old for ${platform}`,
    `the ledger runs on Node.js ${RUNS_ON.join('.')} or newer, this is ${process.version}, and one is bundled only as ${bundled.join(', ')}`,
    `install Node.js ${RUNS_ON.join('.')} or newer and run the command again`,
  );
}

const want = wanted();
const stamped = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === want;
if (!stamped || missing() !== undefined) {
  console.error('qifeng: installing dependencies (once per lockfile) …');
  const halfMade = existsSync(modules);
  rmSync(stampFile, { force: true });
  let problem = install();
  if (problem !== undefined && halfMade) {
    console.error(`qifeng: ${problem}; trying once more from an empty node_modules …`);
    clean();
    problem = install();
  }
  if (problem !== undefined) {
    fail(
      'installing the dependencies failed',
      problem,
      'see that npm reaches its registry (npm ping) and that the disk has 1 GB free, then run the command again',
    );
  }
  checkNode(serves);
  mkdirSync(modules, { recursive: true });
  writeFileSync(stampFile, want);
}

const refused = run('tsc', ['-b']);
if (refused !== undefined) {
  fail(
    'compiling failed',
    refused,
    'mend what the compiler names above; if the sources are as committed, delete packages/*/dist and run it again',
  );
}
