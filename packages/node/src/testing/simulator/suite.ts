import * as protocol from '../../consensus/protocol.ts';
import { type Counts, zeroCounts } from './faults.ts';
import { type Report, simulate } from './simulate.ts';

/** Runs schedules of seeds [from, to) and adds up what happened. The first violation ends it, named with its seed. */
export function runSchedules(
  n: number,
  from: number,
  to: number,
  commits: number,
): { reports: Report[]; counts: Counts } {
  const reports: Report[] = [];
  const counts = zeroCounts();
  for (let seed = from; seed < to; seed++) {
    try {
      reports.push(simulate(protocol, seed, n, commits));
    } catch (error) {
      throw new Error(`schedule ${seed} with ${n} replicas (npm run sim -- --n ${n} --seed ${seed})`, {
        cause: error,
      });
    }
    addCounts(counts, reports.at(-1)!.counts);
  }
  return { reports, counts };
}

function addCounts(sum: Counts, more: Counts): void {
  for (const key of Object.keys(sum) as (keyof Counts)[]) {
    if (key === 'phases') {
      for (const name of Object.keys(sum.phases) as (keyof Counts['phases'])[])
        sum.phases[name] += more.phases[name];
    } else sum[key] += more[key];
  }
}

/** Names of what never happened: a fault that never bites is a defect of the simulator. */
export function neverHappened({ phases, ...counts }: Counts): string[] {
  return [...Object.entries(counts), ...Object.entries(phases)]
    .filter(([, count]) => count === 0)
    .map(([name]) => name);
}
