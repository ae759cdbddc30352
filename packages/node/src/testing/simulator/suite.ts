import * as protocol from '../../consensus/protocol.ts';
import { addCounts, type CountName, type Counts, neverHappened, zeroCounts } from './counts.ts';
import type { Options, Report } from './report.ts';
import { simulate } from './simulate.ts';

/** Runs schedules of seeds [from, to) and adds up what happened. The first violation ends it, named with its seed. */
export function runSchedules(
  n: number,
  from: number,
  to: number,
  commits: number,
  options: Options = {},
): { reports: Report[]; counts: Counts } {
  const reports: Report[] = [];
  const counts = zeroCounts();
  for (let seed = from; seed < to; seed++) {
    reports.push(runSchedule(n, seed, commits, options));
    addCounts(counts, reports.at(-1)!.counts);
  }
  return { reports, counts };
}

/** One schedule; what it violates is told with the command that runs it again. */
export function runSchedule(n: number, seed: number, commits: number, options: Options = {}): Report {
  try {
    return simulate(protocol, seed, n, commits, options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${why}\n  in schedule ${seed} with ${n} replicas: ${replayOf(n, seed, commits, options)}`,
      {
        cause,
      },
    );
  }
}

/** The command that runs one schedule again. */
export function replayOf(
  n: number,
  seed: number,
  commits: number,
  { profile, realSignatures, expiry, snapshots }: Options,
): string {
  const more = `${profile === undefined ? '' : ` --profile ${profile}`}${realSignatures ? ' --real' : ''}${expiry ? ' --expiry' : ''}${snapshots ? ' --snapshots' : ''}`;
  return `npm run sim -- --n ${n} --seed ${seed} --commits ${commits}${more}`;
}

/** What a suite of schedules must come to. */
export interface SuiteResult {
  /** For the log of the test run. */
  readonly line: string;
  readonly schedules: number;
  /** Schedules with fewer blocks than asked for. */
  readonly short: number;
  /** What never happened, of what had to. */
  readonly never: readonly CountName[];
}

/** Runs a suite's schedules and says what they came to; `rare`: what so few schedules need not bring about. */
export function runSuite(
  n: number,
  from: number,
  to: number,
  commits: number,
  rare: readonly CountName[] = [],
): SuiteResult {
  const { reports, counts } = runSchedules(n, from, to, commits);
  // Batches that expire take much longer, and snapshots are off: tests of their own and the long run have them.
  const left: readonly CountName[] = [...rare, 'expired', 'keptInFlight', 'snapshots', 'skippedEpochs'];
  const happened = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return {
    line: `${n} replicas, ${reports.length} schedules of ${commits} blocks: ${happened.join(', ')}`,
    schedules: reports.length,
    short: reports.filter(({ blocks, records }) => blocks < commits || records === 0).length,
    never: neverHappened(counts).filter(name => !left.includes(name)),
  };
}
