import type { Options } from '../simulator/report.ts';
import { runSchedule } from '../simulator/suite.ts';
import { TraceChecker } from './trace.ts';

/** What a number of schedules came to. */
export interface Traces {
  readonly schedules: number;
  /** Steps of honest replicas that the model enabled. */
  readonly steps: number;
  /** Epochs begun. */
  readonly epochs: number;
}

/** Runs schedules of seeds [from, to) with the model beside them; throws at the first step that is not enabled. */
export function checkTraces(
  n: number,
  from: number,
  to: number,
  commits: number,
  options: Options = {},
): Traces {
  let [steps, epochs] = [0, 0];
  for (let seed = from; seed < to; seed++) {
    const checkers: TraceChecker[] = [];
    const observe: Options['observe'] = observed => {
      checkers.push(new TraceChecker(observed));
      return checkers[0]!;
    };
    try {
      epochs += runSchedule(n, seed, commits, { ...options, observe }).epochs;
    } catch (cause) {
      const again = `npm run model -- --traces --n ${n} --from ${seed} --to ${seed + 1} --commits ${commits}`;
      throw new Error(`${cause instanceof Error ? cause.message : cause}\n  beside the model: ${again}`, {
        cause,
      });
    }
    steps += checkers[0]!.steps;
  }
  return { schedules: to - from, steps, epochs };
}
