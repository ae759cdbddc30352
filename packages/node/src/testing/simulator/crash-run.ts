import * as protocol from '../../consensus/protocol.ts';
import { CrashPlan } from './crash-plan.ts';
import type { Protocol } from './packets.ts';
import type { Report } from './report.ts';
import { simulate } from './simulate.ts';

/** A short schedule in which nobody crashes by chance; four replicas pass through failed views and into the next epoch. */
export const CRASHED = { seed: 7, n: 4, commits: 20 } as const;

/** What cutting a run at all of its points came to. */
export interface CrashRun {
  readonly points: number;
  /** Of the run without a crash. */
  readonly whole: Report;
  /** Violations, each with the command that shows it again. */
  readonly violations: readonly string[];
}

/**
 * Runs one schedule once for each point at which one replica can crash, every `stride`-th of them: between two records of
 * a write, after the sync, after each output. It starts again from what its disk holds, and every checker looks on.
 */
export function crashEverywhere(
  replica: number,
  stride: number,
  tell: (done: number, points: number) => void = () => {},
  broken: Protocol = protocol,
): CrashRun {
  const run = (plan: CrashPlan): Report =>
    simulate(broken, CRASHED.seed, CRASHED.n, CRASHED.commits, { crashes: plan });
  const none = new CrashPlan(replica, -1);
  const whole = run(none);
  const points = none.passed;
  const violations: string[] = [];
  for (let point = 0; point < points; point += stride) {
    try {
      run(new CrashPlan(replica, point));
    } catch (error) {
      violations.push(`replica ${replica} crashes at point ${point}: ${(error as Error).message}`);
    }
    tell(point + 1, points);
  }
  return { points, whole, violations };
}
