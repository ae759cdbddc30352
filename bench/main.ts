import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, parseArgs } from 'node:util';
import { execution } from './cases/execution.ts';
import { files } from './cases/files.ts';
import { leaves } from './cases/leaves.ts';
import { network } from './cases/network.ts';
import { queries } from './cases/queries.ts';
import { receipts } from './cases/receipts.ts';
import { signatures } from './cases/signatures.ts';
import { sparseMap } from './cases/sparse-map.ts';
import { submissions } from './cases/submissions.ts';
import { type Row, say } from './measure.ts';
import { chart, footnotes, table } from './report.ts';

// npm run bench [-- --only NAME … --quick --profile]

const CASES = {
  files,
  leaves,
  'sparse-map': sparseMap,
  signatures,
  receipts,
  submissions,
  execution,
  queries,
  network,
};
/** Cases that take minutes: run when they are named. */
const LONG = ['queries'];
const OUT = fileURLToPath(new URL('../bench-results', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const unknown = values.only.filter(name => !(name in CASES));
if (unknown.length > 0) {
  say(`no case ${unknown.join(', ')}; there are ${Object.keys(CASES).join(', ')}`);
  process.exit(2);
}

const effort = { quick: values.quick, profile: values.profile, rounds: values.quick ? 2 : 5 };
const machine = `${availableParallelism()} cores, Node ${process.versions.node}`;
const start = performance.now();
const rows: Row[] = [];
const failed: string[] = [];
for (const [name, run] of Object.entries(CASES)) {
  if (values.only.length > 0 ? !values.only.includes(name) : LONG.includes(name)) continue;
  say(`${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${name}`);
  try {
    rows.push(...(await run(effort)));
  } catch (error) {
    // What the other cases measured is worth keeping.
    failed.push(name);
    say(`${name} failed: ${inspect(error)}`);
  }
}
const seconds = Math.round((performance.now() - start) / 1000);
mkdirSync(OUT, { recursive: true });
const about = { machine, quick: values.quick, seconds, failed, when: new Date().toISOString() };
writeFileSync(join(OUT, 'bench.json'), `${JSON.stringify({ ...about, rows }, null, 2)}\n`);
writeFileSync(join(OUT, 'bench.svg'), chart(rows, `${machine}${values.quick ? ', quick run' : ''}`));
console.log(
  `${machine}, ${seconds} s\n\n${table(rows)}\n\n${footnotes(rows)}\n\nbench-results/bench.json, bench-results/bench.svg`,
);
if (failed.length > 0) {
  say(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
