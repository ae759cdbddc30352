import { performance } from 'node:perf_hooks';

/** One way to do a piece of work, and how to print it. */
export interface Contender {
  readonly name: string;
  /** The command or the code, so that a reader can run it. */
  readonly how: string;
  /** Does the work once. A number, if it gives one, is the seconds it measured itself. */
  readonly run: () => unknown;
  /** Share of the work it does; what it takes is scaled up. Default 1. */
  readonly share?: number;
}

/** What a row is compared with: a limit of the machine, or a peer that does the same job. */
export interface Limit {
  readonly name: string;
  readonly how: string;
  readonly value: number;
  /** Speed of ours over speed of this: 1 is level with it, above 1 faster. Median of the ratios of each round. */
  readonly ratio: number;
}

/** One line of the table. */
export interface Row {
  readonly case: string;
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly limits: readonly Limit[];
  readonly note?: string;
}

/** How long and how often to measure. */
export interface Effort {
  readonly quick: boolean;
  readonly rounds: number;
}

/** The middle of some numbers; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which a share of the values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** Seconds that a contender takes for the whole work. */
async function seconds({ run, share = 1 }: Contender): Promise<number> {
  const start = performance.now();
  const result = run();
  const own = result instanceof Promise ? await result : result;
  const took = typeof own === 'number' ? own : (performance.now() - start) / 1000;
  return took / share;
}

/**
 * Runs ours and its limits in turns, so that a machine whose speed drifts spoils no ratio: a round to warm up, then
 * `rounds` rounds. Values are work per second at the median; a ratio is the median of the rounds' own ratios.
 */
export async function compare(
  place: { readonly case: string; readonly what: string; readonly unit: string; readonly note?: string },
  work: number,
  ours: Contender,
  against: readonly Contender[],
  { rounds }: Effort,
): Promise<Row> {
  const contenders = [ours, ...against];
  const times: number[][] = contenders.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const took = await seconds(contender);
      if (round >= 0) times[i]!.push(took);
    }
  }
  const [mine, ...theirs] = times as [number[], ...number[][]];
  return {
    ...place,
    value: work / median(mine),
    limits: theirs.map((took, i) => ({
      name: against[i]!.name,
      how: against[i]!.how,
      value: work / median(took),
      ratio: median(took.map((time, round) => time / mine[round]!)),
    })),
  };
}

/** A number of three digits or more, with its unit's sense of size. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
