import { parseArgs } from 'node:util';
import { longRun, runScenario } from './long-run.ts';
import { findKillers } from './mutants/find.ts';
import { CRASHED, crashEverywhere } from './simulator/crash-run.ts';
import type { Options } from './simulator/report.ts';
import type { Profile } from './simulator/shape.ts';
import { runSchedule } from './simulator/suite.ts';

const HELP = `npm run sim -- --seed S [--n 4] [--commits 200] [--profile P] [--real] [--expiry] [--snapshots] [--events]
  replays one schedule and prints its trace hash; --events prints all that happens
npm run sim -- --from A --to B [--n 4] ...
  runs the schedules of seeds A to B - 1
npm run sim -- --twins --seed S [--n 4]
  replays one Twins scenario
npm run sim -- --long [--minutes M] [--from A]
  runs schedules and Twins scenarios of seeds from A on, by the clock unless told otherwise, until it is stopped; ends with 1
  and the command that replays on a violation, and with 1 if some fault never happened in 500 schedules or more
npm run sim -- --crash-points
  crashes each replica of one short schedule at every point there is; ends with 1 on a violation
npm run mutants -- [--seeds 40] [--only NAME]
  looks for a schedule that kills each protocol mutant, on all processors`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    n: { type: 'string', default: '4' },
    seed: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string', default: '101' },
    commits: { type: 'string', default: '200' },
    profile: { type: 'string' },
    real: { type: 'boolean', default: false },
    expiry: { type: 'boolean', default: false },
    snapshots: { type: 'boolean', default: false },
    events: { type: 'boolean', default: false },
    twins: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    'crash-points': { type: 'boolean', default: false },
    minutes: { type: 'string', default: 'Infinity' },
    mutants: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '40' },
    only: { type: 'string' },
  },
});

const options: Options = {
  realSignatures: values.real,
  expiry: values.expiry,
  snapshots: values.snapshots,
  ...(values.profile === undefined ? {} : { profile: values.profile as Profile }),
  ...(values.events ? { onEvent: event => console.log(event) } : {}),
};

/** What a long run begins with unless it is told: another seed each time, and room for those of its Twins below 2^32. */
const byClock = (): number => Date.now() % 2 ** 30;

/** Seeds asked for: one, or a range. */
function* seeds(): Generator<number> {
  const from = Number(values.seed ?? values.from ?? 1);
  const to = values.seed === undefined ? Number(values.to) : from + 1;
  for (let seed = from; seed < to; seed++) yield seed;
}

function schedules(): void {
  for (const seed of seeds()) {
    const report = runSchedule(Number(values.n), seed, Number(values.commits), options);
    const { blocks, batches, time, trace, shape, counts } = report;
    console.log(
      `${seed}\t${shape.profile}\t${blocks} blocks\t${batches} batches\t${(time / 1000).toFixed(1)} s virtual\ttrace ${trace}`,
    );
    if (values.seed !== undefined) console.log(JSON.stringify({ shape, counts }, null, 2));
  }
}

function twins(): void {
  for (const seed of seeds()) {
    const { scenario, blocks, viewChanges, accused, trace } = runScenario(Number(values.n), seed);
    console.log(`${seed}\t${blocks} blocks\t${viewChanges} views\t${accused} accusations\ttrace ${trace}`);
    if (values.seed !== undefined) console.log(JSON.stringify(scenario));
  }
}

function crashPoints(): void {
  for (let replica = 0; replica < CRASHED.n; replica++) {
    const tell = (done: number, points: number): void => {
      if (done % 100 === 0) console.log(`replica ${replica}: ${done} of ${points} points`);
    };
    const { points, whole, violations } = crashEverywhere(replica, 1, tell);
    console.log(
      `replica ${replica}: ${points} points in ${whole.blocks} blocks, ${whole.counts.viewChanges} views failed, epochs 0 to ${whole.epochs}; ${violations.length} violations`,
    );
    for (const violation of violations) console.error(violation);
    if (violations.length > 0) process.exitCode = 1;
  }
}

async function mutants(): Promise<void> {
  const whole = await findKillers(Number(values.seeds), values.only, found =>
    console.log(JSON.stringify(found)),
  );
  if (!whole) process.exitCode = 1;
}

try {
  if (values.help) console.log(HELP);
  else if (values.mutants) await mutants();
  else if (values.long)
    longRun(
      Number(values.from ?? byClock()),
      Number(values.minutes),
      Number(values.commits),
      options,
      console.log,
    );
  else if (values['crash-points']) crashPoints();
  else if (values.twins) twins();
  else schedules();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
