import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fires, keptByTheProject, silent } from './plant.ts';
import { noFetching, noImpureGlobals, noNodeImports } from './rules/purity.ts';
import { ROOT } from './source-tree.ts';

const PURE = [
  'packages/core/src/merkle/a.ts',
  'packages/node/src/consensus/a.ts',
  'packages/core/src/execution/a.ts',
];
const FREE = [
  'packages/core/src/native/a.ts',
  'packages/core/src/merkle/a.test.ts',
  'packages/core/src/merkle/testing/a.ts',
  'packages/node/src/engine/a.ts',
];

describe('the rules', () => {
  keptByTheProject('no impure globals in pure code', noImpureGlobals);
  keptByTheProject('no node: imports in pure code', noNodeImports);
  keptByTheProject('no node fetches what a client names', noFetching);

  test.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'performance.now()',
    'setTimeout(f, 1)',
    'process.env',
    'Buffer.from([])',
  ])('%s is reported in pure code only', text => {
    for (const path of PURE) {
      fires(
        noImpureGlobals,
        { [path]: `\nexport const a = \`\x24{${text}}\`;` },
        `${path}:2`,
        'in pure code',
      );
    }
    for (const path of FREE) silent(noImpureGlobals, { [path]: `export const a = ${text};` });
  });
  test('words that only look like globals are not', () => {
    silent(noImpureGlobals, {
      [PURE[0] as string]: "// Date.now()\nconst a = 'new Date()'; b.process.c; new ArrayBuffer(1);",
    });
  });
  test('an import of Node is reported in pure code only', () => {
    for (const path of PURE) fires(noNodeImports, { [path]: "import 'node:fs';" }, `${path}:1`, 'node:fs');
    for (const path of FREE) silent(noNodeImports, { [path]: "import 'node:fs';" });
  });
});

test('fetching is reported in what a node serves, not in its commands', () => {
  const [service, command] = ['packages/node/src/http/a.ts', 'packages/node/src/cli/a.ts'];
  for (const text of ['await fetch(url);', 'globalThis?.x; return fetch (url);'])
    fires(noFetching, { [service]: `\n${text}` }, `${service}:2`, 'fetches in a service');
  for (const text of ['globalThis.fetch(url);', 'ok ? fetch(url) : null;'])
    fires(noFetching, { [service]: `\n${text}` }, `${service}:2`, 'fetches in a service');
  for (const text of [
    "{ get } from 'node:https'",
    "http from 'node:http'",
    "* as h2 from 'http2'",
    "{ Pool } from 'undici'",
  ])
    fires(noFetching, { [service]: `import ${text};` }, `${service}:1`, 'HTTP client');
  silent(noFetching, {
    [service]: "import type { Server } from 'node:http';\nfetch(height: number): void {}",
  });
  silent(noFetching, { [service]: 'this.#fetch(a); one.fetch(b); // fetch(c)', [command]: 'fetch(url);' });
});

/** Plants stand below the project so that the compiler finds the types of Node if it looks for them. */
function folder(name: string): string {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const made = mkdtempSync(join(ROOT, '.cache', `${name}-`));
  folders.push(made);
  return made;
}
const folders: string[] = [];
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** Writes files below a folder. */
function write(base: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
}

/** Runs a tool of the workspace and gives its exit code and what it printed. */
function run(tool: string, args: string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise(done => {
    execFile(join(ROOT, 'node_modules/.bin', tool), args, { cwd }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}

const IMPURE = {
  'fs.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  'timer.ts': 'export const a = setTimeout(() => {}, 1);\n',
  'buffer.ts': 'export const a = Buffer.from([1]);\n',
  'console.ts': "console.log('a');\nexport {};\n",
  'process.ts': 'export const a = process.env;\n',
  'fetch.ts': "export const a = fetch('http://localhost');\n",
  'performance.ts': 'export const a = performance.now();\n',
  'random.ts': 'export const a = crypto.getRandomValues(new Uint8Array(1));\n',
};
const CLEAN = { 'clean.ts': 'export const a: bigint = new DataView(new ArrayBuffer(8)).getBigUint64(0);\n' };

/** Compiles planted files under one of the project's configurations; gives the names of the files refused. */
async function refused(config: string): Promise<string[]> {
  const base = folder('purity');
  const files = { ...IMPURE, ...CLEAN };
  const options = { rootDir: '.', noEmit: true, composite: false, incremental: false, tsBuildInfoFile: null };
  const tsconfig = {
    extends: join(ROOT, config),
    compilerOptions: options,
    include: ['*.ts'],
    exclude: [],
    references: [],
  };
  write(base, { ...files, 'tsconfig.json': JSON.stringify(tsconfig) });
  const { code, output } = await run('tsc', ['-p', base, '--pretty', 'false'], base);
  const names = [
    ...new Set([...output.matchAll(/^([\w-]+\.ts)\(\d+,\d+\): error/gm)].map(m => m[1] as string)),
  ];
  expect(code === 0, output).toBe(names.length === 0);
  return names.sort();
}

describe('the compiler', () => {
  test.each(['packages/core/tsconfig.json', 'packages/node/tsconfig.pure.json'])(
    'refuses the platform under %s',
    async config => {
      expect(await refused(config)).toEqual(Object.keys(IMPURE).sort());
    },
  );
  test('accepts the same files where Node is allowed', async () => {
    expect(await refused('packages/core/tsconfig.native.json')).toEqual([]);
  });
});

describe('the linter', () => {
  test('reports the clock, randomness and the platform in pure code only', async () => {
    const base = folder('lint');
    const text = 'export const a = [Date.now(), Math.random(), Buffer, process];\nconsole.log(a);\n';
    write(base, Object.fromEntries([...PURE, ...FREE].map(path => [path, text])));
    cpSync(join(ROOT, 'biome.json'), join(base, 'biome.json'));
    cpSync(join(ROOT, 'tests/house-rules/lint'), join(base, 'tests/house-rules/lint'), { recursive: true });
    const { code, output } = await run(
      'biome',
      ['lint', '--vcs-enabled=false', '--reporter=github', '.'],
      base,
    );
    expect(code).not.toBe(0);
    const reports = [...output.matchAll(/title=([\w/]+),file=(?:[^,]*\/)?(packages\/[^,]+),line/g)].map(
      m => `${m[2]} ${m[1]}`,
    );
    const want = PURE.flatMap(path => [
      `${path} plugin`,
      ...Array(4).fill(`${path} lint/style/noRestrictedGlobals`),
    ]);
    expect(reports.sort()).toEqual(want.sort());
  });
});
