import { parseArgs } from 'node:util';
import { MODEL_MUTANTS } from './model/mutants.ts';
import { emptyTally, findWalk, neverReached, runWalks, type Subject, type Tally } from './model/run.ts';
import { checkTraces } from './model/traces.ts';

const HELP = `npm run model -- [--n 4] [--walks 100000] [--seed 1] [--liveness] [--mutant NAME] [--steps]
  random walks of the abstract model of the ordering protocol; --liveness ends each in a fair network that must bring
  everybody on; --mutant breaks one rule; --steps prints every step
npm run model -- --mutants [--walks 100000]
  looks for a walk that finds out each mutant
npm run model -- --traces [--n 4] [--from 1] [--to 101] [--commits 100]
  runs schedules of the simulator and checks every step of their replicas against the model
npm run model -- --long [--minutes M] [--seed S]
  all of it at n = 4, 5 and 7, from another seed each time, which it says first; ends with 1 on a violation, on a mutant that comes through, and if something never happened`;

/** Ms between two lines of progress. */
const TELL = 10_000;
/** Replicas in a long run. */
const SIZES = [4, 5, 7] as const;
/** First seed of all but a long run. */
const FIRST = 1;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    n: { type: 'string', default: '4' },
    walks: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    liveness: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    steps: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    traces: { type: 'boolean', default: false },
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '101' },
    commits: { type: 'string', default: '100' },
    long: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '6' },
  },
});
const seed = values.seed === undefined ? FIRST : Number(values.seed);

/** Walks until enough, with a line of progress now and then and a summary. */
function walks(subject: Subject, from: number, enough: (tally: Tally, ms: number) => boolean): Tally {
  const start = performance.now();
  let told = start;
  const tally = emptyTally();
  const name = `n=${subject.n}${subject.liveness ? ' liveness' : ''}`;
  const tell = (): void => {
    const seconds = (performance.now() - start) / 1000;
    const rate = Math.round(tally.walks / seconds);
    console.log(
      `${name}: ${tally.walks} walks, ${tally.steps} steps in ${seconds.toFixed(1)} s, ${rate} walks/s`,
    );
  };
  const done = (): boolean => {
    const now = performance.now();
    if (now - told > TELL) {
      told = now;
      tell();
    }
    return enough(tally, now - start);
  };
  try {
    runWalks(subject, from, done, tally);
  } finally {
    tell();
  }
  if (!subject.liveness) console.log(JSON.stringify(tally.reached));
  else
    console.log(
      `rounds until a new block was final: ${JSON.stringify(Object.fromEntries([...tally.rounds].sort(([a], [b]) => a - b)))}`,
    );
  return tally;
}

function one(): void {
  const mutant = MODEL_MUTANTS.find(({ name }) => name === values.mutant);
  if (values.mutant !== undefined && mutant === undefined)
    throw new Error(`no such mutant; there are ${MODEL_MUTANTS.map(({ name }) => name).join(', ')}`);
  const log = values.steps ? { log: (line: string) => console.log(line) } : {};
  const liveness = values.liveness || mutant?.by === 'liveness';
  const count = Number(values.walks);
  walks({ n: Number(values.n), mutant, liveness, ...log }, seed, tally => tally.walks >= count);
}

function mutants(n: number, from: number, most: number): void {
  for (const mutant of MODEL_MUTANTS) {
    const found = findWalk(mutant, n, from, most);
    if (found === null) process.exitCode = 1;
    console.log(
      `${mutant.name}: ${found === null ? `comes through ${most} walks` : `walk ${found.walk}, ${found.broken.message.split(';')[0]}`}`,
    );
  }
}

function traces(n: number, from: number, to: number): void {
  const { schedules, steps, epochs } = checkTraces(n, from, to, Number(values.commits));
  console.log(
    `n=${n}: ${steps} steps of ${schedules} schedules with ${epochs} changes of the set, all enabled in the model`,
  );
}

/** Half of the time walks, a third walks that end fairly, the rest traces; then all mutants, from where each is known to be found. */
function long(minutes: number): void {
  const from = values.seed === undefined ? Date.now() % 2 ** 31 : seed;
  console.log(`from seed ${from}`);
  const share = (minutes * 60_000) / SIZES.length;
  for (const n of SIZES) {
    const tally = walks({ n }, from, (_, ms) => ms > share / 2);
    const never = neverReached(tally);
    if (never.length > 0) throw new Error(`n=${n}: never reached: ${never.join(', ')}`);
    walks({ n, liveness: true }, from, (_, ms) => ms > share / 3);
    const until = performance.now() + share / 6;
    for (let at = from; performance.now() < until; at += 10) traces(n, at, at + 10);
  }
  mutants(4, FIRST, Number(values.walks));
}

try {
  if (values.help) console.log(HELP);
  else if (values.long) long(Number(values.minutes));
  else if (values.mutants) mutants(Number(values.n), seed, Number(values.walks));
  else if (values.traces) traces(Number(values.n), Number(values.from), Number(values.to));
  else one();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
