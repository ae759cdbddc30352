import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { REMOVALS } from '../guards.ts';
import { Bench, type Verdict } from './bench.ts';
import type { Removal } from './removal.ts';

const HELP = `npm run guards -- [--only TEXT] [--table FILE]
  removes the guard against each failure that others had, and sees the named test fail; with it, the test passes
  --only TEXT   failures whose name holds it
  --table FILE  removals from a JSON file in place of those of the project`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    only: { type: 'string', default: '' },
    table: { type: 'string' },
  },
});

function say(verdict: Verdict): string {
  return typeof verdict === 'string' ? verdict : `WRONG: ${verdict.wrong.split('\n')[0]}`;
}

/** Verdicts with every guard in place: one run a test file, not one a test. */
async function wholeOf(bench: Bench, removals: readonly Removal[]): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  for (const file of new Set(removals.map(({ test }) => test.file))) {
    const names = removals.filter(({ test }) => test.file === file).map(({ test }) => test.name);
    const whole = await bench.whole(file, [...new Set(names)]);
    for (const [name, verdict] of whole) verdicts.set(`${file} “${name}”`, verdict);
  }
  return verdicts;
}

async function run(removals: readonly Removal[]): Promise<number> {
  const bench = await Bench.open();
  const whole = await wholeOf(bench, removals);
  let failed = 0;
  for (const removal of removals) {
    const test = `${removal.test.file} “${removal.test.name}”`;
    const before = whole.get(test)!;
    const without = await bench.without(removal);
    const good = before === 'passed' && without === 'failed';
    if (!good) failed++;
    console.log(
      `${good ? 'ok  ' : 'FAIL'}  ${removal.failure}  |  ${removal.file}  |  ${test}  |  ` +
        `with the guard ${say(before)}, without it ${say(without)}`,
    );
  }
  await bench.close();
  console.log(`${removals.length - failed} passed, ${failed} failed`);
  return failed;
}

if (values.help) console.log(HELP);
else {
  const table: readonly Removal[] =
    values.table === undefined ? REMOVALS : JSON.parse(readFileSync(values.table, 'utf8'));
  const removals = table.filter(({ failure }) => failure.includes(values.only));
  process.exit(removals.length > 0 && (await run(removals)) === 0 ? 0 : 1);
}
