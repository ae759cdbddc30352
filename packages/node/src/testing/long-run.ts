import * as protocol from '../consensus/protocol.ts';
import { addCounts, type CountName, type Counts, neverHappened, zeroCounts } from './simulator/counts.ts';
import type { Options } from './simulator/report.ts';
import { runSchedule } from './simulator/suite.ts';
import { runTwins } from './twins/run.ts';

/** Of the schedules of a long run, so many at each number of replicas, as the table of reliability asks. */
const MIX = [...Array.from({ length: 100 }, () => 4), ...Array.from({ length: 20 }, () => 7), 31] as const;
/** Identities of the Twins scenarios after each schedule; one of seven takes as long as two or three of four (measured). */
const TWINS = [4, 4, 4, 7] as const;
/** So many schedules, as in one run of the suites, bring about everything. */
const ENOUGH = 500;
/** Ms between two lines of progress. */
const TELL = 10_000;

/**
 * Runs schedules and Twins scenarios of ever new seeds until `minutes` have passed or somebody stops it, one schedule at
 * least. Throws the first violation, with the command that replays it; and at the end if something never happened that
 * should have.
 */
export function longRun(
  from: number,
  minutes: number,
  commits: number,
  options: Options,
  tell: (line: string) => void,
): void {
  const start = performance.now();
  const counts = zeroCounts();
  const done = new Map<number, number>();
  const twins = new Map<number, number>();
  let [blocks, told] = [0, 0];
  const passed = (): number => performance.now() - start;
  const progress = (): void => {
    const minutes = (passed() / 60_000).toFixed(1);
    tell(`${minutes} min: schedules ${bySize(done)}; Twins ${bySize(twins)}; ${blocks} blocks`);
  };
  tell(`seeds from ${from} on; again: npm run sim -- --long --from ${from}`);
  for (let seed = from; seed === from || passed() < minutes * 60_000; seed++) {
    const n = MIX[seed % MIX.length]!;
    const report = runSchedule(n, seed, commits, { ...options, expiry: true, snapshots: seed % 2 === 0 });
    addCounts(counts, report.counts);
    blocks += report.blocks;
    addOne(done, n);
    for (const [i, identities] of TWINS.entries()) {
      runScenario(identities, seed * TWINS.length + i);
      addOne(twins, identities);
    }
    if (passed() - told < TELL) continue;
    told = passed();
    progress();
  }
  progress();
  tell(JSON.stringify(counts));
  tell(`never happened: ${neverHappened(counts).join(', ') || 'nothing'}`);
  const schedules = [...done.values()].reduce((sum, count) => sum + count, 0);
  const missing = options.profile === undefined ? lacking(counts, schedules) : [];
  if (missing.length > 0) throw new Error(`never happened in ${schedules} schedules: ${missing.join(', ')}`);
}

function addOne(counts: Map<number, number>, n: number): void {
  counts.set(n, (counts.get(n) ?? 0) + 1);
}

function bySize(counts: ReadonlyMap<number, number>): string {
  return [...counts].map(([n, count]) => `${count} at n=${n}`).join(', ');
}

/** What never happened in so many schedules of all profiles and should have; fewer than a suite has prove nothing. */
export function lacking(counts: Counts, schedules: number): readonly CountName[] {
  return schedules < ENOUGH ? [] : neverHappened(counts);
}

/** One Twins scenario; what it violates is told with the command that runs it again. */
export function runScenario(n: number, seed: number): ReturnType<typeof runTwins> {
  try {
    return runTwins(protocol, seed, { n });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${why}\n  in Twins scenario ${seed}: npm run sim -- --twins --n ${n} --seed ${seed}`, {
      cause,
    });
  }
}
