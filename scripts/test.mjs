// What `npm test` runs once everything is installed: compile with the tests' types, format and lint, tests.
// Arguments go to vitest: npm test -- tests/house-rules. The last line printed is the count.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sum, summarize } from './summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');

const options = {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
};

function run(command, args) {
  const done = spawnSync(command, args, options);
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

/**
 * One run of vitest, with its report. Whatever runs in the background has the lowest priority and is shown once it has
 * ended.
 */
function start(args, background = false) {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const shown = join(folder, 'shown');
  const output = background ? openSync(shown, 'w') : 'inherit';
  const child = spawn('vitest', ['run', ...reporters, ...args], {
    ...options,
    stdio: ['inherit', output, output],
  });
  if (background && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  return new Promise(resolve => {
    const ended = status => {
      if (background) {
        closeSync(output);
        process.stdout.write(readFileSync(shown));
      }
      resolve({ status, report: readReport(file) });
      rmSync(folder, { recursive: true, force: true });
    };
    child.once('error', error => {
      console.error(`qifeng: vitest could not start: ${error.message}`);
      ended(null);
    });
    child.once('exit', ended);
  });
}

/**
 * The simulator computes on what the networks of real processes leave of the machine; faults are done to processes when
 * nothing else runs.
 */
async function runTests(args) {
  if (args.length > 0) return [await start(args)];
  const simulation = start(['--project=simulation'], true);
  const others = await start(['--project=!simulation', '--project=!chaos']);
  return [others, await simulation, await start(['--project=chaos'])];
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

async function main() {
  const total = stages.length + 1;
  for (const [i, [name, command, args, why]] of stages.entries()) {
    console.log(`[${i + 1}/${total}] ${name}`);
    if (run(command, args) !== 0) return finish(summarize(undefined, 1), `${why}. No test was run.`);
  }
  console.log(`[${total}/${total}] tests`);
  const runs = await runTests(process.argv.slice(2));
  for (const { status, report } of runs) {
    if (report === undefined)
      console.error(`\nqifeng: vitest left no report (exit ${status ?? 'by a signal'})`);
    else if (status !== 0)
      console.error(`\nqifeng: vitest ended with ${status ?? 'a signal'}; the failures are above`);
  }
  finish(sum(runs.map(({ status, report }) => summarize(report, status))));
}

main();
