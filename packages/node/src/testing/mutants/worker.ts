import { parentPort, workerData } from 'node:worker_threads';
import { MUTANTS } from '../mutants.ts';
import { findKiller } from './load.ts';

/** What a worker is told. */
export interface Search {
  readonly names: readonly string[];
  readonly seeds: number;
}

/** What it answers, one mutant at a time; `by` is null for one that survived. */
export interface Found {
  readonly name: string;
  readonly by: string | null;
  readonly seed: number;
  readonly profile: string | null;
  readonly n: number;
  readonly message: string;
}

const { names, seeds } = workerData as Search;
for (const name of names) {
  const mutant = MUTANTS.find(one => one.name === name)!;
  const death = await findKiller(mutant, seeds).catch((error: unknown) => `${error}`);
  const none = { name, by: null, seed: 0, profile: null, n: 0 };
  const found: Found =
    death === null || typeof death === 'string'
      ? { ...none, message: death ?? `survives ${seeds} seeds` }
      : { name, ...death, by: death.violation.checker, message: death.violation.message };
  parentPort!.postMessage({ ...found, violation: undefined });
}
