// What `npm test` runs once everything is installed: compile with the tests' types, format and lint, tests.
// Arguments go to vitest: npm test -- tests/house-rules. The last line printed is the count.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { summarize } from './summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');

function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  if (done.error) console.error(`qifeng: ${command} could not start: ${done.error.message}`);
  return done.status;
}

function finish(summary, why) {
  if (why !== undefined) console.error(`\nqifeng: ${why}`);
  console.log(summary.line);
  process.exitCode = summary.failed === 0 ? 0 : 1;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const status = run('vitest', ['run', ...reporters, ...process.argv.slice(2)]);
    return { status, report: readReport(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const stages = [
  ['compile', 'tsc', ['-b'], 'the compiler refuses the sources or the tests; its messages are above'],
  [
    'format and lint',
    'biome',
    ['check', '--error-on-warnings', '--no-errors-on-unmatched', '.'],
    'the linter or the formatter objects; `npm run format` mends the format, the rest is named above',
  ],
];

function main() {
  const total = stages.length + 1;
  for (const [i, [name, command, args, why]] of stages.entries()) {
    console.log(`[${i + 1}/${total}] ${name}`);
    if (run(command, args) !== 0) return finish(summarize(undefined, 1), `${why}. No test was run.`);
  }
  console.log(`[${total}/${total}] tests`);
  const { status, report } = runTests();
  const summary = summarize(report, status);
  if (report === undefined) return finish(summary, `vitest left no report (exit ${status ?? 'by a signal'})`);
  if (status !== 0)
    return finish(summary, `vitest ended with ${status ?? 'a signal'}; the failures are above`);
  finish(summary);
}

main();
